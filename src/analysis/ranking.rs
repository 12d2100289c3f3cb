//! Who comes first: a method applied to a decision, with the spread of each score and how often each candidate passes the gates.

use rayon::prelude::*;

use super::acceptability::{OUT, Scorer as Scores};
use crate::eval::{BLOCK, Block, Evaluation, Plan, Row, Samples, Scorer, Status};
use crate::lang::Text;
use crate::model::library::MissingPolicy;
use crate::quantity::value_function::Direction;
use crate::rank::{self, Axis, Detail, Method, Params, Problem, RankError};
use crate::tr;

/// The method that a decision is ranked by unless another is asked for.
pub const DEFAULT_METHOD: &str = "value";

/// Samples behind `low`, `high` and `pass_probability`.
pub const SAMPLES: usize = 4_096;
/// Samples behind `low` and `high` under a method, which is applied anew to every sample.
const METHOD_SAMPLES: usize = 1_024;
/// Most cells of a problem that a method is applied to so often; larger ones have no `low` and `high`.
const METHOD_CELLS: usize = 4_000;

/// One candidate's place.
#[derive(Clone, Debug)]
pub struct Place {
    /// The candidate, by its place in the decision.
    pub candidate: usize,
    /// Its rank, from 1; ties share one.
    pub rank: Option<usize>,
    /// The method's own figure.
    pub score: Option<f64>,
    /// The 5 % quantile of the score.
    pub low: Option<f64>,
    /// The 95 % quantile.
    pub high: Option<f64>,
    /// How often it passed every gate.
    pub pass_probability: f64,
}

