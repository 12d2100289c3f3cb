//! The stub behind `DOWNSTREAM_URL`: real HTTP calls with real latency, so that a blocking service really blocks. It records which
//! order made which call, and how often.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::contract::Contract;
use super::error::BenchError;

/// Number of calls by `(path, order id)`.
type Calls = BTreeMap<(String, String), u64>;

/// A running stub. Dropping it closes its port.
#[derive(Debug)]
pub(crate) struct Downstream {
    shared: Arc<Shared>,
    address: (Ipv4Addr, u16),
}

#[derive(Debug)]
struct Shared {
    /// Paths with their latency (ms).
    paths: BTreeMap<String, u64>,
    calls: Mutex<Calls>,
    failing: AtomicBool,
    stopped: AtomicBool,
}

impl Downstream {
    /// Starts the contract's stub, if it has one, on the port of `{PORT:downstream}`.
    pub(crate) fn for_contract(
        contract: &Contract,
        places: &BTreeMap<String, String>,
    ) -> Result<Option<Self>, BenchError> {
        let port = places
            .get("PORT:downstream")
            .and_then(|port| port.parse::<u16>().ok());
        let Some(port) = port.filter(|_| !contract.downstream().is_empty()) else {
            return Ok(None);
        };
        let refused = |source| BenchError::Driver {
            operation: "start the downstream stub",
            source,
        };
        let address = (Ipv4Addr::LOCALHOST, port);
        let listener = TcpListener::bind(address).map_err(refused)?;
        let paths = contract.downstream().clone();
        let shared = Arc::new(Shared {
            paths,
            calls: Mutex::default(),
            failing: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::Builder::new()
            .name("downstream".to_owned())
            .spawn(move || accept_connections(&listener, &accepting))
            .map_err(refused)?;
        Ok(Some(Self { shared, address }))
    }

    /// Returns the calls so far.
    pub(crate) fn calls(&self) -> Calls {
        self.shared
            .calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Sets whether every call fails with 500.
    pub(crate) fn fail(&self, failing: bool) {
        self.shared.failing.store(failing, Ordering::SeqCst);
    }
}

impl Drop for Downstream {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // One last connection wakes the accepting thread.
        let _ = TcpStream::connect(self.address);
    }
}

fn accept_connections(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming().flatten() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let shared = Arc::clone(shared);
        // One thread per connection: a few hundred sleeping threads are cheap.
        let _ = thread::Builder::new()
            .stack_size(64 * 1024)
            .spawn(move || serve_connection(&stream, &shared));
    }
}

/// Responds until the connection ends. Errors are ignored: the service notices them.
fn serve_connection(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    // Idle connections time out, so that no thread outlives a run for long.
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut reader = BufReader::new(stream);
    while !shared.stopped.load(Ordering::SeqCst) {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            break;
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut length = 0;
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
                break;
            }
            let (name, value) = header.split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse::<u64>().unwrap_or(0).min(1 << 20);
            }
        }
        let mut body = Vec::new();
        (&mut reader).take(length).read_to_end(&mut body)?;
        let status = shared.told(&path, &body);
        (&mut &*stream)
            .write_all(format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}").as_bytes())?;
    }
    Ok(())
}

impl Shared {
    /// Records a call, waits for its latency and returns the status of the response.
    fn told(&self, path: &str, body: &[u8]) -> u16 {
        let Some(ms) = self.paths.get(path) else {
            return 404;
        };
        if self.failing.load(Ordering::SeqCst) {
            return 500;
        }
        let order = serde_json::from_slice::<Value>(body)
            .ok()
            .and_then(|body| body.get("order_id").cloned());
        let Some(order) = order else { return 400 };
        let order = order
            .as_str()
            .map_or_else(|| order.to_string(), str::to_owned);
        thread::sleep(Duration::from_millis(*ms));
        *self
            .calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry((path.to_owned(), order))
            .or_default() += 1;
        200
    }
}
