//! The protocol of `weigh bench run`: verify every service, measure the driver's ceiling, then rounds in random order. Evidence is
//! written after each round.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

use super::bottleneck::{Bottleneck, is_plateau};
use super::contract::Contract;
use super::driver::null::{BODY, NullResponder};
use super::driver::{self, LoadPlan, PreparedRequest, WorkloadModel};
use super::environment::read_environment;
use super::error::BenchError;
use super::interference::wait_for_quiet;
use super::manifest::ReferenceService;
use super::measure::{MeasuredCell, round_figure};
use super::operation_load::{OperationLoad, shuffle};
use super::process::Host;
use super::progress::{BenchPhase, Progress};
use super::recorder::{Ledger, Recorder};
use super::statistics;
use super::verify::{Aftermath, Verification, verify};
use crate::lang::Text;
use crate::model::remark::RunRemark;
use crate::quantity::sampler::seed_for;
use crate::schema::Entries;
use crate::schema::bench::StartDoc;
use crate::schema::evidence::{CellDoc, RoundDoc};

mod figures;
mod operation;
mod search;

use operation::Demand;
pub use search::Objective;

/// How much time a run may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Budget {
    /// About a minute per service: 3 rounds.
    #[default]
    Quick,
    /// Four to seven minutes per service: 5 rounds, or fewer once every comparison is settled, with three numbers of connections,
    /// three rates and the search for the largest rate.
    Thorough,
}

impl Budget {
    fn word(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Thorough => "thorough",
        }
    }

    fn rounds(self) -> u32 {
        match self {
            Self::Quick => 3,
            Self::Thorough => 5,
        }
    }
}

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct BenchSettings {
    /// How much time it may take.
    pub budget: Budget,
    /// Number of rounds, at most 12, of every operation that is not for thorough runs. By default the budget's number, or fewer once
    /// every comparison is settled; a quick run then measures only the main operations.
    pub rounds: Option<u32>,
    /// Seed of orders and arrivals. It is stored.
    pub seed: u64,
    /// Rate of the open loop, the same for all services (requests/s).
    pub required_rps: f64,
    /// Objective of the search for the largest rate.
    pub objective: Objective,
    /// Folder of the evidence files.
    pub evidence: PathBuf,
    /// The command line, stored as the source.
    pub command: String,
    /// Name of the machine, instead of the host's own.
    pub machine: Option<String>,
    /// An interrupted session to continue.
    pub resume: Option<String>,
    /// How long to wait for a quiet second before each service.
    pub quiet_limit: Duration,
}

impl Default for BenchSettings {
    fn default() -> Self {
        Self {
            budget: Budget::Quick,
            rounds: None,
            seed: 1,
            required_rps: 300.0,
            objective: Objective::default(),
            evidence: PathBuf::from(".weigh/evidence"),
            command: "weigh bench run".to_owned(),
            machine: None,
            resume: None,
            quiet_limit: Duration::from_secs(20),
        }
    }
}

/// The result of one service.
#[derive(Debug)]
pub struct ServiceResult {
    /// The service.
    pub service: String,
    /// Result of its contract's steps; `None` if it could not be built or started.
    pub verification: Option<Verification>,
    /// Why it was not measured, or not completely.
    pub error: Option<BenchError>,
    /// What did not hold after the load.
    pub broken: Option<Text>,
    /// Its evidence file.
    pub path: Option<PathBuf>,
    /// Rounds stored.
    pub rounds: usize,
    /// Remarks on its figures.
    pub remarks: Vec<RunRemark>,
    /// Capacity of the first operation in each round (requests/s).
    pub capacity_rps: Vec<f64>,
}

/// The result of a run.
#[derive(Debug)]
pub struct RunSummary {
    /// Id of the session, for `--resume`.
    pub session: String,
    /// Rate of the driver against the null responder (requests/s); `None` if the user interrupted before it was measured.
    pub ceiling_rps: Option<f64>,
    /// The services in the order given.
    pub services: Vec<ServiceResult>,
    /// Whether the user interrupted it. What was measured so far is stored.
    pub interrupted: bool,
}

/// A service on its way through a run.
pub(crate) struct Entrant<'a> {
    pub(crate) service: &'a ReferenceService,
    pub(crate) contract: &'a Contract,
    pub(crate) verification: Option<Verification>,
    pub(crate) ledger: Ledger,
    pub(crate) error: Option<BenchError>,
    pub(crate) path: Option<PathBuf>,
    pub(crate) broken: Option<Text>,
}

