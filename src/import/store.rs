//! Imported results as evidence files of kind *published*, written whole or not at all.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::audit::Finding;
use super::error::ImportError;
use super::result::{Cell, Imported};

/// What a result file does not say of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// The catalog's id.
    pub candidate: String,
    /// The catalog's variant.
    pub variant: Option<String>,
    /// First part of the figures' addresses: `contract.operation.metric`.
    pub contract: String,
    /// Name of the operation, where the file names none.
    pub operation: String,
    /// Who publishes it.
    pub source: String,
    /// The day of the run.
    pub as_of: String,
    /// The hardware; nothing where it is unknown.
    pub hardware: Option<String>,
    /// Results of one session may be compared with each other.
    pub session: String,
}

/// One file of a repetition.
#[derive(Clone, Debug)]
pub struct Round<'a> {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of its content.
    pub hash: String,
    /// What it says.
    pub imported: &'a Imported,
}

/// SHA-256 of a file's content, in hexadecimal.
///
/// # Errors
/// [`ImportError::Read`].
pub fn fingerprint(path: &Path) -> Result<String, ImportError> {
    let refused = |source| ImportError::Read {
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(refused)?;
    let (mut hash, mut buffer) = (Sha256::new(), [0; 1 << 16]);
    loop {
        match file.read(&mut buffer).map_err(refused)? {
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

/// A part of an address from a name in a file: `GET /user/:id` is `get_user_id`.
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

/// The evidence of one candidate: a round for each file.
#[must_use]
pub fn evidence(details: &Details, rounds: &[Round<'_>], findings: &[Finding]) -> Value {
    let Details {
        candidate,
        variant,
        contract,
        operation,
        source,
        as_of,
        hardware,
        session,
    } = details;
    let first = rounds.first().map(|round| round.imported);
    let notes: Vec<&str> = rounds
        .iter()
        .flat_map(|round| &round.imported.notes)
        .map(|note| note.en.as_str())
        .collect();
    let mut unique: Vec<&str> = Vec::new();
    notes.into_iter().for_each(|note| {
        if !unique.contains(&note) {
            unique.push(note)
        }
    });
    let numbered: Vec<Value> = (1u32..)
        .zip(rounds)
        .map(|(number, round)| {
            json!({
                "round": number,
                "operations": operations(&round.imported.cells, operation),
                "file": round.file,
                "file_sha256": round.hash,
                "row": round.imported.row,
                "cells": round.imported.cells.iter().map(|cell| cell_json(cell, operation)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let mut file = json!({
        "run": file_stem(details),
        "session": session,
        "kind": "published",
        "candidate": candidate,
        "variant": variant,
        "contract": contract,
        "source": source,
        "as_of": as_of,
        "machine": hardware,
        "verified": false,
        "verdicts": findings.iter().filter(|finding| finding.is_against()).map(|finding| finding.word).collect::<Vec<_>>(),
        "rounds": numbered,
        "tool": first.map(|imported| imported.tool.name()),
        "format": first.map(|imported| imported.format),
        "notes": unique,
        "audit": findings.iter().map(|finding| finding.text.en.as_str()).collect::<Vec<_>>(),
    });
    prune(&mut file);
    file
}

/// Twelve digits: more than any tool measures, and none that a conversion of units made up.
fn significant(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}

/// An unknown is left out, never written as null.
fn prune(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(prune);
        }
        Value::Array(list) => list.iter_mut().for_each(prune),
        _ => {}
    }
}

/// The figures of each operation: those of its best load, and those of each load under `metric[load]_unit`.
fn operations(cells: &[Cell], fallback: &str) -> Value {
    let mut by_operation: BTreeMap<String, Vec<&Cell>> = BTreeMap::new();
    for cell in cells {
        by_operation
            .entry(name(cell, fallback))
            .or_default()
            .push(cell);
    }
    let mut operations = Map::new();
    for (operation, cells) in by_operation {
        let rate = |cell: &Cell| {
            cell.goodput_rps
                .or(cell.achieved_rps)
                .map_or(-1.0, super::Figure::get)
        };
        let Some(best) = cells.iter().max_by(|a, b| rate(a).total_cmp(&rate(b))) else {
            continue;
        };
        let mut figures: Map<String, Value> = best
            .figures()
            .into_iter()
            .map(|(name, x)| (name, significant(x).into()))
            .collect();
        for (load, cell) in cells
            .iter()
            .filter_map(|cell| Some((cell.load.as_ref()?, cell)))
        {
            for (figure, x) in cell.figures() {
                if let Some((metric, unit)) = figure.rsplit_once('_') {
                    figures.insert(format!("{metric}[{load}]_{unit}"), significant(x).into());
                }
            }
        }
        operations.insert(operation, Value::Object(figures));
    }
    Value::Object(operations)
}

fn name(cell: &Cell, fallback: &str) -> String {
    cell.operation
        .as_deref()
        .map_or_else(|| fallback.to_owned(), operation_id)
}

fn cell_json(cell: &Cell, fallback: &str) -> Value {
    let mut json = json!({
        "operation": name(cell, fallback),
        "label": cell.operation,
        "load": cell.load,
        "model": cell.model.map(super::Model::word),
        "latency_basis": cell.basis.map(super::Basis::word),
        "connections": cell.connections.map(super::Figure::get),
        "duration_s": cell.duration_s.map(|s| significant(s.get())),
    });
    if let Value::Object(map) = &mut json {
        map.extend(
            cell.figures()
                .into_iter()
                .map(|(name, x)| (name, significant(x).into())),
        );
    }
    json
}

fn file_stem(details: &Details) -> String {
    let Details {
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

/// Where the evidence goes.
#[must_use]
pub fn path(folder: &Path, details: &Details) -> PathBuf {
    folder.join(format!("{}.json", file_stem(details)))
}

/// Writes a file whole or not at all: beside its place, to the disk, then renamed.
///
/// # Errors
/// [`ImportError::Write`] with the path.
pub fn write(path: &Path, value: &Value) -> Result<(), ImportError> {
    let text = serde_json::to_string_pretty(value).expect("evidence has text keys only");
    persist(path, &text).map_err(|source| ImportError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Writes a text and a line's end whole or not at all: beside its place, to the disk, then renamed.
///
/// # Errors
/// Where the folder cannot be made or the file not written.
pub fn persist(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    // A temporary file is private; evidence is not.
    #[cfg(unix)]
    file.as_file()
        .set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Figure, Tool};
    use super::*;

    #[test]
    fn the_best_load_speaks_for_the_operation_and_each_has_its_own_figures() {
        let cell = |load: &str, rate: u64| Cell {
            operation: Some("json".to_owned()),
            load: Some(load.to_owned()),
            goodput_rps: Some(Figure::count(rate)),
            ..Cell::default()
        };
        let figures = operations(
            &[
                cell("16 connections", 10),
                cell("64 connections", 30),
                cell("256 connections", 20),
            ],
            "request",
        );
        assert_eq!(figures["json"]["goodput_rps"], 30.0);
        assert_eq!(figures["json"]["goodput[256 connections]_rps"], 20.0);
        assert_eq!(
            figures["json"].as_object().map(Map::len),
            Some(4),
            "no unknown is written: {figures}"
        );
    }

    #[test]
    fn what_is_unknown_is_not_in_the_file() {
        let imported = Imported::single(Tool::Ab, "text", vec![Cell::default()], Vec::new());
        let details = Details {
            candidate: "gin".to_owned(),
            variant: None,
            contract: "ab".to_owned(),
            operation: "request".to_owned(),
            source: "a blog".to_owned(),
            as_of: "2026-11-22".to_owned(),
            hardware: None,
            session: "published".to_owned(),
        };
        let round = Round {
            file: "x".to_owned(),
            hash: "0".to_owned(),
            imported: &imported,
        };
        let text = evidence(&details, &[round], &[]).to_string();
        assert!(!text.contains("null") && !text.contains("_rps"), "{text}");
        assert!(path(Path::new("e"), &details).ends_with("published-gin.json"));
    }
}
