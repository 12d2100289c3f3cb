//! A registry on the loopback interface that answers with the files of `tests/it/refresh/recorded`, and misbehaves where a path asks for it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The folder of recorded answers.
pub(crate) fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/refresh/recorded")
}

/// The server; its threads end with the test's process.
pub(crate) struct Registry {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Registry {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, failed) = (seen.clone(), Arc::new(Mutex::new(BTreeMap::new())));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, failed) = (log.clone(), failed.clone());
                std::thread::spawn(move || drop(serve(stream, &log, &failed)));
            }
        });
        Self { address, seen }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// The first lines of the requests so far.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen
            .lock()
            .expect("no test panics while it holds this")
            .clone()
    }
}

fn serve(
    stream: TcpStream,
    log: &Mutex<Vec<String>>,
    failed: &Mutex<BTreeMap<String, u32>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
        }
        log.lock()
            .expect("no thread panics while it holds this")
            .push(first.trim().to_owned());
        let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
        if first.starts_with("CONNECT") {
            out.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            continue;
        }
        // A proxy is asked for a whole address.
        let path = target
            .split_once("://")
            .map_or(target.as_str(), |(_, rest)| {
                rest.split_once('/').map_or("", |(_, p)| p)
            });
        answer(path.trim_matches('/'), &mut out, failed)?;
    }
}

fn answer(
    path: &str,
    out: &mut TcpStream,
    failed: &Mutex<BTreeMap<String, u32>>,
) -> std::io::Result<()> {
    if path.starts_with("slow/") {
        std::thread::sleep(Duration::from_secs(5));
    }
    if let Some(rest) = path.strip_prefix("shaky/") {
        let first = {
            let mut failed = failed.lock().expect("no thread panics while it holds this");
            let count = failed.entry(rest.to_owned()).or_insert(0);
            *count += 1;
            *count == 1
        };
        return if first {
            head(out, "500 Internal Server Error", 0)
        } else {
            answer(rest, out, failed)
        };
    }
    if path.starts_with("garbage/") {
        head(out, "200 OK", 9)?;
        return out.write_all(b"{\"files\":");
    }
    if path.starts_with("huge/") {
        head(out, "200 OK", 100_000_000)?;
        return std::io::copy(&mut std::io::repeat(b' ').take(100_000_000), out).map(drop);
    }
    let path = path.replace("%2F", "/");
    let file = [
        recorded().join(&path),
        recorded().join(format!("{path}.json")),
    ]
    .into_iter()
    .find(|f| f.is_file());
    match file.map(std::fs::read) {
        Some(Ok(body)) => {
            head(out, "200 OK", body.len())?;
            out.write_all(&body)
        }
        _ => head(out, "404 Not Found", 0),
    }
}

fn head(out: &mut TcpStream, status: &str, length: usize) -> std::io::Result<()> {
    let modified = "Last-Modified: Thu, 24 Sep 2026 08:11:02 GMT";
    out.write_all(
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{modified}\r\n\r\n").as_bytes(),
    )
}
