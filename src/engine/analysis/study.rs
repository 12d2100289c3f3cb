//! A plan under one method: the single entry point of all analyses.
//!
//! A command, a report and a screen of the terminal UI all create a [`Study`] from a [`StudyRequest`] and call its methods. Method, weights,
//! samples, seed and limits are chosen here and nowhere else, so that the same question has the same answer wherever it is
//! shown. What several answers share (the evaluation, the draws, the sweeps) is computed once, when it is first needed, and
//! kept: figures that every command shows belong here too.
//!
//! ```no_run
//! # fn show(plan: &weigh_engine::eval::Plan<'_>) -> Result<(), weigh_engine::analysis::study::NotComputed> {
//! use weigh_engine::analysis::study::{StudyRequest, Study};
//! use weigh_engine::analysis::weight_space::Width;
//! let study = Study::new(plan, StudyRequest::of(plan.decision));
//! let ranking = study.ranking()?;
//! let robustness = study.robustness(&study.weights(Width::Near))?;
//! assert_eq!(ranking.seed, robustness.acceptability.seed);
//! # Ok(()) }
//! ```

use std::sync::OnceLock;

use super::acceptability::{self, Acceptability};
use super::agreement::{Agreement, agreement};
use super::break_even::{self, BreakEvens};
use super::load_sweep::{self, LoadSweep};
use super::pareto::{self, Pareto};
use super::ranking::{self, DEFAULT_METHOD, Ranking};
use super::reversal::{Reversals, reversals};
use super::stability::{self, Stability};
use super::stakeholders::{self, Stakeholders};
use super::tornado::{self, Tornado, Traverse};
use super::value_of_information::{self, ValueOfInformation};
use super::weight_space::{WeightSpace, Width};
use crate::eval::{Evaluation, InputId, KeptSamples, Plan, Status, Sweeps};
use crate::graph::DecisionGraph;
use crate::lang::Text;
use crate::model::decision::Decision;
use crate::rank::{self, Method, Params, RankError};
use crate::tr;

/// Samples behind rank acceptabilities in interactive use: the standard error of a share is below 0.8 %.
pub const INTERACTIVE_SAMPLES: usize = 4_096;

/// The options of a study.
#[derive(Clone)]
pub struct StudyRequest {
    /// The aggregation method.
    pub method: &'static dyn Method,
    /// The method's parameters.
    pub params: Params,
    /// The seed of every sample.
    pub seed: u64,
    /// Samples behind rank acceptabilities.
    pub samples: usize,
}

impl StudyRequest {
    /// The default options of a decision: the additive value model, its own seed, the default number of samples.
    #[must_use]
    pub fn of(decision: &Decision) -> Self {
        let method = rank::find(DEFAULT_METHOD).expect("the default method is in the list");
        Self::by(method, Params::none(), decision.seed)
    }

    /// Options with a method and the default number of samples.
    #[must_use]
    pub fn by(method: &'static dyn Method, params: Params, seed: u64) -> Self {
        Self {
            method,
            params,
            seed,
            samples: acceptability::SAMPLES,
        }
    }

    /// Sets the number of samples behind rank acceptabilities.
    #[must_use]
    pub fn with_samples(mut self, samples: usize) -> Self {
        self.samples = samples;
        self
    }

    /// Evaluates a decision with the parameters of this request.
    #[must_use]
    pub fn plan<'p>(&self, decision: &'p Decision, graph: &'p DecisionGraph) -> Plan<'p> {
        plan(decision, graph, &self.params)
    }
}

/// Evaluates a decision with a method's parameters: `clip=no` lets values extend beyond the anchors.
#[must_use]
pub fn plan<'p>(decision: &'p Decision, graph: &'p DecisionGraph, params: &Params) -> Plan<'p> {
    let plan = Plan::new(decision, graph);
    if params.get("clip") == Some("no") {
        plan.unclipped()
    } else {
        plan
    }
}

/// Why a question has no answer for this plan: a method that cannot be applied to it, or a limit that it exceeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotComputed {
    /// The reason, for display.
    pub reason: Text,
}

impl From<RankError> for NotComputed {
    fn from(error: RankError) -> Self {
        Self {
            reason: error.text().clone(),
        }
    }
}

/// The robustness of a ranking.
pub struct Robustness {
    /// How often each candidate takes each rank.
    pub acceptability: Acceptability,
    /// Which weights were drawn.
    pub space: WeightSpace,
    /// The results of other methods and weights.
    pub agreement: Agreement,
    /// Whether other sets of candidates reverse the order.
    pub reversals: Reversals,
    pub method: &'static dyn Method,
}

