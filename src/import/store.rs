//! Writes imported results as evidence files of kind *published*.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::audit::AuditFinding;
use super::file::{FileError, persist};
use super::result::{Imported, ImportedCell};
use crate::schema::Entries;
use crate::schema::evidence::{CellDoc, EvidenceDoc, ImportedCellDoc, RoundDoc};
use crate::schema::fact::KindDoc;

/// Details that a result file does not contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportDetails {
    /// Id of the catalog's candidate.
    pub candidate: String,
    /// The candidate's variant.
    pub variant: Option<String>,
    /// First part of the figures' addresses: `contract.operation.metric`.
    pub contract: String,
    /// Id of the operation, if the file names none.
    pub operation: String,
    /// Who published the figures.
    pub source: String,
    /// The day of the run.
    pub as_of: String,
    /// The hardware, if it is known.
    pub hardware: Option<String>,
    /// Id of the session: results of one session may be compared.
    pub session: String,
}

/// One file of a repetition.
#[derive(Clone, Debug)]
pub struct ImportRound<'a> {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of its content.
    pub hash: String,
    /// Its content.
    pub imported: &'a Imported,
}

/// Returns the SHA-256 of a file's content in hexadecimal.
///
/// # Errors
/// [`FileError`] where the file cannot be read.
pub fn fingerprint(path: &Path) -> Result<String, FileError> {
    let mut file = File::open(path).map_err(FileError::reading(path))?;
    let (mut hash, mut buffer) = (Sha256::new(), [0; 1 << 16]);
    loop {
        match file.read(&mut buffer).map_err(FileError::reading(path))? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Makes a part of an address from a name in a file: `GET /user/:id` becomes `get_user_id`.
///
/// ```
/// use weigh::import::store::operation_id;
/// assert_eq!(operation_id("GET /user/:id"), "get_user_id");
/// assert_eq!(operation_id("Requête HTTP"), "requête_http");
/// assert_eq!(operation_id("..."), "request");
/// ```
#[must_use]
pub fn operation_id(name: &str) -> String {
    let spaced: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '-' {
                c
            } else {
                ' '
            }
        })
        .collect();
    let id = spaced
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("_")
        .to_lowercase();
    if id.is_empty() {
        "request".to_owned()
    } else {
        id
    }
}

