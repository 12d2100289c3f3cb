//! The page that lists many decisions.

use serde::Serialize;

/// The context of the `index` template.
#[derive(Debug, Serialize)]
pub struct IndexView {
    /// `en` or `zh`.
    pub lang: &'static str,
    /// Version of this program.
    pub version: &'static str,
    /// The decisions, in the order they were named.
    pub decisions: Vec<IndexRow>,
    /// The decisions with errors.
    pub broken: Vec<BrokenRow>,
}

/// One decision of the index.
#[derive(Clone, Debug, Serialize)]
pub struct IndexRow {
    pub id: String,
    pub title: String,
    /// The report, relative to the index; empty if there is none.
    pub link: String,
    /// The question.
    pub question: String,
    /// The winner.
    pub winner: String,
    pub score: String,
    /// The runner-up.
    pub runner_up: String,
    /// Number of ranked candidates, of how many.
    pub ranked: String,
    /// The date of the evaluation.
    pub as_of: String,
}

/// A decision that has errors.
#[derive(Clone, Debug, Serialize)]
pub struct BrokenRow {
    /// Where it lies.
    pub path: String,
    /// The first error.
    pub message: String,
}

impl IndexRow {
    /// Returns the row of a report that can be found at `link`.
    #[must_use]
    pub fn of(view: &crate::view::report::ReportView, link: String) -> Self {
        let all = view.candidates.len();
        Self {
            id: view.decision.clone(),
            title: view.title.clone(),
            link,
            question: view.question.clone().unwrap_or_default(),
            winner: view.answer.name.clone().unwrap_or_default(),
            score: view
                .candidates
                .first()
                .filter(|_| view.answer.winner.is_some())
                .map_or_else(String::new, |c| c.score.clone()),
            runner_up: view.answer.runner_up.clone().unwrap_or_default(),
            ranked: format!("{} / {all}", view.answer.ranked),
            as_of: view.as_of.clone(),
        }
    }
}