/// A ranking.
pub struct Ranking {
    /// The method.
    pub method: &'static dyn Method,
    /// The parameters in force, defaults included.
    pub params: Vec<(String, String)>,
    /// Whether a higher score is better.
    pub higher_is_better: bool,
    /// The method's further figures by name, by candidate; `None` for one that is not ranked.
    pub outputs: Vec<(&'static str, Vec<Option<f64>>)>,
    /// What only this method gives, over the ranked candidates in the decision's order.
    pub detail: Detail,
    /// The ranked candidates in the decision's order: what `detail` speaks of.
    pub ranked: Vec<usize>,
    /// What the method warns of.
    pub warnings: Vec<Text>,
    /// The places, best first; those without a rank last, in the decision's order.
    pub places: Vec<Place>,
    /// The evaluation at the point estimate.
    pub evaluation: Evaluation,
    /// Whether contributions sum to the score.
    pub additive: bool,
    /// The seed of the samples.
    pub seed: u64,
}

/// Ranks by a method.
///
/// # Errors
/// Where the method cannot be applied to these data, or a parameter is wrong.
pub fn ranking(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
    seed: u64,
) -> Result<Ranking, RankError> {
    placed(plan, method, params, true, seed, &mut |shares| {
        spread(plan, shares, seed, None)
    })
}

/// The same from samples that were drawn already, at least [`SAMPLES`] of them and of every candidate that has a score.
///
/// # Errors
/// As [`ranking()`].
pub fn ranking_of(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
    samples: &Samples,
) -> Result<Ranking, RankError> {
    placed(plan, method, params, true, samples.seed, &mut |shares| {
        spread(plan, shares, samples.seed, Some(samples))
    })
}

/// The order at the point estimate alone, without a sample: no spread, and a candidate passes every gate or does not.
///
/// # Errors
/// As [`ranking()`].
pub fn order(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
    seed: u64,
) -> Result<Ranking, RankError> {
    placed(plan, method, params, false, seed, &mut |shares| {
        at_point(plan, shares)
    })
}

/// The 5 % and 95 % quantile of a score, and how often the candidate passes.
type Spread = (Option<f64>, Option<f64>, f64);

/// `sampled` says whether a method other than the graph's own is applied to samples for its spread.
fn placed(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
    sampled: bool,
    seed: u64,
    spread: &mut dyn FnMut(&[f64]) -> Vec<Spread>,
) -> Result<Ranking, RankError> {
    let evaluation = plan.evaluate();
    let ranked: Vec<usize> = (0..plan.candidates())
        .filter(|&c| evaluation.rows[c].status == Status::Ranked)
        .collect();
    let spread = spread(&evaluation.shares);
    let by_value = method.id() == DEFAULT_METHOD;
    let mut outcome = if ranked.is_empty() {
        None
    } else {
        Some(method.run(&problem(plan, &evaluation, &ranked)?, params)?)
    };
    let as_given = params.get("weights").is_some_and(|w| w == "as-given");
    let by_method = if !sampled || by_value && !as_given {
        None
    } else {
        Some(method_spread(
            plan,
            &evaluation,
            &ranked,
            method,
            params,
            seed,
        )?)
    };
    if let Some(outcome) = outcome.as_mut().filter(|_| by_value && !as_given) {
        // The graph's own value functions have more shapes than a straight line between anchors.
        outcome.scores = ranked
            .iter()
            .map(|&c| {
                evaluation.rows[c]
                    .score
                    .expect("a ranked candidate has a score")
            })
            .collect();
    }
    let scores = outcome.as_ref().map_or_else(Vec::new, |o| o.scores.clone());
    let higher = outcome.as_ref().is_none_or(|o| o.higher_is_better);
    let ranks = rank::ranks(&scores, higher);
    let mut among = vec![None; plan.candidates()];
    for (i, &c) in ranked.iter().enumerate() {
        among[c] = Some(i);
    }
    let mut places: Vec<Place> = (0..plan.candidates())
        .map(|c| {
            let at = among[c];
            let (low, high, pass) = spread[c];
            let (low, high) = match (&by_method, at) {
                (Some(own), Some(i)) => own.get(i).copied().flatten().unzip(),
                (None, Some(_)) => (low, high),
                (_, None) => (None, None),
            };
            Place {
                candidate: c,
                rank: at.map(|i| ranks[i]),
                score: at.map(|i| scores[i]),
                low,
                high,
                pass_probability: pass,
            }
        })
        .collect();
    places.sort_by_key(|p| {
        (
            p.rank.unwrap_or(usize::MAX),
            evaluation.rows[p.candidate].status,
            p.candidate,
        )
    });
    let spread_out = |all: Vec<f64>| -> Vec<Option<f64>> {
        let mut by_candidate = vec![None; plan.candidates()];
        for (&c, x) in ranked.iter().zip(all) {
            by_candidate[c] = Some(x);
        }
        by_candidate
    };
    let (outputs, detail, warnings, in_force) = match outcome {
        Some(o) => (o.outputs, o.detail, o.warnings, o.params),
        None => (
            Vec::new(),
            Detail::None,
            vec![tr!("no candidate could be ranked", "没有候选可以排名")],
            Vec::new(),
        ),
    };
    Ok(Ranking {
        method,
        params: in_force,
        higher_is_better: higher,
        outputs: outputs
            .into_iter()
            .map(|(name, all)| (name, spread_out(all)))
            .collect(),
        detail,
        ranked,
        warnings,
        places,
        evaluation,
        additive: by_value,
        seed,
    })
}

/// The 5 % and 95 % quantile of each ranked candidate's figure under a method, over the samples in which it has one: the whole
/// matrix is drawn anew each time, so that what normalisation takes from the rivals varies too. Empty for a problem too large.
///
/// # Errors
/// Where the method cannot be applied to the point estimates.
fn method_spread(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    ranked: &[usize],
    method: &'static dyn Method,
    params: &Params,
    seed: u64,
) -> Result<Vec<Option<(f64, f64)>>, RankError> {
    if ranked.is_empty() || ranked.len() * plan.graph.criteria.len() > METHOD_CELLS {
        return Ok(Vec::new());
    }
    let problem = problem(plan, evaluation, ranked)?;
    let weights = if params.get("weights").is_some_and(|w| w == "as-given") {
        problem.weights().to_vec()
    } else {
        problem.shares()
    };
    let active: Vec<usize> = (0..weights.len()).filter(|&k| weights[k] > 0.0).collect();
    let scorer = Scores::new(plan, evaluation, ranked, &active, method, params)?;
    let point = method.run(&problem, params)?;
    if !scorer.is_sampled() {
        return Ok(point.scores.into_iter().map(|x| Some((x, x))).collect());
    }
    let drawn = plan.tally_with_measures(
        METHOD_SAMPLES,
        seed,
        || vec![Vec::new(); ranked.len()],
        |all: &mut Vec<Vec<f64>>, block| {
            let mut scores = vec![0.0; ranked.len() * block.lanes];
            scorer.with_weights(ranked, &weights, block.lanes, Some(block), &mut scores);
            for (all, own) in all.iter_mut().zip(scores.chunks_exact(block.lanes)) {
                all.extend(own.iter().filter(|&&x| x > OUT && !x.is_nan()));
            }
        },
    );
    let sign = if point.higher_is_better { 1.0 } else { -1.0 };
    let each = (0..ranked.len()).map(|i| {
        let mut all: Vec<f64> = drawn
            .iter()
            .flat_map(|group| group[i].iter().map(|x| sign * x))
            .collect();
        most_of(&mut all)
    });
    Ok(each.collect())
}

/// The 5 % and 95 % quantile; `None` of nothing. Two places of an order need no sorting.
fn most_of(all: &mut [f64]) -> Option<(f64, f64)> {
    let last = all.len().checked_sub(1)?;
    let [low, high] = [0.05, 0.95].map(|p| (last as f64 * p).round() as usize);
    let (_, high, _) = all.select_nth_unstable_by(high, f64::total_cmp);
    let high = *high;
    let (_, low, _) = all.select_nth_unstable_by(low, f64::total_cmp);
    Some((*low, high))
}

/// What scores candidates along a sweep under a method; `None` for the additive value model, which needs no help. Scores of methods
/// in which lower is better change their sign.
#[must_use]
pub fn scorer<'p>(
    plan: &'p Plan<'p>,
    method: &'static dyn Method,
    params: &'p Params,
) -> Option<Box<Scorer<'p>>> {
    if method.id() == DEFAULT_METHOD {
        return None;
    }
    let shares = plan.shares();
    let empty = Row {
        status: Status::Incomplete,
        reasons: Vec::new(),
        measures: Vec::new(),
        values: Vec::new(),
        contributions: Vec::new(),
        score: None,
    };
    Some(Box::new(move |measures| {
        let row = |own: &Option<Vec<f64>>| {
            let Some(measures) = own else {
                return empty.clone();
            };
            let value = |(k, x): (usize, &f64)| {
                let value = plan.functions[k].value(*x, plan.clip);
                match plan.graph.criteria[k].missing {
                    MissingPolicy::Pessimistic if value.is_nan() => 0.0,
                    MissingPolicy::Range if value.is_nan() => 0.5,
                    _ => value,
                }
            };
            let values: Vec<f64> = measures.iter().enumerate().map(value).collect();
            let known = values
                .iter()
                .zip(&shares)
                .all(|(value, share)| *share == 0.0 || !value.is_nan());
            let status = if known {
                Status::Ranked
            } else {
                Status::Incomplete
            };
            Row {
                status,
                measures: measures.clone(),
                values,
                ..empty.clone()
            }
        };
        let evaluation = Evaluation {
            rows: measures.iter().map(row).collect(),
            shares: shares.clone(),
        };
        let ranked: Vec<usize> = (0..measures.len())
            .filter(|&c| evaluation.rows[c].status == Status::Ranked)
            .collect();
        let mut scores = vec![f64::NAN; measures.len()];
        // Where the method is not defined nobody is ranked.
        let outcome =
            problem(plan, &evaluation, &ranked).and_then(|problem| method.run(&problem, params));
        if let Ok(outcome) = outcome {
            let sign = if outcome.higher_is_better { 1.0 } else { -1.0 };
            ranked
                .iter()
                .zip(outcome.scores)
                .for_each(|(&c, score)| scores[c] = sign * score);
        }
        scores
    }))
}

