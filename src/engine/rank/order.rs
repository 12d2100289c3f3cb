//! Turns scores into ranks.

use rayon::prelude::*;

use crate::quantity::tolerance::is_level;

/// Returns competition ranks (1, 1, 3): 1 is best, equal scores share the better rank.
///
/// Two scores are equal if they are level ([`crate::quantity::tolerance`]), whatever the others are. A group of ties is measured from its
/// best member, so that ties do not chain.
///
/// ```
/// assert_eq!(weigh_engine::rank::ranks(&[0.4, 0.9, 0.4, 0.1], true), [2, 1, 2, 4]);
/// assert_eq!(weigh_engine::rank::ranks(&[0.3, 0.1 + 0.2, 0.5], false), [1, 1, 3]);
/// ```
#[must_use]
pub fn ranks(scores: &[f64], higher_is_better: bool) -> Vec<usize> {
    let mut sorted: Vec<(u64, u32)> = scores
        .par_iter()
        .with_min_len(4096)
        .enumerate()
        .map(|(i, &score)| (sort_key(score, higher_is_better), to_u32(i)))
        .collect();
    sorted.par_sort_unstable();
    let mut ranks = vec![0; scores.len()];
    let (mut head, mut rank) = (0.0, 0);
    for (place, &(_, i)) in sorted.iter().enumerate() {
        let score = scores[i as usize];
        if rank == 0 || !is_level(score, head) {
            (head, rank) = (score, place + 1);
        }
        ranks[i as usize] = rank;
    }
    ranks
}

/// Returns candidate indices from best to worst; candidates with equal ranks keep their order.
#[must_use]
pub fn order(ranks: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ranks.len()).collect();
    order.sort_by_key(|&i| (ranks[i], i));
    order
}

/// Returns an integer that sorts as [`f64::total_cmp`] does, best first. Integers sort faster than floats with a comparator.
pub(super) fn sort_key(score: f64, higher_is_better: bool) -> u64 {
    let bits = score.to_bits();
    let ascending = if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    };
    if higher_is_better {
        !ascending
    } else {
        ascending
    }
}

/// Narrows an index to 32 bits, which reduces the memory moved while sorting.
fn to_u32(i: usize) -> u32 {
    u32::try_from(i).expect("fewer than 2^32 candidates fit in memory with their values")
}
