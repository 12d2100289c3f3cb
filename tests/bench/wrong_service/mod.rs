//! Contract `auth` in 200 lines of threads and sockets, right by default and wrong in one way on demand (`DEFECT`).

mod order;
mod row;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use weigh::bench::token;

struct ReferenceService {
    defect: String,
    secret: String,
    faults: bool,
    logs: bool,
    /// Answers by method, route and status.
    counts: Mutex<BTreeMap<(String, String, u16), u64>>,
    traces: AtomicU64,
    in_flight: AtomicI64,
    draining: Arc<std::sync::atomic::AtomicBool>,
    orders: order::Orders,
    rows: row::Rows,
    /// What a service with cross-talk shares between requests.
    shared: Mutex<u64>,
}

struct Asked {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

struct Answer {
    status: u16,
    route: String,
    kind: String,
    extra: String,
    body: String,
}

/// Serves until SIGTERM, then lets requests finish.
pub(crate) fn serve() -> ! {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let draining = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let service = Arc::new(ReferenceService {
        defect: variable("DEFECT"),
        secret: variable("JWT_SECRET"),
        faults: variable("FAULTS") == "1",
        logs: variable("LOG") == "access",
        counts: Mutex::default(),
        traces: AtomicU64::new(1),
        in_flight: AtomicI64::new(0),
        draining: Arc::clone(&draining),
        orders: order::Orders::default(),
        rows: row::Rows::open(),
        shared: Mutex::default(),
    });
    if service.defect != "dies-on-term" {
        signal_hook::flag::register(signal_hook::consts::SIGTERM, draining).expect("a handler");
    }
    let listener =
        TcpListener::bind(format!("127.0.0.1:{}", variable("PORT"))).expect("the port is free");
    let ending = Arc::clone(&service);
    std::thread::spawn(move || {
        while !ending.draining.load(Ordering::SeqCst)
            || ending.in_flight.load(Ordering::SeqCst) > 0 && ending.defect != "cuts-requests"
        {
            std::thread::sleep(Duration::from_millis(10));
        }
        std::process::exit(i32::from(ending.defect == "exit-code") * 3);
    });
    for stream in listener.incoming().flatten() {
        let service = Arc::clone(&service);
        std::thread::spawn(move || service.attend(&stream));
    }
    std::process::exit(1)
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length: u64 = headers
        .get("content-length")
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body).ok()?;
    Some(Asked {
        method,
        path,
        headers,
        body,
    })
}

impl ReferenceService {
    fn is(&self, defect: &str) -> bool {
        self.defect == defect
    }

    fn attend(&self, stream: &TcpStream) {
        let mut reader = BufReader::new(stream);
        while let Some(asked) = read(&mut reader) {
            self.in_flight.fetch_add(1, Ordering::SeqCst);
            let trace = self.trace(asked.headers.get("traceparent").map_or("", String::as_str));
            let mut answer = self.answer(&asked, &trace);
            if self.is("html-404") && answer.status == 404 {
                (answer.kind, answer.body) = ("text/html".into(), "<h1>404</h1>".into());
            }
            let again = self.is("counts-twice")
                && answer.route == "/user/{id}"
                && asked.path.ends_with('5');
            let route = if self.is("raw-routes") && answer.route == "unmatched" {
                asked.path.clone()
            } else {
                answer.route.clone()
            };
            *self
                .counts
                .lock()
                .expect("alive")
                .entry((asked.method.clone(), route, answer.status))
                .or_default() += 1 + u64::from(again);
            if self.logs && !self.is("no-log") {
                let line = json!({"ts": "2026-11-22T10:00:00Z", "level": "info", "msg": "request", "trace_id": trace, "method": asked.method,
                    "route": answer.route, "status": answer.status, "duration_ms": 0.1, "bytes": answer.body.len()});
                let _ = writeln!(std::io::stdout(), "{line}");
            }
            let header = if self.is("drops-trace") {
                String::new()
            } else {
                format!("X-Trace-Id: {trace}\r\n")
            };
            let head = format!(
                "HTTP/1.1 {} X\r\nContent-Type: {}\r\nContent-Length: {}\r\n{header}{}\r\n",
                answer.status,
                answer.kind,
                answer.body.len(),
                answer.extra
            );
            let sent = (&mut &*stream).write_all(format!("{head}{}", answer.body).as_bytes());
            self.in_flight.fetch_sub(1, Ordering::SeqCst);
            if sent.is_err() {
                return;
            }
        }
    }

    fn trace(&self, parent: &str) -> String {
        let parts: Vec<&str> = parent.split('-').collect();
        if let ["00", id, _, _] = parts[..]
            && id.len() == 32
            && id.bytes().any(|b| b != b'0')
            && !self.is("own-trace")
        {
            return id.to_owned();
        }
        let number = if self.is("same-trace") {
            7
        } else {
            self.traces.fetch_add(1, Ordering::SeqCst)
        };
        format!("{:032x}", 0xdead_beef_0000_0000_u128 + u128::from(number))
    }

