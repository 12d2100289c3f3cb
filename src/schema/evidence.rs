//! Evidence files: one file per measured service or imported result, small enough for ranking to read all of them.
//!
//! `weigh bench run` and `weigh bench import` write these documents, `load` reads them, and `weigh bench show` prints them. The
//! cells of a measured run with their histograms and seconds are in a [`RawRunDoc`] next to the file. Names of figures end in
//! their unit: `goodput_rps`, `p99_us`, `pss_peak_bytes`, `start_up_ms`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bench::SentenceDoc;
use super::fact::KindDoc;
use super::spanned::{Entries, Spanned};

/// Figures by name.
pub type Figures = BTreeMap<String, f64>;

/// One run of one service, or one imported result. Further keys are allowed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[schemars(title = "weigh evidence file")]
pub struct EvidenceDoc {
    /// Id of the run.
    pub run: Spanned<String>,
    /// Id of the session: only runs of one session are compared.
    pub session: String,
    /// `measured` for a run of `weigh bench`, `published` for an imported result.
    pub kind: KindDoc,
    /// Id of the catalog's candidate.
    pub candidate: Spanned<String>,
    /// The candidate's variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// First part of the figures' addresses: `contract.operation.metric`.
    pub contract: String,
    /// Hash of the contract: figures of different contracts are not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_hash: Option<String>,
    /// Who published the figures; for a run of `weigh bench`, its command line.
    pub source: String,
    /// Date of the run.
    pub as_of: Spanned<String>,
    /// Date after which the figures are stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Spanned<String>>,
    /// Name of the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Whether the service passed its contract's checks.
    #[serde(default)]
    pub verified: bool,
    /// Remarks on the figures: `driver-bound`, `noisy` and so on. Some keep the run from scoring.
    #[serde(default, rename = "verdicts")]
    pub remarks: Vec<String>,
    /// The repetitions.
    pub rounds: Vec<RoundDoc>,
    /// Path of the file with histograms and per-second rows, relative to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// Name of the reference service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// When the file was last written (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_at: Option<String>,
    /// Checks of the contract that the service passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks_passed: Option<u64>,
    /// Checks of the contract that were run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<u64>,
    /// What the checks counted: rows lost in a crash, recovery time, retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_figures: Option<Figures>,
    /// `quick` or `thorough`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    /// Seed of the run. A number of any form, because the YAML reader holds numbers as 64-bit floats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<serde_json::Number>,
    /// Worker processes or threads of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<u32>,
    /// Versions pinned by the service's lock file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<BTreeMap<String, String>>,
    /// Operations and steps that the service does not support, each with the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsupported: Option<BTreeMap<String, SentenceDoc>>,
    /// Hash of the service's lock file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_hash: Option<String>,
    /// Lines of the service's handler code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler_lines: Option<u64>,
    /// Commands that built and started the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commands: Option<Vec<String>>,
    /// The search for the largest rate that meets the objective.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchDoc>,
    /// Rate of the load driver against the null responder (requests/s).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver_ceiling_rps: Option<f64>,
    /// Coefficient of variation of the driver's ceiling over its seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null_responder_variation_ratio: Option<f64>,
    /// The machine the session ran on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<EnvironmentDoc>,
    /// The tool whose result was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The format of the imported file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What the imported figures do not include or do not mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<String>>,
    /// Findings of the audit of the imported figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<Vec<String>>,
}

/// The figures of one repetition.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "round")]
pub struct RoundDoc {
    /// Number of the round, from 1. All services of a session share it.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub round: u32,
    /// Place of the service in the round's random order, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u32>,
    /// When the service was started for this round (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<String>,
    /// Whether the machine was quiet before the service started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_before: Option<bool>,
    /// Figures by operation.
    #[serde(default)]
    pub operations: Entries<Entries<f64>>,
    /// Figures of the whole process.
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub process: Entries<f64>,
    /// What was counted after the load: orders left in a queue, money made or lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_load: Option<Figures>,
    /// Whether the service exited with code 0 after SIGTERM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_well: Option<bool>,
    /// The imported file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// SHA-256 of the imported file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_sha256: Option<String>,
    /// The row of the imported file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// Operations under one load each. For a measured run they lie in the raw file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<CellDoc>,
}

/// What is known of the machine: figures of two machines are not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "environment")]
pub struct EnvironmentDoc {
    /// Name of the machine.
    pub machine: String,
    /// Model of the processor.
    pub cpu: String,
    /// Number of logical cores.
    pub cores: usize,
    /// Cores of the services; empty if they may use all.
    pub service_cores: Vec<usize>,
    /// Core of the load driver.
    pub driver_core: Option<usize>,
    /// Memory (bytes).
    pub memory_bytes: u64,
    /// Whether the machine is virtual.
    pub virtualised: bool,
    /// Operating system.
    pub os: String,
    /// Version of the kernel.
    pub kernel: String,
    /// Version of `weigh`.
    pub weigh: String,
}

