//! Runs a contract against a service. Stops at nothing: every step that fails is reported with its request and both answers.

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
use super::http::{Answer, Client, NoAnswer, Request};
use super::interrupt::Interrupt;
use super::manifest::Service;
use super::pattern::Variables;
use super::process::{Host, Instance};
use super::progress::{Phase, Progress};
use super::token;
use crate::lang::Text;
use crate::schema::bench::{CheckName, StartDoc, StepDoc};
use crate::tr;

pub(crate) use aftermath::Aftermath;

/// How long an answer may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// A step that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The step's id.
    pub step: String,
    /// What must hold.
    pub title: Text,
    /// The exact request, or what was done.
    pub request: String,
    /// What was expected.
    pub expected: Text,
    /// What came.
    pub actual: Text,
}

pub use crate::schema::evidence::Figures;

/// What came of a contract's steps.
#[derive(Clone, Debug, Default)]
pub struct Verification {
    /// The contract's hash.
    pub contract_hash: String,
    /// Steps run.
    pub checks: usize,
    /// Steps passed.
    pub passed: usize,
    /// Steps failed, in the contract's order.
    pub failures: Vec<Failure>,
    /// Time of the steps, starts apart (s).
    pub seconds: f64,
    /// Operations and steps the service says it cannot do, each with its reason.
    pub unsupported: BTreeMap<String, Text>,
    /// What the steps measured beside: rows lost in a crash, the time of recovery, retries.
    pub figures: Figures,
}

impl Verification {
    /// Whether the service may be measured.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.checks > 0 && self.failures.is_empty() && self.passed == self.checks
    }
}

/// Starts a service as the contract asks for and runs every step.
///
/// # Errors
/// Where the service cannot be started or the user interrupts; a wrong answer is no error but a [`Failure`].
pub fn verify(
    host: &Host,
    service: &Service,
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
        progress.phase(service.id(), &Phase::Start);
        let instance = host.start(service, contract, start)?;
        progress.phase(service.id(), &Phase::Verify { steps: steps.len() });
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

/// What one check says: nothing, or what it did, what it expected and what came.
type Outcome = Result<(), Refusal>;

/// The parts of a [`Failure`] that a check knows.
struct Refusal {
    request: String,
    expected: Text,
    actual: Text,
}

impl Refusal {
    fn new(request: impl ToString, expected: Text, actual: Text) -> Self {
        Self {
            request: request.to_string(),
            expected,
            actual,
        }
    }

    fn silent(request: &Request, expected: Text, reason: &NoAnswer) -> Self {
        Self::new(request, expected, reason.text())
    }
}

/// One start of a service, with what was captured from it.
struct Visit<'a> {
    host: &'a Host,
    service: &'a Service,
    contract: &'a Contract,
    instance: Option<Instance>,
    address: std::net::SocketAddr,
    secret: String,
    client: Client,
    variables: Variables,
    figures: Figures,
    /// Keys given out so far.
    keys: u64,
}

impl<'a> Visit<'a> {
    fn new(
        host: &'a Host,
        service: &'a Service,
        contract: &'a Contract,
        instance: Instance,
    ) -> Self {
        let (address, secret) = (instance.address, instance.secret.clone());
        let variables = token::forgeries("user7", now(), &secret);
        Self {
            host,
            service,
            contract,
            figures: Figures::new(),
            keys: 0,
            instance: Some(instance),
            address,
            secret,
            client: Client::new(address, ANSWER_LIMIT),
            variables,
        }
    }

    /// Gives the running service back.
    fn leave(mut self) -> Instance {
        self.instance
            .take()
            .expect("no check takes the instance away")
    }

    fn step(&mut self, step: &StepDoc) -> Result<(), Box<Failure>> {
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
        // A service that died is one failure of every later step, told as what it is.
        outcome.map_err(|refusal| {
            let died = self
                .instance
                .as_mut()
                .and_then(|i| i.check(&Interrupt::default()).err())
                .filter(|_| step.check != Some(CheckName::Drain));
            let actual = match died {
                Some(error) => Text {
                    en: format!("{}; {}", refusal.actual.en, error.text().en),
                    zh: format!("{}；{}", refusal.actual.zh, error.text().zh),
                },
                None => refusal.actual,
            };
            let title = Text::from(&step.title);
            Box::new(Failure {
                step: step.step.clone(),
                title,
                request: refusal.request,
                expected: refusal.expected,
                actual,
            })
        })
    }

    /// A request with its exact answer.
    fn exchange(&mut self, step: &StepDoc, variables: &Variables) -> Outcome {
        let (Some(request), Some(expect)) = (&step.request, &step.expect) else {
            return Ok(());
        };
        let missing = |what: Text| {
            Refusal::new(
                format!("{} {}", request.method, request.path),
                tr!("a request", "一个请求"),
                what,
            )
        };
        let request = self.contract.request(request, variables).map_err(missing)?;
        let answer = self.send(&request)?;
        let judged = self.contract.judge(expect, &answer, variables);
        judged.map_err(|(expected, actual)| Refusal::new(&request, expected, actual))?;
        for (name, pointer) in &step.capture {
            let value = answer
                .json()
                .and_then(|body| body.pointer(pointer).cloned());
            let value = value.ok_or_else(|| {
                Refusal::new(
                    &request,
                    Text::name(pointer.clone()),
                    Text::name(answer.to_string()),
                )
            })?;
            self.variables.insert(name.clone(), value);
        }
        Ok(())
    }

    /// A new idempotency key.
    fn key(&mut self) -> String {
        self.keys += 1;
        format!("{:016x}", (now().unsigned_abs() << 24) + self.keys)
    }

    fn send(&mut self, request: &Request) -> Result<Answer, Refusal> {
        self.client
            .send(request)
            .map_err(|reason| Refusal::silent(request, tr!("an answer", "应答"), &reason))
    }

    fn check(&mut self, check: CheckName, variables: &Variables) -> Outcome {
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

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn count(variables: &Variables, name: &str, default: u64) -> u64 {
    variables
        .get(name)
        .and_then(Value::as_u64)
        .unwrap_or(default)
}