/// How far weights and inputs may move before another candidate is first.
pub struct Sensitivity {
    pub method: &'static dyn Method,
    /// How far each weight may move.
    pub stability: Stability,
    /// Where along its domain each input makes another candidate first.
    pub break_evens: BreakEvens,
    /// The effect of each input on the winner's lead.
    pub tornado: Tornado,
    /// The inputs that were moved over ranges of the reader's own choice.
    pub traverses: Vec<Traverse>,
}

/// Limits on the results of a sensitivity analysis.
#[derive(Clone, Debug, Default)]
pub struct SensitivityLimits {
    /// Limit on the break-evens, nearest to the point first; `None` for all inputs.
    pub break_evens: Option<usize>,
    /// Limit on the bars of the tornado, longest first; `None` for all.
    pub bars: Option<usize>,
    /// One or two inputs to be moved over a range, base units.
    pub ranges: Vec<(InputId, f64, f64)>,
}

/// A plan and the request under which it is studied.
pub struct Study<'p> {
    plan: &'p Plan<'p>,
    request: StudyRequest,
    shares_draws: bool,
    evaluation: OnceLock<Evaluation>,
    draws: OnceLock<Option<KeptSamples>>,
    sweeps: OnceLock<Sweeps<'p>>,
}

impl<'p> Study<'p> {
    /// Creates a study of a plan. Results are computed on demand.
    #[must_use]
    pub fn new(plan: &'p Plan<'p>, request: StudyRequest) -> Self {
        Self {
            plan,
            request,
            shares_draws: false,
            evaluation: OnceLock::new(),
            draws: OnceLock::new(),
            sweeps: OnceLock::new(),
        }
    }

    /// Keeps the samples of the first question for the following ones. Pays where ranking and rank acceptability are both
    /// asked for; confidence factors, which would take as long as everything else, are then left out.
    #[must_use]
    pub fn sharing_draws(mut self) -> Self {
        self.shares_draws = true;
        self
    }

    /// The plan that is studied.
    #[must_use]
    pub fn plan(&self) -> &'p Plan<'p> {
        self.plan
    }

    /// The options of the study.
    #[must_use]
    pub fn request(&self) -> &StudyRequest {
        &self.request
    }

    /// Whether no criterion has weight, so that no candidate can win.
    #[must_use]
    pub fn is_weightless(&self) -> bool {
        self.plan.shares().iter().all(|share| *share <= 0.0)
    }

    /// The evaluation at the point estimate.
    pub fn evaluation(&self) -> &Evaluation {
        self.evaluation.get_or_init(|| self.plan.evaluate())
    }

    /// Ranks the candidates, with the spread of each score.
    ///
    /// # Errors
    /// If the method cannot be applied to these data, or a parameter is wrong.
    pub fn ranking(&self) -> Result<Ranking, NotComputed> {
        let StudyRequest {
            method,
            params,
            seed,
            ..
        } = &self.request;
        Ok(match self.draws() {
            Some(samples) => ranking::ranking_of(self.plan, *method, params, samples)?,
            None => ranking::ranking(self.plan, *method, params, *seed)?,
        })
    }

    /// Ranks the candidates at the point estimate alone, without a sample.
    ///
    /// # Errors
    /// As [`ranking`](Self::ranking).
    pub fn order(&self) -> Result<Ranking, NotComputed> {
        let StudyRequest {
            method,
            params,
            seed,
            ..
        } = &self.request;
        Ok(ranking::order(self.plan, *method, params, *seed)?)
    }

    /// The weights of this width around the declared ones.
    #[must_use]
    pub fn weights(&self, width: Width) -> WeightSpace {
        WeightSpace::of_width(&self.plan.shares(), width)
    }

    /// Draws weights and inputs and counts how often each candidate takes each rank.
    ///
    /// # Errors
    /// If the method cannot be applied, no criterion weighs anything, or there are too many candidates.
    pub fn rank_acceptability(&self, space: &WeightSpace) -> Result<Acceptability, NotComputed> {
        let StudyRequest {
            method,
            params,
            seed,
            samples,
        } = &self.request;
        Ok(match self.draws() {
            Some(drawn) => acceptability::ranks_of(self.plan, space, *method, params, drawn)?,
            None => {
                acceptability::acceptability(self.plan, space, *method, params, *samples, *seed)?
            }
        })
    }

    /// Analyses the robustness of the ranking: rank acceptability under these weights, other methods, other sets of candidates.
    ///
    /// # Errors
    /// As [`rank_acceptability`](Self::rank_acceptability).
    pub fn robustness(&self, space: &WeightSpace) -> Result<Robustness, NotComputed> {
        let StudyRequest { method, params, .. } = &self.request;
        Ok(Robustness {
            acceptability: self.rank_acceptability(space)?,
            space: space.clone(),
            agreement: agreement(self.plan, *method, params)?,
            reversals: reversals(self.plan, *method, params)?,
            method: *method,
        })
    }

