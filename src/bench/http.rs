//! A small blocking HTTP/1.1 client for verification. It sees the response exactly as it was sent.

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::wire::{self, Framing};
use crate::lang::Text;
use crate::tr;

/// A request that is ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers beyond `Host` and `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// Makes a GET request without headers or body.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET".to_owned(),
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Returns the bytes on the wire.
    #[must_use]
    pub fn bytes(&self, host: SocketAddr) -> Vec<u8> {
        let mut out = format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.body.is_empty() || self.method != "GET" {
            out.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        out.push_str("\r\n");
        let mut bytes = out.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

impl fmt::Display for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        for (name, value) in &self.headers {
            write!(f, "\n{name}: {value}")?;
        }
        if !self.body.is_empty() {
            write!(f, "\n\n{}", body_excerpt(&self.body))?;
        }
        Ok(())
    }
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status.
    pub status: u16,
    /// Headers in their order.
    pub headers: Vec<(String, String)>,
    /// Body without its framing.
    pub body: Vec<u8>,
    /// Whether the connection stayed open.
    pub keep_alive: bool,
}

impl HttpResponse {
    /// Returns the first header of that name, ignoring case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Parses the body as JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Returns the trace id in `X-Trace-Id`.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.header("x-trace-id")
    }
}

impl fmt::Display for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        for name in ["content-type", "allow", "x-trace-id"] {
            if let Some(value) = self.header(name) {
                write!(f, "\n{name}: {value}")?;
            }
        }
        if !self.body.is_empty() {
            write!(f, "\n\n{}", body_excerpt(&self.body))?;
        }
        Ok(())
    }
}

/// Returns the beginning of a body as text.
fn body_excerpt(body: &[u8]) -> String {
    const LIMIT: usize = 600;
    let text = String::from_utf8_lossy(&body[..body.len().min(LIMIT)]).into_owned();
    if body.len() > LIMIT {
        format!("{} ... ({} bytes)", text.trim_end(), body.len())
    } else {
        text
    }
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseError {
    /// The connection was refused.
    Refused,
    /// The connection was closed before the response was complete.
    Closed,
    /// No response arrived within the limit.
    Timeout,
    /// The response is not valid HTTP.
    Malformed,
}

impl ResponseError {
    /// Describes the error in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Refused => tr!("no connection", "无法建立连接"),
            Self::Closed => tr!(
                "the connection was closed before the response was complete",
                "连接在完整应答之前被关闭"
            ),
            Self::Timeout => tr!("no response in time", "未在时限内应答"),
            Self::Malformed => tr!("the response is not valid HTTP", "应答不是 HTTP"),
        }
    }
}

/// A client with one connection to one address, kept alive where the server allows it.
#[derive(Debug)]
pub struct HttpClient {
    address: SocketAddr,
    timeout: Duration,
    stream: Option<TcpStream>,
}

impl HttpClient {
    /// Makes a client that waits at most `timeout` for each response.
    #[must_use]
    pub fn new(address: SocketAddr, timeout: Duration) -> Self {
        Self {
            address,
            timeout,
            stream: None,
        }
    }

    /// Returns the address it connects to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends a request on the open connection, or on a new one.
    ///
    /// # Errors
    /// [`ResponseError`] says why there is no response.
    pub fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse, ResponseError> {
        if self.stream.is_some() {
            // A server may close an idle connection. That is not an error, so try once more on a new one.
            match self.attempt(request) {
                Err(ResponseError::Closed) => self.stream = None,
                other => return other,
            }
        }
        self.attempt(request)
    }

    /// Closes the open connection.
    pub fn disconnect(&mut self) {
        self.stream = None;
    }

    fn attempt(&mut self, request: &HttpRequest) -> Result<HttpResponse, ResponseError> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(self.address, self.timeout)?,
        };
        // A server may refuse a large body before it has read all of it. Its response counts, not our failed write.
        let written = stream.write_all(&request.bytes(self.address));
        let answer = receive_response(&mut stream, self.timeout)?;
        if answer.keep_alive && written.is_ok() {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn connect(address: SocketAddr, timeout: Duration) -> Result<TcpStream, ResponseError> {
    let stream =
        TcpStream::connect_timeout(&address, timeout).map_err(|_| ResponseError::Refused)?;
    let limit = stream
        .set_nodelay(true)
        .and(stream.set_write_timeout(Some(timeout)));
    limit.map_err(|_| ResponseError::Closed)?;
    Ok(stream)
}

fn receive_response(
    stream: &mut TcpStream,
    timeout: Duration,
) -> Result<HttpResponse, ResponseError> {
    let deadline = Instant::now() + timeout;
    let mut bytes = Vec::with_capacity(4096);
    let mut ended = false;
    loop {
        if let Some(answer) = parse_response(&mut bytes, ended)? {
            return Ok(answer);
        }
        if ended {
            return Err(ResponseError::Closed);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || bytes.len() > 64 << 20 {
            return Err(ResponseError::Timeout);
        }
        stream
            .set_read_timeout(Some(left))
            .map_err(|_| ResponseError::Closed)?;
        let mut piece = [0; 16 * 1024];
        match stream.read(&mut piece) {
            Ok(0) => ended = true,
            Ok(n) => bytes.extend_from_slice(&piece[..n]),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(ResponseError::Timeout);
            }
            Err(_) => ended = true,
        }
    }
}

fn parse_response(bytes: &mut Vec<u8>, ended: bool) -> Result<Option<HttpResponse>, ResponseError> {
    let malformed = |_| ResponseError::Malformed;
    let Some(mut head) = wire::parse_head(bytes).map_err(malformed)? else {
        return Ok(None);
    };
    while (100..200).contains(&head.status) {
        bytes.drain(..head.length);
        let Some(next) = wire::parse_head(bytes).map_err(malformed)? else {
            return Ok(None);
        };
        head = next;
    }
    let rest = &bytes[head.length..];
    let body = match head.framing {
        Framing::Length(n) if rest.len() >= n => rest[..n].to_vec(),
        Framing::Chunked => {
            let mut body = Vec::new();
            match wire::parse_chunked(rest, Some(&mut body)).map_err(malformed)? {
                Some(_) => body,
                None => return Ok(None),
            }
        }
        Framing::ToClose if ended => rest.to_vec(),
        _ => return Ok(None),
    };
    Ok(Some(HttpResponse {
        status: head.status,
        headers: parse_headers(&bytes[..head.length]),
        body,
        keep_alive: head.keep_alive,
    }))
}

fn parse_headers(head: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(head);
    let pairs = text.lines().skip(1).filter_map(|line| line.split_once(':'));
    pairs
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}
