//! Checks of connections, concurrency, the log and shutdown, which no single response can show.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::token_check::login_request;
use super::{ANSWER_LIMIT, CheckError, CheckResult, Visit, count_variable, unix_now};
use crate::bench::http::{HttpClient, HttpRequest, HttpResponse, ResponseError};
use crate::bench::pattern::{self, Variables};
use crate::bench::process::END_LIMIT;
use crate::bench::token;
use crate::lang::Text;
use crate::tr;

/// Returns the trace id that verification sends with the n-th request.
fn trace_id_of(n: u64) -> String {
    format!("{:032x}", 0xabc0_0000_0000_0000_0000_u128 + u128::from(n))
}

fn with_trace_id(mut request: HttpRequest, n: u64) -> HttpRequest {
    request.headers.push((
        "traceparent".to_owned(),
        format!("00-{}-00f067aa0ba902b7-01", trace_id_of(n)),
    ));
    request
}

impl Visit<'_> {
    pub(super) fn trace_ids_differ(&mut self) -> CheckResult {
        let request = HttpRequest::get("/healthz");
        let mut ids = BTreeSet::new();
        for _ in 0..5 {
            ids.extend(self.send(&request)?.trace_id().map(str::to_owned));
        }
        let sound = ids.len() == 5 && ids.iter().all(|id| pattern::is_trace_id(id));
        let shown = ids.into_iter().collect::<Vec<_>>().join(", ");
        let expected = tr!(
            "5 different X-Trace-Id of 32 hexadecimal digits",
            "5 个互不相同的 32 位十六进制 X-Trace-Id"
        );
        if sound {
            Ok(())
        } else {
            Err(CheckError::new(
                "5 x GET /healthz",
                expected,
                Text::name(format!("[{shown}]")),
            ))
        }
    }

    /// A rejected body must not be read as the next request. A server may close each connection if it says so.
    pub(super) fn keep_alive(&mut self) -> CheckResult {
        let mut client = HttpClient::new(self.address, ANSWER_LIMIT);
        let mut refused = login_request("user7");
        refused.headers = vec![("Content-Type".to_owned(), "text/plain".to_owned())];
        for request in [
            HttpRequest::get("/healthz"),
            refused,
            HttpRequest::get("/user/9"),
            HttpRequest::get("/nothing"),
            HttpRequest::get("/user/9"),
        ] {
            let answer = client.send(&request).map_err(|reason| {
                CheckError::silent(&request, tr!("an answer", "应答"), &reason)
            })?;
            let wanted = if request.method == "POST" {
                415
            } else if request.path == "/nothing" {
                404
            } else {
                200
            };
            if answer.status != wanted {
                let expected = tr!(
                    "status {wanted} on the same connection",
                    "同一连接上的状态 {wanted}"
                );
                return Err(CheckError::new(
                    &request,
                    expected,
                    Text::name(answer.to_string()),
                ));
            }
        }
        Ok(())
    }

    pub(super) fn no_cross_talk(&mut self, variables: &Variables) -> CheckResult {
        let requests = count_variable(variables, "requests", 200);
        let (address, secret) = (self.address, &self.secret);
        let barrier = Barrier::new(usize::try_from(requests).unwrap_or(200));
        let mut refusals: Vec<CheckError> = thread::scope(|scope| {
            let one = |n: u64| {
                let barrier = &barrier;
                move || {
                    let (request, judge) = mixed_request(n, secret);
                    let mut client = HttpClient::new(address, Duration::from_secs(15));
                    barrier.wait();
                    let answer = client.send(&request).map_err(|reason| {
                        CheckError::silent(&request, tr!("an answer", "应答"), &reason)
                    })?;
                    judge(&answer).map_err(|expected| {
                        CheckError::new(&request, expected, Text::name(answer.to_string()))
                    })
                }
            };
            let running: Vec<_> = (0..requests).map(|n| scope.spawn(one(n))).collect();
            running
                .into_iter()
                .filter_map(|thread| thread.join().expect("a check does not panic").err())
                .collect()
        });
        let wrong = refusals.len();
        match refusals.pop() {
            None => Ok(()),
            Some(mut refusal) => {
                refusal.actual = tr!(
                    "{wrong} of {requests} responses were wrong, for example: {0}",
                    "{requests} 个应答中有 {wrong} 个错误，其一：{0}",
                    refusal.actual.en
                );
                Err(refusal)
            }
        }
    }

    pub(super) fn log_line(&mut self) -> CheckResult {
        let request = with_trace_id(HttpRequest::get("/user/5"), 77_777);
        let id = trace_id_of(77_777);
        self.send(&request)?;
        let expected = || {
            tr!(
                "one JSON line with trace_id {id}, ts, level, msg, method, route, status, duration_ms, bytes",
                "一行 JSON，含 trace_id {id} 及 ts、level、msg、method、route、status、duration_ms、bytes"
            )
        };
        let deadline = Instant::now() + Duration::from_secs(1);
        let lines = loop {
            let log = self.instance.as_ref().map(|i| i.log()).unwrap_or_default();
            let lines: Vec<String> = log
                .lines()
                .filter(|line| line.contains(&id))
                .map(str::to_owned)
                .collect();
            if !lines.is_empty() || Instant::now() > deadline {
                break lines;
            }
            thread::sleep(Duration::from_millis(20));
        };
        let [line] = &lines[..] else {
            let (count, shown) = (lines.len(), lines.join("\n"));
            return Err(CheckError::new(
                &request,
                expected(),
                tr!("{count} lines {shown}", "{count} 行 {shown}"),
            ));
        };
        let keys = ["ts", "level", "msg", "duration_ms", "bytes"];
        let sound = serde_json::from_str::<Value>(line).is_ok_and(|row| {
            keys.iter().all(|key| row.get(key).is_some())
                && row["trace_id"] == id.as_str()
                && row["method"] == "GET"
                && row["route"] == "/user/{id}"
                && row["status"] == 200
        });
        if sound {
            Ok(())
        } else {
            Err(CheckError::new(
                &request,
                expected(),
                Text::name(line.clone()),
            ))
        }
    }

    pub(super) fn drain(&mut self) -> CheckResult {
        let Some(mut instance) = self.instance.take() else {
            return Ok(());
        };
        let address = self.address;
        let slow = HttpRequest::get("/_fault/slow?ms=800");
        let in_flight = {
            let slow = slow.clone();
            thread::spawn(move || HttpClient::new(address, END_LIMIT).send(&slow))
        };
        thread::sleep(Duration::from_millis(200));
        instance.terminate();
        thread::sleep(Duration::from_millis(150));
        let ready = HttpClient::new(address, END_LIMIT).send(&HttpRequest::get("/readyz"));
        let finished = in_flight.join().expect("a client does not panic");
        let exit = instance.wait(END_LIMIT);
        // A server that accepts no connections is not ready either.
        let not_ready = matches!(&ready, Err(ResponseError::Refused | ResponseError::Closed))
            || ready.as_ref().is_ok_and(|answer| answer.status == 503);
        if !not_ready {
            let came = ready.map_or_else(
                |reason| reason.text(),
                |answer| Text::name(answer.to_string()),
            );
            return Err(CheckError::new(
                "SIGTERM, GET /readyz",
                tr!("status 503, or no connection", "状态 503 或无法连接"),
                came,
            ));
        }
        if !finished.as_ref().is_ok_and(|answer| answer.status == 200) {
            let came = finished.map_or_else(
                |reason| reason.text(),
                |answer| Text::name(answer.to_string()),
            );
            return Err(CheckError::new(
                format!("{slow}, SIGTERM"),
                tr!(
                    "status 200 for the request in flight",
                    "在途请求的状态为 200"
                ),
                came,
            ));
        }
        match exit {
            Some(exit) if exit.code == Some(0) => Ok(()),
            Some(exit) => Err(CheckError::new(
                "SIGTERM",
                tr!("exit code 0", "退出码 0"),
                Text::name(exit.how),
            )),
            None => Err(CheckError::new(
                "SIGTERM",
                tr!("exit within 10 s", "10 秒内结束"),
                tr!("it is still running", "仍在运行"),
            )),
        }
    }
}

