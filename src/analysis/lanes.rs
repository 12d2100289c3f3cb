//! Loops over columns of samples, with the widest instructions that the processor at hand has.
//!
//! A program built for any processor of its kind uses two lanes at once where most have four or eight. What a kernel such as
//! `dispatch!(level(), _ => kernel(..))` calls must be `#[inline(always)]`: it is compiled once for each width, and the width
//! is chosen when the program runs. Lanes do not meet, so the numbers are the same to the last bit whatever the width.

use std::sync::LazyLock;

pub(super) use fearless_simd::dispatch;

/// Lanes that are worked on together: one to four registers, whatever their width.
pub(super) const WIDE: usize = 8;

/// What the processor can do.
pub(super) fn level() -> fearless_simd::Level {
    static LEVEL: LazyLock<fearless_simd::Level> = LazyLock::new(fearless_simd::Level::new);
    *LEVEL
}

/// The first lanes of a column that has as many.
#[inline(always)]
pub(super) fn wide(column: &[f64]) -> &[f64; WIDE] {
    column.first_chunk().expect("whole tiles are asked for")
}
