//! Matrix CSV: a decision in one file, as exported from a spreadsheet.
//!
//! Each column becomes a measure and a criterion of the same name; the rows `@direction`, `@weight`, `@worst`,
//! `@best` and `@unit` configure it. No other files are read, so a matrix opens within milliseconds.

mod candidates;
mod column;
mod table;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use candidates::{cell_value, lower_candidates};
use column::MatrixColumn;
use table::{header_names, layout_hint, read_rows};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::load::choice::Choice;
use crate::load::decision::DEFAULT_SEED;
use crate::load::lower::fact::FactReader;
use crate::load::lower::{anchors, goals};
use crate::load::read::archive::Archive;
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::load::resolve::profiles::Profiles;
use crate::model::decision::{Candidate, Decision, Goal};
use crate::model::evidence::{Fact, Provenance};
use crate::model::library::Library;
use crate::source::{SourceId, Span, did_you_mean};
use crate::tr;

/// The rows about criteria.
const ABOUT: [&str; 5] = ["@direction", "@weight", "@worst", "@best", "@unit"];

/// Whether a text without a file name, such as standard input, looks like a matrix.
pub(super) fn looks_like_one(text: &str) -> bool {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let cell = first.trim_start().trim_start_matches('"');
    cell.strip_prefix("candidate").is_some_and(|rest| {
        rest.trim_start_matches('"')
            .trim_start()
            .starts_with([',', ';', '\t'])
    })
}

/// Reads a matrix.
pub(super) fn open(
    file: &Path,
    source: SourceId,
    choice: &Choice,
    reader: &mut Reader,
) -> Option<Decision> {
    let mut rows = read_rows(source, reader)?.into_iter();
    let header = rows.next()?;
    let sink = &mut reader.diagnostics;
    let (criteria, sound) = header_names(&header, sink)?;
    let (mut about, mut body) = (BTreeMap::new(), Vec::new());
    for row in rows {
        let (name, span) = &row[0];
        if row.len() != header.len() {
            let (has, wanted) = (row.len(), header.len());
            let message = tr!(
                "this row has {has} cells, the first row has {wanted}",
                "该行有 {has} 个单元格，首行有 {wanted} 个"
            );
            let hint = tr!(
                "leave an unknown cell empty between its commas",
                "未知的单元格在逗号之间留空"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, *span, message).hint(hint));
        } else if name.starts_with('@') {
            if !ABOUT.contains(&name.as_str()) {
                let hint = did_you_mean(name, ABOUT);
                sink.push(
                    Diagnostic::new(
                        Code::BadMatrix,
                        *span,
                        tr!("unknown row `{name}`", "未知的行 `{name}`"),
                    )
                    .maybe_hint(hint),
                );
            } else if about.insert(name.clone(), row.clone()).is_some() {
                sink.push(Diagnostic::new(
                    Code::BadMatrix,
                    *span,
                    tr!("the row `{name}` appears twice", "行 `{name}` 重复出现"),
                ));
            }
        } else {
            body.push(row);
        }
    }
    let mut library = Library::default();
    let mut goals = Vec::new();
    for (k, (id, span)) in criteria.iter().enumerate() {
        let column = MatrixColumn::read(&about, k + 1, sink);
        goals.push(Goal::Criterion {
            id: id.clone(),
            points: column.weight,
            span: *span,
        });
        library
            .measures
            .insert(id.clone(), column.measure(id, *span));
        library
            .criteria
            .insert(id.clone(), column.criterion(id, *span, sink));
    }
    let candidates = lower_candidates(&body, &criteria, &library.units, sink);
    check_matrix(&goals, &candidates, header[0].1, sink);
    apply_profile(file, &mut goals, choice, &mut library, reader);
    let id = file
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or("matrix")
        .to_owned();
    for (flag, given) in [
        ("--scenario", &choice.scenario),
        ("--stakeholder", &choice.stakeholder),
    ] {
        if given.is_some() {
            let message = tr!(
                "a matrix CSV has no scenarios or stakeholders",
                "矩阵 CSV 没有情景或相关方"
            );
            reader.report(Diagnostic::about_file(
                Code::UnknownReference,
                flag,
                message,
            ));
        }
    }
    let mut decision = Decision {
        title: Text::name(&id),
        id,
        question: None,
        about: None,
        notes: Vec::new(),
        as_of: choice.as_of.unwrap_or(choice.today),
        seed: DEFAULT_SEED,
        library,
        candidates,
        parts: BTreeMap::new(),
        goals,
        gates: Vec::new(),
        context: BTreeMap::new(),
        team: None,
        scenario: None,
        stakeholder: None,
        scenarios: Vec::new(),
        stakeholders: Vec::new(),
        outcome: None,
        radar: None,
        matrix: true,
    };
    apply_settings(&mut decision, choice, reader);
    // With two columns of the same name, further messages would be about the wrong one.
    sound.then_some(decision)
}

