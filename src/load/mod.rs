//! Reads project files into the model; no other module reads them.
//!
//! [`decision()`] opens a DECISION (a decision file, a folder with `decision.yaml`, or a matrix CSV) under a
//! [`Choice`] and returns a valid [`Decision`], or diagnostics. [`check()`] reads every file at the given paths,
//! [`service()`] a reference service, [`runs()`] stored measurements. Inside, `read` turns files into validated
//! documents, `lower` turns documents into the model, and `resolve` follows references between files.

mod catalog;
mod check;
mod choice;
mod decision;
mod lower;
mod matrix;
mod read;
mod resolve;
mod runs;
pub mod save;
mod services;
mod weights;

use std::path::{Path, PathBuf};

pub use catalog::{LoadedCatalog, catalog};
pub use check::{Checked, check};
pub use choice::{Choice, EvidenceChoice};
pub use lower::goals::set_points;
pub use lower::judgement::derive_weights;
pub use read::archive::Archive;
pub use read::layers::project_root;
pub use read::reader::Reader;
pub use runs::{StoredRun, runs};
pub use services::{LoadedService, ServiceFolder, service, service_folders};
pub use weights::{LoadedWeights, weights};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::decision::Decision;
use crate::source::{SourceId, Sources};
use crate::tr;
use read::file_ref::{self, FileRef};
use read::walk;

/// A decision with the problems found while opening it.
#[derive(Debug)]
pub struct Loaded {
    /// `None` if it could not be read at all. Do not evaluate it if the diagnostics contain errors.
    pub decision: Option<Decision>,
    /// Every text that was read.
    pub sources: Sources,
    /// Every problem.
    pub diagnostics: Diagnostics,
}

/// Opens a decision file, a folder with `decision.yaml`, a matrix CSV, or `-` for standard input.
#[must_use]
pub fn decision(path: &Path, choice: &Choice) -> Loaded {
    let mut reader = Reader::default();
    let decision = decision_text(path, &mut reader).and_then(|text| match text {
        DecisionText::Matrix(file, source) => matrix::open(&file, source, choice, &mut reader),
        DecisionText::Yaml(file, source) => {
            decision::open(&file, source, choice, &Archive::default(), &mut reader)
        }
    });
    Loaded {
        decision,
        sources: reader.sources,
        diagnostics: reader.diagnostics,
    }
}

/// Opens one of many decisions that use the same criteria and catalogs, together with its scenarios. Files in the archive are not
/// read again, and what the scenarios share is built once.
#[must_use]
pub fn decision_with_scenarios(
    path: &Path,
    choice: &Choice,
    archive: &Archive,
) -> (Loaded, Scenarios) {
    let mut reader = Reader::default();
    let mut draft = None;
    let decision = decision_text(path, &mut reader).and_then(|text| match text {
        DecisionText::Matrix(file, source) => matrix::open(&file, source, choice, &mut reader),
        DecisionText::Yaml(file, source) => {
            let (decision, kept) =
                decision::open_with_draft(&file, source, choice, archive, &mut reader)?;
            draft = Some(kept);
            Some(decision)
        }
    });
    let scenarios = Scenarios {
        draft,
        choice: choice.clone(),
        sources: reader.sources.clone(),
    };
    let loaded = Loaded {
        decision,
        sources: reader.sources,
        diagnostics: reader.diagnostics,
    };
    (loaded, scenarios)
}

/// Returns the decision files at or below a path, sorted: a file as it is named, of a folder the YAML files that state a `decision:`.
#[must_use]
pub fn decision_files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let states_one = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let is_stated = text.lines().any(|line| line.starts_with("decision:"));
        is_stated || file.file_name().is_some_and(|name| name == "decision.yaml")
    };
    walk::walk(path).into_iter().filter(states_one).collect()
}

/// The scenarios of a decision that was opened.
#[derive(Debug)]
pub struct Scenarios {
    /// The shared draft; `None` for a matrix.
    draft: Option<decision::Draft>,
    choice: Choice,
    sources: Sources,
}

impl Scenarios {
    /// Returns the decision under one of its scenarios; `None` if there is no scenario of this name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Decision> {
        self.draft
            .as_ref()?
            .scenario(id, &self.choice, &self.sources)
    }
}

/// The file and text of a decision, by layout.
enum DecisionText {
    Yaml(PathBuf, SourceId),
    Matrix(PathBuf, SourceId),
}

fn decision_text(path: &Path, reader: &mut Reader) -> Option<DecisionText> {
    let file = match decision_file(path) {
        Ok(file) => file,
        Err(diagnostic) => {
            reader.report(*diagnostic);
            return None;
        }
    };
    let source = reader.read_text(&FileRef::Disk(file.clone()))?;
    let text = reader.sources.get(source).text();
    let is_matrix = walk::is_csv(&file) || file.as_os_str() == "-" && matrix::looks_like_one(text);
    Some(if is_matrix {
        DecisionText::Matrix(file, source)
    } else {
        DecisionText::Yaml(file, source)
    })
}

/// Returns the file of a DECISION argument.
///
/// # Errors
/// If there is no such file, or a folder has no `decision.yaml`.
fn decision_file(path: &Path) -> Result<PathBuf, Box<Diagnostic>> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let file = path.join("decision.yaml");
    if file.is_file() {
        return Ok(file);
    }
    let shown = file_ref::shown(path);
    let message = tr!(
        "`{shown}` has no `decision.yaml`",
        "`{shown}` 中没有 `decision.yaml`"
    );
    let hint = tr!(
        "run `weigh init {shown}` to create a small example",
        "`weigh init {shown}` 可写出一个小示例"
    );
    Err(Box::new(
        Diagnostic::about_file(Code::Unreadable, shown, message).hint(hint),
    ))
}
