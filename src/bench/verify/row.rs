//! Checks that the database keeps acknowledged rows and that balances still add up.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{CheckError, CheckResult, Figures, Visit, count_variable};
use crate::bench::http::{HttpClient, HttpRequest, ResponseError};
use crate::bench::pattern::Variables;
use crate::lang::Text;
use crate::tr;

const WRITERS: u64 = 4;
/// How long rows are inserted before all processes are killed.
const WRITING: Duration = Duration::from_millis(700);
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

fn post_request(path: &str, body: &Value) -> HttpRequest {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    HttpRequest {
        method: "POST".to_owned(),
        path: path.to_owned(),
        headers,
        body: body.to_string().into_bytes(),
    }
}

/// The balances of all accounts.
pub(super) struct Balances {
    body: Value,
    pub(super) sum: i64,
    negative: i64,
}

impl Balances {
    pub(super) fn note_retries(&self, figures: &mut Figures) {
        if let Some(retries) = self.body["retries"].as_f64() {
            figures.insert("transfer_retries_count".to_owned(), retries);
        }
    }

    /// Records the error of the sum and the number of negative accounts.
    pub(super) fn note_errors(&self, before: i64, figures: &mut Figures) {
        figures.insert(
            "sum_error_count".to_owned(),
            self.sum.abs_diff(before) as f64,
        );
        figures.insert("negative_accounts_count".to_owned(), self.negative as f64);
    }

    /// Checks that the sum is unchanged and no account is negative.
    pub(super) fn hold(&self, before: i64, done: impl ToString) -> CheckResult {
        if self.sum == before && self.negative == 0 {
            return Ok(());
        }
        Err(CheckError::new(
            done,
            tr!("sum {before}, none negative", "总和 {before}，无负余额"),
            Text::name(self.body.to_string()),
        ))
    }
}

impl Visit<'_> {
    pub(super) fn balances(&mut self) -> Result<Balances, CheckError> {
        let request = HttpRequest::get("/api/accounts");
        let answer = self.send(&request)?;
        let body = answer.json().unwrap_or_default();
        match (body["sum"].as_i64(), body["negative"].as_i64()) {
            (Some(sum), Some(negative)) => Ok(Balances {
                body,
                sum,
                negative,
            }),
            _ => Err(CheckError::new(
                &request,
                Text::name("{\"sum\", \"negative\", ...}"),
                Text::name(answer.to_string()),
            )),
        }
    }

    pub(super) fn transfers_balanced(&mut self, variables: &Variables) -> CheckResult {
        let before = self.balances()?.sum;
        let done = self.many_transfers(variables)?;
        let after = self.balances()?;
        after.note_retries(&mut self.figures);
        after.hold(
            before,
            format!("{done} x POST /api/transfers, GET /api/accounts"),
        )
    }

    pub(super) fn transfers_audited(&mut self, variables: &Variables) -> CheckResult {
        let before = self.balances()?.sum;
        self.many_transfers(variables)?;
        self.balances()?.note_errors(before, &mut self.figures);
        Ok(())
    }

    /// Makes concurrent transfers between few accounts, so that they conflict, and returns their number. How often the service retries
    /// is up to it.
    fn many_transfers(&mut self, variables: &Variables) -> Result<u64, CheckError> {
        let (address, each) = (
            self.address,
            count_variable(variables, "requests", 400) / WRITERS,
        );
        let odd = Mutex::new(None);
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let odd = &odd;
                scope.spawn(move || {
                    let mut client = HttpClient::new(address, ANSWER_LIMIT);
                    for i in 0..each {
                        let (from, to) = (1 + (i + writer) % 4, 1 + (i * 3 + writer + 1) % 4);
                        let to = if to == from { 5 } else { to };
                        let request = post_request(
                            "/api/transfers",
                            &json!({"from": from, "to": to, "amount": 1 + i % 300}),
                        );
                        let said = client.send(&request);
                        // 409 is a correct response to an account without enough money.
                        if !said
                            .as_ref()
                            .is_ok_and(|answer| matches!(answer.status, 200 | 409))
                        {
                            let shown = said.map_or_else(
                                |reason| reason.text(),
                                |answer| Text::name(answer.to_string()),
                            );
                            *odd.lock().expect("no writer panics") = Some((request, shown));
                        }
                    }
                });
            }
        });
        if let Some((request, actual)) = odd.into_inner().expect("no writer panics") {
            return Err(CheckError::new(
                request,
                tr!("status 200 or 409", "状态 200 或 409"),
                actual,
            ));
        }
        Ok(each * WRITERS)
    }

    /// A `relaxed` variant may lose rows, and their number is evidence. Any other variant may not.
    pub(super) fn survives_kill(&mut self) -> CheckResult {
        let (address, stop) = (self.address, AtomicBool::new(false));
        let acknowledged = Mutex::new(Vec::new());
        let (host, service) = (self.host, self.service);
        let Some(instance) = &mut self.instance else {
            return Ok(());
        };
        let recovery = thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (stop, acknowledged) = (&stop, &acknowledged);
                scope.spawn(move || {
                    let mut client = HttpClient::new(address, ANSWER_LIMIT);
                    let request = post_request("/api/events", &json!({"user_id": writer + 1, "day": 1, "amount": 5, "note": "before the crash"}));
                    while !stop.load(Ordering::SeqCst) {
                        match client.send(&request) {
                            Ok(answer) if answer.status == 201 => {
                                let id = answer.json().and_then(|body| body.get("id").cloned());
                                acknowledged.lock().expect("no writer panics").extend(id);
                            }
                            Err(ResponseError::Refused) => return,
                            _ => {}
                        }
                    }
                });
            }
            thread::sleep(WRITING);
            // The writers continue until the service is gone, so the kill hits them in the middle of requests.
            let stopper = scope.spawn(|| {
                thread::sleep(Duration::from_millis(50));
                stop.store(true, Ordering::SeqCst);
            });
            let recovery = instance.crash(host, service);
            stopper.join().expect("it only sleeps");
            recovery
        });
        let done = "POST /api/events, kill -9, restart, GET /api/events/{id}";
        let recovery = recovery
            .map_err(|error| CheckError::new(done, tr!("it restarts", "重新启动"), error.text()))?;
        self.client.disconnect();
        let ids = acknowledged.into_inner().expect("no writer panics");
        let mut lost = 0;
        for id in &ids {
            let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            lost += u64::from(
                self.send(&HttpRequest::get(format!("/api/events/{id}")))?
                    .status
                    != 200,
            );
        }
        self.figures
            .insert("acknowledged_rows_count".to_owned(), ids.len() as f64);
        self.figures
            .insert("lost_rows_count".to_owned(), lost as f64);
        self.figures
            .insert("recovery_ms".to_owned(), recovery.as_secs_f64() * 1e3);
        let relaxed = self.service.doc.variant.as_deref() == Some("relaxed");
        if !ids.is_empty() && (lost == 0 || relaxed) {
            return Ok(());
        }
        let all = ids.len();
        Err(CheckError::new(
            done,
            tr!(
                "every acknowledged row, and at least one",
                "每个已确认的行，且至少一行"
            ),
            tr!("{lost} of {all} rows were lost", "{all} 行中丢失 {lost} 行"),
        ))
    }
}