    fn answer(&self, asked: &Asked, trace: &str) -> Answer {
        let path = asked.path.split('?').next().unwrap_or_default();
        let good = |route: &str, body: Value| Answer {
            status: 200,
            route: route.into(),
            kind: "application/json".into(),
            extra: String::new(),
            body: body.to_string(),
        };
        let refuse = |route: &str, status: u16, code: &str| {
            let id = if self.is("other-trace-in-envelope") {
                "0af7651916cd43dd8448eb211c80319c"
            } else {
                trace
            };
            let status = if self.is("200-with-error") && code == "BAD_CREDENTIALS" {
                200
            } else {
                status
            };
            Answer {
                status,
                ..good(
                    route,
                    json!({"error": {"code": code, "message": "no", "trace_id": id}}),
                )
            }
        };
        let pieces: Vec<&str> = path.split('/').skip(1).collect();
        let (route, allowed) = match pieces[..] {
            ["healthz"] => ("/healthz", "GET"),
            ["readyz"] => ("/readyz", "GET"),
            ["metrics"] => ("/metrics", "GET"),
            ["auth"] => ("/auth", "POST"),
            ["api", "rows", _] => (
                "/api/rows/{key}",
                if asked.method == "PUT" { "PUT" } else { "GET" },
            ),
            ["api", "events"] => ("/api/events", "POST"),
            ["api", "events", "batch"] => ("/api/events/batch", "POST"),
            ["api", "events", _] => ("/api/events/{id}", "GET"),
            ["api", "users", _, "summary"] => ("/api/users/{id}/summary", "GET"),
            ["api", "transfers"] => ("/api/transfers", "POST"),
            ["api", "accounts"] => ("/api/accounts", "GET"),
            ["api", "orders"] => ("/api/orders", "POST"),
            ["api", "orders", _] => ("/api/orders/{id}", "GET"),
            ["user", _] => ("/user/{id}", "GET"),
            ["api", "users", _] => ("/api/users/{id}", "GET"),
            ["_fault", "panic"] if self.faults => ("/_fault/panic", "GET"),
            ["_fault", "slow"] if self.faults => ("/_fault/slow", "GET"),
            _ => return refuse("unmatched", 404, "NOT_FOUND"),
        };
        if asked.method != allowed {
            let extra = if self.is("no-allow") {
                String::new()
            } else {
                format!("Allow: {allowed}\r\n")
            };
            return Answer {
                extra,
                ..refuse(route, 405, "METHOD_NOT_ALLOWED")
            };
        }
        match route {
            "/healthz" => good(route, json!({"status": "ok"})),
            "/readyz"
                if self.draining.load(Ordering::SeqCst) && !self.is("ready-while-draining") =>
            {
                refuse(route, 503, "NOT_READY")
            }
            "/readyz" => good(route, json!({"status": "ready"})),
            "/metrics" => Answer {
                kind: "text/plain; version=0.0.4".into(),
                body: self.metrics(),
                ..good(route, Value::Null)
            },
            "/auth" => self.login(asked, good, refuse),
            "/api/orders"
                if asked
                    .headers
                    .get("content-type")
                    .is_none_or(|kind| kind != "application/json") =>
            {
                refuse(route, 415, "UNSUPPORTED_MEDIA_TYPE")
            }
            "/api/orders" | "/api/events" if asked.body.len() > 65_536 => {
                refuse(route, 413, "PAYLOAD_TOO_LARGE")
            }
            "/api/rows/{key}"
            | "/api/events"
            | "/api/events/batch"
            | "/api/events/{id}"
            | "/api/users/{id}/summary"
            | "/api/transfers"
            | "/api/accounts" => {
                match self
                    .rows
                    .answer(&self.defect, &asked.method, &pieces[1..], &asked.body)
                {
                    (status, Ok(body)) => Answer {
                        status,
                        ..good(route, body)
                    },
                    (status, Err(code)) => refuse(route, status, code),
                }
            }
            "/api/orders" | "/api/orders/{id}" => {
                let query = asked.path.split_once('?').map_or("", |(_, query)| query);
                let said = match route {
                    "/api/orders" => self.orders.take(
                        &self.defect,
                        query,
                        asked.headers.get("idempotency-key"),
                        &asked.body,
                    ),
                    _ => self.orders.read(pieces.last().unwrap_or(&"")),
                };
                match said {
                    (status, Ok(body)) => Answer {
                        status,
                        ..good(route, body)
                    },
                    (status, Err(code)) => refuse(route, status, code),
                }
            }
            "/_fault/panic" if self.is("dies-on-panic") => std::process::exit(101),
            "/_fault/panic" => refuse(route, 500, "INTERNAL"),
            "/_fault/slow" => {
                let ms = asked
                    .path
                    .split("ms=")
                    .nth(1)
                    .and_then(|t| t.parse().ok())
                    .unwrap_or(0);
                std::thread::sleep(Duration::from_millis(ms));
                good(route, json!({"slept_ms": ms}))
            }
            "/api/users/{id}" if !self.accepts(asked) => refuse(route, 401, "UNAUTHORIZED"),
            _ => {
                let Some(mut id) = pieces
                    .last()
                    .and_then(|id| id.parse::<u64>().ok())
                    .filter(|id| (1..=1000).contains(id))
                else {
                    return refuse(route, 404, "NOT_FOUND");
                };
                if self.is("cross-talk") {
                    *self.shared.lock().expect("alive") = id;
                    std::thread::sleep(Duration::from_millis(3));
                    id = *self.shared.lock().expect("alive");
                }
                let age = 20
                    + if self.is("wrong-age") {
                        id % 49
                    } else {
                        id % 50
                    };
                let id = if self.is("id-as-text") {
                    json!(id.to_string())
                } else {
                    json!(id)
                };
                good(
                    route,
                    json!({"id": id, "name": format!("user{}", pieces.last().filter(|_| !self.is("cross-talk")).map_or(id.to_string(), |p| (*p).to_owned())), "age": age}),
                )
            }
        }
    }

