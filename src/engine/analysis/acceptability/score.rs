//! Scores of all candidates in a block of samples, by any method.

use super::super::lanes::{WIDE, dispatch, level, wide};
use super::tally::OUT;
use crate::analysis::ranking::{self, DEFAULT_METHOD};
use crate::eval::{Block, Evaluation, Plan, Status};
use crate::model::library::MissingPolicy;
use crate::quantity::unit::Unit;
use crate::rank::{Axis, Method, Params, Problem, RankError};

/// How candidates are scored: by values or by a method, with inputs that vary or not.
pub(in crate::analysis) enum Scorer {
    /// Additive value of inputs that are certain: `values[i * criteria + k]`, NaN throughout for one that is screened out.
    Values { values: Vec<f64>, criteria: usize },
    /// Additive value of inputs that vary: the block has the values.
    ValueColumns { active: Vec<usize> },
    /// A method on inputs that are certain; the rows of the problem are these places among the candidates.
    Problem {
        problem: Problem,
        places: Vec<usize>,
        method: &'static dyn Method,
        params: Params,
    },
    /// A method on inputs that vary.
    Problems {
        axes: Vec<Taken>,
        method: &'static dyn Method,
        params: Params,
    },
}

/// A column of a problem: measures in their unit, or values where a measure is a word or may be missing.
pub(in crate::analysis) struct Taken {
    axis: Axis,
    /// The unit of the measures; `None` if values are used instead.
    unit: Option<Unit>,
}

