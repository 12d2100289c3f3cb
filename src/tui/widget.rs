//! What screens are drawn with: a pen that never leaves its area, and a few marks.

mod marks;
mod pen;
mod routes;

pub(super) use marks::{blocks, interval, slider};
pub(super) use pen::{Hit, Pen, Target, fit, pad, wrap};
pub(super) use routes::{Edge, route};
