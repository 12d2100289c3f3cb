//! Builds a service from its manifest, starts it with the processes it depends on, and stops it. Every process runs behind a supervisor.

mod member;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub use self::member::ProcessExit;
use self::member::Supervised;
use super::contract::{Contract, to_hex};
use super::downstream::Downstream;
use super::error::BenchError;
use super::http::{HttpClient, HttpRequest};
use super::interrupt::Interrupt;
use super::manifest::{ReferenceService, fill_placeholders, find_program, join_arguments};
use super::supervisor::{self, SupervisorOrder};
use super::usage::{self, Usage};
use crate::import::file::FileError;
use crate::schema::bench::{ProcessDoc, StartDoc};

/// Time limits.
const BUILD_LIMIT: Duration = Duration::from_secs(20 * 60);
const PREPARE_LIMIT: Duration = Duration::from_secs(120);
const READY_LIMIT: Duration = Duration::from_secs(60);
/// The contract's limit for exiting after SIGTERM.
pub(crate) const END_LIMIT: Duration = Duration::from_secs(10);

/// How services run on this machine.
#[derive(Clone, Debug)]
pub struct Host {
    program: PathBuf,
    arguments: Vec<OsString>,
    /// Cores of a service and its processes; empty for all.
    pub service_cores: Vec<usize>,
    /// The load driver's core.
    pub driver_core: Option<usize>,
    /// Checked while waiting.
    pub interrupt: Interrupt,
}

