//! Which uncertain inputs move the difference between the first candidate and its rivals most, from the common draws alone.
//!
//! Draws are sorted into equal bins by an input; the span of the mean differences of the bins estimates how far the input moves the
//! lead. No formula is run again, so that thousands of inputs can be screened before a few are examined.

use rayon::prelude::*;

use super::domain::realistic;
use super::standing::{Moments, Standing};
use crate::eval::{Evaluation, InputId, Plan};
use crate::graph::Compute;

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
    let leads: Vec<(Vec<f64>, f64)> = rivals
        .iter()
        .map(|&rival| standing.leads(first, rival))
        .filter(|lead| !lead.is_empty())
        .map(|lead| {
            let sd = Moments::of(&lead).sd;
            (lead, sd)
        })
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

/// The widest span of the mean leads over the bins of an input; 0 where it is within noise. Each lead comes with its standard
/// deviation.
fn span(draws: Vec<f64>, leads: &[(Vec<f64>, f64)]) -> f64 {
    let mut order: Vec<u32> = (0..draws.len() as u32).collect();
    order.sort_by(|&a, &b| draws[a as usize].total_cmp(&draws[b as usize]));
    let size = (order.len() / BINS).max(1);
    let widest = leads.iter().map(|(lead, sd)| {
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
        // Bins of an input without influence differ by about three standard errors of a bin.
        let noise = 3.0 * sd / (size as f64).sqrt();
        if high - low > noise { high - low } else { 0.0 }
    });
    widest.fold(0.0, f64::max)
}

/// What a criterion can contribute to the difference between the ranked candidates, beside its nominal weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CriterionInfluence {
    /// Index of the criterion.
    pub criterion: usize,
    /// Its share of the weight.
    pub share: f64,
    /// The share times the span of the mean values of the ranked candidates: the most that it can add to a difference.
    pub effect: f64,
}

/// The influence of the criteria that have weight, largest effect first; empty with fewer than two ranked candidates.
#[must_use]
pub fn criteria(evaluation: &Evaluation, ranked: &[usize]) -> Vec<CriterionInfluence> {
    if ranked.len() < 2 {
        return Vec::new();
    }
    let effect = |k: usize| {
        let values = ranked.iter().map(|&c| evaluation.rows[c].values[k]);
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(v), high.max(v))
        });
        evaluation.shares[k] * (high - low)
    };
    let mut all: Vec<CriterionInfluence> = (0..evaluation.shares.len())
        .filter(|&k| evaluation.shares[k] > 0.0)
        .map(|k| CriterionInfluence {
            criterion: k,
            share: evaluation.shares[k],
            effect: effect(k),
        })
        .collect();
    all.sort_by(|a, b| {
        b.effect
            .total_cmp(&a.effect)
            .then(a.criterion.cmp(&b.criterion))
    });
    all
}

/// The part of the weight that some numbers of the decision reach together.
#[derive(Clone, Debug, PartialEq)]
pub struct InputReach {
    /// The names of the inputs that reach exactly these criteria; `team.skill` for everything that is known about the team.
    pub inputs: Vec<String>,
    /// The sum of the shares of the criteria that depend on them.
    pub reach: f64,
    /// Those criteria, by index.
    pub criteria: Vec<usize>,
}

/// Candidates whose walks are looked at for the inputs in use.
const MOST_WALKED: usize = 1_000;

/// What is known about the team acts together.
pub const EXPERIENCE: &str = "team.skill";

/// The numbers that all candidates share, with the weight that each reaches, widest first; the team's experience comes first among
/// equals.
#[must_use]
pub fn reach(plan: &Plan<'_>) -> Vec<InputReach> {
    let mut is_used = vec![false; plan.graph.nodes.len()];
    for candidate in 0..plan.candidates().min(MOST_WALKED) {
        for step in plan.walk(candidate).steps {
            is_used[step.node] = true;
        }
    }
    let mut by_name: Vec<(String, Vec<usize>)> = Vec::new();
    for (node, n) in plan.graph.nodes.iter().enumerate() {
        if !plan.leaf(node, 0).is_number()
            || !is_used[node]
            || !matches!(n.compute, Compute::Context(_))
        {
            continue;
        }
        let name = if n.id.starts_with("team.") {
            EXPERIENCE.to_owned()
        } else {
            n.id.clone()
        };
        match by_name.iter_mut().find(|(known, _)| *known == name) {
            Some((_, nodes)) => nodes.push(node),
            None => by_name.push((name, vec![node])),
        }
    }
    by_name.sort_by_key(|(name, _)| (name != EXPERIENCE, name.clone()));
    let mut all: Vec<InputReach> = Vec::new();
    for (input, nodes) in by_name {
        let affected = plan.graph.affected(&nodes);
        let criteria: Vec<usize> = (0..plan.graph.criteria.len())
            .filter(|&k| {
                let slot = &plan.graph.criteria[k];
                slot.share > 0.0 && affected.contains(&slot.node)
            })
            .collect();
        match all.iter_mut().find(|own| own.criteria == criteria) {
            Some(own) => own.inputs.push(input),
            None => all.push(InputReach {
                inputs: vec![input],
                reach: criteria.iter().map(|&k| plan.graph.criteria[k].share).sum(),
                criteria,
            }),
        }
    }
    all.sort_by(|a, b| b.reach.total_cmp(&a.reach));
    all
}
