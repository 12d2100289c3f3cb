//! Opening a decision: what nearly every subcommand does first.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::Failure;
use super::args::{ChoiceArgs, DecisionArgs, MethodArgs};
use super::output::Output;
use crate::analysis::study::{self, StudyRequest};
use crate::analysis::verdict::{self, ScenarioFirst};
use crate::analysis::{anchors, staleness};
use crate::diagnostic::Diagnostics;
use crate::eval::{CommonDraws, Plan};
use crate::graph::{self, DecisionGraph};
use crate::lang::Text;
use crate::load::{self, Scenarios};
use crate::model::decision::Decision;
use crate::rank::{Method, Params};
use crate::source::{Sources, did_you_mean_clause};
use crate::tr;

/// A decision that was read and compiled without an error.
pub(super) struct OpenDecision {
    pub decision: Decision,
    pub graph: DecisionGraph,
    pub sources: Sources,
    /// Warnings and notes about its files.
    pub diagnostics: Diagnostics,
    scenarios: Scenarios,
    /// The draws of its plans; those with another seed or without clipping make their own.
    common: Arc<OnceLock<CommonDraws>>,
}

impl OpenDecision {
    /// Returns the plan of a request for this decision.
    pub(super) fn plan(&self, request: &StudyRequest) -> Plan<'_> {
        let plan = study::plan(&self.decision, &self.graph, &request.params);
        let plan = if plan.clip {
            plan.sharing(&self.common)
        } else {
            plan
        };
        plan.seeded(request.seed)
    }

    /// Who is first in each scenario of the decision; empty if one was chosen.
    pub(super) fn scenario_firsts(&self, params: &Params, seed: u64) -> Vec<ScenarioFirst> {
        if self.decision.scenario.is_some() {
            return Vec::new();
        }
        let first = |scenario: &crate::model::decision::ScenarioName| {
            let own = self.scenarios.get(&scenario.id)?;
            let graph = graph::compile(&own, &mut Diagnostics::default())?;
            let plan = study::plan(&own, &graph, params).seeded(seed);
            Some((scenario.id.clone(), verdict::first_of(&plan)))
        };
        let all = self.decision.scenarios.par_iter();
        all.filter_map(first).collect()
    }

    /// Prints the date of the evaluation, below the tables of a command.
    pub(super) fn print_as_of(&self, output: &mut Output) -> Result<(), Failure> {
        let as_of = self.decision.as_of;
        output.print("")?;
        output.print(tr!("as of {as_of}", "截至 {as_of}"))
    }

    /// Returns the index of the candidate called `id`, or a usage error that suggests one.
    pub(super) fn candidate(&self, id: &str) -> Result<usize, Failure> {
        let all = &self.decision.candidates;
        all.iter().position(|c| c.id == id).ok_or_else(|| {
            let mut hint = did_you_mean_clause(id, all.iter().map(|c| c.id.as_str()));
            if hint.is_empty() {
                let some = all.iter().take(8).map(|c| c.id.as_str());
                let some = some.collect::<Vec<_>>().join(", ");
                hint = tr!("; it has {some}", "；已有 {some}");
            }
            Failure::usage(tr!(
                "the decision has no candidate `{id}`{hint}",
                "决策中没有候选 `{id}`{hint}"
            ))
        })
    }
}

/// Returns the index of the criterion called `id`, or a message that suggests a similar one.
pub(super) fn find_criterion(plan: &Plan<'_>, id: &str) -> Result<usize, Text> {
    let criteria = &plan.graph.criteria;
    criteria
        .iter()
        .position(|node| node.id == id)
        .ok_or_else(|| {
            let known = criteria.iter().map(|node| node.id.as_str());
            let hint = did_you_mean_clause(id, known);
            tr!(
                "the decision has no criterion `{id}`{hint}",
                "决策没有准则 `{id}`{hint}"
            )
        })
}

/// Opens and compiles a decision. Errors in its files end the command.
pub(super) fn open_decision(args: &DecisionArgs) -> Result<OpenDecision, Failure> {
    try_open(&args.decision, &args.choice)?
        .map_err(|refused| Failure::files(refused.diagnostics, refused.sources))
}

/// Opens and compiles a decision without printing; the failure holds its first error in one sentence.
pub(super) fn open_quietly(path: &Path, choice: &ChoiceArgs) -> Result<OpenDecision, Failure> {
    try_open(path, choice)?.map_err(|refused| {
        let shown = path.display();
        let first = refused
            .diagnostics
            .first_error()
            .map(|d| d.message.clone())
            .unwrap_or_default();
        Failure::failed(tr!("{shown}: {first}", "{shown}：{first}"))
    })
}

/// What was found in the files of a decision that has errors.
struct FaultyFiles {
    diagnostics: Diagnostics,
    sources: Sources,
}

/// The outer error is a usage error, the inner one is in the files.
fn try_open(
    path: &Path,
    choice: &ChoiceArgs,
) -> Result<Result<OpenDecision, Box<FaultyFiles>>, Failure> {
    let (loaded, scenarios) =
        load::decision_with_scenarios(path, &choice.choice()?, &load::Archive::default());
    let (sources, mut diagnostics) = (loaded.sources, loaded.diagnostics);
    let graph = loaded
        .decision
        .as_ref()
        .and_then(|d| graph::compile(d, &mut diagnostics));
    Ok(match (loaded.decision, graph) {
        (Some(decision), Some(graph)) => {
            let common = Arc::default();
            let plan = || Plan::new(&decision, &graph).sharing(&common);
            staleness::report(&decision, plan, &mut diagnostics);
            anchors::report(&plan(), &mut diagnostics);
            Ok(OpenDecision {
                common,
                decision,
                graph,
                sources,
                diagnostics,
                scenarios,
            })
        }
        _ => Err(Box::new(FaultyFiles {
            diagnostics,
            sources,
        })),
    })
}

/// Returns the method and parameters named on the command line.
pub(super) fn parse_method(args: &MethodArgs) -> Result<(&'static dyn Method, Params), Failure> {
    let usage = |error: crate::rank::RankError| Failure::usage(error.text().clone());
    Ok((
        crate::rank::find(&args.method).map_err(usage)?,
        Params::parse(&args.param).map_err(usage)?,
    ))
}