fn check_matrix(goals: &[Goal], candidates: &[Candidate], at: Span, sink: &mut Diagnostics) {
    if candidates.is_empty() {
        sink.push(
            Diagnostic::new(
                Code::NoCandidates,
                at,
                tr!("the matrix has no candidate", "矩阵中没有候选"),
            )
            .hint(layout_hint()),
        );
    }
    if goals
        .iter()
        .all(|g| matches!(g, Goal::Criterion { points, .. } if *points == 0.0))
    {
        sink.push(Diagnostic::new(
            Code::NoWeights,
            at,
            tr!("all points are zero", "所有点数均为零"),
        ));
    }
}

fn apply_profile(
    file: &Path,
    goals: &mut [Goal],
    choice: &Choice,
    library: &mut Library,
    reader: &mut Reader,
) {
    let Some(name) = &choice.profile else { return };
    let folder = file.parent().unwrap_or(Path::new(""));
    let layers = FolderLayers::above(folder, &Archive::default());
    let mut profiles = Profiles::new(folder, &layers);
    if let Some(points) = profiles.by_name(name, None, reader) {
        goals::apply_profile(goals, &points, library, &mut reader.diagnostics);
        let as_of = choice.as_of.unwrap_or(choice.today);
        let mut facts = FactReader::new(&library.units, &mut library.words, reader, as_of);
        anchors::check(&profiles.elicited, &library.criteria, &mut facts);
    }
}

/// Applies `--set candidates.ID.CRITERION=VALUE`.
fn apply_settings(decision: &mut Decision, choice: &Choice, reader: &mut Reader) {
    for typed in &choice.set {
        let source = reader.sources.add("--set", typed.as_str());
        let whole = Span {
            source,
            start: 0,
            end: u32::try_from(typed.len()).unwrap_or(u32::MAX),
        };
        let target = typed.split_once('=').and_then(|(name, value)| {
            let rest = name.trim().strip_prefix("candidates.")?;
            let candidate = decision.candidates.iter_mut().find(|c| {
                rest.strip_prefix(c.id.as_str())
                    .is_some_and(|r| r.starts_with('.'))
            })?;
            let criterion = &rest[candidate.id.len() + 1..];
            let key = candidate
                .facts
                .keys()
                .find(|k| ***k == *criterion)
                .cloned()?;
            Some((candidate, key, value.trim().to_owned(), name.len() + 1))
        });
        let Some((candidate, key, value, at)) = target else {
            let message = tr!(
                "there is no such input in this matrix",
                "该矩阵中没有这个输入"
            );
            let hint = tr!(
                "`--set candidates.ID.CRITERION=VALUE`",
                "`--set candidates.候选.准则=值`"
            );
            reader.report(Diagnostic::new(Code::UnknownReference, whole, message).hint(hint));
            continue;
        };
        let place = whole.slice(at, typed.len());
        if let Some(value) = cell_value(
            &value,
            place,
            &decision.library.units,
            &mut reader.diagnostics,
        ) {
            let fact = Fact {
                value,
                provenance: Arc::new(Provenance::default()),
                domain: None,
                span: place,
                stale: false,
            };
            candidate.facts.insert(key, fact);
        }
    }
}
