//! The load driver: one thread, `mio` for readiness, `httparse` for responses, `hdrhistogram` for latencies.
//!
//! In the *closed* workload model each of N connections sends its next request when it has the response to the last one. It shows the
//! capacity. Its percentiles are subject to *coordinated omission*: while the service stalls, no requests are sent, so their wait is
//! missing. In the *open* workload model requests are due at a given rate whatever the service does. Latency is counted from the
//! *intended send time*, including the wait for a free connection, which avoids coordinated omission.
//!
//! Load is only sent to loopback addresses and is bounded in time and count. Start at [`start`]; the loop is in `engine`.

mod connection;
mod engine;
mod interval;
pub mod null;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub use interval::{Latencies, LoadInterval};

use self::engine::LoadEngine;
use super::error::BenchError;
use super::supervisor::pin_to_cores;
pub use crate::schema::evidence::Arrivals;

/// Maximum duration of a load.
pub const LONGEST: Duration = Duration::from_secs(600);
/// Maximum number of requests of a load.
pub const MOST_REQUESTS: u64 = 200_000_000;
/// One response body in this many is compared.
pub const SAMPLE: u64 = 1000;

/// Orders to the loop: go on; send no more but await outstanding responses; stop at once.
const GO_ON: u8 = 0;
const END: u8 = 1;
const ABANDON: u8 = 2;

/// When requests are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WorkloadModel {
    /// Each connection sends its next request when it has the response to the last one.
    Closed,
    /// Requests are due at `rate_rps` (requests/s).
    Open {
        /// Offered rate (requests/s).
        rate_rps: f64,
        /// Spacing of the requests.
        arrivals: Arrivals,
    },
}

/// A request as bytes, with the status that counts as good.
#[derive(Clone, Debug)]
pub struct PreparedRequest {
    /// The request on the wire.
    pub bytes: Vec<u8>,
    /// The status of a good response.
    pub status: u16,
    /// Offset of 16 digits that differ in every request sent, for an idempotency key.
    pub unique: Option<usize>,
}

/// Checks a response body, given the index of its request.
pub type BodyCheck = Arc<dyn Fn(usize, &[u8]) -> bool + Send + Sync>;

/// What load to generate.
#[derive(Clone)]
pub struct LoadPlan {
    /// The service's address, which must be a loopback address.
    pub address: SocketAddr,
    /// Number of connections; in an open loop the largest number.
    pub connections: usize,
    /// Closed or open loop.
    pub model: WorkloadModel,
    /// The requests, sent in turn. The seed chooses the first.
    pub requests: Arc<[PreparedRequest]>,
    /// Checks sampled response bodies.
    pub judge: BodyCheck,
    /// Seed of arrivals and order.
    pub seed: u64,
    /// Core that the driver is pinned to.
    pub core: Option<usize>,
    /// Duration after which it ends by itself; at most [`LONGEST`].
    pub limit: Duration,
    /// How long a response may take.
    pub timeout: Duration,
}

/// What remained when the load ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadRemainder {
    /// Requests that were due and have no response.
    pub unanswered: u64,
    /// Age of the oldest of them (us).
    pub oldest_us: u64,
}

/// A running load. Dropping it stops the load at once.
#[derive(Debug)]
pub struct Running {
    intervals: Receiver<LoadInterval>,
    order: Arc<AtomicU8>,
    thread: Option<JoinHandle<Result<LoadRemainder, BenchError>>>,
}

/// Starts a load on a separate thread.
///
/// # Errors
/// [`BenchError::NotLoopback`] for any other address, [`BenchError::Driver`] where the system refuses sockets.
pub fn start(plan: LoadPlan) -> Result<Running, BenchError> {
    if !plan.address.ip().is_loopback() {
        return Err(BenchError::NotLoopback {
            address: plan.address,
        });
    }
    let order = Arc::new(AtomicU8::new(GO_ON));
    let (sender, intervals) = channel();
    let engine = LoadEngine::new(plan.clone(), Arc::clone(&order), sender)?;
    let thread = thread::Builder::new()
        .name("driver".to_owned())
        .spawn(move || {
            if let Some(core) = plan.core {
                // Without permission to pin the load still runs; the environment records the cores.
                let _ = pin_to_cores(&[core]);
            }
            engine.run()
        });
    let thread = thread.map_err(|source| BenchError::Driver {
        operation: "start its thread",
        source,
    })?;
    Ok(Running {
        intervals,
        order,
        thread: Some(thread),
    })
}

impl Running {
    /// Waits for the next finished second; `None` once the load has ended.
    pub fn next_interval(&self) -> Option<LoadInterval> {
        self.intervals.recv().ok()
    }

    /// Waits at most `wait` for the next finished second. Returns `Err` once the load has ended.
    ///
    /// # Errors
    /// [`Ended`] once the load has ended.
    pub fn interval_within(&self, wait: Duration) -> Result<Option<LoadInterval>, Ended> {
        match self.intervals.recv_timeout(wait) {
            Ok(interval) => Ok(Some(interval)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Ended),
        }
    }

    /// Ends the load: sends nothing more, and awaits outstanding responses for at most the plan's timeout.
    ///
    /// # Errors
    /// The error that stopped the driver.
    pub fn finish(mut self) -> Result<LoadRemainder, BenchError> {
        self.end(END)
    }

    fn end(&mut self, order: u8) -> Result<LoadRemainder, BenchError> {
        self.order.store(order, Ordering::Relaxed);
        self.thread
            .take()
            .map_or(Ok(LoadRemainder::default()), |thread| {
                thread.join().expect("the driver does not panic")
            })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.end(ABANDON);
    }
}

/// Returns the first serial number of a load: the clock's nanoseconds, which no load of this machine can catch up with.
fn fresh_serial() -> u64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(0)
}

/// The load has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended;
