//! Writes evidence files: one file per service and session, rewritten as a whole after each round.
//!
//! Scores read the evidence file, which is small. The cells with their histograms and seconds go to `raw/` next to it, so that
//! ranking need not read them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::BenchError;
use super::manifest::ReferenceService;
use super::verify::Verification;
use crate::import::file::{FileError, persist};
use crate::model::remark::RunRemark;
use crate::schema::evidence::{
    EnvironmentDoc, EvidenceDoc, RawRoundDoc, RawRunDoc, RoundDoc, SearchDoc,
};
use crate::schema::fact::KindDoc;

/// The folder of a session's evidence, and what all its files share.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    pub(crate) folder: PathBuf,
    pub(crate) session: String,
    pub(crate) command: String,
    pub(crate) budget: &'static str,
    pub(crate) seed: u64,
    pub(crate) environment: EnvironmentDoc,
    pub(crate) ceiling_rps: Option<f64>,
    pub(crate) null_variation: f64,
}

/// The results of a service so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    /// The rounds with their cells.
    pub(crate) rounds: Vec<RoundDoc>,
    pub(crate) remarks: Vec<RunRemark>,
    pub(crate) search: Option<SearchDoc>,
}

impl Ledger {
    pub(crate) fn add_remarks(&mut self, remarks: impl IntoIterator<Item = RunRemark>) {
        self.remarks.extend(remarks);
        self.remarks.sort_unstable();
        self.remarks.dedup();
    }
}

impl Recorder {
    /// Returns the path of the service's file in this session.
    pub(crate) fn path(&self, service: &str) -> PathBuf {
        self.folder.join(self.file_name(service))
    }

    fn file_name(&self, service: &str) -> String {
        format!("{}-{service}.json", self.session)
    }

    /// Writes the service's files and returns the path of the evidence file.
    pub(crate) fn store(
        &self,
        service: &ReferenceService,
        verification: &Verification,
        ledger: &Ledger,
    ) -> Result<PathBuf, BenchError> {
        let run = format!("{}-{}", self.session, service.id());
        // The raw file comes first, so that the evidence never names a file that does not exist.
        let raw = format!("raw/{}", self.file_name(service.id()));
        let cells = RawRunDoc {
            run: run.clone(),
            rounds: ledger.rounds.iter().map(cells_of).collect(),
        };
        write_json(&self.folder.join(&raw), &cells, JsonLayout::Dense)?;
        let path = self.path(service.id());
        let file = self.evidence(service, verification, ledger, run, raw)?;
        write_json(&path, &file, JsonLayout::Readable)?;
        Ok(path)
    }

    fn evidence(
        &self,
        service: &ReferenceService,
        verification: &Verification,
        ledger: &Ledger,
        run: String,
        raw: String,
    ) -> Result<EvidenceDoc, BenchError> {
        let now = jiff::Timestamp::now().to_string();
        let doc = &service.doc;
        let unverified = (!verification.is_verified()).then_some(RunRemark::Unverified);
        let remarks = unverified.iter().chain(&ledger.remarks);
        Ok(EvidenceDoc {
            run: run.into(),
            session: self.session.clone(),
            kind: KindDoc::Measured,
            candidate: doc.candidate.clone().into(),
            variant: doc.variant.clone(),
            contract: doc.contract.clone(),
            contract_hash: Some(verification.contract_hash.clone()),
            source: self.command.clone(),
            as_of: now.get(..10).unwrap_or(&now).to_owned().into(),
            machine: Some(self.environment.machine.clone()),
            verified: verification.is_verified(),
            remarks: remarks.map(|remark| remark.word().to_owned()).collect(),
            rounds: ledger.rounds.iter().map(without_cells).collect(),
            raw: Some(raw),
            service: Some(service.id().to_owned()),
            stored_at: Some(now),
            checks_passed: Some(verification.passed as u64),
            checks: Some(verification.checks as u64),
            verification_figures: Some(verification.figures.clone()),
            budget: Some(self.budget.to_owned()),
            seed: Some(self.seed.into()),
            workers: Some(doc.workers),
            versions: Some(doc.versions.clone()),
            unsupported: Some(doc.unsupported.clone()).filter(|what| !what.is_empty()),
            lock_hash: service.lock_hash()?,
            handler_lines: Some(service.handler_lines()? as u64),
            commands: Some(service.commands()),
            search: ledger.search.clone(),
            driver_ceiling_rps: self.ceiling_rps,
            null_responder_variation_ratio: Some(self.null_variation),
            environment: Some(self.environment.clone()),
            ..EvidenceDoc::default()
        })
    }

    /// Returns the rounds that an earlier, interrupted run of the session stored; only those whose cells are stored too.
    pub(crate) fn stored_rounds(
        &self,
        service: &ReferenceService,
        contract_hash: &str,
    ) -> Vec<RoundDoc> {
        let raw_path = self.folder.join("raw").join(self.file_name(service.id()));
        let (Some(file), Some(mut raw)) = (
            read_json::<EvidenceDoc>(&self.path(service.id())),
            read_json::<RawRunDoc>(&raw_path),
        ) else {
            return Vec::new();
        };
        if file.contract_hash.as_deref() != Some(contract_hash) {
            return Vec::new();
        }
        let whole = |round: RoundDoc| {
            let own = raw.rounds.iter_mut().find(|own| own.round == round.round)?;
            Some(RoundDoc {
                cells: std::mem::take(&mut own.cells),
                ..round
            })
        };
        file.rounds.into_iter().filter_map(whole).collect()
    }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}

fn cells_of(round: &RoundDoc) -> RawRoundDoc {
    RawRoundDoc {
        round: round.round,
        cells: round.cells.clone(),
    }
}

fn without_cells(round: &RoundDoc) -> RoundDoc {
    RoundDoc {
        cells: Vec::new(),
        ..round.clone()
    }
}

/// The layout of a JSON file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonLayout {
    /// Indented, one key per line.
    Readable,
    /// Without white space.
    Dense,
}

/// Writes a document as JSON, whole or not at all: into a temporary file, synced to disk, then renamed.
///
/// # Errors
/// [`FileError`] with the path.
pub fn write_json<T: Serialize>(
    path: &Path,
    document: &T,
    layout: JsonLayout,
) -> Result<(), FileError> {
    let text = match layout {
        JsonLayout::Readable => serde_json::to_string_pretty(document),
        JsonLayout::Dense => serde_json::to_string(document),
    };
    let text = text.expect("evidence has text keys only");
    persist(path, &text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tempfile::NamedTempFile;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/x.json");
        write_json(&path, &json!({"a": 1}), JsonLayout::Dense).expect("written");
        write_json(&path, &json!({"a": 2}), JsonLayout::Readable).expect("written again");
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
        let error = write_json(&file.path().join("x.json"), &json!({}), JsonLayout::Dense)
            .expect_err("no folder");
        assert!(
            error
                .to_string()
                .contains(&file.path().display().to_string()),
            "{error}"
        );
        assert!(error.text().zh.starts_with("无法写入"));
    }
}
