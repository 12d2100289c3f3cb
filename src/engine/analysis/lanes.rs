//! Loops over columns of samples, with the widest SIMD instructions of the processor.
//!
//! A portable build uses two lanes at once, although most processors have four or eight. What a kernel such as
//! `dispatch!(level(), _ => kernel(..))` calls must be `#[inline(always)]`: it is compiled once for each width, and the width
//! is chosen when the program runs. Lanes are independent, so results are bit-identical for every width.

use std::sync::LazyLock;

pub(super) use fearless_simd::dispatch;

/// Lanes per step: one to four registers, depending on their width.
pub(super) const WIDE: usize = 8;

/// The SIMD level of the processor.
pub(super) fn level() -> fearless_simd::Level {
    static LEVEL: LazyLock<fearless_simd::Level> = LazyLock::new(fearless_simd::Level::new);
    *LEVEL
}

/// Splits off the first full group of lanes of a column.
#[inline(always)]
pub(super) fn wide(column: &[f64]) -> &[f64; WIDE] {
    column.first_chunk().expect("whole tiles are asked for")
}
