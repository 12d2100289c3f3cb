//! Benchmarks of services: the load driver, the protocol, verification and the supervisor, against services in this program.

mod driver;
mod processes;
mod repeated;
mod run;
mod supervisor;
#[cfg(target_os = "linux")]
mod terminal;
mod verify;
mod wrong_service;

/// The service under test: the other tests start this program with `--exact serve --ignored`.
#[test]
#[ignore = "the service under test, started by the other tests"]
fn serve() {
    wrong_service::serve();
}