/// Returns the evidence of one candidate, with one round per file.
#[must_use]
pub fn evidence_document(
    details: &ImportDetails,
    rounds: &[ImportRound<'_>],
    findings: &[AuditFinding],
) -> EvidenceDoc {
    let first = rounds.first().map(|round| round.imported);
    let mut notes: Vec<String> = Vec::new();
    for note in rounds.iter().flat_map(|round| &round.imported.notes) {
        if !notes.contains(&note.en) {
            notes.push(note.en.clone());
        }
    }
    let remarks = findings.iter().filter(|finding| finding.is_against());
    EvidenceDoc {
        run: file_stem(details).into(),
        session: details.session.clone(),
        kind: KindDoc::Published,
        candidate: details.candidate.clone().into(),
        variant: details.variant.clone(),
        contract: details.contract.clone(),
        source: details.source.clone(),
        as_of: details.as_of.clone().into(),
        machine: details.hardware.clone(),
        remarks: remarks.map(|finding| finding.word.to_owned()).collect(),
        rounds: (1..)
            .zip(rounds)
            .map(|(number, round)| round_doc(number, round, &details.operation))
            .collect(),
        tool: first.map(|imported| imported.tool.name().to_owned()),
        format: first.map(|imported| imported.format.to_owned()),
        notes: Some(notes),
        audit: Some(
            findings
                .iter()
                .map(|finding| finding.text.en.clone())
                .collect(),
        ),
        ..EvidenceDoc::default()
    }
}

fn round_doc(number: u32, round: &ImportRound<'_>, operation: &str) -> RoundDoc {
    let cells = &round.imported.cells;
    RoundDoc {
        round: number,
        operations: operation_figures(cells, operation),
        file: Some(round.file.clone()),
        file_sha256: Some(round.hash.clone()),
        row: round.imported.row.clone(),
        cells: cells.iter().map(|cell| cell_doc(cell, operation)).collect(),
        ..RoundDoc::default()
    }
}

/// Rounds to twelve significant digits: more than any tool measures, but without digits that come from converting units.
fn round_significant(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}

/// Returns the figures of each operation: those of its best load, and those of each load as `metric[load]_unit`.
fn operation_figures(cells: &[ImportedCell], fallback: &str) -> Entries<Entries<f64>> {
    let mut by_operation: BTreeMap<String, Vec<&ImportedCell>> = BTreeMap::new();
    for cell in cells {
        by_operation
            .entry(operation_of(cell, fallback))
            .or_default()
            .push(cell);
    }
    let mut operations = Entries::default();
    for (operation, cells) in by_operation {
        let rate = |cell: &ImportedCell| {
            cell.goodput_rps
                .or(cell.achieved_rps)
                .map_or(-1.0, super::Figure::get)
        };
        let Some(best) = cells.iter().max_by(|a, b| rate(a).total_cmp(&rate(b))) else {
            continue;
        };
        let mut figures = cell_figures(best);
        for (load, cell) in cells
            .iter()
            .filter_map(|cell| Some((cell.load.as_ref()?, cell)))
        {
            for (figure, x) in cell.figures() {
                if let Some((metric, unit)) = figure.rsplit_once('_') {
                    figures.insert(format!("{metric}[{load}]_{unit}"), round_significant(x));
                }
            }
        }
        operations.push(operation, figures);
    }
    operations
}

fn cell_figures(cell: &ImportedCell) -> Entries<f64> {
    let mut figures = Entries::default();
    for (name, x) in cell.figures() {
        figures.push(name, round_significant(x));
    }
    figures
}

fn operation_of(cell: &ImportedCell, fallback: &str) -> String {
    cell.operation
        .as_deref()
        .map_or_else(|| fallback.to_owned(), operation_id)
}

fn cell_doc(cell: &ImportedCell, fallback: &str) -> CellDoc {
    CellDoc::Imported(ImportedCellDoc {
        operation: operation_of(cell, fallback),
        label: cell.operation.clone(),
        load: cell.load.clone(),
        model: cell.model,
        latency_basis: cell.basis,
        connections: cell.connections.map(super::Figure::get),
        duration_s: cell.duration_s.map(|s| round_significant(s.get())),
        figures: cell_figures(cell),
    })
}

fn file_stem(details: &ImportDetails) -> String {
    let ImportDetails {
        session,
        candidate,
        variant,
        ..
    } = details;
    variant.as_ref().map_or_else(
        || format!("{session}-{candidate}"),
        |variant| format!("{session}-{candidate}-{variant}"),
    )
}

/// Returns the path of the evidence file in `folder`.
#[must_use]
pub fn evidence_path(folder: &Path, details: &ImportDetails) -> PathBuf {
    folder.join(format!("{}.json", file_stem(details)))
}

/// Writes an evidence file whole or not at all.
///
/// # Errors
/// [`FileError`] with the path.
pub fn write_evidence(path: &Path, evidence: &EvidenceDoc) -> Result<(), FileError> {
    let text = serde_json::to_string_pretty(evidence).expect("evidence has text keys only");
    persist(path, &text)
}

#[cfg(test)]
mod tests {
    use super::super::{Figure, ImportTool};
    use super::*;

    #[test]
    fn the_best_load_speaks_for_the_operation_and_each_has_its_own_figures() {
        let cell = |load: &str, rate: u64| ImportedCell {
            operation: Some("json".to_owned()),
            load: Some(load.to_owned()),
            goodput_rps: Some(Figure::count(rate)),
            ..ImportedCell::default()
        };
        let figures = operation_figures(
            &[
                cell("16 connections", 10),
                cell("64 connections", 30),
                cell("256 connections", 20),
            ],
            "request",
        );
        let figures = figures.get("json").expect("the operation");
        assert_eq!(figures.get("goodput_rps"), Some(&30.0));
        assert_eq!(figures.get("goodput[256 connections]_rps"), Some(&20.0));
        assert_eq!(figures.iter().len(), 4, "no unknown is written");
    }

    #[test]
    fn what_is_unknown_is_not_in_the_file() {
        let imported = Imported::single(
            ImportTool::Ab,
            "text",
            vec![ImportedCell::default()],
            Vec::new(),
        );
        let details = ImportDetails {
            candidate: "gin".to_owned(),
            variant: None,
            contract: "ab".to_owned(),
            operation: "request".to_owned(),
            source: "a blog".to_owned(),
            as_of: "2026-11-22".to_owned(),
            hardware: None,
            session: "published".to_owned(),
        };
        let round = ImportRound {
            file: "x".to_owned(),
            hash: "0".to_owned(),
            imported: &imported,
        };
        let document = evidence_document(&details, &[round], &[]);
        let text = serde_json::to_string(&document).expect("plain data");
        assert!(!text.contains("null") && !text.contains("_rps"), "{text}");
        assert!(evidence_path(Path::new("e"), &details).ends_with("published-gin.json"));
    }
}
