//! Text to model: the only room that reads project files.
//!
//! [`decision()`] opens a DECISION (a decision file, a folder with `decision.yaml`, or a matrix CSV) under a [`Choice`] and gives a
//! [`Decision`] that is legal, or the reasons why not. [`check()`] reads everything that paths reach;
//! [`service()`] reads a reference service, [`runs()`] what was measured. Inside: `files` finds and
//! reads, `yaml` parses, `document` validates, the other files each lower one kind of document.

mod archive;
mod catalog;
mod catalogs;
mod check;
mod choice;
mod composite;
mod decision;
mod document;
mod elicited;
mod evidence;
mod fact;
mod files;
mod gates;
mod goals;
mod judgement;
mod library;
mod matrix;
mod origin;
mod runs;
pub mod save;
mod services;
mod team;
mod value;
mod weights;
mod yaml;

use std::path::{Path, PathBuf};

pub use archive::Archive;
pub use catalogs::{LoadedCatalog, catalog};
pub use check::check;
pub use choice::Choice;
pub use evidence::EvidenceChoice;
pub use goals::set_points;
pub use judgement::weights as judged;
pub use runs::{StoredRun, runs};
pub use services::{LoadedService, ServiceFolder, service, service_folders};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::decision::Decision;
use crate::quantity::date::Date;
use crate::schema::FileKind;
use crate::schema::criteria::WeightsDoc;
use crate::source::{SourceId, Sources};
use crate::tr;

/// A decision that was opened, with everything that was said on the way.
#[derive(Debug)]
pub struct Loaded {
    /// The decision; `None` where it could not be read at all. With errors in the sink it must not be evaluated.
    pub decision: Option<Decision>,
    /// Every text that was read.
    pub sources: Sources,
    /// Every problem.
    pub diagnostics: Diagnostics,
}

/// Opens a decision file, a folder with `decision.yaml`, a matrix CSV, or `-` for standard input.
#[must_use]
pub fn decision(path: &Path, choice: &Choice) -> Loaded {
    let (mut sources, mut sink) = (Sources::default(), Diagnostics::default());
    let decision = match decision_file(path) {
        Ok(file) => open(&file, choice, &mut sources, &mut sink),
        Err(diagnostic) => {
            sink.push(*diagnostic);
            None
        }
    };
    Loaded {
        decision,
        sources,
        diagnostics: sink,
    }
}

/// Opens one of many decisions that rest on the same criteria and catalogs, together with its scenarios: what lies in the archive is
/// not read again, and what the scenarios have in common is put together once.
#[must_use]
pub fn decision_with_scenarios(
    path: &Path,
    choice: &Choice,
    archive: &Archive,
) -> (Loaded, Scenarios) {
    let (mut sources, mut sink) = (Sources::default(), Diagnostics::default());
    let mut draft = None;
    let decision = match decision_file(path) {
        Ok(file) => place(&file, &mut sources, &mut sink).and_then(|(source, is_table)| {
            if is_table {
                return matrix::open(&file, source, choice, &mut sources, &mut sink);
            }
            let (decision, kept) =
                decision::open_with_draft(&file, source, choice, archive, &mut sources, &mut sink)?;
            draft = Some(kept);
            Some(decision)
        }),
        Err(diagnostic) => {
            sink.push(*diagnostic);
            None
        }
    };
    let scenarios = Scenarios {
        draft,
        choice: choice.clone(),
        sources: sources.clone(),
    };
    (
        Loaded {
            decision,
            sources,
            diagnostics: sink,
        },
        scenarios,
    )
}

/// The scenarios of a decision that was opened.
#[derive(Debug)]
pub struct Scenarios {
    /// What they start from; a matrix has none.
    draft: Option<decision::Draft>,
    choice: Choice,
    sources: Sources,
}

impl Scenarios {
    /// The decision under one of its scenarios; `None` where it has none of this name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Decision> {
        self.draft
            .as_ref()?
            .scenario(id, &self.choice, &self.sources)
    }
}

/// The text of a decision, and whether it is a table.
fn place(file: &Path, sources: &mut Sources, sink: &mut Diagnostics) -> Option<(SourceId, bool)> {
    let source = files::read(&files::Place::Disk(file.to_owned()), sources, sink)?;
    Some((
        source,
        files::is_csv(file)
            || file.as_os_str() == "-" && matrix::looks_like_one(sources.get(source).text()),
    ))
}

fn open(
    file: &Path,
    choice: &Choice,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<Decision> {
    let (source, is_table) = place(file, sources, sink)?;
    if is_table {
        matrix::open(file, source, choice, sources, sink)
    } else {
        decision::open(file, source, choice, &Archive::default(), sources, sink)
    }
}

/// A weights file that was read.
#[derive(Debug)]
pub struct LoadedWeights {
    /// The document; `None` where it could not be read.
    pub doc: Option<WeightsDoc>,
    /// Its text.
    pub sources: Sources,
    /// Every problem.
    pub diagnostics: Diagnostics,
}

/// Reads a weights file, or `-` for standard input. Weights that were asked `for:` other anchors than the criteria within reach have
/// are flagged.
#[must_use]
pub fn weights(path: &Path, today: Date) -> LoadedWeights {
    let (mut sources, mut sink) = (Sources::default(), Diagnostics::default());
    let place = files::Place::Disk(path.to_owned());
    let doc = document::open::<WeightsDoc>(&place, FileKind::Weights, &mut sources, &mut sink)
        .map(|(doc, _)| doc);
    if let Some(doc) = doc.as_ref().filter(|doc| !doc.anchors.is_empty()) {
        let layers =
            files::Layers::above(path.parent().unwrap_or(Path::new(".")), &Archive::default());
        let criteria = decision::criteria_files(&layers, &mut sources, &mut sink);
        let mut library =
            check::library(&criteria, None, &Choice::plain(today), &sources, &mut sink);
        let mut words = std::mem::take(&mut library.words);
        let (units, sources, sink) = (&library.units, &sources, &mut sink);
        let mut reader = fact::FactReader {
            units,
            words: &mut words,
            sources,
            sink,
            as_of: today,
            in_catalog: false,
        };
        elicited::check(&doc.anchors.0, &library.criteria, &mut reader);
    }
    LoadedWeights {
        doc,
        sources,
        diagnostics: sink,
    }
}

/// The file behind a DECISION argument.
///
/// # Errors
/// Where there is no such file, or a folder has no `decision.yaml`.
fn decision_file(path: &Path) -> Result<PathBuf, Box<Diagnostic>> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let file = path.join("decision.yaml");
    if file.is_file() {
        return Ok(file);
    }
    let shown = files::shown(path);
    let message = tr!(
        "`{shown}` has no `decision.yaml`",
        "`{shown}` 中没有 `decision.yaml`"
    );
    let hint = tr!(
        "`weigh init {shown}` writes a small one",
        "`weigh init {shown}` 可写出一个小示例"
    );
    Err(Box::new(
        Diagnostic::about_file(Code::Unreadable, shown, message).hint(hint),
    ))
}
