//! Which uncertain inputs move the difference between the first candidate and its rivals most, from the common draws alone.
//!
//! Draws are sorted into equal bins by an input; the span of the mean differences of the bins estimates how far the input moves the
//! lead. No formula is run again, so that thousands of inputs can be screened before a few are examined.

use rayon::prelude::*;

use super::domain::realistic;
use super::standing::Standing;
use crate::eval::{InputId, Plan};

/// Bins of an input's draws.
const BINS: usize = 8;
/// Rivals whose difference to the first is looked at: those that are first most often.
const RIVALS: usize = 3;

/// The inputs that may really vary, at most `most`, those that move the lead most first; certain inputs with a declared range
/// come last, as the draws say nothing about them.
#[must_use]
pub fn strongest(plan: &Plan<'_>, standing: &Standing, most: usize) -> Vec<InputId> {
    let Some(first) = standing.first() else {
        return Vec::new();
    };
    let mut rivals: Vec<usize> = (0..standing.first_share.len())
        .filter(|&c| c != first && (standing.ranks[c].is_some() || standing.first_share[c] > 0.0))
        .collect();
    rivals.sort_by(|&a, &b| {
        let key = |c: usize| (standing.first_share[c], standing.expected(c).unwrap_or(0.0));
        key(b)
            .0
            .total_cmp(&key(a).0)
            .then(key(b).1.total_cmp(&key(a).1))
    });
    rivals.truncate(RIVALS);
    let leads: Vec<Vec<f64>> = rivals
        .iter()
        .map(|&rival| standing.leads(first, rival))
        .filter(|lead| !lead.is_empty())
        .collect();
    let uncertain = plan.uncertain();
    let mut ranked: Vec<(f64, InputId)> = Vec::new();
    if !leads.is_empty() && !uncertain.is_empty() {
        let blocks = plan.common_blocks(|block| {
            let own = |d: &Vec<f64>| d[..block.lanes].to_vec();
            block.draws.iter().map(own).collect::<Vec<_>>()
        });
        let spans = uncertain.par_iter().enumerate().map(|(i, &input)| {
            let draws = blocks.iter().flat_map(|block| block[i].iter().copied());
            (span(draws.collect(), &leads), input)
        });
        ranked = spans.collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    }
    let declared = plan
        .inputs()
        .into_iter()
        .filter(|input| !uncertain.contains(input) && realistic(plan, *input).is_some());
    let matters = ranked.into_iter().filter(|(span, _)| *span > 0.0);
    let mut strongest: Vec<InputId> = matters.map(|(_, input)| input).take(most).collect();
    strongest.extend(declared.take(most));
    strongest
}

/// The widest span of the mean leads over the bins of an input; 0 where it is within noise.
fn span(draws: Vec<f64>, leads: &[Vec<f64>]) -> f64 {
    let mut order: Vec<u32> = (0..draws.len() as u32).collect();
    order.sort_by(|&a, &b| draws[a as usize].total_cmp(&draws[b as usize]));
    let size = (order.len() / BINS).max(1);
    let widest = leads.iter().map(|lead| {
        let means: Vec<f64> = order
            .chunks(size)
            .filter(|bin| bin.len() == size)
            .map(|bin| bin.iter().map(|&i| lead[i as usize]).sum::<f64>() / size as f64)
            .collect();
        let (low, high) = means
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                (low.min(*x), high.max(*x))
            });
        let mean = lead.iter().sum::<f64>() / lead.len() as f64;
        let variance = lead.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / lead.len() as f64;
        // Bins of an input without influence differ by about three standard errors of a bin.
        let noise = 3.0 * (variance / size as f64).sqrt();
        if high - low > noise { high - low } else { 0.0 }
    });
    widest.fold(0.0, f64::max)
}
