//! Manifests of reference services (`service.yaml`) and contracts (`contracts/<contract>.yaml`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lang::Text;

/// One sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "sentence")]
pub struct SentenceDoc {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl From<&SentenceDoc> for Text {
    fn from(sentence: &SentenceDoc) -> Self {
        Self {
            en: sentence.en.clone(),
            zh: sentence.zh.clone(),
        }
    }
}

/// A reference service: how it is built and started, and what it claims to be.
///
/// Argument lists and environment may name `{PORT}`, `{PORT:name}` (a free port for a named process), `{DATA}` (a private
/// temporary folder) and `{FOLDER}` (the service's folder). No shell reads them.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "weigh reference service")]
pub struct ServiceDoc {
    /// Its name, the same as its folder's: `<framework or database>[-variant]-<contract>`.
    pub service: String,
    /// The catalog's candidate.
    pub candidate: String,
    /// The catalog's variant.
    #[serde(default)]
    pub variant: Option<String>,
    /// The contract it fulfils.
    pub contract: String,
    /// What it is, in one sentence.
    #[serde(default)]
    pub about: SentenceDoc,
    /// What its lock file pins: framework, server, token library ...
    #[serde(default)]
    pub versions: BTreeMap<String, String>,
    /// Toolchains and servers it needs.
    #[serde(default)]
    pub tools: Vec<Tool>,
    /// The lock file whose hash is stored with the evidence.
    #[serde(default)]
    pub lock: Option<String>,
    /// Commands that build it, run in its folder.
    #[serde(default)]
    pub build: Vec<Vec<String>>,
    /// The command that starts it.
    pub start: Vec<String>,
    /// Its worker processes or threads, as `WORKERS`.
    #[serde(default = "one")]
    pub workers: u32,
    /// Further environment.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Files whose lines count as handler code.
    #[serde(default)]
    pub handler: Vec<String>,
    /// Processes started before it, in order: a broker, a database.
    #[serde(default)]
    pub processes: Vec<ProcessDoc>,
    /// Operations and steps of the contract that it cannot do, each with the reason: they are neither checked nor measured.
    #[serde(default)]
    pub unsupported: BTreeMap<String, SentenceDoc>,
    /// Whether `bench run` measures it only where it is named: a variant for a question of its own.
    #[serde(default)]
    pub by_name: bool,
}

fn one() -> u32 {
    1
}

/// What a service needs on the machine.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "tool")]
pub enum Tool {
    /// The Go toolchain.
    Go,
    /// Python 3 with venv.
    Python,
    /// Node.js with npm.
    Node,
    /// A Java development kit.
    Java,
    /// Apache Maven.
    Maven,
    /// Rust with Cargo.
    Rust,
    /// The PostgreSQL server.
    Postgresql,
    /// The MariaDB server.
    Mariadb,
    /// The Redis server.
    Redis,
    /// The RabbitMQ broker.
    Rabbitmq,
    /// The NATS server.
    Nats,
}

/// A process that a service leans on.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "process")]
pub struct ProcessDoc {
    /// Its name, as in `{PORT:name}`.
    pub name: String,
    /// Commands that run to their end before it starts, e.g. making a database.
    #[serde(default)]
    pub prepare: Vec<Vec<String>>,
    /// The command that starts it.
    pub start: Vec<String>,
    /// Commands that run to their end once it is ready, e.g. making a user.
    #[serde(default)]
    pub after: Vec<Vec<String>>,
    /// Further environment.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// What says that it is ready; without it, a connection to `{PORT:name}`.
    #[serde(default)]
    pub ready: ReadyDoc,
}

/// What says that a process is ready.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ready")]
pub struct ReadyDoc {
    /// The name of the port that accepts a connection.
    #[serde(default)]
    pub tcp: Option<String>,
    /// Limit (s).
    #[serde(default)]
    pub seconds: Option<f64>,
}

/// What a service must do, as requests with exact answers.
///
/// `{name}` in a text stands for a variable; alone it keeps the variable's type. In expectations `{text}`, `{integer}`,
/// `{number}`, `{hex32}` and `{any}` stand for anything of that kind, `{trace_id}` for this answer's `X-Trace-Id`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "weigh contract")]
pub struct ContractDoc {
    /// Its id.
    pub contract: String,
    /// Its name.
    pub title: SentenceDoc,
    /// What is agreed beyond the requests.
    #[serde(default)]
    pub about: SentenceDoc,
    /// Environment of a service under this contract.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Paths of the stub behind `DOWNSTREAM_URL`, with how long each takes to answer (ms).
    #[serde(default)]
    pub downstream: BTreeMap<String, u64>,
    /// Headers of every answer.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// Variables computed from another one.
    #[serde(default)]
    pub derive: BTreeMap<String, DeriveDoc>,
    /// What is measured. The first, and those whose latency is wanted, are the main ones, which every run measures.
    pub operations: Vec<OperationDoc>,
    /// What is verified, in order.
    pub steps: Vec<StepDoc>,
}

/// `from mod modulo + plus`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "derive")]
pub struct DeriveDoc {
    /// The variable it is computed from.
    pub from: String,
    /// Divisor whose remainder is taken.
    pub modulo: i64,
    /// Added to the remainder.
    #[serde(default)]
    pub plus: i64,
}

/// One measured operation.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "operation")]
pub struct OperationDoc {
    /// Its id, as in `auth.token.goodput`.
    pub operation: String,
    /// Its name.
    pub title: SentenceDoc,
    /// The process a service must have (a broker) for this to apply.
    #[serde(default)]
    pub needs: Option<String>,
    /// Whether its latency at the required rate is measured in every round, not only in thorough runs: one of the main operations.
    #[serde(default)]
    pub latency: bool,
    /// Connections of its closed loop; 16 without. More where the agreed work is mostly waiting.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1024))]
    pub connections: Option<usize>,
    /// Whether it is measured in thorough runs only.
    #[serde(default)]
    pub thorough: bool,
    /// Numbers that vary from request to request: first and last.
    #[serde(default)]
    pub vary: BTreeMap<String, (i64, i64)>,
    /// Variables drawn by Zipf's law instead of evenly, with its exponent: few keys take most of the requests.
    #[serde(default)]
    pub zipf: BTreeMap<String, f64>,
    /// Requests made once before the load, for what they capture.
    #[serde(default)]
    pub prepare: Vec<PrepareDoc>,
    /// The request.
    #[serde(default)]
    pub request: Option<RequestDoc>,
    /// The answer; its status decides what is counted, its body is compared for 1 in 1,000.
    #[serde(default)]
    pub expect: Option<ExpectDoc>,
    /// Instead of a request: the shares of other operations, whose requests come mixed.
    #[serde(default)]
    pub mix: BTreeMap<String, f64>,
}

/// A request made for what it captures.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "prepare")]
pub struct PrepareDoc {
    /// Variables of this request.
    #[serde(default)]
    pub with: BTreeMap<String, Value>,
    /// The request.
    pub request: RequestDoc,
    /// Variables taken from the answer, by JSON pointer.
    pub capture: BTreeMap<String, String>,
}

/// One check.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "step")]
pub struct StepDoc {
    /// Its id.
    pub step: String,
    /// What must hold.
    pub title: SentenceDoc,
    /// Which start of the service it needs.
    #[serde(default)]
    pub start: StartDoc,
    /// The process a service must have (a broker) for this to apply.
    #[serde(default)]
    pub needs: Option<String>,
    /// Variables of this step.
    #[serde(default)]
    pub with: BTreeMap<String, Value>,
    /// The request; without one, `check` says what is done.
    #[serde(default)]
    pub request: Option<RequestDoc>,
    /// The answer.
    #[serde(default)]
    pub expect: Option<ExpectDoc>,
    /// Variables taken from the answer, by JSON pointer.
    #[serde(default)]
    pub capture: BTreeMap<String, String>,
    /// What one request cannot show.
    #[serde(default)]
    pub check: Option<CheckName>,
}

/// A service is started twice: as it is measured, then with faults and its access log on.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "start")]
pub enum StartDoc {
    /// As it is measured: `LOG=off`, `FAULTS=0`.
    #[default]
    Measured,
    /// `LOG=access`, `FAULTS=1`.
    Faults,
}

/// Checks that one request cannot show.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "check")]
pub enum CheckName {
    /// The captured `token` is a JWT signed by HS256 with `JWT_SECRET`; `sub`, `iat` and `exp` are right.
    TokenSigned,
    /// Two users get two tokens.
    TokensDiffer,
    /// Two requests without `traceparent` get two trace ids.
    TraceIdsDiffer,
    /// A second request on the same connection is answered.
    KeepAlive,
    /// Prometheus text with the counter and the histogram.
    MetricsShape,
    /// Counter and histogram rise by exactly `requests`, in one series with the route's template.
    CountersRise,
    /// Unknown paths make at most one new series.
    SeriesBounded,
    /// 200 concurrent mixed requests each get their own answer.
    NoCrossTalk,
    /// One JSON line a request, with the answer's trace id.
    LogLine,
    /// The same key and body again: the same order, and no second mail.
    Idempotent,
    /// Of `requests` orders in `mode`, each has its mail and its points exactly once.
    ExactlyOnce,
    /// While the stub refuses, a synchronous order is a 502 and is not stored as done.
    DownstreamFails,
    /// The broker is killed: 503 QUEUE_UNAVAILABLE, and what was accepted before is done after its restart.
    QueueLost,
    /// Concurrent transfers with conflicts: the sum of all balances stays, none is negative.
    TransfersBalanced,
    /// Concurrent transfers with conflicts, of a service that does not claim to keep the sum: what they make or lose is counted,
    /// there and after each load.
    TransfersAudited,
    /// Everything is killed while rows are inserted: what was acknowledged is there after the restart.
    SurvivesKill,
    /// After SIGTERM: not ready, the request in flight is answered, exit code 0 within 10 s.
    Drain,
}

/// A request.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "request")]
pub struct RequestDoc {
    /// Method.
    #[serde(default = "get")]
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers beyond `Host` and `Content-Length`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Body as JSON; sets `Content-Type: application/json` where `headers` does not.
    #[serde(default)]
    pub json: Option<Value>,
    /// Body as it stands.
    #[serde(default)]
    pub body: Option<String>,
    /// Keys of `json` whose list or text is sent so many times over: a batch from one element.
    #[serde(default)]
    pub repeat: BTreeMap<String, usize>,
    /// The body is filled with spaces to so many bytes.
    #[serde(default)]
    pub pad_to: Option<usize>,
}

fn get() -> String {
    "GET".to_owned()
}

/// An answer.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "expect")]
pub struct ExpectDoc {
    /// Status.
    pub status: u16,
    /// Headers; `*` at the beginning or end stands for anything.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Body, compared parsed: the same keys, the same values.
    #[serde(default)]
    pub json: Option<Value>,
    /// Code of the error envelope: `{"error":{"code","message","trace_id"}}`.
    #[serde(default)]
    pub error: Option<String>,
}
