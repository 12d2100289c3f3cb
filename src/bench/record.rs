//! Evidence files: one a service and run, rewritten whole after each round, never half.
//!
//! What scores read is small; the cells with their histograms and seconds lie in `raw/` beside it, so that ranking need not read
//! them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::environment::Environment;
use super::error::BenchError;
use super::manifest::Service;
use super::verdict::Verdict;
use super::verify::Verification;
use crate::import::store::persist;

/// Where a run's evidence goes, and what all its files share.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    pub(crate) folder: PathBuf,
    pub(crate) session: String,
    pub(crate) command: String,
    pub(crate) budget: &'static str,
    pub(crate) seed: u64,
    pub(crate) environment: Environment,
    pub(crate) ceiling_rps: Option<f64>,
    pub(crate) null_variation: f64,
}

/// What a service's rounds gave so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) rounds: Vec<Value>,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) search: Option<Value>,
}

impl Ledger {
    pub(crate) fn add(&mut self, verdicts: impl IntoIterator<Item = Verdict>) {
        self.verdicts.extend(verdicts);
        self.verdicts.sort_unstable();
        self.verdicts.dedup();
    }
}

impl Recorder {
    /// The service's file in this session.
    pub(crate) fn path(&self, service: &str) -> PathBuf {
        self.folder.join(self.name(service))
    }

    fn name(&self, service: &str) -> String {
        format!("{}-{service}.json", self.session)
    }

    /// Writes the service's file.
    pub(crate) fn store(
        &self,
        service: &Service,
        verification: &Verification,
        ledger: &Ledger,
    ) -> Result<PathBuf, BenchError> {
        let path = self.path(service.id());
        let now = jiff::Timestamp::now().to_string();
        let doc = &service.doc;
        let mut words: Vec<&str> = ledger
            .verdicts
            .iter()
            .map(|verdict| verdict.word())
            .collect();
        if !verification.is_verified() {
            words.insert(0, Verdict::Unverified.word());
        }
        // The raw file first: what the evidence names is there.
        let raw = format!("raw/{}", self.name(service.id()));
        let cells = ledger
            .rounds
            .iter()
            .map(|round| json!({"round": round["round"], "cells": round["cells"]}))
            .collect::<Vec<_>>();
        write(
            &self.folder.join(&raw),
            &json!({"run": format!("{}-{}", self.session, service.id()), "rounds": cells}),
            Layout::Dense,
        )?;
        let mut file = json!({
            "run": format!("{}-{}", self.session, service.id()),
            "session": self.session,
            "kind": "measured",
            "candidate": doc.candidate,
            "variant": doc.variant,
            "contract": doc.contract,
            "contract_hash": verification.contract_hash,
            "source": self.command,
            "as_of": now.get(..10).unwrap_or(&now),
            "machine": self.environment.machine,
            "verified": verification.is_verified(),
            "verdicts": words,
            "rounds": ledger.rounds.iter().map(figures).collect::<Vec<_>>(),
            "raw": raw,
            "service": service.id(),
        });
        let details = json!({
            "stored_at": now,
            "checks_passed": verification.passed,
            "checks": verification.checks,
            "verification_figures": verification.figures,
            "budget": self.budget,
            "seed": self.seed,
            "workers": doc.workers,
            "versions": doc.versions,
            "unsupported": Some(&doc.unsupported).filter(|what| !what.is_empty()),
            "lock_hash": service.lock_hash()?,
            "handler_lines": service.handler_lines()?,
            "commands": service.commands(),
            "search": ledger.search,
            "driver_ceiling_rps": self.ceiling_rps,
            "null_responder_variation_ratio": self.null_variation,
            "environment": self.environment,
        });
        if let (Value::Object(map), Value::Object(more)) = (&mut file, details) {
            map.extend(more);
            map.retain(|_, value| !value.is_null());
        }
        write(&path, &file, Layout::Readable)?;
        Ok(path)
    }

    /// The rounds that an earlier, interrupted run of the session has stored; only those whose cells are there too.
    pub(crate) fn stored(&self, service: &Service, contract_hash: &str) -> Vec<Value> {
        let read = |path: PathBuf| -> Value {
            serde_json::from_str(&fs::read_to_string(path).unwrap_or_default()).unwrap_or_default()
        };
        let file = read(self.path(service.id()));
        if file["contract_hash"] != *contract_hash {
            return Vec::new();
        }
        let raw = read(self.folder.join("raw").join(self.name(service.id())));
        let cells_of = |number: &Value| {
            raw["rounds"]
                .as_array()?
                .iter()
                .find(|round| round["round"] == *number)?
                .get("cells")
                .cloned()
        };
        let whole = |round: &Value| {
            let mut round = round.clone();
            let cells = cells_of(&round["round"])?;
            round.as_object_mut()?.insert("cells".to_owned(), cells);
            Some(round)
        };
        file["rounds"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(whole)
            .collect()
    }
}

/// A round without its cells.
fn figures(round: &Value) -> Value {
    let mut round = round.clone();
    if let Some(map) = round.as_object_mut() {
        map.shift_remove("cells");
    }
    round
}

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Indented, a key a line.
    Readable,
    /// Without any blank.
    Dense,
}

/// Writes a file whole or not at all: beside its place, to the disk, then renamed.
///
/// # Errors
/// [`BenchError::Write`] with the path.
pub fn write(path: &Path, value: &Value, layout: Layout) -> Result<(), BenchError> {
    let text = match layout {
        Layout::Readable => serde_json::to_string_pretty(value),
        Layout::Dense => serde_json::to_string(value),
    };
    let text = text.expect("evidence has text keys only");
    persist(path, &text).map_err(|source| BenchError::Write {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use tempfile::NamedTempFile;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/x.json");
        write(&path, &json!({"a": 1}), Layout::Dense).expect("written");
        write(&path, &json!({"a": 2}), Layout::Readable).expect("written again");
        assert_eq!(
            fs::read_to_string(&path).expect("there"),
            "{\n  \"a\": 2\n}\n"
        );
        assert_eq!(
            fs::read_dir(folder.path().join("deep"))
                .expect("there")
                .count(),
            1
        );
    }

    #[test]
    fn a_folder_that_is_a_file_is_named() {
        let file = NamedTempFile::new().expect("a file");
        let error =
            write(&file.path().join("x.json"), &json!({}), Layout::Dense).expect_err("no folder");
        assert!(
            error
                .to_string()
                .contains(&file.path().display().to_string()),
            "{error}"
        );
        assert!(error.text().zh.starts_with("无法写入"));
    }
}
