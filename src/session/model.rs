//! A decision as read: its graph, its sources, and the value of every node.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::LoadFailure;
use crate::analysis::staleness;
use crate::diagnostic::Diagnostics;
use crate::eval::{CommonDraws, DRAWS, NodeValue, Plan, Watch};
use crate::formula::Type;
use crate::graph::{self, Compute, DecisionGraph};
use crate::load::{self, Choice};
use crate::model::decision::Decision;
use crate::model::evidence::{Fact, FactValue};
use crate::model::library::MissingPolicy;
use crate::quantity::distribution::Distribution;
use crate::quantity::value_function::ValueFunction;
use crate::source::Sources;

/// A decision that can be evaluated. Clones share immutable data.
#[derive(Clone, Debug)]
pub struct LoadedDecision {
    pub decision: Arc<Decision>,
    pub graph: Arc<DecisionGraph>,
    pub sources: Arc<Sources>,
    /// The diagnostics of loading.
    pub diagnostics: Arc<Diagnostics>,
    point: Vec<NodeValue>,
    functions: Vec<ValueFunction>,
    policies: Vec<MissingPolicy>,
    /// The common draws; replaced when a fact changes.
    common: Arc<OnceLock<CommonDraws>>,
}

impl LoadedDecision {
    /// Reads, compiles and evaluates a decision.
    ///
    /// # Errors
    /// Returns all errors in the files.
    pub fn open(path: &Path, choice: &Choice) -> Result<Self, LoadFailure> {
        let loaded = load::decision(path, choice);
        let (sources, mut diagnostics) = (loaded.sources, loaded.diagnostics);
        let graph = loaded
            .decision
            .as_ref()
            .and_then(|d| graph::compile(d, &mut diagnostics));
        let (Some(decision), Some(graph)) = (loaded.decision, graph) else {
            return Err(Box::new((diagnostics, sources)));
        };
        let (point, functions) = (Vec::new(), Vec::new());
        let mut model = Self {
            decision: Arc::new(decision),
            graph: Arc::new(graph),
            sources: Arc::new(sources),
            diagnostics: Arc::default(),
            point,
            functions,
            policies: Vec::new(),
            common: Arc::default(),
        };
        model.compute();
        model.plan(|plan| {
            staleness::report(plan.decision, || plan.sharing_draws(), &mut diagnostics);
        });
        model.diagnostics = Arc::new(diagnostics);
        Ok(model)
    }

    /// Evaluates every node.
    pub(super) fn compute(&mut self) {
        let plan = Plan::new(&self.decision, &self.graph);
        let (point, functions, policies) = (
            plan.point.into_owned(),
            plan.functions.into_owned(),
            plan.policies.into_owned(),
        );
        (self.point, self.functions, self.policies) = (point, functions, policies);
        self.common = Arc::default();
    }

    /// Calls a function with the evaluated decision.
    pub fn plan<R>(&self, look: impl FnOnce(&Plan<'_>) -> R) -> R {
        self.watched(None, look)
    }

    /// As [`Self::plan`], but reports progress to `watch`.
    pub fn watched<R>(&self, watch: Option<&Watch>, look: impl FnOnce(&Plan<'_>) -> R) -> R {
        let (point, functions) = (Cow::Borrowed(&*self.point), Cow::Borrowed(&*self.functions));
        look(&Plan {
            decision: &self.decision,
            graph: &self.graph,
            point,
            functions,
            policies: Cow::Borrowed(&*self.policies),
            clip: true,
            watch,
            seed: self.decision.seed,
            draws: DRAWS,
            judged_spread: 1.0,
            common: Arc::clone(&self.common),
        })
    }

    /// Sets the criteria's shares.
    pub(super) fn set_shares(&mut self, shares: &[f64]) {
        if self
            .graph
            .criteria
            .iter()
            .zip(shares)
            .any(|(slot, share)| slot.share != *share)
        {
            for (slot, share) in Arc::make_mut(&mut self.graph)
                .criteria
                .iter_mut()
                .zip(shares)
            {
                slot.share = *share;
                slot.points = *share;
            }
        }
    }

    /// Returns the fact of a shared input or of `candidates.ID.MEASURE`.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&Fact> {
        if let Some(fact) = self.decision.context.get(name) {
            return Some(fact);
        }
        if let Some((candidate, measure)) = self.candidate_fact(name) {
            return self.decision.candidates[candidate].facts.get(measure);
        }
        let rest = name.strip_prefix("team.")?;
        let hit = |m: &'_ crate::model::decision::TeamMember| {
            rest.strip_prefix(m.id.as_str())
                .and_then(|r| r.strip_prefix('.'))
                .is_some()
        };
        let member = self
            .decision
            .team
            .as_ref()?
            .members
            .iter()
            .find(|m| hit(m))?;
        match &rest[member.id.len() + 1..] {
            "share" => Some(&member.share),
            "count" => Some(&member.count),
            field => member.skill.get(field.strip_prefix("skill.")?),
        }
    }