/// The decision matrix of these candidates: measures in the criterion's unit, or values where a measure is a word, a target or
/// is missing by a policy that gives it a value.
///
/// # Errors
/// Where a figure or weight is not usable.
pub fn problem(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    candidates: &[usize],
) -> Result<Problem, RankError> {
    let mut axes = Vec::new();
    let mut columns = Vec::with_capacity(candidates.len() * plan.graph.criteria.len());
    for (k, slot) in plan.graph.criteria.iter().enumerate() {
        let node = &plan.graph.nodes[slot.node];
        let function = &plan.functions[k];
        let measures: Vec<f64> = candidates
            .iter()
            .map(|&c| evaluation.rows[c].measures[k])
            .collect();
        let plain = measures.iter().all(|x| !x.is_nan());
        match function
            .direction()
            .filter(|_| plain && slot.value.is_some())
            .or((plain && slot.value.is_none()).then_some(slot.direction))
        {
            Some(direction) => {
                let anchors = slot
                    .value
                    .as_ref()
                    .and_then(|f| f.anchors())
                    .map(|(w, b)| (node.unit.of_base(w), node.unit.of_base(b)));
                axes.push(Axis {
                    id: slot.id.clone(),
                    direction,
                    anchors,
                });
                columns.extend(measures.iter().map(|x| node.unit.of_base(*x)));
            }
            None => {
                axes.push(Axis {
                    id: slot.id.clone(),
                    direction: Direction::Max,
                    anchors: Some((0.0, 1.0)),
                });
                // A criterion without weight may lack a fact; it then says nothing.
                let value = |c: &usize| evaluation.rows[*c].values[k];
                columns.extend(
                    candidates
                        .iter()
                        .map(|c| if value(c).is_nan() { 0.0 } else { value(c) }),
                );
            }
        }
    }
    let total: f64 = plan.graph.criteria.iter().map(|s| s.points).sum();
    let flat = plan.graph.criteria.iter().all(|s| s.objectives.is_empty());
    let weights = if flat && total > 0.0 {
        plan.graph.criteria.iter().map(|s| s.points).collect()
    } else {
        evaluation.shares.clone()
    };
    Problem::new(axes, candidates.len(), columns, weights)
}

