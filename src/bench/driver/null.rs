//! The null responder: a server that only responds. The driver's rate against it is the driver's ceiling.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use crate::bench::error::BenchError;
use crate::bench::supervisor::pin_to_cores;

/// The body of every response.
pub const BODY: &[u8] = b"{\"status\":\"ok\"}";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}";
const LISTENER: Token = Token(usize::MAX);

/// A null responder on a free loopback port. Dropping it stops it.
#[derive(Debug)]
pub struct NullResponder {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl NullResponder {
    /// Starts a null responder, pinned to these cores if any are given.
    ///
    /// # Errors
    /// Where the system refuses a socket or a thread.
    pub fn start(cores: &[usize]) -> Result<Self, BenchError> {
        let refused = |source| BenchError::Driver {
            operation: "start the null responder",
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0).into()).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let stop = Arc::new(AtomicBool::new(false));
        let (ends, cores) = (Arc::clone(&stop), cores.to_vec());
        let thread = thread::Builder::new()
            .name("null".to_owned())
            .spawn(move || {
                if !cores.is_empty() {
                    let _ = pin_to_cores(&cores);
                }
                serve_connections(listener, &ends)
            });
        Ok(Self {
            address,
            stop,
            thread: Some(thread.map_err(refused)?),
        })
    }
}

impl Drop for NullResponder {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve_connections(mut listener: TcpListener, stop: &AtomicBool) -> io::Result<()> {
    let mut poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut events = Events::with_capacity(1024);
    let mut streams: Vec<Option<TcpStream>> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        match poll.poll(&mut events, Some(Duration::from_millis(100))) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((mut stream, _)) = listener.accept() {
                    stream.set_nodelay(true)?;
                    poll.registry().register(
                        &mut stream,
                        Token(streams.len()),
                        Interest::READABLE,
                    )?;
                    streams.push(Some(stream));
                }
            } else if let Some(place) = streams.get_mut(event.token().0)
                && place
                    .as_mut()
                    .is_some_and(|stream| answer_requests(stream).is_err())
            {
                *place = None;
            }
        }
    }
    Ok(())
}

/// Responds to each complete request without a body.
fn answer_requests(stream: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                if buffer[..n].ends_with(b"\r\n\r\n") {
                    stream.write_all(ANSWER)?;
                }
                if n < buffer.len() {
                    return Ok(());
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
