//! What a run tells while it works. The room never prints: `cli` draws.

use super::noise::Noise;
use super::verify::Failure;

/// What is being done with a service.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// Its build commands run.
    Build,
    /// It is started.
    Start,
    /// Its contract is checked.
    Verify {
        /// How many steps there are in this start.
        steps: usize,
    },
    /// The driver's own ceiling is measured against the null responder.
    Ceiling,
    /// Others use the machine: a quiet second is waited for.
    Quiet,
    /// Load until the rate is steady.
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
    /// The largest rate that holds the objective is looked for.
    Search {
        /// The operation.
        operation: String,
    },
    /// It is ended.
    Stop,
}

/// One second of load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlotView {
    /// Verified 2xx in this second (requests/s).
    pub goodput_rps: f64,
    /// 99th percentile of this second (us).
    pub p99_us: u64,
    /// Who else used the machine.
    pub noise: Noise,
}

/// Told what happens; every method may be left as it is.
pub trait Progress {
    /// A round begins: its number from 1, how many there are, its services in order.
    fn round(&mut self, _round: u32, _rounds: u32, _order: &[String]) {}
    /// A service enters a phase.
    fn phase(&mut self, _service: &str, _phase: &Phase) {}
    /// A step of its contract was checked.
    fn step(&mut self, _service: &str, _step: &str, _failure: Option<&Failure>) {}
    /// A second of load is over.
    fn slot(&mut self, _service: &str, _slot: &SlotView) {}
    /// An evidence file was written.
    fn stored(&mut self, _service: &str, _path: &std::path::Path) {}
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
