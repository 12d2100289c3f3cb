//! One connection of the driver: what it sends, and how much of the answer has come.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::Prepared;
use crate::bench::wire::{self, Framing, Head};

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing: it is free, open or not.
    Idle,
    /// To be connected.
    Connecting,
    /// To write the rest of its request.
    Writing,
    /// For its answer.
    Waiting,
}

/// A request on its way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Errand {
    /// Index of the request.
    pub(super) request: usize,
    /// When it was due; in a closed loop, when it was sent (ns since the start).
    pub(super) intended: u64,
    /// Its number among all requests of the run: the same when it is sent again.
    pub(super) serial: u64,
    /// Whether it was sent before on a connection that the server had closed.
    pub(super) again: bool,
}

/// What a readable connection has to say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Not the whole answer yet.
    Nothing,
    /// The whole answer.
    Answer {
        status: u16,
        keep_alive: bool,
        bytes: usize,
    },
    /// The connection ended first.
    Closed,
    /// No HTTP.
    Malformed,
}

pub(super) struct Connection {
    pub(super) state: State,
    pub(super) errand: Errand,
    stream: Option<TcpStream>,
    /// A request of its own, where each differs.
    own: Vec<u8>,
    buffer: Vec<u8>,
    filled: usize,
    written: usize,
    head: Option<Head>,
    /// Answers on this stream so far.
    served: u64,
}

/// Digits of a unique part.
pub(super) const UNIQUE: usize = 16;
const BUFFER: usize = 8 * 1024;
/// No answer of a contract is larger.
const LARGEST: usize = 8 << 20;

impl Connection {
    pub(super) fn new() -> Self {
        let errand = Errand::default();
        Self {
            state: State::Idle,
            errand,
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

    /// Whether a lost connection may be nobody's fault: the server closed it while it was idle, as it may.
    pub(super) fn was_idle_before(&self) -> bool {
        self.served > 0 && self.filled == 0 && !self.errand.again
    }

    pub(super) fn connect(
        &mut self,
        address: SocketAddr,
        token: Token,
        registry: &Registry,
    ) -> io::Result<()> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        // Both once and for all: with edge triggering a connection that can be written to wakes nobody.
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        (self.stream, self.served, self.state) = (Some(stream), 0, State::Connecting);
        Ok(())
    }

    /// Whether a connecting stream is connected; an error says that it was refused.
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

    /// Begins to send.
    pub(super) fn send(&mut self, request: &Prepared) -> io::Result<()> {
        (self.written, self.filled, self.head) = (0, 0, None);
        if let Some(at) = request.unique {
            self.own.clone_from(&request.bytes);
            self.own[at..at + UNIQUE]
                .copy_from_slice(format!("{:016x}", self.errand.serial).as_bytes());
        }
        self.proceed(request)
    }

    /// Sends on.
    pub(super) fn proceed(&mut self, request: &Prepared) -> io::Result<()> {
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
                    self.state = State::Writing;
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.state = State::Waiting;
        Ok(())
    }

    /// Reads what has come.
    pub(super) fn hear(&mut self) -> Heard {
        loop {
            let Some(stream) = &mut self.stream else {
                return Heard::Closed;
            };
            if self.filled == self.buffer.len() {
                if self.filled >= LARGEST {
                    return Heard::Malformed;
                }
                self.buffer.resize(self.filled * 2, 0);
            }
            let room = self.buffer.len() - self.filled;
            match stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => return self.at_end(),
                Ok(n) => {
                    self.filled += n;
                    match self.parse() {
                        // A read that did not fill the buffer has emptied the socket: the next bytes make a new event.
                        Heard::Nothing if n < room => return Heard::Nothing,
                        Heard::Nothing => {}
                        heard => return heard,
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Heard::Nothing,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Heard::Closed,
            }
        }
    }

    fn parse(&mut self) -> Heard {
        let head = match self.head {
            Some(head) => head,
            None => match wire::head(&self.buffer[..self.filled]) {
                Ok(Some(head)) if head.status < 200 => {
                    // 100 Continue and its like are no answers.
                    self.buffer.copy_within(head.length..self.filled, 0);
                    self.filled -= head.length;
                    return self.parse();
                }
                Ok(Some(head)) => *self.head.insert(head),
                Ok(None) => return Heard::Nothing,
                Err(wire::Malformed) => return Heard::Malformed,
            },
        };
        let whole = match head.framing {
            Framing::Length(n) => (self.filled >= head.length + n).then_some(head.length + n),
            Framing::Chunked => match wire::chunked(&self.buffer[head.length..self.filled], None) {
                Ok(length) => length.map(|n| head.length + n),
                Err(wire::Malformed) => return Heard::Malformed,
            },
            Framing::ToClose => None,
        };
        match whole {
            // Bytes behind the answer: nobody asked for them.
            Some(length) if length < self.filled => Heard::Malformed,
            Some(length) => self.answer(&head, length),
            None => Heard::Nothing,
        }
    }

    fn at_end(&mut self) -> Heard {
        match self.head {
            Some(head) if head.framing == Framing::ToClose => self.answer(&head, self.filled),
            _ => Heard::Closed,
        }
    }

    fn answer(&mut self, head: &Head, bytes: usize) -> Heard {
        self.served += 1;
        Heard::Answer {
            status: head.status,
            keep_alive: head.keep_alive,
            bytes,
        }
    }

    /// The body of the answer that has just been heard.
    pub(super) fn body(&self) -> Vec<u8> {
        let Some(head) = self.head else {
            return Vec::new();
        };
        let rest = &self.buffer[head.length..self.filled];
        match head.framing {
            Framing::Chunked => {
                let mut body = Vec::new();
                let _ = wire::chunked(rest, Some(&mut body));
                body
            }
            _ => rest.to_vec(),
        }
    }

    /// Drops the stream: closing removes it from the poll.
    pub(super) fn close(&mut self) {
        (self.stream, self.state, self.filled, self.head) = (None, State::Idle, 0, None);
    }
}
