//! A decision ready to run: its graph and the value of every node at the point.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::expectation::{CommonDraws, DRAWS};
use super::leaf::{self, InputId, Leaf};
use super::watch::Watch;
use crate::formula::{Operand, Scratch};
use crate::graph::{BoundFormula, Compute, DecisionGraph};
use crate::model::decision::Decision;
use crate::model::library::MissingPolicy;
use crate::quantity::value_function::ValueFunction;

/// The value of one node at the point estimate, for all candidates.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeValue {
    /// The same for all candidates.
    Shared(f64),
    /// One value per candidate, in the decision's order.
    Each(Vec<f64>),
}

impl NodeValue {
    /// Returns the value of one candidate.
    #[must_use]
    pub fn of(&self, candidate: usize) -> f64 {
        match self {
            Self::Shared(x) => *x,
            Self::Each(all) => all[candidate],
        }
    }
}

/// A decision ready to run: its graph, and the value of every node at the point.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The decision that is evaluated.
    pub decision: &'a Decision,
    /// The graph compiled from it.
    pub graph: &'a DecisionGraph,
    /// The value of every node at the point estimate; groups hold NaN.
    pub point: Cow<'a, [NodeValue]>,
    /// The value function of each criterion; observed ranges where none was declared.
    pub functions: Cow<'a, [ValueFunction]>,
    /// What a missing measure is worth: criterion `k` and candidate `c` at `k * candidates + c`.
    pub policies: Cow<'a, [MissingPolicy]>,
    /// Whether values beyond the anchors are clipped to 0 and 1.
    pub clip: bool,
    /// Receives the progress of samples and sweeps.
    pub watch: Option<&'a Watch>,
    /// The seed of the common draws.
    pub seed: u64,
    /// How many common draws there are.
    pub draws: usize,
    /// By which factor judged numbers spread further around their mean than stated; 1 unless people's overconfidence is tested.
    pub judged_spread: f64,
    /// The common draws, made when they are first needed.
    pub common: Arc<OnceLock<CommonDraws>>,
}

impl<'a> Plan<'a> {
    /// Computes every node at the point, the mean of each input.
    #[must_use]
    pub fn new(decision: &'a Decision, graph: &'a DecisionGraph) -> Self {
        let point = Cow::Owned(Vec::with_capacity(graph.nodes.len()));
        let mut plan = Self {
            decision,
            graph,
            point,
            functions: Cow::default(),
            policies: Cow::default(),
            clip: true,
            watch: None,
            seed: decision.seed,
            draws: DRAWS,
            judged_spread: 1.0,
            common: Arc::default(),
        };
        let mut scratch = Scratch::default();
        for node in 0..graph.nodes.len() {
            let column = plan.column(node, &mut scratch);
            plan.point.to_mut().push(column);
        }
        plan.functions = (0..graph.criteria.len())
            .map(|k| plan.function(k))
            .collect();
        plan.policies = Cow::Owned(plan.missing_policies());
        plan
    }

    /// Returns the same plan without clipping: values continue beyond the anchors.
    #[must_use]
    pub fn unclipped(mut self) -> Self {
        self.clip = false;
        self.common = Arc::default();
        self
    }

