//! The ranking of a decision by a method, with the spread of each score and how often each candidate passes the gates.

mod problem;
mod spread;

pub use self::problem::{problem, scorer};
use self::spread::{SampleSource, ScoreSpread, method_spread};
use crate::eval::{Evaluation, KeptSamples, Plan, Status};
use crate::lang::Text;
use crate::rank::{self, Method, MethodDetail, Params, RankError};
use crate::tr;

/// The method that a decision is ranked by unless another is asked for.
pub const DEFAULT_METHOD: &str = "value";

/// Samples behind `low`, `high` and `pass_probability`.
pub const SAMPLES: usize = 4_096;
/// One candidate's place in a ranking.
#[derive(Clone, Debug)]
pub struct Placement {
    /// Index of the candidate in the decision.
    pub candidate: usize,
    /// Its rank, from 1; ties share one.
    pub rank: Option<usize>,
    /// The score in the method's own terms.
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
    pub method: &'static dyn Method,
    /// The parameters in force, defaults included.
    pub params: Vec<(String, String)>,
    /// Whether a higher score is better.
    pub higher_is_better: bool,
    /// The method's further figures by name, by candidate; `None` for one that is not ranked.
    pub outputs: Vec<(&'static str, Vec<Option<f64>>)>,
    /// Results that only this method has, over the ranked candidates in the decision's order.
    pub detail: MethodDetail,
    /// The ranked candidates in the decision's order, as `detail` indexes them.
    pub ranked: Vec<usize>,
    /// The method's warnings.
    pub warnings: Vec<Text>,
    /// The places, best first; those without a rank last, in the decision's order.
    pub places: Vec<Placement>,
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
/// If the method cannot be applied to these data, or a parameter is wrong.
pub fn ranking(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
    seed: u64,
) -> Result<Ranking, RankError> {
    Ranker::new(plan, method, params, seed).rank(SampleSource::Seed(seed))
}

/// Ranks by a method, with the spread over samples that were drawn already: at least [`SAMPLES`] of them and of every candidate
/// that has a score.
///
/// # Errors
/// As [`ranking()`].
pub fn ranking_of(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
    samples: &KeptSamples,
) -> Result<Ranking, RankError> {
    Ranker::new(plan, method, params, samples.seed).rank(SampleSource::Drawn(samples))
}

/// Ranks by a method at the point estimate alone, without a sample: a score has no spread, and a candidate passes every gate or
/// does not.
///
/// # Errors
/// As [`ranking()`].
pub fn order(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
    seed: u64,
) -> Result<Ranking, RankError> {
    Ranker::new(plan, method, params, seed).rank(SampleSource::Point)
}

/// Candidates with a score, best first, with their ranks: the additive order of an evaluation. Empty if no criterion has
/// weight.
#[must_use]
pub fn ranked(evaluation: &Evaluation) -> Vec<(usize, usize)> {
    if evaluation.shares.iter().all(|share| *share <= 0.0) {
        return Vec::new();
    }
    let (candidates, scores): (Vec<usize>, Vec<f64>) = evaluation
        .rows
        .iter()
        .enumerate()
        .filter_map(|(c, row)| Some((c, row.score?)))
        .unzip();
    let ranks = rank::ranks(&scores, true);
    rank::order(&ranks)
        .into_iter()
        .map(|i| (candidates[i], ranks[i]))
        .collect()
}

/// Whether the parameters say to use the weights as given, without normalising them.
fn is_as_given(params: &Params) -> bool {
    params.get("weights").is_some_and(|w| w == "as-given")
}

/// The inputs of a ranking.
struct Ranker<'p> {
    plan: &'p Plan<'p>,
    method: &'static dyn Method,
    params: &'p Params,
    seed: u64,
    evaluation: Evaluation,
    /// The candidates that can be ranked, in the decision's order.
    ranked: Vec<usize>,
}

impl<'p> Ranker<'p> {
    fn new(plan: &'p Plan<'p>, method: &'static dyn Method, params: &'p Params, seed: u64) -> Self {
        let evaluation = plan.evaluate();
        let ranked = (0..plan.candidates())
            .filter(|&c| evaluation.rows[c].status == Status::Ranked)
            .collect();
        Self {
            plan,
            method,
            params,
            seed,
            evaluation,
            ranked,
        }
    }