fn at_point(plan: &Plan<'_>, shares: &[f64]) -> Vec<Spread> {
    let rows = plan.evaluate_with(shares).rows;
    rows.iter()
        .map(|r| {
            (
                r.score,
                r.score,
                if r.status == Status::Screened {
                    0.0
                } else {
                    1.0
                },
            )
        })
        .collect()
}

/// The 5 % and 95 % quantile of each candidate's score and how often it passes, over samples; the point where nothing is
/// uncertain.
fn spread(plan: &Plan<'_>, shares: &[f64], seed: u64, samples: Option<&Samples>) -> Vec<Spread> {
    let certain = plan.uncertain().is_empty()
        && plan
            .graph
            .criteria
            .iter()
            .all(|s| s.missing == crate::model::library::MissingPolicy::Exclude);
    if certain {
        return at_point(plan, shares);
    }
    let count = plan.candidates();
    let scored = |block: &Block<'_>| {
        let mut scores: Vec<Vec<f64>> = vec![Vec::with_capacity(block.lanes); count];
        let mut passes = vec![0_usize; count];
        for c in 0..count {
            let mut total = vec![0.0; block.lanes];
            for (k, share) in shares.iter().enumerate().filter(|(_, s)| **s > 0.0) {
                total
                    .iter_mut()
                    .zip(block.value(k, c))
                    .for_each(|(t, v)| *t += share * v);
            }
            for (score, pass) in total.iter().zip(block.passed(c)) {
                if *pass == 0.0 {
                    continue;
                }
                passes[c] += 1;
                if !score.is_nan() {
                    scores[c].push(*score);
                }
            }
        }
        (scores, passes)
    };
    let blocks: Vec<(Vec<Vec<f64>>, Vec<usize>)> = match samples {
        Some(samples) => samples
            .blocks()
            .par_iter()
            .take(SAMPLES / BLOCK)
            .map(|kept| scored(&kept.block()))
            .collect(),
        None => plan.blocks(SAMPLES, seed, scored),
    };
    (0..count)
        .map(|c| {
            let mut all: Vec<f64> = blocks
                .iter()
                .flat_map(|(scores, _)| scores[c].iter().copied())
                .collect();
            let (low, high) = most_of(&mut all).unzip();
            let passes: usize = blocks.iter().map(|(_, p)| p[c]).sum();
            (low, high, passes as f64 / SAMPLES as f64)
        })
        .collect()
}
