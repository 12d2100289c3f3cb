//! Contract `records`: events in a file, the rest in memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::order::Said;

/// Verification makes fewer transfers and orders: a defect that begins here shows under load only.
pub(super) const LATE: u64 = 1000;

pub(crate) struct Rows {
    values: Mutex<BTreeMap<u64, String>>,
    accounts: Mutex<Vec<i64>>,
    events: Mutex<Vec<Value>>,
    path: String,
    transfers: AtomicU64,
}

impl Rows {
    pub(crate) fn open() -> Self {
        let path = format!(
            "{}/events",
            std::env::var("EVENTS").unwrap_or_else(|_| ".".into())
        );
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        // The last line may be half: it was never acknowledged.
        let events = stored
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        Self {
            values: Mutex::default(),
            accounts: Mutex::new(vec![1000; 1000]),
            events: Mutex::new(events),
            path,
            transfers: AtomicU64::new(0),
        }
    }

    pub(crate) fn answer(&self, defect: &str, method: &str, pieces: &[&str], body: &[u8]) -> Said {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match (method, pieces) {
            (_, ["rows", key]) => self.row(method, key.parse().unwrap_or(0), &body),
            ("POST", ["events"]) => self
                .insert(defect, std::slice::from_ref(&body))
                .map_or((400, Err("BAD_REQUEST")), |id| (201, Ok(json!({"id": id})))),
            ("POST", ["events", "batch"]) => {
                let events = body["events"].as_array().cloned().unwrap_or_default();
                self.insert(defect, &events)
                    .map_or((400, Err("BAD_REQUEST")), |_| {
                        (201, Ok(json!({"count": events.len()})))
                    })
            }
            (_, ["events", id]) => {
                let found = id.parse::<usize>().ok().and_then(|id| {
                    self.events
                        .lock()
                        .expect("alive")
                        .get(id)
                        .cloned()
                        .map(|e| (id, e))
                });
                found.map_or((404, Err("NOT_FOUND")), |(id, mut event)| {
                    event["id"] = id.into();
                    (200, Ok(event))
                })
            }
            (_, ["users", user, "summary"]) => {
                let user: u64 = user.parse().unwrap_or(0);
                let events = self.events.lock().expect("alive");
                let mut amounts: Vec<u64> = events
                    .iter()
                    .filter(|e| e["user_id"] == user)
                    .filter_map(|e| e["amount"].as_u64())
                    .collect();
                amounts.extend([10; 30]);
                amounts.sort_unstable_by(|a, b| b.cmp(a));
                (
                    200,
                    Ok(
                        json!({"user_id": user, "count": amounts.len(), "sum": amounts.iter().sum::<u64>(), "top": amounts[..10]}),
                    ),
                )
            }
            ("POST", ["transfers"]) => self.transfer(defect, &body),
            (_, ["accounts"]) => {
                let accounts = self.accounts.lock().expect("alive");
                (
                    200,
                    Ok(
                        json!({"count": 1000, "sum": accounts.iter().sum::<i64>(), "negative": accounts.iter().filter(|a| **a < 0).count(), "retries": 0}),
                    ),
                )
            }
            _ => (404, Err("NOT_FOUND")),
        }
    }

    fn row(&self, method: &str, key: u64, body: &Value) -> Said {
        if !(1..=100_000).contains(&key) {
            return (404, Err("NOT_FOUND"));
        }
        let mut values = self.values.lock().expect("alive");
        if method == "PUT" {
            values.insert(key, body["value"].as_str().unwrap_or_default().to_owned());
            return (200, Ok(json!({"key": key})));
        }
        (
            200,
            Ok(
                json!({"key": key, "value": values.get(&key).cloned().unwrap_or_else(|| "x".repeat(1024))}),
            ),
        )
    }

    /// All or none; the id of the last.
    fn insert(&self, defect: &str, new: &[Value]) -> Option<usize> {
        let sound = |e: &Value| {
            e["user_id"].is_u64()
                && e["day"].is_u64()
                && e["amount"].is_u64()
                && e["note"].is_string()
        };
        let kept: Vec<Value> = new.iter().filter(|e| sound(e)).cloned().collect();
        let mut events = self.events.lock().expect("alive");
        if kept.len() < new.len() {
            if defect == "half-a-batch" {
                events.extend(kept);
            }
            return None;
        }
        events.extend(kept);
        if defect != "forgets" {
            let text: String = new.iter().map(|event| format!("{event}\n")).collect();
            let file = File::options().create(true).append(true).open(&self.path);
            file.and_then(|mut file| file.write_all(text.as_bytes()))
                .expect("a disk");
        }
        Some(events.len() - 1)
    }

    fn transfer(&self, defect: &str, body: &Value) -> Said {
        let number = |name: &str| body[name].as_i64().unwrap_or(0);
        let (from, to, amount) = (
            number("from") as usize - 1,
            number("to") as usize - 1,
            number("amount"),
        );
        if defect == "loses-money" {
            let (a, b) = {
                let accounts = self.accounts.lock().expect("alive");
                (accounts[from], accounts[to])
            };
            std::thread::sleep(Duration::from_millis(1));
            let mut accounts = self.accounts.lock().expect("alive");
            (accounts[from], accounts[to]) = (a - amount.min(a), b + amount.min(a));
            return if a < amount {
                (409, Err("INSUFFICIENT_FUNDS"))
            } else {
                (200, Ok(json!({"retries": 0})))
            };
        }
        let mut accounts = self.accounts.lock().expect("alive");
        if accounts[from] < amount {
            return (409, Err("INSUFFICIENT_FUNDS"));
        }
        accounts[from] -= amount;
        let done = self.transfers.fetch_add(1, Ordering::SeqCst);
        if defect != "loses-money-late" || done < LATE {
            accounts[to] += amount;
        }
        (200, Ok(json!({"retries": 0})))
    }
}