impl Scorer {
    pub(in crate::analysis) fn new(
        plan: &Plan<'_>,
        evaluation: &Evaluation,
        candidates: &[usize],
        active: &[usize],
        method: &'static dyn Method,
        params: &Params,
    ) -> Result<Self, RankError> {
        let criteria = plan.graph.criteria.len();
        let free = |c: usize, k: usize| {
            let row = &evaluation.rows[c];
            row.status != Status::Screened
                && row.measures[k].is_nan()
                && plan.policy(k, c) == MissingPolicy::Range
        };
        let varies = !plan.uncertain().is_empty()
            || candidates
                .iter()
                .any(|&c| active.iter().any(|&k| free(c, k)));
        let ranked: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|&c| evaluation.rows[c].status == Status::Ranked)
            .collect();
        if method.id() == DEFAULT_METHOD {
            if varies {
                return Ok(Self::ValueColumns {
                    active: active.to_vec(),
                });
            }
            let values = candidates.iter().flat_map(|&c| {
                let row = &evaluation.rows[c];
                let ranked = row.status == Status::Ranked;
                (0..criteria).map(move |k| {
                    if !ranked {
                        f64::NAN
                    } else if active.contains(&k) {
                        row.values[k]
                    } else {
                        0.0
                    }
                })
            });
            return Ok(Self::Values {
                values: values.collect(),
                criteria,
            });
        }
        if ranked.is_empty() {
            return Ok(Self::Values {
                values: vec![f64::NAN; candidates.len() * criteria],
                criteria,
            });
        }
        // Parameters and data that the method refuses are refused before the first sample.
        let problem = ranking::problem(plan, evaluation, &ranked)?;
        method.run(&problem, params)?;
        if !varies {
            let places = ranked
                .iter()
                .filter_map(|c| candidates.iter().position(|own| own == c))
                .collect();
            return Ok(Self::Problem {
                problem,
                places,
                method,
                params: params.clone(),
            });
        }
        let takes = |k: usize| {
            let slot = &plan.graph.criteria[k];
            let plain = ranked
                .iter()
                .all(|&c| !evaluation.rows[c].measures[k].is_nan());
            let direct = slot.value.is_none() || plan.functions[k].direction().is_some();
            let unit = (plain && direct).then(|| plan.graph.nodes[slot.node].unit.clone());
            Taken {
                axis: problem.axes()[k].clone(),
                unit,
            }
        };
        Ok(Self::Problems {
            axes: (0..criteria).map(takes).collect(),
            method,
            params: params.clone(),
        })
    }

    /// Whether inputs vary between samples.
    pub(in crate::analysis) fn is_sampled(&self) -> bool {
        matches!(self, Self::ValueColumns { .. } | Self::Problems { .. })
    }

    /// Whether blocks must hold measures.
    pub(in crate::analysis) fn wants_measures(&self) -> bool {
        matches!(self, Self::Problems { .. })
    }

    /// Scores under weights that vary: `weights[k * lanes..][..lanes]` to `scores[i * lanes..][..lanes]`.
    pub(in crate::analysis) fn columns(
        &self,
        candidates: &[usize],
        weights: &[f64],
        lanes: usize,
        block: Option<&Block<'_>>,
        scores: &mut [f64],
    ) {
        match (self, block) {
            (Self::Values { values, criteria }, _) => {
                for (own, values) in scores
                    .chunks_exact_mut(lanes)
                    .zip(values.chunks_exact(*criteria))
                {
                    dispatch!(level(), _ => weigh(values, weights, own));
                }
            }
            (Self::ValueColumns { active }, Some(block)) => {
                for (own, &c) in scores.chunks_exact_mut(lanes).zip(candidates) {
                    own.fill(0.0);
                    for &k in active {
                        let pairs = block.value(k, c).iter().zip(&weights[k * lanes..][..lanes]);
                        own.iter_mut()
                            .zip(pairs)
                            .for_each(|(score, (value, weight))| *score += value * weight);
                    }
                }
                screen(candidates, lanes, block, scores);
            }
            _ => {
                let mut own = vec![0.0; weights.len() / lanes];
                for lane in 0..lanes {
                    own.iter_mut()
                        .zip(weights.iter().skip(lane).step_by(lanes))
                        .for_each(|(own, weight)| *own = *weight);
                    self.sample(candidates, &own, lane, lanes, block, scores);
                }
            }
        }
    }

    /// Scores under the same weights in every lane.
    pub(in crate::analysis) fn with_weights(
        &self,
        candidates: &[usize],
        weights: &[f64],
        lanes: usize,
        block: Option<&Block<'_>>,
        scores: &mut [f64],
    ) {
        match (self, block) {
            (Self::Values { values, criteria }, _) => {
                for (own, values) in scores
                    .chunks_exact_mut(lanes)
                    .zip(values.chunks_exact(*criteria))
                {
                    own.fill(
                        values
                            .iter()
                            .zip(weights)
                            .map(|(value, weight)| value * weight)
                            .sum(),
                    );
                }
            }
            (Self::ValueColumns { active }, Some(block)) => {
                for (own, &c) in scores.chunks_exact_mut(lanes).zip(candidates) {
                    own.fill(0.0);
                    for &k in active {
                        let weight = weights[k];
                        own.iter_mut()
                            .zip(block.value(k, c))
                            .for_each(|(score, value)| *score += value * weight);
                    }
                }
                screen(candidates, lanes, block, scores);
            }
            _ => (0..lanes)
                .for_each(|lane| self.sample(candidates, weights, lane, lanes, block, scores)),
        }
    }

    /// Scores one sample by a method; no candidate is ranked if the method is undefined.
    fn sample(
        &self,
        candidates: &[usize],
        weights: &[f64],
        lane: usize,
        lanes: usize,
        block: Option<&Block<'_>>,
        scores: &mut [f64],
    ) {
        (0..candidates.len()).for_each(|i| scores[i * lanes + lane] = OUT);
        let mut apply = |problem: Result<Problem, RankError>,
                         method: &dyn Method,
                         params: &Params,
                         places: &[usize]| {
            let Ok(outcome) = problem.and_then(|problem| method.run(&problem, params)) else {
                return;
            };
            for (&place, score) in places.iter().zip(outcome.scores) {
                scores[place * lanes + lane] = if outcome.higher_is_better {
                    score
                } else {
                    -score
                };
            }
        };
        match (self, block) {
            (
                Self::Problem {
                    problem,
                    places,
                    method,
                    params,
                },
                _,
            ) => {
                apply(
                    problem.with_weights(weights.to_vec()),
                    *method,
                    params,
                    places,
                );
            }
            (
                Self::Problems {
                    axes,
                    method,
                    params,
                },
                Some(block),
            ) => {
                let cell = |k: usize, c: usize| match &axes[k].unit {
                    Some(unit) => unit.of_base(block.measure(k, c)[lane]),
                    None => block.value(k, c)[lane],
                };
                let whole =
                    |c: usize| (0..axes.len()).all(|k| weights[k] == 0.0 || !cell(k, c).is_nan());
                let places: Vec<usize> = (0..candidates.len())
                    .filter(|&i| block.passed(candidates[i])[lane] != 0.0 && whole(candidates[i]))
                    .collect();
                if places.is_empty() {
                    return;
                }
                let known = |x: f64| if x.is_nan() { 0.0 } else { x };
                let values = (0..axes.len())
                    .flat_map(|k| places.iter().map(move |&i| known(cell(k, candidates[i]))));
                let problem = Problem::new(
                    axes.iter().map(|a| a.axis.clone()).collect(),
                    places.len(),
                    values.collect(),
                    weights.to_vec(),
                );
                apply(problem, *method, params, &places);
            }
            _ => {}
        }
    }
}

/// Sums `values[k] * weights[k * lanes..][..lanes]` into a column, a few lanes at a time so that sums stay in registers.
#[inline(always)]
fn weigh(values: &[f64], weights: &[f64], column: &mut [f64]) {
    let lanes = column.len();
    let (tiles, rest) = column.as_chunks_mut::<WIDE>();
    for (at, tile) in (0..).step_by(WIDE).zip(tiles) {
        let mut sums = [0.0; WIDE];
        for (value, weights) in values.iter().zip(weights.chunks_exact(lanes)) {
            let weights = wide(&weights[at..]);
            for lane in 0..WIDE {
                sums[lane] += value * weights[lane];
            }
        }
        *tile = sums;
    }
    for (lane, score) in (lanes - rest.len()..).zip(rest) {
        *score = values
            .iter()
            .zip(weights.chunks_exact(lanes))
            .map(|(value, weights)| value * weights[lane])
            .sum();
    }
}

/// Puts a candidate last in samples in which a gate screens it out.
fn screen(candidates: &[usize], lanes: usize, block: &Block<'_>, scores: &mut [f64]) {
    for (own, &c) in scores.chunks_exact_mut(lanes).zip(candidates) {
        own.iter_mut()
            .zip(block.passed(c))
            .for_each(|(score, pass)| *score = if *pass == 0.0 { OUT } else { *score });
    }
}