/// What all cells of a session share.
pub(crate) struct BenchSession<'a> {
    pub(crate) host: &'a Host,
    pub(crate) settings: &'a BenchSettings,
    pub(crate) recorder: Recorder,
}

/// Measures services, each under its contract. A service that fails is reported in its [`ServiceResult`]; the others continue.
///
/// # Errors
/// Where the driver or the evidence folder fails.
pub fn run(
    host: &Host,
    services: &[(ReferenceService, Contract)],
    settings: &BenchSettings,
    progress: &mut dyn Progress,
) -> Result<RunSummary, BenchError> {
    let mut environment = read_environment(&host.service_cores, host.driver_core);
    if let Some(name) = &settings.machine {
        environment.machine.clone_from(name);
    }
    let session = settings
        .resume
        .clone()
        .unwrap_or_else(|| session_id(settings.seed));
    let recorder = Recorder {
        folder: settings.evidence.clone(),
        session,
        command: settings.command.clone(),
        budget: settings.budget.word(),
        seed: settings.seed,
        environment,
        ceiling_rps: None,
        null_variation: 0.0,
    };
    let mut session = BenchSession {
        host,
        settings,
        recorder,
    };
    let entrant = |(service, contract)| Entrant {
        service,
        contract,
        verification: None,
        ledger: Ledger::default(),
        error: None,
        path: None,
        broken: None,
    };
    let mut entrants: Vec<Entrant<'_>> = services
        .iter()
        .map(|(service, contract)| entrant((service, contract)))
        .collect();
    let interrupted = match session.run_protocol(&mut entrants, progress) {
        Ok(()) => false,
        Err(BenchError::Interrupted) => true,
        Err(error) => return Err(error),
    };
    let services = entrants.into_iter().map(Entrant::into_result).collect();
    Ok(RunSummary {
        session: session.recorder.session,
        ceiling_rps: session.recorder.ceiling_rps,
        services,
        interrupted,
    })
}

/// Makes an id from date, time and seed.
fn session_id(seed: u64) -> String {
    let now: String = jiff::Timestamp::now()
        .to_string()
        .chars()
        .filter(char::is_ascii_digit)
        .take(14)
        .collect();
    format!(
        "{}-{}-{seed}",
        now.get(..8).unwrap_or_default(),
        now.get(8..).unwrap_or_default()
    )
}

impl Entrant<'_> {
    fn into_result(self) -> ServiceResult {
        let capacity_rps = self
            .ledger
            .rounds
            .iter()
            .filter_map(first_capacity)
            .collect();
        ServiceResult {
            service: self.service.id().to_owned(),
            verification: self.verification,
            error: self.error,
            broken: self.broken,
            path: self.path,
            rounds: self.ledger.rounds.len(),
            remarks: self.ledger.remarks,
            capacity_rps,
        }
    }

    fn may_run(&self) -> bool {
        self.error.is_none()
            && self
                .verification
                .as_ref()
                .is_some_and(Verification::is_verified)
    }
}

/// Returns the closed loop's rate of the round's first operation (requests/s).
fn first_capacity(round: &RoundDoc) -> Option<f64> {
    let (_, figures) = round.operations.iter().next()?;
    figures.get("goodput_rps").copied()
}