impl Host {
    /// Makes a host with the service on the first core and the driver on the last. This program acts as supervisor.
    #[must_use]
    pub fn new(interrupt: Interrupt) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let (service_cores, driver_core) = if cores > 1 {
            (vec![0], Some(cores - 1))
        } else {
            (Vec::new(), None)
        };
        // The link, not its target: it stays valid when the file is replaced during a run.
        Self {
            program: PathBuf::from("/proc/self/exe"),
            arguments: vec![supervisor::SUBCOMMAND.into()],
            service_cores,
            driver_core,
            interrupt,
        }
    }

    /// Uses another program with `arguments` as supervisor, for callers other than `weigh`.
    #[must_use]
    pub fn supervised_by(mut self, program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        self.program = program.into();
        self.arguments = arguments.iter().map(OsString::from).collect();
        self
    }

    /// Runs the manifest's build commands.
    ///
    /// # Errors
    /// The command that failed, with the end of its output.
    pub fn build(&self, service: &ReferenceService) -> Result<(), BenchError> {
        let data = create_temporary_folder()?;
        let places = BTreeMap::from([
            ("FOLDER".to_owned(), path_text(&service.folder)),
            ("DATA".to_owned(), path_text(data.path())),
        ]);
        let environment: BTreeMap<String, String> = std::env::vars().collect();
        for command in &service.doc.build {
            self.run(
                service,
                command,
                &places,
                environment.clone(),
                data.path(),
                BUILD_LIMIT,
            )?;
        }
        Ok(())
    }

    /// Starts a service and waits until it is ready.
    ///
    /// # Errors
    /// A process that could not be started, exited, or was not ready in time, with the end of its log.
    pub fn start(
        &self,
        service: &ReferenceService,
        contract: &Contract,
        start: StartDoc,
    ) -> Result<Instance, BenchError> {
        let data = create_temporary_folder()?;
        let names: Vec<&str> = service
            .doc
            .processes
            .iter()
            .map(|p| p.name.as_str())
            .collect();
        let places = service_placeholders(service, contract, data.path(), &names)?;
        let downstream = Downstream::for_contract(contract, &places)?;
        let mut members = Vec::new();
        for process in &service.doc.processes {
            members.push(self.lean_on(service, process, &places, data.path())?);
        }
        let secret = generate_secret()?;
        let mut environment = inherited_environment();
        for (name, value) in contract.environment().chain(&service.doc.environment) {
            environment.insert(name.clone(), fill_placeholders(value, &places));
        }
        let (log, faults) = if start == StartDoc::Faults {
            ("access", "1")
        } else {
            ("off", "0")
        };
        let workers = service.doc.workers.to_string();
        for (name, value) in [
            ("PORT", places["PORT"].as_str()),
            ("WORKERS", &workers),
            ("JWT_SECRET", &secret),
            ("LOG", log),
            ("FAULTS", faults),
        ] {
            environment.insert(name.to_owned(), value.to_owned());
        }
        let order = self.order(
            service,
            &service.doc.start,
            &places,
            environment,
            &data.path().join("service.log"),
        );
        let began = Instant::now();
        let member = Supervised::start(self, service.id(), order.clone())?;
        members.push(member);
        let port = places["PORT"].parse().expect("we chose the port ourselves");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut instance = Instance {
            name: service.id().to_owned(),
            address,
            secret,
            members,
            start_up: Duration::ZERO,
            places,
            downstream,
            order,
            data,
        };
        instance.start_up = self.wait_ready(&mut instance, began)?;
        Ok(instance)
    }

    /// Starts a broker or database and waits until its port accepts connections.
    fn lean_on(
        &self,
        service: &ReferenceService,
        process: &ProcessDoc,
        places: &BTreeMap<String, String>,
        data: &Path,
    ) -> Result<Supervised, BenchError> {
        let mut environment = inherited_environment();
        environment.extend(
            process
                .environment
                .iter()
                .map(|(name, value)| (name.clone(), fill_placeholders(value, places))),
        );
        let run_all = |commands: &[Vec<String>]| -> Result<(), BenchError> {
            for command in commands {
                let own = environment.clone();
                self.run(service, command, places, own, data, PREPARE_LIMIT)?;
            }
            Ok(())
        };
        run_all(&process.prepare)?;
        let log = data.join(format!("{}.log", process.name));
        let order = self.order(service, &process.start, places, environment.clone(), &log);
        let mut member = Supervised::start(self, &process.name, order)?;
        let port = process.ready.tcp.as_deref().map_or_else(
            || places[&format!("PORT:{}", process.name)].clone(),
            |p| fill_placeholders(p, places),
        );
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.parse().unwrap_or(0)));
        let limit = process
            .ready
            .seconds
            .map_or(READY_LIMIT, Duration::from_secs_f64);
        let deadline = Instant::now() + limit;
        while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
            member.check(&self.interrupt)?;
            if Instant::now() > deadline {
                return Err(BenchError::NotReady {
                    service: process.name.clone(),
                    seconds: limit.as_secs_f64(),
                    log: member.log_tail(),
                });
            }
            thread::sleep(Duration::from_millis(20));
        }
        run_all(&process.after)?;
        Ok(member)
    }

    /// Polls `/readyz` and returns the time from the start to the first good response.
    fn wait_ready(&self, instance: &mut Instance, began: Instant) -> Result<Duration, BenchError> {
        let mut client = HttpClient::new(instance.address, Duration::from_secs(2));
        loop {
            if client
                .send(&HttpRequest::get("/readyz"))
                .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(began.elapsed());
            }
            for member in &mut instance.members {
                member.check(&self.interrupt)?;
            }
            let waited = began.elapsed();
            if waited > READY_LIMIT {
                return Err(BenchError::NotReady {
                    service: instance.name.clone(),
                    seconds: READY_LIMIT.as_secs_f64(),
                    log: instance.log_tail(),
                });
            }
            // Polling slows down the start-up it measures, so the interval grows with time.
            thread::sleep((waited / 50).clamp(Duration::from_millis(2), Duration::from_millis(50)));
        }
    }

    /// Runs a command until it exits.
    fn run(
        &self,
        service: &ReferenceService,
        command: &[String],
        places: &BTreeMap<String, String>,
        environment: BTreeMap<String, String>,
        data: &Path,
        limit: Duration,
    ) -> Result<(), BenchError> {
        let log = tempfile::NamedTempFile::new_in(data).map_err(FileError::writing(data))?;
        let mut order = self.order(service, command, places, environment, log.path());
        // A build is not measured, so it may use every core.
        order.cores = Vec::new();
        let shown = join_arguments(&order.arguments);
        let mut member = Supervised::start(self, &shown, order)?;
        let deadline = Instant::now() + limit;
        loop {
            match member.wait(Duration::from_millis(200)) {
                Some(ProcessExit { code: Some(0), .. }) => return Ok(()),
                Some(exit) => {
                    return Err(BenchError::Failed {
                        command: shown,
                        status: exit.how,
                        log: member.log_tail(),
                    });
                }
                None => self.interrupt.check()?,
            }
            if Instant::now() > deadline {
                return Err(BenchError::TooLong {
                    command: shown,
                    seconds: limit.as_secs_f64(),
                    log: member.log_tail(),
                });
            }
        }
    }

    fn order(
        &self,
        service: &ReferenceService,
        command: &[String],
        places: &BTreeMap<String, String>,
        environment: BTreeMap<String, String>,
        log: &Path,
    ) -> SupervisorOrder {
        let mut arguments: Vec<String> = command
            .iter()
            .map(|argument| fill_placeholders(argument, places))
            .collect();
        if let Some(program) = arguments.first_mut() {
            let place = if program.contains('/') {
                Some(service.folder.join(&*program))
            } else {
                find_program(program)
            };
            if let Some(place) = place {
                *program = path_text(&place);
            }
        }
        SupervisorOrder {
            arguments,
            environment,
            folder: service.folder.clone(),
            log: log.to_owned(),
            data: log.parent().map(Path::to_owned),
            cores: self.service_cores.clone(),
        }
    }
}