/// The search for the largest rate that meets an objective.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "search")]
pub struct SearchDoc {
    /// The operation that was searched.
    pub operation: String,
    /// The objective, such as `p99 <= 50 ms`.
    pub objective: String,
    /// The rate found (requests/s); null if even the lowest probe failed.
    pub found_rps: Option<f64>,
    /// The rate found as a share of the closed loop's capacity.
    pub share_of_capacity_ratio: Option<f64>,
    /// The rates tried, in order.
    pub probes: Vec<ProbeDoc>,
}

/// One rate that the search tried.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "probe")]
pub struct ProbeDoc {
    /// The rate (requests/s).
    pub offered_rps: f64,
    /// Whether the objective was met.
    pub holds: bool,
    /// The objective's quantile (us); null if there were too few responses.
    pub quantile_us: Option<u64>,
}

/// Whether a load waits for responses or sends at its own times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "workload model")]
pub enum WorkloadKind {
    /// Each connection sends its next request when it has the response to the last one. Shows capacity, not what a user waits.
    Closed,
    /// Requests arrive at a given rate, whether or not responses keep up.
    Open,
}

impl WorkloadKind {
    /// Returns the word used in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
        }
    }
}

/// Spacing of an open loop's requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "arrivals")]
pub enum Arrivals {
    /// At equal intervals.
    Even,
    /// A Poisson process.
    Poisson,
}

/// The time from which latency is counted. Percentiles of different bases are different quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "latency basis")]
pub enum LatencyBasis {
    /// From the actual send. Subject to coordinated omission: requests delayed by a stall are not sent, so their wait is missing.
    Send,
    /// From the actual send, corrected for coordinated omission afterwards, as wrk does.
    Corrected,
    /// From the intended send time, which avoids coordinated omission.
    Intended,
}

impl LatencyBasis {
    /// Returns the word used in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Corrected => "corrected",
            Self::Intended => "intended",
        }
    }
}

/// The raw file of a measured run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct RawRunDoc {
    /// Id of the run.
    pub run: String,
    /// The cells of each round.
    pub rounds: Vec<RawRoundDoc>,
}

/// The cells of one round.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct RawRoundDoc {
    /// Number of the round.
    pub round: u32,
    /// Its cells, in the order in which they were measured.
    pub cells: Vec<CellDoc>,
}

/// One operation under one load.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "cell")]
pub enum CellDoc {
    /// Measured by `weigh bench run`.
    Measured(Box<MeasuredCellDoc>),
    /// Imported from a result file.
    Imported(ImportedCellDoc),
}

/// An imported operation under one load.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "imported cell")]
pub struct ImportedCellDoc {
    /// The operation's id.
    pub operation: String,
    /// The operation's name in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What tells loads of one operation apart: `64 connections`, `20 queries`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<String>,
    /// Closed or open workload model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<WorkloadKind>,
    /// The time from which latency is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_basis: Option<LatencyBasis>,
    /// Concurrent connections, threads, clients or virtual users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<f64>,
    /// Time over which the counts were taken (s).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<f64>,
    /// Every other key.
    #[serde(flatten)]
    pub figures: Entries<f64>,
}

/// A measured operation under one load.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "measured cell")]
pub struct MeasuredCellDoc {
    /// The operation's id.
    pub operation: String,
    /// Closed or open workload model.
    pub model: WorkloadKind,
    /// Number of connections; in an open loop the largest number.
    pub connections: usize,
    /// Rate of an open loop (requests/s).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered_rps: Option<f64>,
    /// Spacing of an open loop's requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrivals: Option<Arrivals>,
    /// Seed of arrivals and of the requests' order.
    pub seed: u64,
    /// Seconds before counting began.
    pub warm_up_slots: usize,
    /// Whether the rate was steady.
    pub steady: bool,
    /// Whether too few seconds were free of interference.
    pub noisy: bool,
    /// Time over which the counts were taken (s).
    pub duration_s: f64,
    /// Counted seconds without interference.
    pub clean_slots: usize,
    /// Seconds discarded because of interference.
    pub dropped_slots: usize,
    /// Responses with the expected status.
    pub ok_count: u64,
    /// Responses with another status.
    pub wrong_status_count: u64,
    /// Responses whose body was not the expected one, of those compared.
    pub bad_body_count: u64,
    /// Failed connection attempts.
    pub connect_error_count: u64,
    /// Connections that broke while a response was awaited.
    pub read_error_count: u64,
    /// Requests without a response in time.
    pub timeout_count: u64,
    /// Responses of any status (requests/s).
    pub achieved_rps: f64,
    /// Responses with the expected status (requests/s).
    pub goodput_rps: f64,
    /// Requests still unanswered when the load ended.
    pub unanswered_count: u64,
    /// Age of the oldest unanswered request (us).
    pub oldest_unanswered_us: u64,
    /// Bytes received.
    pub received_bytes: u64,
    /// The time from which latency is counted.
    pub latency_basis: LatencyBasis,
    /// Lowest latency (us).
    pub min_us: u64,
    /// Median latency (us). This and the other percentiles are absent where there were too few responses for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_us: Option<u64>,
    /// 90th percentile of latency (us).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p90_us: Option<u64>,
    /// 95th percentile of latency (us).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95_us: Option<u64>,
    /// 99th percentile of latency (us).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99_us: Option<u64>,
    /// 99.9th percentile of latency (us).
    #[serde(rename = "p99.9_us", default, skip_serializing_if = "Option::is_none")]
    pub p99_9_us: Option<u64>,
    /// Highest latency (us).
    pub max_us: u64,
    /// Mean latency (us).
    pub mean_us: f64,
    /// The furthest that a request was sent after its intended time (us).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_lag_max_us: Option<u64>,
    /// N / (X R) of a closed loop, 1 by Little's law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub little_ratio: Option<f64>,
    /// CPU of the service (cores).
    pub service_cores: f64,
    /// CPU of the driver (cores).
    pub driver_cores: f64,
    /// CPU of the service per response (us).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_per_request_us: Option<f64>,
    /// CPU of the driver per response (us).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver_cpu_per_request_us: Option<f64>,
    /// Largest proportional set size of the service's processes (bytes).
    pub pss_peak_bytes: u64,
    /// Largest number of threads.
    pub thread_count: u64,
    /// Largest number of open files.
    pub file_count: u64,
    /// Largest number of processes.
    pub process_count: u64,
    /// All counted latencies: HdrHistogram V2, base64.
    pub histogram: String,
    /// The seconds, in order.
    pub slots: Vec<SecondDoc>,
}