impl BenchSession<'_> {
    fn run_protocol(
        &mut self,
        entrants: &mut [Entrant<'_>],
        progress: &mut dyn Progress,
    ) -> Result<(), BenchError> {
        for entrant in entrants.iter_mut() {
            self.admit_service(entrant, progress)?;
        }
        if !entrants.iter().any(Entrant::may_run) {
            return Ok(());
        }
        self.measure_ceiling(progress)?;
        let rounds = self
            .settings
            .rounds
            .unwrap_or(self.settings.budget.rounds())
            .clamp(1, 12);
        for round in 1..=rounds {
            let mut order: Vec<usize> = (0..entrants.len())
                .filter(|i| entrants[*i].may_run())
                .collect();
            let seed = seed_for(self.settings.seed, &format!("order of round {round}"));
            let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
            shuffle(&mut order, &mut random);
            let names: Vec<String> = order
                .iter()
                .map(|i| entrants[*i].service.id().to_owned())
                .collect();
            progress.round(round, rounds, &names);
            for (place, i) in (1..).zip(order) {
                let entrant = &mut entrants[i];
                let done = entrant
                    .ledger
                    .rounds
                    .iter()
                    .any(|stored| stored.round == round);
                if !done {
                    self.run_round(entrant, round, place, progress)?;
                }
            }
            self.mark_plateau(entrants)?;
            // An explicit number of rounds is always measured in full.
            if self.settings.rounds.is_none() && round >= 3 && is_settled(entrants) {
                break;
            }
        }
        Ok(())
    }

    /// Builds and verifies a service. Its errors are kept with it; only an interrupt ends the run.
    fn admit_service(
        &self,
        entrant: &mut Entrant<'_>,
        progress: &mut dyn Progress,
    ) -> Result<(), BenchError> {
        self.host.interrupt.check()?;
        let (service, contract) = (entrant.service, entrant.contract);
        progress.phase(service.id(), &BenchPhase::Build);
        let verified = self
            .host
            .build(service)
            .and_then(|()| verify(self.host, service, contract, progress));
        match verified {
            Ok(verification) => {
                if self.settings.resume.is_some() {
                    entrant.ledger.rounds = self.recorder.stored_rounds(service, contract.hash());
                    entrant.path =
                        Some(self.recorder.path(service.id())).filter(|path| path.exists());
                }
                entrant.verification = Some(verification);
            }
            Err(BenchError::Interrupted) => return Err(BenchError::Interrupted),
            Err(error) => entrant.error = Some(error),
        }
        Ok(())
    }

    /// Measures the driver's rate against the null responder.
    fn measure_ceiling(&mut self, progress: &mut dyn Progress) -> Result<(), BenchError> {
        progress.phase("", &BenchPhase::Ceiling);
        wait_for_quiet(&[], self.settings.quiet_limit, &self.host.interrupt);
        let null = NullResponder::start(&self.host.service_cores)?;
        let bytes = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", null.address).into_bytes();
        let running = driver::start(LoadPlan {
            address: null.address,
            connections: 64,
            model: WorkloadModel::Closed,
            requests: Arc::from([PreparedRequest {
                bytes,
                status: 200,
                unique: None,
            }]),
            judge: Arc::new(|_, body| body == BODY),
            seed: self.settings.seed,
            core: self.host.driver_core,
            limit: Duration::from_secs(5),
            timeout: Duration::from_secs(5),
        })?;
        let mut rates = Vec::new();
        while let Some(interval) = running.next_interval() {
            self.host.interrupt.check()?;
            // The first second includes connecting.
            if interval.number > 0 {
                rates.push(interval.goodput_rps());
            }
        }
        running.finish()?;
        self.recorder.ceiling_rps = statistics::mean(&rates).map(round_figure);
        self.recorder.null_variation = statistics::variation(&rates).map_or(0.0, round_figure);
        Ok(())
    }

    fn run_round(
        &self,
        entrant: &mut Entrant<'_>,
        round: u32,
        order: u32,
        progress: &mut dyn Progress,
    ) -> Result<(), BenchError> {
        match self.measure_round(entrant, round, order, progress) {
            Ok(measured) => {
                entrant.ledger.rounds.push(measured);
                self.store_evidence(entrant, progress)
            }
            Err(BenchError::Interrupted) => Err(BenchError::Interrupted),
            Err(error) => {
                entrant.error = Some(error);
                Ok(())
            }
        }
    }

    fn store_evidence(
        &self,
        entrant: &mut Entrant<'_>,
        progress: &mut dyn Progress,
    ) -> Result<(), BenchError> {
        let verification = entrant.verification.clone().unwrap_or_default();
        let path = self
            .recorder
            .store(entrant.service, &verification, &entrant.ledger)?;
        progress.stored(entrant.service.id(), &path);
        entrant.path = Some(path);
        Ok(())
    }

    /// Starts a fresh process and measures each operation in turn.
    fn measure_round(
        &self,
        entrant: &mut Entrant<'_>,
        round: u32,
        order: u32,
        progress: &mut dyn Progress,
    ) -> Result<RoundDoc, BenchError> {
        let (service, contract) = (entrant.service, entrant.contract);
        progress.phase(service.id(), &BenchPhase::Quiet);
        let quiet = wait_for_quiet(&[], self.settings.quiet_limit, &self.host.interrupt);
        progress.phase(service.id(), &BenchPhase::Start);
        let began = jiff::Timestamp::now().to_string();
        let instance = self.host.start(service, contract, StartDoc::Measured)?;
        let start_up = instance.start_up;
        let idle = instance.usage(true);
        let seed = seed_for(self.settings.seed, &format!("load of round {round}"));
        let mut operations = Entries::default();
        let mut cells: Vec<MeasuredCell> = Vec::new();
        let in_depth = self.settings.budget == Budget::Thorough;
        let (aftermath, instance) = Aftermath::begin(self.host, service, contract, instance);
        for (i, operation) in operation::measured_operations(self.settings, service, contract)
            .into_iter()
            .enumerate()
        {
            let load = OperationLoad::prepare(
                contract,
                operation,
                &instance,
                seed,
                self.host.driver_core,
            )?;
            let first = i == 0;
            let demand = Demand {
                first,
                latency: operation.latency,
                connections: operation.connections,
            };
            let measured = self.measure_operation(entrant, &load, &instance, demand, progress)?;
            entrant.ledger.add_remarks(self.remarks(&measured));
            let mut figures = figures::operation_figures(&measured);
            if first && in_depth {
                self.search_limit(entrant, &load, &instance, &mut figures, progress)?;
            }
            operations.push(&operation.operation, figures);
            cells.extend(measured);
        }
        progress.phase(service.id(), &BenchPhase::Stop);
        let good = cells.iter().map(MeasuredCell::all_good).sum();
        let (aftermath, instance) = aftermath.end(self.host, service, contract, instance, good);
        if let Some(what) = &aftermath.broken {
            entrant.ledger.add_remarks([RunRemark::Broken]);
            entrant.broken = Some(what.clone());
        }
        let ended = instance.stop();
        let measured = |cell: &MeasuredCell| CellDoc::Measured(Box::new(cell.to_doc(seed)));
        Ok(RoundDoc {
            round,
            order: Some(order),
            began_at: Some(began),
            quiet_before: Some(quiet),
            operations,
            process: figures::process_figures(start_up, &idle, &cells),
            after_load: Some(aftermath.figures),
            ended_well: Some(ended.is_some_and(|exit| exit.code == Some(0))),
            cells: cells.iter().map(measured).collect(),
            ..RoundDoc::default()
        })
    }

    /// Returns the remarks that the figures of these cells call for.
    fn remarks(&self, cells: &[MeasuredCell]) -> Vec<RunRemark> {
        let mut remarks = Vec::new();
        for cell in cells {
            if cell.noisy {
                remarks.push(RunRemark::Noisy);
            }
            if !cell.steady {
                remarks.push(RunRemark::Unsteady);
            }
            if cell.model != WorkloadModel::Closed {
                continue;
            }
            let bottleneck = Bottleneck {
                driver_cores: cell.driver_cores(),
                service_cores: cell.service_cores(),
                allowed_cores: self.host.service_cores.len().max(1) as f64,
                goodput_rps: cell.goodput_rps(),
                ceiling_rps: self.recorder.ceiling_rps,
                little: cell.little(),
                fastest_us: cell.latencies.min(),
            };
            remarks.extend(bottleneck.remarks());
        }
        remarks
    }

    /// Marks the services of a plateau. It shows only across services, so this runs after each round.
    fn mark_plateau(&self, entrants: &mut [Entrant<'_>]) -> Result<(), BenchError> {
        let mean_of = |entrant: &Entrant<'_>| {
            let rates: Vec<f64> = entrant
                .ledger
                .rounds
                .iter()
                .filter_map(first_capacity)
                .collect();
            statistics::mean(&rates).unwrap_or(0.0)
        };
        let rates: Vec<f64> = entrants.iter().map(mean_of).collect();
        if !is_plateau(&rates) {
            return Ok(());
        }
        let best = rates.iter().copied().fold(0.0, f64::max);
        for (entrant, rate) in entrants.iter_mut().zip(rates) {
            if rate * 1.01 >= best && !entrant.ledger.remarks.contains(&RunRemark::Plateau) {
                entrant.ledger.add_remarks([RunRemark::Plateau]);
                let verification = entrant.verification.clone().unwrap_or_default();
                self.recorder
                    .store(entrant.service, &verification, &entrant.ledger)?;
            }
        }
        Ok(())
    }
}

/// Whether the confidence interval of every pair is narrow enough to stop early.
fn is_settled(entrants: &[Entrant<'_>]) -> bool {
    let rates: Vec<Vec<f64>> = entrants
        .iter()
        .filter(|e| e.may_run())
        .map(|e| e.ledger.rounds.iter().filter_map(first_capacity).collect())
        .collect();
    let pairs = rates
        .iter()
        .enumerate()
        .flat_map(|(i, a)| rates[i + 1..].iter().map(move |b| (a, b)));
    let mut any = false;
    for (a, b) in pairs {
        any = true;
        if statistics::compare(a, b).is_none_or(|ratio| ratio.half_width() > statistics::NARROW) {
            return false;
        }
    }
    any
}
