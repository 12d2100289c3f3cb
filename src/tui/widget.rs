//! What screens are drawn with: a pen that never leaves its area, and a few marks.

mod marks;
mod pen;

pub(super) use marks::{blocks, interval, slider};
pub(super) use pen::{Hit, Pen, Target, fit, pad, wrap};