/// A running service with the processes it depends on. Dropping it ends all of them.
#[derive(Debug)]
pub struct Instance {
    name: String,
    /// The address it listens on.
    pub address: SocketAddr,
    /// Its `JWT_SECRET`.
    pub secret: String,
    /// Time from its start to the first good response.
    pub start_up: Duration,
    members: Vec<Supervised>,
    places: BTreeMap<String, String>,
    pub(crate) downstream: Option<Downstream>,
    /// How the service was started, to start it again.
    order: SupervisorOrder,
    // Declared after the members, so that their files are removed after they have exited.
    data: TempDir,
}

impl Instance {
    /// Returns the ids of the main processes: the service's and those it depends on.
    #[must_use]
    pub fn roots(&self) -> Vec<u32> {
        self.members.iter().map(|m| m.process).collect()
    }

    /// Returns what the whole process tree uses now.
    #[must_use]
    pub fn usage(&self, memory: bool) -> Usage {
        usage::read_processes().usage(&self.roots(), memory)
    }

    /// Returns the service's log so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.members.last().map(Supervised::log).unwrap_or_default()
    }

    /// Returns the port of a named process.
    #[must_use]
    pub fn port(&self, name: &str) -> Option<u16> {
        self.places.get(&format!("PORT:{name}"))?.parse().ok()
    }

    fn log_tail(&self) -> String {
        self.members
            .last()
            .map(Supervised::log_tail)
            .unwrap_or_default()
    }

    /// Returns an error if any of its processes has exited.
    ///
    /// # Errors
    /// [`BenchError::Ended`] with the end of its log.
    pub fn check(&mut self, interrupt: &Interrupt) -> Result<(), BenchError> {
        self.members
            .iter_mut()
            .try_for_each(|member| member.check(interrupt))
    }

    /// Kills a process it depends on, as a power failure would. Returns whether there is one of that name.
    pub(crate) fn kill(&mut self, name: &str) -> bool {
        let found = self.members.iter_mut().find(|member| member.name == name);
        found.is_some_and(|member| {
            member.order("kill");
            member.wait(END_LIMIT).is_some()
        })
    }

    /// Kills the service and its processes, as a power failure would, and restarts everything on the old files. Returns the time
    /// until it is ready again.
    pub(crate) fn crash(
        &mut self,
        host: &Host,
        service: &ReferenceService,
    ) -> Result<Duration, BenchError> {
        // Kill all before waiting: a service that outlives its database by a moment could still respond.
        self.members
            .iter_mut()
            .for_each(|member| member.order("kill"));
        for member in &mut self.members {
            member.wait(END_LIMIT);
        }
        let began = Instant::now();
        for process in &service.doc.processes {
            self.restart(host, service, &process.name)?;
        }
        let again = Supervised::start(host, service.id(), self.order.clone())?;
        if let Some(last) = self.members.last_mut() {
            *last = again;
        }
        host.wait_ready(self, began)
    }

    /// Restarts a killed process on its old port and with its old files.
    pub(crate) fn restart(
        &mut self,
        host: &Host,
        service: &ReferenceService,
        name: &str,
    ) -> Result<(), BenchError> {
        let Some(process) = service
            .doc
            .processes
            .iter()
            .find(|process| process.name == name)
        else {
            return Ok(());
        };
        let Some(place) = self.members.iter().position(|member| member.name == name) else {
            return Ok(());
        };
        let process = ProcessDoc {
            prepare: Vec::new(),
            after: Vec::new(),
            ..process.clone()
        };
        self.members[place] = host.lean_on(service, &process, &self.places, self.data.path())?;
        Ok(())
    }

    /// Sends SIGTERM to the service's process group.
    pub fn terminate(&mut self) {
        if let Some(member) = self.members.last_mut() {
            member.terminate();
        }
    }

    /// Waits at most `limit` for the service to exit and returns how it did.
    pub fn wait(&mut self, limit: Duration) -> Option<ProcessExit> {
        self.members.last_mut()?.wait(limit)
    }

    /// Stops everything with SIGTERM, then SIGKILL after the contract's limit. Returns how the service exited.
    pub fn stop(mut self) -> Option<ProcessExit> {
        self.terminate();
        let exit = self.wait(END_LIMIT);
        // In reverse order of their start. Each supervisor kills what is left.
        while self.members.pop().is_some() {}
        exit
    }
}

