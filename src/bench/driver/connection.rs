//! One connection of the driver: what it sends, and how much of the response has arrived.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::PreparedRequest;
use crate::bench::wire::{self, Framing, Head};

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConnectionState {
    /// Nothing. It is free, whether open or not.
    Idle,
    /// The connection to be established.
    Connecting,
    /// The socket to take the rest of the request.
    Writing,
    /// The response.
    Waiting,
}

/// A request that is due or sent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PendingRequest {
    /// Index of the request.
    pub(super) request: usize,
    /// The intended send time; in a closed loop, the actual one (ns since the start).
    pub(super) intended: u64,
    /// Its number among all requests of the run. A repeated request keeps it.
    pub(super) serial: u64,
    /// Whether it was sent before, on a connection that the server had closed.
    pub(super) again: bool,
}

/// What a readable connection has delivered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    /// Not yet the whole response.
    Nothing,
    /// The whole response.
    HttpResponse {
        status: u16,
        keep_alive: bool,
        bytes: usize,
    },
    /// The connection was closed before the response.
    Closed,
    /// The bytes are not HTTP.
    Malformed,
}

pub(super) struct Connection {
    pub(super) state: ConnectionState,
    pub(super) pending: PendingRequest,
    stream: Option<TcpStream>,
    /// This connection's copy of the request, where each request differs.
    own: Vec<u8>,
    buffer: Vec<u8>,
    filled: usize,
    written: usize,
    head: Option<Head>,
    /// Responses on this stream so far.
    served: u64,
}

/// Number of digits of the unique part.
pub(super) const UNIQUE: usize = 16;
const BUFFER: usize = 8 * 1024;
/// Maximum size of a response (bytes).
const LARGEST: usize = 8 << 20;

impl Connection {
    pub(super) fn new() -> Self {
        let pending = PendingRequest::default();
        Self {
            state: ConnectionState::Idle,
            pending,
            stream: None,
            own: Vec::new(),
            buffer: vec![0; BUFFER],
            filled: 0,
            written: 0,
            head: None,
            served: 0,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.stream.is_some()
    }

    /// Whether a lost connection is not an error: the server closed it while it was idle, as it may.
    pub(super) fn was_idle_before(&self) -> bool {
        self.served > 0 && self.filled == 0 && !self.pending.again
    }

    pub(super) fn connect(
        &mut self,
        address: SocketAddr,
        token: Token,
        registry: &Registry,
    ) -> io::Result<()> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        // Both interests once: with edge triggering, a writable connection causes no wake-ups.
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        (self.stream, self.served, self.state) = (Some(stream), 0, ConnectionState::Connecting);
        Ok(())
    }

    /// Whether a connecting stream is connected. An error means that it was refused.
    pub(super) fn is_connected(&self) -> io::Result<bool> {
        let Some(stream) = &self.stream else {
            return Err(ErrorKind::NotConnected.into());
        };
        if let Some(error) = stream.take_error()? {
            return Err(error);
        }
        match stream.peer_addr() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Starts to send a request.
    pub(super) fn send(&mut self, request: &PreparedRequest) -> io::Result<()> {
        (self.written, self.filled, self.head) = (0, 0, None);
        if let Some(at) = request.unique {
            self.own.clone_from(&request.bytes);
            self.own[at..at + UNIQUE]
                .copy_from_slice(format!("{:016x}", self.pending.serial).as_bytes());
        }
        self.continue_sending(request)
    }

    /// Sends the rest of the request, as far as the socket takes it.
    pub(super) fn continue_sending(&mut self, request: &PreparedRequest) -> io::Result<()> {
        let Some(stream) = &mut self.stream else {
            return Err(ErrorKind::NotConnected.into());
        };
        let request: &[u8] = if request.unique.is_some() {
            &self.own
        } else {
            &request.bytes
        };
        while self.written < request.len() {
            match stream.write(&request[self.written..]) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => self.written += n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.state = ConnectionState::Writing;
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.state = ConnectionState::Waiting;
        Ok(())
    }

    /// Reads what has arrived.
    pub(super) fn receive(&mut self) -> Received {
        loop {
            let Some(stream) = &mut self.stream else {
                return Received::Closed;
            };
            if self.filled == self.buffer.len() {
                if self.filled >= LARGEST {
                    return Received::Malformed;
                }
                self.buffer.resize(self.filled * 2, 0);
            }
            let room = self.buffer.len() - self.filled;
            match stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => return self.at_end(),
                Ok(n) => {
                    self.filled += n;
                    match self.parse() {
                        // A read that did not fill the buffer emptied the socket, so the next bytes cause a new event.
                        Received::Nothing if n < room => return Received::Nothing,
                        Received::Nothing => {}
                        heard => return heard,
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Received::Nothing,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Received::Closed,
            }
        }
    }

    fn parse(&mut self) -> Received {
        let head = match self.head {
            Some(head) => head,
            None => match wire::parse_head(&self.buffer[..self.filled]) {
                Ok(Some(head)) if head.status < 200 => {
                    // Interim responses such as 100 Continue do not count.
                    self.buffer.copy_within(head.length..self.filled, 0);
                    self.filled -= head.length;
                    return self.parse();
                }
                Ok(Some(head)) => *self.head.insert(head),
                Ok(None) => return Received::Nothing,
                Err(wire::Malformed) => return Received::Malformed,
            },
        };
        let whole = match head.framing {
            Framing::Length(n) => (self.filled >= head.length + n).then_some(head.length + n),
            Framing::Chunked => {
                match wire::parse_chunked(&self.buffer[head.length..self.filled], None) {
                    Ok(length) => length.map(|n| head.length + n),
                    Err(wire::Malformed) => return Received::Malformed,
                }
            }
            Framing::ToClose => None,
        };
        match whole {
            // Bytes after the response belong to no request.
            Some(length) if length < self.filled => Received::Malformed,
            Some(length) => self.received(&head, length),
            None => Received::Nothing,
        }
    }

    fn at_end(&mut self) -> Received {
        match self.head {
            Some(head) if head.framing == Framing::ToClose => self.received(&head, self.filled),
            _ => Received::Closed,
        }
    }

    fn received(&mut self, head: &Head, bytes: usize) -> Received {
        self.served += 1;
        Received::HttpResponse {
            status: head.status,
            keep_alive: head.keep_alive,
            bytes,
        }
    }

    /// Returns the body of the response that was just received.
    pub(super) fn body(&self) -> Vec<u8> {
        let Some(head) = self.head else {
            return Vec::new();
        };
        let rest = &self.buffer[head.length..self.filled];
        match head.framing {
            Framing::Chunked => {
                let mut body = Vec::new();
                let _ = wire::parse_chunked(rest, Some(&mut body));
                body
            }
            _ => rest.to_vec(),
        }
    }

    /// Drops the stream, which removes it from the poll.
    pub(super) fn close(&mut self) {
        (self.stream, self.state, self.filled, self.head) = (None, ConnectionState::Idle, 0, None);
    }
}