    fn login(
        &self,
        asked: &Asked,
        good: impl Fn(&str, Value) -> Answer,
        refuse: impl Fn(&str, u16, &str) -> Answer,
    ) -> Answer {
        let route = "/auth";
        let kind = asked
            .headers
            .get("content-type")
            .map_or("", String::as_str)
            .split(';')
            .next()
            .unwrap_or_default();
        if kind != "application/json" {
            return refuse(route, 415, "UNSUPPORTED_MEDIA_TYPE");
        }
        if asked.body.len() > 65_536 && !self.is("any-body") {
            return refuse(route, 413, "PAYLOAD_TOO_LARGE");
        }
        let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
        let word = |name: &str| {
            body.get(name)
                .and_then(Value::as_str)
                .filter(|t| !t.is_empty())
        };
        let (Some(user), Some(password)) = (word("username"), word("password")) else {
            return refuse(route, 400, "BAD_REQUEST");
        };
        let number = user
            .strip_prefix("user")
            .and_then(|n| n.parse::<u32>().ok())
            .filter(|n| (1..=1000).contains(n));
        if number.is_none() || password != "correct horse" && !self.is("any-password") {
            return refuse(route, 401, "BAD_CREDENTIALS");
        }
        let now = i64::try_from(
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .expect("after 1970")
                .as_secs(),
        )
        .expect("before the end of time");
        if self.is("slow") {
            std::thread::sleep(Duration::from_millis(20));
        }
        let token = match self.defect.as_str() {
            "constant-text" => "abc.def.ghi".to_owned(),
            "constant-token" => token::issue("user7", now, &self.secret),
            "other-key" => token::issue(user, now, "a key of my own, compiled in"),
            "old-token" => token::issue(user, now - 4000, &self.secret),
            _ => token::issue(user, now, &self.secret),
        };
        good(
            route,
            json!({"token": token, "token_type": "Bearer", "expires_in": 86400}),
        )
    }

    /// Whether the request carries a token that this service takes.
    fn accepts(&self, asked: &Asked) -> bool {
        let Some(token) = asked
            .headers
            .get("authorization")
            .and_then(|h| h.strip_prefix("Bearer "))
        else {
            return self.is("no-check");
        };
        let parts: Vec<&str> = token.split('.').collect();
        let claims = |part: &str| {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
                .decode(part)
                .ok()?;
            serde_json::from_slice::<Value>(&bytes).ok()
        };
        let alive = parts
            .get(1)
            .and_then(|part| claims(part))
            .and_then(|c| c.get("exp")?.as_i64());
        let now = i64::try_from(
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .expect("after 1970")
                .as_secs(),
        )
        .expect("before the end of time");
        let alg = parts
            .first()
            .and_then(|part| claims(part))
            .and_then(|h| Some(h.get("alg")?.as_str()?.to_owned()))
            .unwrap_or_default();
        let signed = match self.defect.as_str() {
            "any-signature" => parts.len() == 3 && alive.is_some(),
            "alg-none" => alg == "none" || token::decode(token, &self.secret).is_ok(),
            "other-algorithm" => alg == "HS384" || token::decode(token, &self.secret).is_ok(),
            _ => token::decode(
                token,
                if self.is("other-key") {
                    "a key of my own, compiled in"
                } else {
                    &self.secret
                },
            )
            .is_ok(),
        };
        signed && (self.is("never-expires") || alive.is_some_and(|exp| exp > now))
    }

    fn metrics(&self) -> String {
        let mut text =
            "# TYPE http_requests_total counter\n# TYPE http_request_duration_seconds histogram\n"
                .to_owned();
        for ((method, route, status), count) in self.counts.lock().expect("alive").iter() {
            text += &format!(
                "http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}\n"
            );
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            text += &format!(
                "http_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}} {count}\nhttp_request_duration_seconds_count{{{labels}}} {count}\n"
            );
        }
        text
    }
}
