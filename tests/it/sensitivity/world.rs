//! Small decisions, written to a folder of their own and opened as the command line opens them.

use std::path::PathBuf;

use weigh::eval::{InputId, Plan};
use weigh::graph::{self, DecisionGraph};
use weigh::load::{self, Choice};
use weigh::model::decision::Decision;
use weigh::model::evidence::FactValue;
use weigh::quantity::date::Date;
use weigh::quantity::distribution::Distribution;

/// A decision with its graph, and the folder it lives in.
pub(crate) struct World {
    pub(crate) decision: Decision,
    pub(crate) graph: DecisionGraph,
    _folder: tempfile::TempDir,
}

impl World {
    /// A decision from YAML.
    pub(crate) fn yaml(text: &str) -> Self {
        Self::open("decision.yaml", text, &[])
    }

    /// A decision from a matrix CSV.
    pub(crate) fn csv(text: &str) -> Self {
        Self::open("matrix.csv", text, &[])
    }

    /// A matrix with settings.
    pub(crate) fn csv_with(text: &str, set: &[String]) -> Self {
        Self::open("matrix.csv", text, set)
    }

    fn open(name: &str, text: &str, set: &[String]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file: PathBuf = folder.path().join(name);
        std::fs::write(&file, text).expect("the folder is writable");
        let mut choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
        choice.set = set.to_vec();
        let mut loaded = load::decision(&file, &choice);
        let graph = loaded
            .decision
            .as_ref()
            .and_then(|decision| graph::compile(decision, &mut loaded.diagnostics));
        let errors: Vec<String> = loaded
            .diagnostics
            .sorted()
            .iter()
            .map(|d| format!("{}: {}", d.code.id(), d.message.en))
            .collect();
        assert!(!loaded.diagnostics.has_errors(), "{errors:#?}");
        Self {
            decision: loaded.decision.expect("it was read"),
            graph: graph.expect("it compiles"),
            _folder: folder,
        }
    }

    /// The same decision with one input set to a value.
    pub(crate) fn with(&self, input: InputId, value: f64) -> Decision {
        let mut decision = self.decision.clone();
        let name = &self.graph.nodes[input.node].id;
        let fact = match input.candidate {
            Some(c) => decision.candidates[c].facts.get_mut(name.as_str()),
            None => decision.context.get_mut(name),
        };
        fact.expect("the input is a fact or of the context").value =
            FactValue::Number(Distribution::Certain(value));
        decision
    }

    pub(crate) fn plan(&self) -> Plan<'_> {
        Plan::new(&self.decision, &self.graph)
    }
}

/// The input of this name.
pub(crate) fn input(plan: &Plan<'_>, name: &str) -> InputId {
    let found = plan
        .inputs()
        .into_iter()
        .find(|i| plan.input_name(*i) == name);
    found.unwrap_or_else(|| {
        panic!(
            "no input is called {name}: {:?}",
            plan.inputs()
                .iter()
                .map(|i| plan.input_name(*i))
                .collect::<Vec<_>>()
        )
    })
}
