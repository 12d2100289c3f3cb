//! Checks that every order is processed exactly once, whatever fails on the way.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{CheckError, CheckResult, Visit, count_variable};
use crate::bench::http::{HttpRequest, HttpResponse};
use crate::bench::pattern::Variables;
use crate::lang::Text;
use crate::tr;

/// How long accepted orders may take to complete.
const DONE_LIMIT: Duration = Duration::from_secs(20);
/// The broker's name in manifests.
const BROKER: &str = "broker";

fn order_request(mode: &str, key: &str) -> HttpRequest {
    let body = json!({"user_id": 7, "item": "book", "quantity": 2})
        .to_string()
        .into_bytes();
    let headers = vec![
        ("Content-Type".to_owned(), "application/json".to_owned()),
        ("Idempotency-Key".to_owned(), key.to_owned()),
    ];
    HttpRequest {
        method: "POST".to_owned(),
        path: format!("/api/orders?mode={mode}"),
        headers,
        body,
    }
}

fn order_id(answer: &HttpResponse) -> Option<String> {
    let id = answer.json()?.get("id")?.clone();
    Some(id.as_str().map_or_else(|| id.to_string(), str::to_owned))
}

impl Visit<'_> {
    /// Places orders, each with its own key, and returns their ids.
    fn place_orders(&mut self, mode: &str, requests: u64) -> Result<Vec<String>, CheckError> {
        let wanted = if mode == "sync" { 201 } else { 202 };
        let mut ids = Vec::new();
        for _ in 0..requests {
            let request = order_request(mode, &self.key());
            let answer = self.send(&request)?;
            match order_id(&answer).filter(|_| answer.status == wanted) {
                Some(id) => ids.push(id),
                None => {
                    return Err(CheckError::new(
                        &request,
                        tr!("status {wanted} with an id", "状态 {wanted} 及 id"),
                        Text::name(answer.to_string()),
                    ));
                }
            }
        }
        Ok(ids)
    }

    /// Returns how many calls the stub received for an order: mail and points.
    fn calls_for(&self, id: &str) -> Vec<(String, u64)> {
        let calls = self
            .instance
            .as_ref()
            .and_then(|i| i.downstream.as_ref())
            .map(|d| d.calls())
            .unwrap_or_default();
        let times = |path: &String| {
            calls
                .get(&(path.clone(), id.to_owned()))
                .copied()
                .unwrap_or(0)
        };
        self.contract
            .downstream()
            .keys()
            .map(|path| (path.clone(), times(path)))
            .collect()
    }

    /// Waits until every order is done, then a little longer for duplicates.
    fn check_each_once(&mut self, ids: &[String], done: &str) -> CheckResult {
        let deadline = Instant::now() + DONE_LIMIT;
        while ids
            .iter()
            .any(|id| self.calls_for(id).iter().any(|(_, times)| *times == 0))
            && Instant::now() < deadline
        {
            thread::sleep(Duration::from_millis(20));
        }
        thread::sleep(Duration::from_millis(200));
        for id in ids {
            let calls = self.calls_for(id);
            if calls.iter().any(|(_, times)| *times != 1) {
                let shown = calls
                    .iter()
                    .map(|(path, times)| format!("{path}: {times}"))
                    .collect::<Vec<_>>()
                    .join(", ");
                let expected = tr!(
                    "each call of order {id} exactly once",
                    "订单 {id} 的每个调用恰好一次"
                );
                return Err(CheckError::new(done, expected, Text::name(shown)));
            }
            let request = HttpRequest::get(format!("/api/orders/{id}"));
            let answer = self.send(&request)?;
            if answer.json().and_then(|body| body.get("status").cloned())
                != Some(Value::from("done"))
            {
                return Err(CheckError::new(
                    &request,
                    Text::name("status: \"done\""),
                    Text::name(answer.to_string()),
                ));
            }
        }
        Ok(())
    }

    pub(super) fn exactly_once(&mut self, variables: &Variables) -> CheckResult {
        let mode = variables
            .get("mode")
            .and_then(Value::as_str)
            .unwrap_or("sync")
            .to_owned();
        let requests = count_variable(variables, "requests", 5);
        let ids = self.place_orders(&mode, requests)?;
        self.check_each_once(&ids, &format!("{requests} x POST /api/orders?mode={mode}"))
    }

    pub(super) fn idempotent(&mut self) -> CheckResult {
        let key = self.key();
        let request = order_request("sync", &key);
        let first = self.send(&request)?;
        let second = self.send(&request)?;
        let Some(id) = order_id(&first)
            .filter(|first| first.is_empty() || order_id(&second).as_ref() == Some(first))
        else {
            return Err(CheckError::new(
                format!("2 x {request}"),
                Text::name(first.to_string()),
                Text::name(second.to_string()),
            ));
        };
        self.check_each_once(&[id], &format!("2 x {request}"))
    }

    pub(super) fn downstream_fails(&mut self) -> CheckResult {
        let fail = |visit: &Self, failing| {
            visit
                .instance
                .as_ref()
                .and_then(|i| i.downstream.as_ref())
                .iter()
                .for_each(|d| d.fail(failing))
        };
        fail(self, true);
        let request = order_request("sync", &self.key());
        let answer = self.send(&request);
        fail(self, false);
        let answer = answer?;
        let code = answer
            .json()
            .and_then(|body| Some(body.get("error")?.get("code")?.as_str()?.to_owned()));
        if answer.status == 502 && code.as_deref() == Some("DOWNSTREAM_FAILED") {
            return Ok(());
        }
        Err(CheckError::new(
            &request,
            tr!("status 502 DOWNSTREAM_FAILED", "状态 502 DOWNSTREAM_FAILED"),
            Text::name(answer.to_string()),
        ))
    }

    /// Checks that orders accepted before the broker is killed complete after its restart, and that none is half accepted in between.
    pub(super) fn queue_lost(&mut self) -> CheckResult {
        let ids = self.place_orders("async", 5)?;
        let (host, service) = (self.host, self.service);
        let Some(instance) = &mut self.instance else {
            return Ok(());
        };
        instance.kill(BROKER);
        let request = order_request("async", &self.key());
        let answer = self.send(&request)?;
        let code = answer
            .json()
            .and_then(|body| Some(body.get("error")?.get("code")?.as_str()?.to_owned()));
        let Some(instance) = &mut self.instance else {
            return Ok(());
        };
        let restarted = instance.restart(host, service, BROKER);
        if answer.status != 503 || code.as_deref() != Some("QUEUE_UNAVAILABLE") {
            let expected = tr!("status 503 QUEUE_UNAVAILABLE", "状态 503 QUEUE_UNAVAILABLE");
            return Err(CheckError::new(
                format!("kill -9 {BROKER}\n{request}"),
                expected,
                Text::name(answer.to_string()),
            ));
        }
        restarted.map_err(|error| {
            CheckError::new(
                BROKER,
                tr!("the broker restarts", "代理重新启动"),
                error.text(),
            )
        })?;
        self.check_each_once(&ids, "5 x POST /api/orders?mode=async, kill -9, restart")
    }
}