/// Makes a private folder. Servers that refuse to run as root must be able to enter it.
fn create_temporary_folder() -> Result<TempDir, BenchError> {
    let refused = |error| FileError::writing(std::env::temp_dir())(error);
    let folder = tempfile::Builder::new()
        .prefix(supervisor::DATA_PREFIX)
        .tempdir()
        .map_err(refused)?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).map_err(refused)?;
    Ok(folder)
}

/// Returns a new 256-bit signing key for each start, so that a service with a fixed key fails verification.
fn generate_secret() -> Result<String, BenchError> {
    let path = Path::new("/dev/urandom");
    let mut bytes = [0; 32];
    let read = fs::File::open(path).and_then(|mut source| source.read_exact(&mut bytes));
    read.map_err(FileError::reading(path))?;
    Ok(to_hex(&bytes))
}

/// Returns the values of a manifest's placeholders for this start.
fn service_placeholders(
    service: &ReferenceService,
    contract: &Contract,
    data: &Path,
    names: &[&str],
) -> Result<BTreeMap<String, String>, BenchError> {
    let mut keys = vec!["PORT".to_owned()];
    keys.extend(names.iter().map(|name| format!("PORT:{name}")));
    let doc = &service.doc;
    let commands = doc.processes.iter().flat_map(|p| {
        p.prepare
            .iter()
            .chain(&p.after)
            .flatten()
            .chain(&p.start)
            .chain(p.environment.values())
    });
    for text in commands
        .chain(&doc.start)
        .chain(doc.environment.values())
        .chain(contract.environment().map(|(_, value)| value))
    {
        for part in text.split("{PORT:").skip(1) {
            keys.extend(part.split_once('}').map(|(name, _)| format!("PORT:{name}")));
        }
    }
    let mut places = BTreeMap::from([
        ("FOLDER".to_owned(), path_text(&service.folder)),
        ("DATA".to_owned(), path_text(data)),
    ]);
    // All ports at once, so that no two are the same.
    let mut held = Vec::new();
    for key in keys {
        let refused = |source| BenchError::Driver {
            operation: "find a free port",
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(refused)?;
        places.insert(
            key,
            listener.local_addr().map_err(refused)?.port().to_string(),
        );
        held.push(listener);
    }
    Ok(places)
}

/// Returns the part of our environment that a measured process sees: enough to find programs, nothing that changes its behaviour.
fn inherited_environment() -> BTreeMap<String, String> {
    let kept = ["PATH", "HOME", "JAVA_HOME", "LANG", "TMPDIR", "USER"];
    kept.iter()
        .filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)))
        .collect()
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
