//! Evidence files: what `weigh bench run` and `weigh bench import` write, one file a run, units in the names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::KindDoc;
use super::spanned::{Entries, Spanned};

/// The figures of one run of one service. Further keys (command line, histogram, per-second rows) may stand beside these.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[schemars(title = "weigh evidence file")]
pub struct EvidenceDoc {
    /// Id of the run.
    pub run: Spanned<String>,
    /// Id of the session: only runs of one session are compared.
    pub session: String,
    /// Measured here, or published by somebody.
    pub kind: KindDoc,
    /// The candidate.
    pub candidate: Spanned<String>,
    /// Its variant.
    #[serde(default)]
    pub variant: Option<String>,
    /// The contract.
    pub contract: String,
    /// Hash of the contract: figures of different contracts are not compared.
    #[serde(default)]
    pub contract_hash: Option<String>,
    /// Who says so; for a run of ours, the command.
    pub source: String,
    /// Date of the run.
    pub as_of: Spanned<String>,
    /// Date after which it is stale.
    #[serde(default)]
    pub expires: Option<Spanned<String>>,
    /// Name of the machine.
    #[serde(default)]
    pub machine: Option<String>,
    /// Whether the service had passed its contract's checks.
    #[serde(default)]
    pub verified: bool,
    /// What speaks against the figures: `driver-bound`, `noisy` ...
    #[serde(default)]
    pub verdicts: Vec<String>,
    /// The file with histograms and per-second rows, seen from this one.
    #[serde(default)]
    pub raw: Option<String>,
    /// The repetitions.
    pub rounds: Vec<RoundDoc>,
}

/// The figures of one repetition. Names end in their unit: `goodput_rps`, `p99_us`, `pss_peak_bytes`, `start_up_ms`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "round")]
pub struct RoundDoc {
    /// Its number, from 1: all services of a session share it.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub round: u32,
    /// Figures by operation.
    #[serde(default)]
    pub operations: Entries<Entries<f64>>,
    /// Figures of the whole process.
    #[serde(default)]
    pub process: Entries<f64>,
}
