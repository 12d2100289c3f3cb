//! The page that lists many decisions: the portfolio.
//!
//! The rows are stored in comments of the page, so that a run over one decision changes its row and keeps the others.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::job::{DecisionReport, ReportJob};
use super::records::existing_text;
use super::template::{ReportTemplate, file_suffix};
use super::{FolderWriter, ReportError, marked};
use crate::lang::{Lang, Text};
use crate::tr;
use crate::view;
use crate::view::report::ReportView;

/// The context of the `index` template.
#[derive(Debug, Serialize)]
pub struct IndexView {
    /// `en` or `zh`.
    pub lang: &'static str,
    /// Version of this program.
    pub version: &'static str,
    /// The decisions: those of the page that is there in its order, then new ones in the order they were named.
    pub decisions: Vec<IndexRow>,
    /// The decisions with errors.
    pub broken: Vec<BrokenRow>,
}

/// One decision of the index.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IndexRow {
    /// The folder of its report, which tells decisions apart.
    pub key: String,
    pub id: String,
    pub title: String,
    /// The report, relative to the index; empty if there is none.
    pub link: String,
    /// The question.
    pub question: String,
    /// `clear`, `leaning`, `open` or `none`.
    pub class: String,
    /// The same for display.
    pub verdict: String,
    /// What people chose, for display; empty if they have not.
    pub chosen: String,
    /// The status of the outcome, for display.
    pub status: String,
    /// The winner.
    pub winner: String,
    pub score: String,
    /// The winner's lead over the runner-up; empty if there is none.
    pub lead: String,
    /// The share of the draws in which the winner is first; empty if it was not computed.
    pub first_share: String,
    /// The runner-up.
    pub runner_up: String,
    /// Number of ranked candidates, of how many.
    pub ranked: String,
    /// The people who decided.
    pub owner: String,
    /// The review date; marked if it is past.
    pub review_by: String,
    /// Number of facts past their date.
    pub stale: usize,
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
    /// Returns the row of a decision.
    #[must_use]
    pub fn of(view: &ReportView, lang: Lang) -> Self {
        let verdict = &view.answer.verdict;
        let first_share = verdict
            .first
            .as_ref()
            .and_then(|id| verdict.first_share.get(id)?.as_f64());
        let all = view.candidates.len();
        let outcome = view.outcome.as_ref();
        let separator = if lang == Lang::Zh { "、" } else { ", " };
        let review = outcome.and_then(|o| Some((o.review_by.as_ref()?, o.is_overdue)));
        let review = match review {
            Some((day, true)) => tr!("{day} (past)", "{day}（已过）"),
            Some((day, false)) => Text::name(day),
            None => Text::default(),
        };
        Self {
            key: String::new(),
            id: view.decision.clone(),
            title: view.title.clone(),
            link: String::new(),
            question: view.question.clone().unwrap_or_default(),
            class: verdict.class.to_owned(),
            verdict: class_name(verdict.class).get(lang).to_owned(),
            chosen: outcome.and_then(|o| o.name.clone()).unwrap_or_default(),
            status: outcome.map_or_else(String::new, |o| o.status_word.clone()),
            winner: view.answer.name.clone().unwrap_or_default(),
            score: view
                .candidates
                .first()
                .filter(|_| view.answer.winner.is_some())
                .map_or_else(String::new, |c| c.score.clone()),
            lead: verdict.lead.map_or_else(String::new, view::figure::score),
            first_share: first_share
                .map_or_else(String::new, |share| view::report::percent(share, lang)),
            runner_up: view.answer.runner_up.clone().unwrap_or_default(),
            ranked: format!("{} / {all}", view.answer.ranked),
            owner: outcome.map_or_else(String::new, |o| o.by.join(separator)),
            review_by: review.get(lang).to_owned(),
            stale: view.expired.len(),
            as_of: view.as_of.clone(),
        }
    }
}

/// Names the class of a verdict.
fn class_name(class: &str) -> Text {
    match class {
        "clear" => tr!("clear", "明确"),
        "leaning" => tr!("leaning", "倾向"),
        "open" => tr!("open", "难分高下"),
        _ => tr!("none", "无"),
    }
}

/// Writes the index, with the rows of the page that is there.
pub(super) fn write(
    job: &ReportJob<'_>,
    done: &[DecisionReport],
    broken: &[BrokenRow],
    writer: &FolderWriter,
) -> Result<(), ReportError> {
    let suffix = file_suffix(job.options.lang);
    let name = format!("index{suffix}.md");
    let path = writer.folder().join(&name);
    let old = existing_text(&path)?;
    let mut rows = old.as_deref().map(stored_rows).unwrap_or_default();
    for one in done {
        let row = IndexRow {
            key: one.folder.clone(),
            ..one.row.clone()
        };
        match rows.iter_mut().find(|own| own.key == row.key) {
            Some(own) => *own = row,
            None => rows.push(row),
        }
    }
    for row in &mut rows {
        let report = format!("{}/report{suffix}.md", row.key);
        let is_new = done.iter().any(|one| one.folder == row.key);
        // Link to a report only where this run or an earlier one wrote it.
        let is_there = is_new && job.has_template(&ReportTemplate::Report)
            || writer.folder().join(&report).is_file();
        row.link = if is_there { report } else { String::new() };
    }
    let view = IndexView {
        lang: view::report::word(job.options.lang),
        version: env!("CARGO_PKG_VERSION"),
        decisions: rows,
        broken: broken.to_vec(),
    };
    let page = job.render("index.md", &view)?;
    let comments: Vec<String> = view.decisions.iter().map(row_comment).collect();
    let sealed = marked::seal(&marked::with_comments(&page, &comments), &[]);
    let text = match old {
        Some(old) => marked::merge(&old, &sealed)
            .map_err(|fault| ReportError::Kept(fault.text(&path.display().to_string())))?,
        None => sealed,
    };
    writer.write(Path::new(&name), &text)
}

const ROW: &str = "<!-- weigh:row ";

/// A row as a comment. Two hyphens would end it in older Markdown.
fn row_comment(row: &IndexRow) -> String {
    let json = serde_json::to_string(row).expect("rows are plain data");
    let json = json.replace("--", "-\\u002d").replace('>', "\\u003e");
    format!("{ROW}{json} -->")
}

fn stored_rows(page: &str) -> Vec<IndexRow> {
    page.lines()
        .filter_map(|line| line.trim().strip_prefix(ROW)?.strip_suffix(" -->"))
        .filter_map(|json| serde_json::from_str(json).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_in_comments() {
        let row = IndexRow {
            key: "a".to_owned(),
            title: "x --> y --- <b> \"q\" 中".to_owned(),
            stale: 3,
            ..IndexRow::default()
        };
        let comment = row_comment(&row);
        assert_eq!(comment.matches("--").count(), 2, "{comment}");
        let [back] = &stored_rows(&format!("| a |\n\n{comment}\r\n"))[..] else {
            panic!("one row was stored");
        };
        assert_eq!((&back.title, back.stale), (&row.title, 3));
    }
}
