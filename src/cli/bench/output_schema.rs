//! The shapes of the JSON that `weigh bench` prints, for `weigh schema`.
#![expect(dead_code, reason = "only the JSON Schemas of these types are used")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value as Json;

use crate::schema::evidence::{EvidenceDoc, Figures};

/// The JSON of `weigh bench list`.
#[derive(JsonSchema)]
pub(in crate::cli) struct ListJson {
    services: Vec<ListedService>,
}

/// A reference service and what it needs on this machine.
#[derive(JsonSchema)]
struct ListedService {
    service: String,
    contract: String,
    contract_hash: String,
    candidate: String,
    variant: Option<String>,
    versions: BTreeMap<String, String>,
    tools: Vec<Json>,
    /// What to install before it can run.
    missing: Vec<String>,
    /// Whether it only runs when it is named.
    by_name: bool,
    folder: String,
}

/// The JSON of `weigh bench verify`.
#[derive(JsonSchema)]
pub(in crate::cli) struct VerifyJson {
    services: Vec<VerifiedService>,
    /// Services whose tools are missing.
    left_out: Vec<String>,
}

/// The result of one service.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum VerifiedService {
    /// Its steps ran.
    Checked(CheckedService),
    /// It could not be built or started.
    Failed(FailedService),
}

#[derive(JsonSchema)]
struct CheckedService {
    service: String,
    verified: bool,
    contract_hash: String,
    checks: usize,
    passed: usize,
    figures: Figures,
    failures: Vec<FailedStep>,
    /// Operations that the service declares unsupported, with the reason.
    unsupported: BTreeMap<String, String>,
}

#[derive(JsonSchema)]
struct FailedStep {
    step: String,
    title: String,
    request: String,
    expected: String,
    actual: String,
}

#[derive(JsonSchema)]
struct FailedService {
    service: String,
    verified: bool,
    /// `build` or `verify`.
    failed_at: String,
    error: String,
}

/// The JSON of `weigh bench run`.
#[derive(JsonSchema)]
pub(in crate::cli) struct RunJson {
    /// Id of the session, for `--resume`.
    session: String,
    /// Rate of the driver against the null responder.
    driver_ceiling_rps: Option<f64>,
    interrupted: bool,
    services: Vec<MeasuredService>,
}

#[derive(JsonSchema)]
struct MeasuredService {
    service: String,
    verified: bool,
    error: Option<String>,
    /// Rounds stored.
    rounds: usize,
    /// Capacity of the first operation in each round.
    capacity_rps: Vec<f64>,
    mean_capacity_rps: Option<f64>,
    /// Remarks on its figures.
    verdicts: Vec<String>,
    /// Its evidence file.
    file: Option<String>,
}

/// The JSON of `weigh bench show`: one stored run if one is named, else all of them.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(in crate::cli) enum ShowJson {
    One(Box<OneRun>),
    All(AllRuns),
}

#[derive(JsonSchema)]
#[schemars(inline)]
pub(in crate::cli) struct OneRun {
    #[schemars(flatten)]
    run: EvidenceDoc,
}

#[derive(JsonSchema)]
#[schemars(inline)]
pub(in crate::cli) struct AllRuns {
    runs: Vec<EvidenceDoc>,
}

/// The JSON of `weigh bench import`.
#[derive(JsonSchema)]
pub(in crate::cli) struct ImportJson {
    runs: Vec<ImportedRun>,
}

#[derive(JsonSchema)]
struct ImportedRun {
    candidate: Option<String>,
    hardware: Option<Json>,
    rounds: Vec<ImportedRound>,
    audit: Vec<AuditRemark>,
    /// The evidence file, if it was stored.
    stored: Option<String>,
}

#[derive(JsonSchema)]
struct ImportedRound {
    file: String,
    tool: String,
    format: String,
    row: Option<String>,
    cells: Vec<ImportedCellJson>,
    notes: Vec<String>,
}

#[derive(JsonSchema)]
struct ImportedCellJson {
    operation: Json,
    load: Json,
    /// `open` or `closed`.
    model: Option<String>,
    latency_basis: Option<String>,
    connections: Option<f64>,
    duration_s: Option<f64>,
    figures: BTreeMap<String, Option<f64>>,
}

#[derive(JsonSchema)]
struct AuditRemark {
    word: String,
    text: String,
}
