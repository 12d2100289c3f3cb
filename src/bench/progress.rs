//! Progress of a run. This module never prints; `cli` draws.

use super::interference::Interference;
use super::verify::StepFailure;

/// What is happening to a service.
#[derive(Clone, Debug, PartialEq)]
pub enum BenchPhase {
    /// Its build commands are running.
    Build,
    /// It is starting.
    Start,
    /// Its contract is being checked.
    Verify {
        /// Number of steps in this start.
        steps: usize,
    },
    /// The driver's ceiling is being measured against the null responder.
    Ceiling,
    /// Waiting for a second without interference.
    Quiet,
    /// Load is running until the rate is steady.
    WarmUp {
        /// The operation.
        operation: String,
    },
    /// Closed loop.
    Closed {
        /// The operation.
        operation: String,
        /// Connections.
        connections: usize,
    },
    /// Open loop.
    Open {
        /// The operation.
        operation: String,
        /// Offered rate (requests/s).
        rate_rps: f64,
    },
    /// Searching for the largest rate that meets the objective.
    Search {
        /// The operation.
        operation: String,
    },
    /// It is stopping.
    Stop,
}

/// One second of load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntervalView {
    /// Rate of good responses in this second (requests/s).
    pub goodput_rps: f64,
    /// 99th percentile of this second (us).
    pub p99_us: u64,
    /// Interference in this second.
    pub noise: Interference,
}

/// Receives progress. Every method has an empty default.
pub trait Progress {
    /// A round begins: its number from 1, the number of rounds, its services in order.
    fn round(&mut self, _round: u32, _rounds: u32, _order: &[String]) {}
    /// A service enters a phase.
    fn phase(&mut self, _service: &str, _phase: &BenchPhase) {}
    /// A step of its contract was checked.
    fn step(&mut self, _service: &str, _step: &str, _failure: Option<&StepFailure>) {}
    /// A second of load is over.
    fn interval(&mut self, _service: &str, _slot: &IntervalView) {}
    /// An evidence file was written.
    fn stored(&mut self, _service: &str, _path: &std::path::Path) {}
}

/// Ignores all progress.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