    pub(super) fn fact_mut(&mut self, name: &str) -> Option<&mut Fact> {
        let own = self.candidate_fact(name);
        let decision = Arc::make_mut(&mut self.decision);
        if decision.context.contains_key(name) {
            return decision.context.get_mut(name);
        }
        if let Some((candidate, measure)) = own {
            return decision.candidates[candidate].facts.get_mut(measure);
        }
        let rest = name.strip_prefix("team.")?;
        let members = &mut decision.team.as_mut()?.members;
        let member = members.iter_mut().find(|m| {
            rest.strip_prefix(m.id.as_str())
                .and_then(|r| r.strip_prefix('.'))
                .is_some()
        })?;
        match &rest[member.id.len() + 1..] {
            "share" => Some(&mut member.share),
            "count" => Some(&mut member.count),
            field => member.skill.get_mut(field.strip_prefix("skill.")?),
        }
    }

    fn candidate_fact<'n>(&self, name: &'n str) -> Option<(usize, &'n str)> {
        let rest = name.strip_prefix("candidates.")?;
        let hit = |id: &str| rest.strip_prefix(id).and_then(|r| r.strip_prefix('.'));
        self.decision
            .candidates
            .iter()
            .enumerate()
            .find_map(|(c, own)| hit(&own.id).map(|measure| (c, measure)))
    }

    /// Sets a fact to an exact value in base units; flags are 1 and 0.
    pub(super) fn set_fact_value(fact: &mut Fact, value: f64) {
        fact.value = match fact.value {
            FactValue::Flag(_) => FactValue::Flag(value != 0.0),
            _ => FactValue::Number(Distribution::Certain(value)),
        };
        fact.stale = false;
    }

    /// Returns the node of the input.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&crate::graph::DecisionNode> {
        let id = self
            .candidate_fact(name)
            .map_or(name, |(_, measure)| measure);
        self.graph.nodes.iter().find(|n| {
            let is_fact = matches!(n.compute, Compute::Fact(_));
            n.id == id && (is_fact || n.compute.is_shared_input())
        })
    }

    /// Formats a value in base units as a file or `--set` takes it.
    #[must_use]
    pub fn format_value(&self, name: &str, value: f64) -> String {
        let Some(node) = self.node(name) else {
            return super::knobs::plain(value);
        };
        if node.value == Type::Flag {
            return (value != 0.0).to_string();
        }
        let figure = super::knobs::plain(node.unit.of_base(value));
        let unit = node.unit.suffix();
        if unit.is_empty() {
            figure
        } else {
            format!("{figure} {unit}")
        }
    }

    /// The files on disk that were read.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let on_disk = |name: &str| !name.starts_with('<') && !name.starts_with('-');
        self.sources
            .iter()
            .map(|s| s.name())
            .filter(|name| on_disk(name))
            .map(PathBuf::from)
            .collect()
    }
}
