//! The most valuable unknowns, as `weigh next` lists them.

use crate::analysis::study::{Study, StudyRequest};
use crate::eval::Plan;
use crate::lang::Lang;
use crate::view::figure;
use crate::view::next::{UnknownView, view as next};

/// A valuable unknown.
#[derive(Clone, Debug)]
pub struct UnknownLine {
    /// The name under which `--set` gives the answer.
    pub input: String,
    pub title: String,
    /// The EVPPI, in score, with its standard error.
    pub worth: String,
    /// Probability that knowing it changes the choice.
    pub chance: String,
    /// The command that measures it, or how to enter the value.
    pub how: String,
    /// Whether `how` is a command.
    pub runs: bool,
    /// Whether its candidate has no score without it.
    pub missing: bool,
}

/// The unknowns, the most valuable first; of those that one command resolves only the first.
#[derive(Clone, Debug, Default)]
pub struct Information {
    /// Unknowns whose value exceeds the sampling error, then missing facts.
    pub unknowns: Vec<UnknownLine>,
    pub samples: usize,
    pub seed: u64,
}

/// Runs the value-of-information analysis and builds the panel.
#[must_use]
pub fn view(plan: &Plan<'_>, lang: Lang) -> Information {
    let found = Study::new(plan, StudyRequest::of(plan.decision)).information(None);
    let shown = next(plan, &found, lang);
    let mut unknowns: Vec<UnknownLine> = Vec::new();
    for unknown in shown
        .unknowns
        .iter()
        .filter(|u| u.is_told() || u.kind == "missing")
    {
        let again = unknown.command.is_some()
            && unknowns
                .iter()
                .any(|u| Some(&u.how) == unknown.command.as_ref());
        if !again {
            unknowns.push(one(unknown));
        }
    }
    Information {
        unknowns,
        samples: shown.samples,
        seed: shown.seed,
    }
}

fn one(unknown: &UnknownView) -> UnknownLine {
    let worth = match (unknown.value_of_information, unknown.error) {
        (Some(value), Some(error)) => format!("{value:.4} +-{error:.4}"),
        _ => figure::MISSING.to_owned(),
    };
    UnknownLine {
        input: unknown.input.clone(),
        title: unknown.title.clone(),
        worth,
        chance: unknown
            .chance_to_change_the_winner
            .map_or_else(|| figure::MISSING.to_owned(), figure::percent),
        how: unknown.how.clone(),
        runs: unknown.command.is_some(),
        missing: unknown.kind == "missing",
    }
}
