//! The main loop of the additive methods: sums columns to scores, block by block.

use rayon::prelude::*;

/// Candidates per block. A block of scores stays in the L1 cache while all columns are added to it.
pub(super) const BLOCK: usize = 2048;

/// Returns one score per candidate, computed over columns. `add(k, first, block)` adds criterion `k`'s part for the candidates
/// `first..first + block.len()`; criteria come in order, so the sum is the same for any number of threads.
pub(super) fn accumulate(
    candidates: usize,
    criteria: usize,
    add: impl Fn(usize, usize, &mut [f64]) + Sync,
) -> Vec<f64> {
    let mut scores = vec![0.0; candidates];
    scores
        .par_chunks_mut(BLOCK)
        .enumerate()
        .for_each(|(number, block)| {
            for k in 0..criteria {
                add(k, number * BLOCK, block);
            }
        });
    scores
}