/// One second of a load.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "second")]
pub struct SecondDoc {
    /// Number of the second, from 0.
    pub second: u64,
    /// Whether it came after the warm-up.
    pub counted: bool,
    /// Whether it was free of interference.
    pub clean: bool,
    /// Responses with the expected status (requests/s).
    pub goodput_rps: f64,
    /// 99th percentile of latency (us).
    pub p99_us: u64,
    /// Requests that failed.
    pub errors: u64,
    /// Requests due but not yet sent.
    pub backlog: u64,
    /// CPU time that the hypervisor gave to other machines (cores).
    pub steal_cores: f64,
    /// CPU of processes outside the measurement (cores).
    pub foreign_cores: f64,
    /// CPU of kernel threads (cores).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_cores: Option<f64>,
    /// CPU of the service (cores).
    pub service_cores: f64,
    /// CPU of the driver (cores).
    pub driver_cores: f64,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    /// The first stored run of every contract.
    fn stored_runs() -> BTreeMap<String, PathBuf> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/catalogs/evidence");
        let mut files: Vec<PathBuf> = fs::read_dir(folder)
            .expect("the repository's evidence")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
            .collect();
        files.sort();
        let mut runs = BTreeMap::new();
        for path in files {
            let text = fs::read_to_string(&path).expect("evidence");
            let doc: EvidenceDoc = serde_json::from_str(&text).expect("evidence reads");
            runs.entry(doc.contract).or_insert(path);
        }
        runs
    }

    #[test]
    fn stored_files_are_written_as_they_were_read() {
        let runs = stored_runs();
        assert!(runs.len() >= 4, "{runs:?}");
        for path in runs.values() {
            let text = fs::read_to_string(path).expect("evidence");
            let doc: EvidenceDoc = serde_json::from_str(&text).expect("evidence reads");
            let again = serde_json::to_string_pretty(&doc).expect("plain data");
            assert_same(&again, &text, path);
            let raw = path.with_file_name(doc.raw.expect("a measured run has one"));
            let text = fs::read_to_string(&raw).expect("the raw file");
            let doc: RawRunDoc = serde_json::from_str(&text).expect("the raw file reads");
            let again = serde_json::to_string(&doc).expect("plain data");
            assert_same(&again, &text, &raw);
        }
    }

    /// Fails with the first line that differs: the files are too long to be shown whole.
    fn assert_same(again: &str, stored: &str, path: &Path) {
        let differing = again.lines().zip(stored.lines()).find(|(a, b)| a != b);
        assert_eq!(differing, None, "{}", path.display());
        assert_eq!(again.len() + 1, stored.len(), "{}", path.display());
    }

    #[test]
    fn an_imported_cell_keeps_its_figures_in_order() {
        let text = r#"{"operation":"json","model":"closed","connections":64.0,"goodput_rps":5.0,"p99.9_us":7.5}"#;
        let cell: CellDoc = serde_json::from_str(text).expect("a cell");
        let CellDoc::Imported(imported) = &cell else {
            panic!("{cell:?}")
        };
        assert_eq!(imported.figures.get("p99.9_us"), Some(&7.5));
        assert_eq!(serde_json::to_string(&cell).expect("plain data"), text);
    }
}