    /// Computes how far each weight may move before another candidate is first.
    ///
    /// # Errors
    /// As [`ranking`](Self::ranking).
    pub fn weight_stability(&self) -> Result<Stability, NotComputed> {
        let StudyRequest { method, params, .. } = &self.request;
        Ok(stability::stability(self.plan, *method, params)?)
    }

    /// Computes how far weights and inputs may move before another candidate is first.
    ///
    /// # Errors
    /// As [`ranking`](Self::ranking).
    pub fn sensitivity(&self, limits: &SensitivityLimits) -> Result<Sensitivity, NotComputed> {
        let StudyRequest { method, params, .. } = &self.request;
        let stability = self.weight_stability()?;
        let scorer = ranking::scorer(self.plan, *method, params);
        let by_method = scorer
            .as_deref()
            .map(|scorer| Sweeps::by(self.plan, &self.plan.shares(), scorer));
        let sweeps = by_method.as_ref().unwrap_or_else(|| self.sweeps());
        let break_evens = || {
            let found = break_even::break_evens_of(sweeps);
            match limits.break_evens {
                Some(most) => found.nearest(most),
                None => found,
            }
        };
        let tornado = || {
            let mut found = tornado::tornado_of(sweeps);
            found.bars.truncate(limits.bars.unwrap_or(usize::MAX));
            found
        };
        let (break_evens, tornado) = if self.plan.watch.is_some() {
            // A watch counts the steps of one pass at a time.
            (break_evens(), tornado())
        } else {
            rayon::join(break_evens, tornado)
        };
        let traverses = if limits.ranges.is_empty() {
            Vec::new()
        } else {
            vec![tornado::traverse_of(sweeps, &limits.ranges)]
        };
        Ok(Sensitivity {
            method: *method,
            stability,
            break_evens,
            tornado,
            traverses,
        })
    }

    /// Moves the input that represents the load over its declared range; see [`load_sweep`](mod@super::load_sweep).
    ///
    /// # Errors
    /// Where the scores are not sums of contributions.
    pub fn load_sweep(&self) -> Result<Option<LoadSweep>, NotComputed> {
        if self.request.method.id() != DEFAULT_METHOD {
            let method = self.request.method.title();
            return Err(NotComputed {
                reason: tr!("no input is swept under {method}", "{method} 下不扫描输入"),
            });
        }
        Ok(load_sweep::load_sweep(self.sweeps()))
    }

    /// Estimates EVPI and EVPPI, with the default number of samples unless one is given. Always uses the additive value
    /// model, whatever the request's method is.
    #[must_use]
    pub fn information(&self, samples: Option<usize>) -> ValueOfInformation {
        value_of_information::value_of_information(
            self.plan,
            &self.plan.shares(),
            samples.unwrap_or(value_of_information::SAMPLES),
            self.request.seed,
        )
    }

    /// Ranks the candidates for every stakeholder of the decision.
    #[must_use]
    pub fn stakeholders(&self) -> Stakeholders {
        stakeholders::stakeholders(self.plan)
    }

    /// Compares all pairs of candidates on these criteria, or on all that have weight.
    ///
    /// # Errors
    /// Where there are more than [`pareto::MOST_CANDIDATES`].
    pub fn pareto(&self, criteria: Option<&[usize]>) -> Result<Pareto, NotComputed> {
        pareto::pareto(self.plan, criteria, self.request.seed).ok_or_else(|| {
            let limit = pareto::MOST_CANDIDATES;
            NotComputed {
                reason: tr!(
                    "at most {limit} candidates can be compared pair by pair",
                    "最多可两两比较 {limit} 个候选"
                ),
            }
        })
    }

    /// The sweeps of the additive value model.
    fn sweeps(&self) -> &Sweeps<'p> {
        self.sweeps
            .get_or_init(|| Sweeps::new(self.plan, &self.plan.shares()))
    }

    /// The draws that all questions share; `None` if each draws its own, or if they would take too much memory.
    fn draws(&self) -> Option<&KeptSamples> {
        if !self.shares_draws {
            return None;
        }
        let draw = || {
            let rows = &self.evaluation().rows;
            let complete: Vec<usize> = (0..self.plan.candidates())
                .filter(|&c| rows[c].status != Status::Incomplete)
                .collect();
            let shares = self.plan.shares();
            let weighed: Vec<usize> = (0..shares.len()).filter(|&k| shares[k] > 0.0).collect();
            let StudyRequest { samples, seed, .. } = self.request;
            self.plan.samples(samples, seed, &complete, &weighed)
        };
        self.draws.get_or_init(draw).as_ref()
    }
}
