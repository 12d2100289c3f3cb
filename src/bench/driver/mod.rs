//! The load driver: one thread, `mio` for readiness, `httparse` for answers, `hdrhistogram` for latencies.
//!
//! *Closed loop*: N connections, each sends when its answer has come. It gives capacity; its percentiles hide stalls, because
//! nobody asks while the service stalls. *Open loop*: requests are due at a fixed rate whatever the service does, and latency is
//! counted from when a request was due, the wait for a free connection included: what users feel.
//!
//! Load goes to the loopback interface only and is bounded in time and count. Start at [`start`]; the loop is in `engine`.

mod connection;
mod engine;
pub mod null;
mod slot;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub use slot::{Latencies, Slot};

use self::engine::Engine;
use super::error::BenchError;
use super::supervisor::pin;
pub use crate::schema::evidence::Arrivals;

/// No load lasts longer.
pub const LONGEST: Duration = Duration::from_secs(600);
/// No load sends more.
pub const MOST_REQUESTS: u64 = 200_000_000;
/// One body in so many is compared.
pub const SAMPLE: u64 = 1000;

/// Orders to the loop: go on; send no more, but hear what is still to come; leave at once.
const GO_ON: u8 = 0;
const END: u8 = 1;
const ABANDON: u8 = 2;

/// When requests are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Model {
    /// Each connection sends when its answer has come.
    Closed,
    /// Requests are due at `rate_rps` (requests/s).
    Open {
        /// Offered rate (requests/s).
        rate_rps: f64,
        /// How they are spread.
        arrivals: Arrivals,
    },
}

/// A request as bytes, with the status that counts as good.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The request on the wire.
    pub bytes: Vec<u8>,
    /// The status of a good answer.
    pub status: u16,
    /// Where 16 digits stand that differ in every request sent: an idempotency key.
    pub unique: Option<usize>,
}

/// Compares a sampled body: the index of the request, the body.
pub type Judge = Arc<dyn Fn(usize, &[u8]) -> bool + Send + Sync>;

/// A load.
#[derive(Clone)]
pub struct Plan {
    /// Where to; loopback only.
    pub address: SocketAddr,
    /// Connections.
    pub connections: usize,
    /// Closed or open loop.
    pub model: Model,
    /// The requests, sent in turn from a beginning that the seed chooses.
    pub requests: Arc<[Prepared]>,
    /// Whether a body is right.
    pub judge: Judge,
    /// Seed of arrivals and order.
    pub seed: u64,
    /// The driver's core.
    pub core: Option<usize>,
    /// When it ends by itself; at most [`LONGEST`].
    pub limit: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// What remained when the load ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// Requests that were due but not answered.
    pub unanswered: u64,
    /// The age of the oldest of them (us).
    pub oldest_us: u64,
}

/// A load under way. Dropping it ends the load and leaves what is unanswered.
#[derive(Debug)]
pub struct Running {
    slots: Receiver<Slot>,
    order: Arc<AtomicU8>,
    thread: Option<JoinHandle<Result<Rest, BenchError>>>,
}

/// Starts a load on a thread of its own.
///
/// # Errors
/// [`BenchError::NotLoopback`] for any other address, [`BenchError::Driver`] where the system refuses sockets.
pub fn start(plan: Plan) -> Result<Running, BenchError> {
    if !plan.address.ip().is_loopback() {
        return Err(BenchError::NotLoopback {
            address: plan.address,
        });
    }
    let order = Arc::new(AtomicU8::new(GO_ON));
    let (sender, slots) = channel();
    let engine = Engine::new(plan.clone(), Arc::clone(&order), sender)?;
    let thread = thread::Builder::new()
        .name("driver".to_owned())
        .spawn(move || {
            if let Some(core) = plan.core {
                // Where pinning is not allowed the load still runs; the environment records the cores.
                let _ = pin(&[core]);
            }
            engine.run()
        });
    let thread = thread.map_err(|source| BenchError::Driver {
        operation: "start its thread",
        source,
    })?;
    Ok(Running {
        slots,
        order,
        thread: Some(thread),
    })
}

impl Running {
    /// The next finished second; `None` once the load has ended.
    pub fn next_slot(&self) -> Option<Slot> {
        self.slots.recv().ok()
    }

    /// The next finished second, if it comes within `wait`. `Err` once the load has ended.
    ///
    /// # Errors
    /// Where no further slot will come.
    pub fn slot_within(&self, wait: Duration) -> Result<Option<Slot>, Ended> {
        match self.slots.recv_timeout(wait) {
            Ok(slot) => Ok(Some(slot)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Ended),
        }
    }

    /// Ends the load: nothing more is sent, and what was sent is answered, as far as it comes within the plan's timeout.
    ///
    /// # Errors
    /// What stopped the driver before.
    pub fn finish(mut self) -> Result<Rest, BenchError> {
        self.end(END)
    }

    fn end(&mut self, order: u8) -> Result<Rest, BenchError> {
        self.order.store(order, Ordering::Relaxed);
        self.thread.take().map_or(Ok(Rest::default()), |thread| {
            thread.join().expect("the driver does not panic")
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.end(ABANDON);
    }
}

/// The beginning of a load's serial numbers: the clock's nanoseconds leave room for a billion a second.
fn fresh_serial() -> u64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(0)
}

/// The load has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended;
