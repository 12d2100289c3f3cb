//! The verdict, which commands about a decision print first.

use super::Failure;
use super::args::DecisionArgs;
use super::decision::OpenDecision;
use super::output::Output;
use crate::analysis::study::{Study, StudyRequest};
use crate::eval::Plan;
use crate::view::verdict::{self, VerdictView};

/// Most lines below the sentence.
const LINES: usize = 5;

impl OpenDecision {
    /// Studies a plan of this decision; the verdict knows who is first in its scenarios.
    pub(super) fn study<'p>(&self, plan: &'p Plan<'p>, request: StudyRequest) -> Study<'p> {
        let scenarios = self.scenario_firsts(&request.params, request.seed);
        Study::new(plan, request).with_scenarios(scenarios)
    }
}

/// Builds the view of a study's verdict.
pub(super) fn view(study: &Study<'_>, args: &DecisionArgs, output: &Output) -> VerdictView {
    let path = args.decision.display().to_string();
    verdict::view(study.plan(), study.verdict(), &path, output.lang)
}

/// Prints the sentence and the lines below it.
pub(super) fn print(view: &VerdictView, output: &mut Output) -> Result<(), Failure> {
    output.print(&view.sentence)?;
    for line in view.lines.iter().take(LINES) {
        output.print(format_args!("  - {line}"))?;
    }
    output.print("")
}
