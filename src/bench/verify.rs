//! Runs a contract against a service. Every failed step is reported with its request, the expected and the received response.

mod aftermath;
mod flow;
mod metrics;
mod order;
mod row;
mod token_check;

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::contract::Contract;
use super::error::BenchError;
use super::http::{HttpClient, HttpRequest, HttpResponse, ResponseError};
use super::interrupt::Interrupt;
use super::manifest::ReferenceService;
use super::pattern::Variables;
use super::process::{Host, Instance};
use super::progress::{BenchPhase, Progress};
use super::token;
use crate::lang::Text;
use crate::schema::bench::{CheckName, StartDoc, StepDoc};
use crate::tr;

pub(crate) use aftermath::Aftermath;

/// How long a response may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// A step that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFailure {
    /// The step's id.
    pub step: String,
    /// What must hold.
    pub title: Text,
    /// The exact request, or the check that was made.
    pub request: String,
    /// What was expected.
    pub expected: Text,
    /// What was received.
    pub actual: Text,
}

pub use crate::schema::evidence::Figures;

/// The result of a contract's steps.
#[derive(Clone, Debug, Default)]
pub struct Verification {
    /// The contract's hash.
    pub contract_hash: String,
    /// Steps run.
    pub checks: usize,
    /// Steps passed.
    pub passed: usize,
    /// Steps failed, in the contract's order.
    pub failures: Vec<StepFailure>,
    /// Duration of the steps without starts (s).
    pub seconds: f64,
    /// Operations and steps that the service declares unsupported, each with the reason.
    pub unsupported: BTreeMap<String, Text>,
    /// Figures that the steps counted: rows lost in a crash, recovery time, retries.
    pub figures: Figures,
}

impl Verification {
    /// Whether the service may be measured.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.checks > 0 && self.failures.is_empty() && self.passed == self.checks
    }
}

/// Starts a service as the contract requires and runs every step.
///
/// # Errors
/// Where the service cannot be started or the user interrupts. A wrong response is not an error but a [`StepFailure`].
pub fn verify(
    host: &Host,
    service: &ReferenceService,
    contract: &Contract,
    progress: &mut dyn Progress,
) -> Result<Verification, BenchError> {
    let reasons = service
        .doc
        .unsupported
        .iter()
        .map(|(id, why)| (id.clone(), why.into()));
    let mut verification = Verification {
        contract_hash: contract.hash().to_owned(),
        unsupported: reasons.collect(),
        ..Verification::default()
    };
    for start in [StartDoc::Measured, StartDoc::Faults] {
        let applies = |step: &&StepDoc| {
            step.start == start && service.does(&step.step, step.needs.as_deref())
        };
        let steps: Vec<&StepDoc> = contract.steps().iter().filter(applies).collect();
        if steps.is_empty() {
            continue;
        }
        progress.phase(service.id(), &BenchPhase::Start);
        let instance = host.start(service, contract, start)?;
        progress.phase(service.id(), &BenchPhase::Verify { steps: steps.len() });
        let began = Instant::now();
        let mut visit = Visit::new(host, service, contract, instance);
        for step in steps {
            host.interrupt.check()?;
            verification.checks += 1;
            match visit.step(step) {
                Ok(()) => verification.passed += 1,
                Err(failure) => verification.failures.push(*failure),
            }
            progress.step(
                service.id(),
                &step.step,
                verification.failures.last().filter(|f| f.step == step.step),
            );
        }
        verification.seconds += began.elapsed().as_secs_f64();
        verification.figures.append(&mut visit.figures);
        if let Some(instance) = visit.instance.take() {
            instance.stop();
        }
    }
    Ok(verification)
}

/// The result of one check: nothing, or what it did, expected and received.
type CheckResult = Result<(), CheckError>;

/// The parts of a [`StepFailure`] that a check knows.
struct CheckError {
    request: String,
    expected: Text,
    actual: Text,
}

impl CheckError {
    fn new(request: impl ToString, expected: Text, actual: Text) -> Self {
        Self {
            request: request.to_string(),
            expected,
            actual,
        }
    }

    fn silent(request: &HttpRequest, expected: Text, reason: &ResponseError) -> Self {
        Self::new(request, expected, reason.text())
    }
}

/// One start of a service, with what was captured from it.
struct Visit<'a> {
    host: &'a Host,
    service: &'a ReferenceService,
    contract: &'a Contract,
    instance: Option<Instance>,
    address: std::net::SocketAddr,
    secret: String,
    client: HttpClient,
    variables: Variables,
    figures: Figures,
    /// Number of idempotency keys given out.
    keys: u64,
}

