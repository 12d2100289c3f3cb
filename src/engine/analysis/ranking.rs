//! The ranking of a decision by a method, with the spread of each score and how often each candidate passes the gates.

mod problem;
mod spread;

pub use self::problem::{problem, scorer};
use self::spread::method_spread;
pub(super) use self::spread::quantiles;
use super::standing::Standing;
use crate::eval::{Evaluation, Plan, Status};
use crate::lang::Text;
use crate::rank::{self, Method, MethodDetail, Params, RankError};
use crate::tr;

/// The method that a decision is ranked by unless another is asked for.
pub const DEFAULT_METHOD: &str = "value";

/// One candidate's place in a ranking.
#[derive(Clone, Debug)]
pub struct Placement {
    /// Index of the candidate in the decision.
    pub candidate: usize,
    /// Its rank, from 1; ties share one.
    pub rank: Option<usize>,
    /// The expected score; under another method its own figure at the means.
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

/// Ranks by a method. The additive value model ranks by expected scores, and level candidates share a rank; any other method is
/// applied to the means and ranks by its own figure.
///
/// # Errors
/// If the method cannot be applied to these data, or a parameter is wrong.
pub fn ranking(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
    standing: &Standing,
) -> Result<Ranking, RankError> {
    Ranker::new(plan, method, params, standing).rank(true)
}

/// As [`ranking()`], without the spread of another method's figure, which takes a run of the method for each of its draws.
///
/// # Errors
/// As [`ranking()`].
pub fn order(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
    standing: &Standing,
) -> Result<Ranking, RankError> {
    Ranker::new(plan, method, params, standing).rank(false)
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
    standing: &'p Standing,
    /// The candidates that can be ranked, in the decision's order.
    ranked: Vec<usize>,
}

impl<'p> Ranker<'p> {
    fn new(
        plan: &'p Plan<'p>,
        method: &'static dyn Method,
        params: &'p Params,
        standing: &'p Standing,
    ) -> Self {
        let mut ranked = standing.order.clone();
        ranked.sort_unstable();
        Self {
            plan,
            method,
            params,
            standing,
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

    fn rank(self, with_spread: bool) -> Result<Ranking, RankError> {
        if self.ranked.is_empty() {
            return Ok(self.nobody());
        }
        let problem = problem(self.plan, &self.standing.evaluation, &self.ranked)?;
        let found = self.method.run(&problem, self.params)?;
        let places = if self.has_graph_scores() {
            self.expected_places()
        } else {
            let spread = if with_spread {
                self.method_spread()?
            } else {
                Vec::new()
            };
            self.method_places(&found.scores, found.higher_is_better, &spread)
        };
        let outputs = found
            .outputs
            .into_iter()
            .map(|(name, all)| (name, self.by_candidate(all)))
            .collect();
        let mut warnings = found.warnings;
        if !self.has_graph_scores() && !self.plan.is_certain() {
            warnings.push(tr!(
                "this method ranks the candidates at the mean of each input",
                "此方法按各输入的均值排名"
            ));
        }
        Ok(Ranking {
            places,
            params: found.params,
            higher_is_better: found.higher_is_better,
            outputs,
            detail: found.detail,
            warnings,
            method: self.method,
            additive: self.is_additive(),
            evaluation: self.standing.evaluation.clone(),
            seed: self.standing.seed,
            ranked: self.ranked,
        })
    }

    /// The ranking of a decision in which every candidate is screened out or incomplete.
    fn nobody(self) -> Ranking {
        Ranking {
            places: self.expected_places(),
            params: Vec::new(),
            higher_is_better: true,
            outputs: Vec::new(),
            detail: MethodDetail::None,
            warnings: vec![tr!("no candidate could be ranked", "没有候选可以排名")],
            method: self.method,
            additive: self.is_additive(),
            evaluation: self.standing.evaluation.clone(),
            seed: self.standing.seed,
            ranked: self.ranked,
        }
    }

    /// The spread of each ranked candidate's figure under the method.
    fn method_spread(&self) -> Result<Vec<Option<(f64, f64)>>, RankError> {
        let own = method_spread(
            self.plan,
            &self.standing.evaluation,
            &self.ranked,
            self.method,
            self.params,
            self.standing.seed,
        )?;
        let by_candidate = self.by_candidate(own);
        Ok(by_candidate.into_iter().map(Option::flatten).collect())
    }

    /// Every candidate's placement by expected score, best first, those without a rank last.
    fn expected_places(&self) -> Vec<Placement> {
        let ranked = self.standing.order.iter().map(|&c| {
            let (low, high) = self.standing.spread[c].unzip();
            Placement {
                candidate: c,
                rank: self.standing.ranks[c],
                score: self.standing.expected(c),
                low,
                high,
                pass_probability: self.standing.evaluation.rows[c].passes,
            }
        });
        ranked.chain(self.unranked()).collect()
    }

    /// Every candidate's placement from the figures of the ranked ones: best first, those without a rank last.
    fn method_places(
        &self,
        scores: &[f64],
        higher_is_better: bool,
        spread: &[Option<(f64, f64)>],
    ) -> Vec<Placement> {
        let ranks = rank::ranks(scores, higher_is_better);
        let order = rank::order(&ranks).into_iter().map(|i| {
            let c = self.ranked[i];
            let (low, high) = spread.get(c).copied().flatten().unzip();
            Placement {
                candidate: c,
                rank: Some(ranks[i]),
                score: Some(scores[i]),
                low,
                high,
                pass_probability: self.standing.evaluation.rows[c].passes,
            }
        });
        order.chain(self.unranked()).collect()
    }

    /// The candidates that are screened out, then those that are incomplete.
    fn unranked(&self) -> Vec<Placement> {
        let rows = &self.standing.evaluation.rows;
        let mut all: Vec<usize> = (0..rows.len())
            .filter(|&c| rows[c].status != Status::Ranked)
            .collect();
        all.sort_by_key(|&c| rows[c].status);
        let placement = |c: usize| Placement {
            candidate: c,
            rank: None,
            score: None,
            low: None,
            high: None,
            pass_probability: rows[c].passes,
        };
        all.into_iter().map(placement).collect()
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
