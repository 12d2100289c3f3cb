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
use super::domain::varied;
use super::load_sweep::{self, LoadSweep};
use super::pareto::{self, Pareto};
use super::ranking::{self, DEFAULT_METHOD, Ranking};
use super::reversal::{Reversals, reversals};
use super::stability::{self, Stability};
use super::stakeholders::{self, Stakeholders};
use super::standing::Standing;
use super::tornado::{self, Tornado, Traverse};
use super::value_of_information::{self, ValueOfInformation};
use super::verdict::{ScenarioFirst, Verdict};
use super::weight_space::{WeightSpace, Width};
use crate::eval::{Evaluation, InputId, Pinning, Plan, Sweeps};
use crate::graph::DecisionGraph;
use crate::lang::Text;
use crate::model::decision::Decision;
use crate::rank::{self, Method, Params, RankError};
use crate::tr;

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

    /// Evaluates a decision with the parameters and the seed of this request.
    #[must_use]
    pub fn plan<'p>(&self, decision: &'p Decision, graph: &'p DecisionGraph) -> Plan<'p> {
        plan(decision, graph, &self.params).seeded(self.seed)
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
    /// Every number, also those that nobody called uncertain.
    pub all: bool,
}

/// A plan and the request under which it is studied.
pub struct Study<'p> {
    plan: &'p Plan<'p>,
    request: StudyRequest,
    with_confidence: bool,
    scenarios: Vec<ScenarioFirst>,
    standing: OnceLock<Standing>,
    verdict: OnceLock<Verdict>,
    pinning: OnceLock<Pinning<'p>>,
    sweeps: OnceLock<Sweeps<'p>>,
}

impl<'p> Study<'p> {
    /// Creates a study of a plan. Results are computed on demand.
    #[must_use]
    pub fn new(plan: &'p Plan<'p>, request: StudyRequest) -> Self {
        Self {
            plan,
            request,
            with_confidence: true,
            scenarios: Vec::new(),
            standing: OnceLock::new(),
            verdict: OnceLock::new(),
            pinning: OnceLock::new(),
            sweeps: OnceLock::new(),
        }
    }

    /// Tells the verdict who is first in the scenarios of the decision, for those that disagree.
    #[must_use]
    pub fn with_scenarios(mut self, scenarios: Vec<ScenarioFirst>) -> Self {
        self.scenarios = scenarios;
        self
    }

    /// Leaves out the confidence factors of rank acceptabilities, which take as long as everything else.
    #[must_use]
    pub fn without_confidence_factors(mut self) -> Self {
        self.with_confidence = false;
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
        self.evaluation().is_weightless()
    }

    /// Expected scores, first places, duels and loss, under the declared weights and the additive value model.
    pub fn standing(&self) -> &Standing {
        self.standing
            .get_or_init(|| Standing::of(self.plan, &self.plan.shares()))
    }

    /// Statuses, contributions and expected scores.
    pub fn evaluation(&self) -> &Evaluation {
        &self.standing().evaluation
    }

    /// Ranks the candidates, with the spread of each score.
    ///
    /// # Errors
    /// If the method cannot be applied to these data, or a parameter is wrong.
    pub fn ranking(&self) -> Result<Ranking, NotComputed> {
        let StudyRequest { method, params, .. } = &self.request;
        Ok(ranking::ranking(
            self.plan,
            *method,
            params,
            self.standing(),
        )?)
    }

    /// Ranks the candidates without the spread of another method's figure.
    ///
    /// # Errors
    /// As [`ranking`](Self::ranking).
    pub fn order(&self) -> Result<Ranking, NotComputed> {
        let StudyRequest { method, params, .. } = &self.request;
        Ok(ranking::order(self.plan, *method, params, self.standing())?)
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
        let (draws, with_confidence) = ((*samples, *seed), self.with_confidence);
        let found = acceptability::of(self.plan, space, *method, params, draws, with_confidence)?;
        Ok(found)
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
        let method = self.request.method;
        let stability = self.weight_stability()?;
        let (break_evens, tornado, traverses) = if self.is_expected() {
            self.expected_sensitivity(limits)
        } else {
            self.point_sensitivity(limits)
        };
        Ok(Sensitivity {
            method,
            stability,
            break_evens,
            tornado,
            traverses,
        })
    }

    /// Whether inputs are known or not over the common draws. Other methods are applied at the means.
    fn is_expected(&self) -> bool {
        self.request.method.id() == DEFAULT_METHOD && !self.plan.is_certain()
    }

    fn expected_sensitivity(
        &self,
        limits: &SensitivityLimits,
    ) -> (BreakEvens, Tornado, Vec<Traverse>) {
        let (plan, standing) = (self.plan, self.standing());
        let inputs = varied(plan, limits.all);
        let pinning = self.pinning();
        let break_evens = break_even::expected_break_evens(plan, standing, pinning, &inputs);
        let mut tornado = tornado::expected_tornado(plan, standing, pinning, &inputs);
        tornado.bars.truncate(limits.bars.unwrap_or(usize::MAX));
        let traverses = if limits.ranges.is_empty() {
            Vec::new()
        } else {
            vec![tornado::expected_traverse(plan, standing, &limits.ranges)]
        };
        let break_evens = match limits.break_evens {
            Some(most) => break_evens.nearest(most),
            None => break_evens,
        };
        (break_evens, tornado, traverses)
    }

    fn point_sensitivity(
        &self,
        limits: &SensitivityLimits,
    ) -> (BreakEvens, Tornado, Vec<Traverse>) {
        let StudyRequest { method, params, .. } = &self.request;
        let scorer = ranking::scorer(self.plan, *method, params);
        let by_method = scorer
            .as_deref()
            .map(|scorer| Sweeps::by(self.plan, &self.plan.shares(), scorer));
        let sweeps = by_method.as_ref().unwrap_or_else(|| self.sweeps());
        let break_evens = || {
            let found = break_even::break_evens_of(sweeps, limits.all);
            match limits.break_evens {
                Some(most) => found.nearest(most),
                None => found,
            }
        };
        let tornado = || {
            let mut found = tornado::tornado_of(sweeps, limits.all);
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
        (break_evens, tornado, traverses)
    }

    /// The verdict: who is first, how firmly, and what could change it.
    pub fn verdict(&self) -> &Verdict {
        self.verdict
            .get_or_init(|| Verdict::of(self, &self.scenarios))
    }

    /// The candidates that may become first, followed while inputs are pinned.
    pub(super) fn pinning(&self) -> &Pinning<'p> {
        self.pinning
            .get_or_init(|| break_even::pin_contenders(self.plan, self.standing()))
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
        Ok(load_sweep::load_sweep(self.plan, self.standing()))
    }

    /// Estimates EVPI and EVPPI, with the default number of samples unless one is given. Always uses the additive value
    /// model, whatever the request's method is.
    #[must_use]
    pub fn information(&self, samples: Option<usize>) -> ValueOfInformation {
        value_of_information::value_of_information(
            self.plan,
            self.standing(),
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
}
