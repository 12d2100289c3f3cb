//! Drawing tools of the screens: a [`Pen`] that renders ratatui's widgets and never leaves its area, text measured in columns, and
//! the small pictures of a row.

mod marks;
mod pen;
mod text;

pub(super) use marks::{interval, slider, split_bar};
pub(super) use pen::{ClickTarget, Hit, Pen};
pub(super) use text::{fit, pad, width, wrap};