    /// Whether the method is the additive value model.
    fn is_additive(&self) -> bool {
        self.method.id() == DEFAULT_METHOD
    }

    /// Whether scores are those of the graph, whose value functions have more shapes than a straight line between anchors.
    fn has_graph_scores(&self) -> bool {
        self.is_additive() && !is_as_given(self.params)
    }

    fn rank(self, draws: SampleSource<'_>) -> Result<Ranking, RankError> {
        if self.ranked.is_empty() {
            return self.nobody(draws);
        }
        let problem = problem(self.plan, &self.evaluation, &self.ranked)?;
        let found = self.method.run(&problem, self.params)?;
        let scores = if self.has_graph_scores() {
            self.graph_scores()
        } else {
            found.scores
        };
        let spreads = self.spreads(draws)?;
        let outputs = found
            .outputs
            .into_iter()
            .map(|(name, all)| (name, self.by_candidate(all)))
            .collect();
        Ok(Ranking {
            places: self.places(&scores, found.higher_is_better, &spreads),
            params: found.params,
            higher_is_better: found.higher_is_better,
            outputs,
            detail: found.detail,
            warnings: found.warnings,
            method: self.method,
            additive: self.is_additive(),
            ranked: self.ranked,
            evaluation: self.evaluation,
            seed: self.seed,
        })
    }

    /// The ranking of a decision in which every candidate is screened out or incomplete.
    fn nobody(self, draws: SampleSource<'_>) -> Result<Ranking, RankError> {
        let spreads = self.spreads(draws)?;
        Ok(Ranking {
            places: self.places(&[], true, &spreads),
            params: Vec::new(),
            higher_is_better: true,
            outputs: Vec::new(),
            detail: MethodDetail::None,
            warnings: vec![tr!("no candidate could be ranked", "没有候选可以排名")],
            method: self.method,
            additive: self.is_additive(),
            ranked: self.ranked,
            evaluation: self.evaluation,
            seed: self.seed,
        })
    }

    fn graph_scores(&self) -> Vec<f64> {
        let score = |&c: &usize| {
            self.evaluation.rows[c]
                .score
                .expect("a ranked candidate has a score")
        };
        self.ranked.iter().map(score).collect()
    }

    /// The spread of every candidate's score; under another method that of the method's own figure.
    fn spreads(&self, draws: SampleSource<'_>) -> Result<Vec<ScoreSpread>, RankError> {
        let mut spreads = draws.spread(self.plan, &self.evaluation.shares);
        if !self.has_graph_scores() && !matches!(draws, SampleSource::Point) {
            let own = method_spread(
                self.plan,
                &self.evaluation,
                &self.ranked,
                self.method,
                self.params,
                self.seed,
            )?;
            for (i, &c) in self.ranked.iter().enumerate() {
                spreads[c].range = own.get(i).copied().flatten();
            }
        }
        Ok(spreads)
    }

    /// Every candidate's placement from the scores of the ranked ones: best first, those without a rank last.
    fn places(
        &self,
        scores: &[f64],
        higher_is_better: bool,
        spreads: &[ScoreSpread],
    ) -> Vec<Placement> {
        let ranks = rank::ranks(scores, higher_is_better);
        let (ranks, scores) = (self.by_candidate(ranks), self.by_candidate(scores.to_vec()));
        let mut places: Vec<Placement> = (0..self.plan.candidates())
            .map(|c| {
                let range = spreads[c].range.filter(|_| ranks[c].is_some());
                let (low, high) = range.unzip();
                Placement {
                    candidate: c,
                    rank: ranks[c],
                    score: scores[c],
                    low,
                    high,
                    pass_probability: spreads[c].passes,
                }
            })
            .collect();
        places.sort_by_key(|p| {
            (
                p.rank.unwrap_or(usize::MAX),
                self.evaluation.rows[p.candidate].status,
                p.candidate,
            )
        });
        places
    }

    /// Spreads what the ranked candidates have over all candidates of the decision.
    fn by_candidate<T: Clone>(&self, all: Vec<T>) -> Vec<Option<T>> {
        let mut by_candidate = vec![None; self.plan.candidates()];
        for (&c, x) in self.ranked.iter().zip(all) {
            by_candidate[c] = Some(x);
        }
        by_candidate
    }
}