impl<'a> Visit<'a> {
    fn new(
        host: &'a Host,
        service: &'a ReferenceService,
        contract: &'a Contract,
        instance: Instance,
    ) -> Self {
        let (address, secret) = (instance.address, instance.secret.clone());
        let variables = token::forgeries("user7", unix_now(), &secret);
        Self {
            host,
            service,
            contract,
            figures: Figures::new(),
            keys: 0,
            instance: Some(instance),
            address,
            secret,
            client: HttpClient::new(address, ANSWER_LIMIT),
            variables,
        }
    }

    /// Returns the running service.
    fn leave(mut self) -> Instance {
        self.instance
            .take()
            .expect("no check takes the instance away")
    }

    fn step(&mut self, step: &StepDoc) -> Result<(), Box<StepFailure>> {
        let mut variables = self.variables.clone();
        variables.extend(
            step.with
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        variables.insert("unique".to_owned(), self.key().into());
        self.contract.derive(&mut variables);
        let outcome = match step.check {
            Some(check) => self.check(check, &variables),
            None => self.exchange(step, &variables),
        };
        // Once a service has died, every later step fails with that reason.
        outcome.map_err(|refusal| {
            let died = self
                .instance
                .as_mut()
                .and_then(|i| i.check(&Interrupt::default()).err())
                .filter(|_| step.check != Some(CheckName::Drain));
            let actual = match died {
                Some(error) => {
                    let (actual, error) = (&refusal.actual, error.text());
                    tr!("{actual}; {error}", "{actual}；{error}")
                }
                None => refusal.actual,
            };
            let title = Text::from(&step.title);
            Box::new(StepFailure {
                step: step.step.clone(),
                title,
                request: refusal.request,
                expected: refusal.expected,
                actual,
            })
        })
    }

    /// Sends a request and compares the response.
    fn exchange(&mut self, step: &StepDoc, variables: &Variables) -> CheckResult {
        let (Some(request), Some(expect)) = (&step.request, &step.expect) else {
            return Ok(());
        };
        let missing = |what: Text| {
            CheckError::new(
                format!("{} {}", request.method, request.path),
                tr!("a request", "一个请求"),
                what,
            )
        };
        let request = self.contract.request(request, variables).map_err(missing)?;
        let answer = self.send(&request)?;
        let judged = self.contract.judge(expect, &answer, variables);
        judged.map_err(|(expected, actual)| CheckError::new(&request, expected, actual))?;
        for (name, pointer) in &step.capture {
            let value = answer
                .json()
                .and_then(|body| body.pointer(pointer).cloned());
            let value = value.ok_or_else(|| {
                CheckError::new(
                    &request,
                    Text::name(pointer.clone()),
                    Text::name(answer.to_string()),
                )
            })?;
            self.variables.insert(name.clone(), value);
        }
        Ok(())
    }

    /// Returns a new idempotency key.
    fn key(&mut self) -> String {
        self.keys += 1;
        format!("{:016x}", (unix_now().unsigned_abs() << 24) + self.keys)
    }

    fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse, CheckError> {
        self.client
            .send(request)
            .map_err(|reason| CheckError::silent(request, tr!("an answer", "应答"), &reason))
    }

    fn check(&mut self, check: CheckName, variables: &Variables) -> CheckResult {
        match check {
            CheckName::TokenSigned => self.token_signed(variables),
            CheckName::TokensDiffer => self.tokens_differ(),
            CheckName::TraceIdsDiffer => self.trace_ids_differ(),
            CheckName::KeepAlive => self.keep_alive(),
            CheckName::MetricsShape => self.metrics_shape(),
            CheckName::CountersRise => self.counters_rise(variables),
            CheckName::SeriesBounded => self.series_bounded(),
            CheckName::NoCrossTalk => self.no_cross_talk(variables),
            CheckName::LogLine => self.log_line(),
            CheckName::Idempotent => self.idempotent(),
            CheckName::ExactlyOnce => self.exactly_once(variables),
            CheckName::DownstreamFails => self.downstream_fails(),
            CheckName::QueueLost => self.queue_lost(),
            CheckName::TransfersBalanced => self.transfers_balanced(variables),
            CheckName::TransfersAudited => self.transfers_audited(variables),
            CheckName::SurvivesKill => self.survives_kill(),
            CheckName::Drain => self.drain(),
        }
    }
}

/// Returns the seconds since 1970.
fn unix_now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn count_variable(variables: &Variables, name: &str, default: u64) -> u64 {
    variables
        .get(name)
        .and_then(Value::as_u64)
        .unwrap_or(default)
}
