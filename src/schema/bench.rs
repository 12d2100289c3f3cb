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

/// A reference service: what it is, and how to build and start it.
///
/// Argument lists and environment may contain `{PORT}`, `{PORT:name}` (a free port for a named process), `{DATA}` (a private
/// temporary folder) and `{FOLDER}` (the service's folder). Commands are not run in a shell.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "weigh reference service")]
pub struct ServiceDoc {
    /// Name of the service and its folder: `<framework or database>[-variant]-<contract>`.
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
    /// Versions that its lock file pins: framework, server, token library and so on.
    #[serde(default)]
    pub versions: BTreeMap<String, String>,
    /// Toolchains and servers it needs.
    #[serde(default)]
    pub tools: Vec<RequiredTool>,
    /// The lock file whose hash is stored with the evidence.
    #[serde(default)]
    pub lock: Option<String>,
    /// Commands that build it, run in its folder.
    #[serde(default)]
    pub build: Vec<Vec<String>>,
    /// The command that starts it.
    pub start: Vec<String>,
    /// Number of worker processes or threads, passed as `WORKERS`.
    #[serde(default = "one")]
    pub workers: u32,
    /// Additional environment variables.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Files whose lines count as handler code.
    #[serde(default)]
    pub handler: Vec<String>,
    /// Processes to start before it, in order: a broker, a database.
    #[serde(default)]
    pub processes: Vec<ProcessDoc>,
    /// Operations and steps of the contract that it does not support, each with the reason. They are neither checked nor measured.
    #[serde(default)]
    pub unsupported: BTreeMap<String, SentenceDoc>,
    /// Whether `bench run` measures it only when named: a variant for a special question.
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
pub enum RequiredTool {
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

/// A process that a service depends on.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "process")]
pub struct ProcessDoc {
    /// Its name, as in `{PORT:name}`.
    pub name: String,
    /// Commands to run before it starts, such as creating a database.
    #[serde(default)]
    pub prepare: Vec<Vec<String>>,
    /// The command that starts it.
    pub start: Vec<String>,
    /// Commands to run once it is ready, such as creating a user.
    #[serde(default)]
    pub after: Vec<Vec<String>>,
    /// Additional environment variables.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// When it counts as ready; by default when `{PORT:name}` accepts connections.
    #[serde(default)]
    pub ready: ReadyDoc,
}

/// When a process counts as ready.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ready")]
pub struct ReadyDoc {
    /// Name of the port that must accept connections.
    #[serde(default)]
    pub tcp: Option<String>,
    /// Time limit (s).
    #[serde(default)]
    pub seconds: Option<f64>,
}

/// What a service must do, as requests with exact responses.
///
/// `{name}` in a text is replaced with a variable; a text that is only `{name}` takes the variable's type. In expectations `{text}`,
/// `{integer}`, `{number}`, `{hex32}` and `{any}` match anything of that kind, `{trace_id}` this response's `X-Trace-Id`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "weigh contract")]
pub struct ContractDoc {
    /// Its id.
    pub contract: String,
    /// Its name.
    pub title: SentenceDoc,
    /// What the contract requires beyond the requests.
    #[serde(default)]
    pub about: SentenceDoc,
    /// Environment of a service under this contract.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Paths of the stub behind `DOWNSTREAM_URL` with their latencies (ms).
    #[serde(default)]
    pub downstream: BTreeMap<String, u64>,
    /// Headers of every response.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// Variables computed from others.
    #[serde(default)]
    pub derive: BTreeMap<String, DeriveDoc>,
    /// The operations that are measured. The first one and those with `latency` are the main operations, which every run measures.
    pub operations: Vec<OperationDoc>,
    /// The checks, in order.
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
    /// The process, such as a broker, without which this does not apply to a service.
    #[serde(default)]
    pub needs: Option<String>,
    /// Whether its latency at the given rate is measured in every round, not only in thorough runs. It is then a main operation.
    #[serde(default)]
    pub latency: bool,
    /// Connections of its closed loop, 16 by default. Use more where the work is mostly waiting.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1024))]
    pub connections: Option<usize>,
    /// Whether it is measured in thorough runs only.
    #[serde(default)]
    pub thorough: bool,
    /// Variables that vary from request to request, with their first and last value.
    #[serde(default)]
    pub vary: BTreeMap<String, (i64, i64)>,
    /// Variables that follow Zipf's law, with its exponent: a few keys take most of the requests.
    #[serde(default)]
    pub zipf: BTreeMap<String, f64>,
    /// Requests made once before the load to capture variables.
    #[serde(default)]
    pub prepare: Vec<PrepareDoc>,
    /// The request.
    #[serde(default)]
    pub request: Option<RequestDoc>,
    /// The expected response. Its status decides whether a response is good; its body is compared for 1 in 1,000.
    #[serde(default)]
    pub expect: Option<ExpectDoc>,
    /// Instead of a request: the shares of other operations, whose requests are mixed.
    #[serde(default)]
    pub mix: BTreeMap<String, f64>,
}

/// A request made to capture variables.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "prepare")]
pub struct PrepareDoc {
    /// Variables of this request.
    #[serde(default)]
    pub with: BTreeMap<String, Value>,
    /// The request.
    pub request: RequestDoc,
    /// Variables taken from the response, by JSON pointer.
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
    /// The process, such as a broker, without which this does not apply to a service.
    #[serde(default)]
    pub needs: Option<String>,
    /// Variables of this step.
    #[serde(default)]
    pub with: BTreeMap<String, Value>,
    /// The request; without one, `check` says what to do.
    #[serde(default)]
    pub request: Option<RequestDoc>,
    /// The expected response.
    #[serde(default)]
    pub expect: Option<ExpectDoc>,
    /// Variables taken from the response, by JSON pointer.
    #[serde(default)]
    pub capture: BTreeMap<String, String>,
    /// A check that a single request cannot express.
    #[serde(default)]
    pub check: Option<CheckName>,
}

/// A service is started twice: as it is measured, then with faults and access log enabled.
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

/// Checks that a single request cannot express.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "check")]
pub enum CheckName {
    /// The captured `token` is a JWT signed with HS256 and `JWT_SECRET`; `sub`, `iat` and `exp` are correct.
    TokenSigned,
    /// Two users get two tokens.
    TokensDiffer,
    /// Two requests without `traceparent` get two trace ids.
    TraceIdsDiffer,
    /// A second request on the same connection gets a response.
    KeepAlive,
    /// The metrics are Prometheus text with the counter and the histogram.
    MetricsShape,
    /// Counter and histogram rise by exactly `requests`, in one series with the route's template.
    CountersRise,
    /// Unknown paths add at most one series.
    SeriesBounded,
    /// 200 concurrent mixed requests each get their own response.
    NoCrossTalk,
    /// The access log has one JSON line per request, with the response's trace id.
    LogLine,
    /// The same key and body again yield the same order and no second mail.
    Idempotent,
    /// Each of `requests` orders in `mode` sends its mail and its points exactly once.
    ExactlyOnce,
    /// While the stub fails, a synchronous order is a 502 and is not stored as done.
    DownstreamFails,
    /// While the broker is down, orders get 503 QUEUE_UNAVAILABLE; those accepted before complete after its restart.
    QueueLost,
    /// After concurrent, conflicting transfers the sum of all balances is unchanged and none is negative.
    TransfersBalanced,
    /// After concurrent, conflicting transfers of a service that does not claim to keep the sum, its error is counted; so it is after
    /// each load.
    TransfersAudited,
    /// All processes are killed while rows are inserted; acknowledged rows exist after the restart.
    SurvivesKill,
    /// After SIGTERM the service is not ready, completes the request in flight and exits with code 0 within 10 s.
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
    /// Body as text.
    #[serde(default)]
    pub body: Option<String>,
    /// Keys of `json` whose list or text is repeated this many times: a batch from one element.
    #[serde(default)]
    pub repeat: BTreeMap<String, usize>,
    /// Pads the body with spaces to this many bytes.
    #[serde(default)]
    pub pad_to: Option<usize>,
}

fn get() -> String {
    "GET".to_owned()
}

/// An expected response.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "expect")]
pub struct ExpectDoc {
    /// Status.
    pub status: u16,
    /// Headers; `*` at the beginning or end matches anything.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Body as JSON: the same keys and values.
    #[serde(default)]
    pub json: Option<Value>,
    /// Code of the error envelope: `{"error":{"code","message","trace_id"}}`.
    #[serde(default)]
    pub error: Option<String>,
}
