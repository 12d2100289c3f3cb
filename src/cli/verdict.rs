//! The verdict, which commands about a decision print first.

use super::Failure;
use super::args::DecisionArgs;
use super::decision::OpenDecision;
use super::output::Output;
use crate::analysis::choice;
use crate::analysis::study::{Study, StudyRequest};
use crate::eval::Plan;
use crate::view::outcome;
use crate::view::verdict::{self, VerdictView};

/// Most lines below the sentence.
const LINES: usize = 6;

impl OpenDecision {
    /// Studies a plan of this decision; the verdict knows who is first in its scenarios.
    pub(super) fn study<'p>(&self, plan: &'p Plan<'p>, request: StudyRequest) -> Study<'p> {
        let scenarios = self.scenario_firsts(&request.params, request.seed);
        Study::new(plan, request).with_scenarios(scenarios)
    }
}

/// Builds the view of a study's verdict; what people chose is its first line.
pub(super) fn view(study: &Study<'_>, args: &DecisionArgs, output: &Output) -> VerdictView {
    let path = args.decision.display().to_string();
    let mut view = verdict::view(study.plan(), study.verdict(), &path, output.lang);
    view.lines.splice(0..0, chosen(study, output));
    view
}

/// What people chose and where it stands; `None` if they have not.
fn chosen(study: &Study<'_>, output: &Output) -> Option<String> {
    let decision = study.plan().decision;
    let outcome = decision.outcome.as_ref()?;
    let id = outcome.chosen.as_ref()?;
    let candidate = decision.candidates.iter().position(|c| c.id == *id)?;
    let standing = choice::standing_of_choice(study.verdict(), candidate);
    Some(output.localize(outcome::sentence(decision, outcome, &standing)))
}

/// Prints the sentence and the lines below it.
pub(super) fn print(view: &VerdictView, output: &mut Output) -> Result<(), Failure> {
    output.print(&view.sentence)?;
    for line in view.lines.iter().take(LINES) {
        output.print(format_args!("  - {line}"))?;
    }
    output.print("")
}