/// Checks a response.
type ResponseCheck = Box<dyn Fn(&HttpResponse) -> Result<(), Text> + Send>;

/// Returns the n-th of many mixed requests, with its own trace id and the check of its response.
fn mixed_request(n: u64, secret: &str) -> (HttpRequest, ResponseCheck) {
    let user = n % 1000 + 1;
    let name = format!("user{user}");
    let own = token::issue(&name, unix_now(), secret);
    let with = |token: String| {
        let mut request = HttpRequest::get(format!("/api/users/{user}"));
        request
            .headers
            .push(("Authorization".to_owned(), format!("Bearer {token}")));
        request
    };
    let body = json!({"id": user, "name": name, "age": 20 + user % 50});
    let (request, status, wanted): (HttpRequest, u16, Option<Value>) = match n % 5 {
        0 => (HttpRequest::get(format!("/user/{user}")), 200, Some(body)),
        1 => (login_request(&name), 200, None),
        2 => (with(own), 200, Some(body)),
        3 => (with(own[..own.len() - 6].to_owned()), 401, None),
        _ => (HttpRequest::get(format!("/nothing/{n}")), 404, None),
    };
    let (request, trace, secret, logs_in) = (
        with_trace_id(request, n),
        trace_id_of(n),
        secret.to_owned(),
        n % 5 == 1,
    );
    let judge = move |answer: &HttpResponse| {
        if answer.status != status {
            return Err(tr!("status {status}", "状态 {status}"));
        }
        if answer.trace_id() != Some(&trace) {
            return Err(Text::name(format!("x-trace-id: {trace}")));
        }
        let given = answer.json().unwrap_or(Value::Null);
        let subject = || {
            token::decode(given.get("token")?.as_str()?, &secret)
                .ok()?
                .1
                .get("sub")?
                .as_str()
                .map(str::to_owned)
        };
        if logs_in && subject().as_deref() != Some(&name) {
            return Err(tr!("a token of {name}", "{name} 的令牌"));
        }
        match &wanted {
            Some(wanted) if *wanted != given => Err(Text::name(wanted.to_string())),
            _ => Ok(()),
        }
    };
    (request, Box::new(judge))
}