    /// Returns the same plan with another seed of the common draws.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        if seed != self.seed {
            self.seed = seed;
            self.common = Arc::default();
        }
        self
    }

    /// Returns the same plan again; what one of the two draws the other need not draw.
    #[must_use]
    pub fn sharing_draws(&self) -> Plan<'_> {
        Plan {
            point: Cow::Borrowed(&*self.point),
            functions: Cow::Borrowed(&*self.functions),
            policies: Cow::Borrowed(&*self.policies),
            common: Arc::clone(&self.common),
            ..*self
        }
    }

    /// Returns the same plan with draws that may be made already: those of a plan of the same decision, seed and clipping.
    #[must_use]
    pub fn sharing(mut self, common: &Arc<OnceLock<CommonDraws>>) -> Self {
        self.common = Arc::clone(common);
        self
    }

    /// Returns the same plan with judged numbers spread this many times as far around their mean.
    #[must_use]
    pub fn with_judged_spread(&self, factor: f64) -> Plan<'_> {
        Plan {
            judged_spread: factor,
            common: Arc::default(),
            watch: None,
            ..self.sharing_draws()
        }
    }

    /// Returns the same plan with judged spreads doubled; its draws are kept with those of this plan.
    #[must_use]
    pub fn with_doubled_spreads(&self) -> Plan<'_> {
        Plan {
            common: Arc::clone(&self.common().doubled),
            ..self.with_judged_spread(2.0)
        }
    }

    /// Whether an input is a part of a whole, such as a ratio, a percentage or a working share.
    #[must_use]
    pub fn is_part(&self, input: InputId) -> bool {
        let node = &self.graph.nodes[input.node];
        matches!(node.unit.name(), "%" | "percent" | "ratio")
            || (node.id.starts_with("team.") && node.id.ends_with(".share"))
    }

    /// Returns the number of candidates.
    #[must_use]
    pub fn candidates(&self) -> usize {
        self.decision.candidates.len()
    }

    /// Returns the leaf behind a node for a candidate.
    #[must_use]
    pub fn leaf(&self, node: usize, candidate: usize) -> Leaf<'a> {
        leaf::leaf(self.decision, &self.graph.nodes[node].compute, candidate)
    }

    /// Returns every leaf that a file may set: inputs, values of the team, facts of candidates and of parts.
    pub fn leaves(&self) -> impl Iterator<Item = InputId> {
        let nodes = self.graph.nodes.iter().enumerate();
        nodes.flat_map(|(node, n)| {
            let is_own = matches!(n.compute, Compute::Fact(_));
            let shared = n.compute.is_shared_input().then_some(InputId {
                node,
                candidate: None,
            });
            let own = (0..self.candidates()).filter(move |_| is_own);
            let own = own.map(move |c| InputId {
                node,
                candidate: Some(c),
            });
            shared.into_iter().chain(own)
        })
    }

    /// Returns every input whose value is a number: the inputs that sensitivity and value of information vary.
    #[must_use]
    pub fn inputs(&self) -> Vec<InputId> {
        let is_number = |input: &InputId| {
            self.leaf(input.node, input.candidate.unwrap_or(0))
                .is_number()
        };
        self.leaves().filter(is_number).collect()
    }

    /// Returns the name under which `--set` changes an input.
    #[must_use]
    pub fn input_name(&self, input: InputId) -> String {
        let id = &self.graph.nodes[input.node].id;
        match input.candidate {
            Some(c) => format!("candidates.{}.{id}", self.decision.candidates[c].id),
            None => id.clone(),
        }
    }

    fn column(&self, node: usize, scratch: &mut Scratch) -> NodeValue {
        let n = &self.graph.nodes[node];
        let count = self.candidates();
        match &n.compute {
            Compute::Group => NodeValue::Shared(f64::NAN),
            Compute::Context(_) | Compute::PartFact { .. } => {
                NodeValue::Shared(self.leaf(node, 0).point())
            }
            Compute::OfPart { from, .. } => {
                let of = |(c, from): (usize, &Option<usize>)| {
                    from.map_or(f64::NAN, |node| self.point[node].of(c))
                };
                NodeValue::Each(from.iter().enumerate().map(of).collect())
            }
            Compute::Fact(_)
            | Compute::Requirements
            | Compute::HasPart(_)
            | Compute::Applies { .. } => {
                NodeValue::Each((0..count).map(|c| self.leaf(node, c).point()).collect())
            }
            Compute::Formula(step) => self.run(step, n.shared, scratch),
            Compute::Fork { gate, yes, no } => {
                let (yes, no) = (
                    self.run(yes, n.shared, scratch),
                    self.run(no, n.shared, scratch),
                );
                let pick = |c: usize| fork(self.point[*gate].of(c), yes.of(c), no.of(c));
                if n.shared {
                    NodeValue::Shared(pick(0))
                } else {
                    NodeValue::Each((0..count).map(pick).collect())
                }
            }
        }
    }

    fn run(&self, step: &BoundFormula, shared: bool, scratch: &mut Scratch) -> NodeValue {
        let operands: Vec<Operand<'_>> = step
            .operands
            .iter()
            .map(|&n| match &self.point[n] {
                NodeValue::Shared(x) => Operand::Splat(*x),
                NodeValue::Each(all) => Operand::Lanes(all),
            })
            .collect();
        let lanes = if shared { 1 } else { self.candidates() };
        let mut out = vec![f64::NAN; lanes];
        step.program.run(&operands, lanes, scratch, &mut out);
        if shared {
            NodeValue::Shared(out[0])
        } else {
            NodeValue::Each(out)
        }
    }

    /// Returns the values of a program's inputs for one candidate at the point estimate.
    #[must_use]
    pub fn operands(&self, step: &BoundFormula, candidate: usize) -> Vec<f64> {
        step.operands
            .iter()
            .map(|&n| self.point[n].of(candidate))
            .collect()
    }

    fn function(&self, k: usize) -> ValueFunction {
        let slot = &self.graph.criteria[k];
        slot.value.clone().unwrap_or_else(|| {
            let seen = (0..self.candidates())
                .map(|c| self.point[slot.node].of(c))
                .filter(|x| !x.is_nan());
            let (low, high) = seen.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), x| {
                (lo.min(x), hi.max(x))
            });
            ValueFunction::observed(low, high, slot.direction)
        })
    }
}

/// Returns the value of the branch that the answer selects; NaN if the answer is missing.
pub(super) fn fork(answer: f64, yes: f64, no: f64) -> f64 {
    if answer.is_nan() {
        f64::NAN
    } else if answer == 0.0 {
        no
    } else {
        yes
    }
}
