//! Contract `orders`, synchronous: kept in memory, with two real calls each.

use std::collections::BTreeMap;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use weigh::bench::http::{HttpClient, HttpRequest};

#[derive(Default)]
pub(crate) struct Orders {
    /// By key: id and body.
    by_key: Mutex<BTreeMap<String, (u64, Value)>>,
    /// Those whose calls were made.
    done: Mutex<BTreeMap<u64, Value>>,
}

/// Status, and the body or the error's code.
pub(crate) type Said = (u16, Result<Value, &'static str>);

impl Orders {
    pub(crate) fn take(
        &self,
        defect: &str,
        query: &str,
        key: Option<&String>,
        body: &[u8],
    ) -> Said {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let sound = body["user_id"].is_u64()
            && body["item"].is_string()
            && body["quantity"].as_u64().is_some_and(|n| n > 0);
        let (Some(key), true, "mode=sync") = (key, sound, query) else {
            return (400, Err("BAD_REQUEST"));
        };
        let (id, known) = {
            let mut keys = self.by_key.lock().expect("alive");
            let next = keys.len() as u64 + 1;
            let key = if defect == "ignores-key" {
                format!("{key}-{next}")
            } else {
                key.clone()
            };
            let known = keys.contains_key(&key);
            let (id, first) = keys.entry(key).or_insert((next, body.clone()));
            if *first != body {
                return (409, Err("CONFLICT"));
            }
            (*id, known)
        };
        let mut order = body;
        order["id"] = id.into();
        order["status"] = "done".into();
        if !known || defect == "mails-again" {
            let calls: &[&str] = match defect {
                "swallows" => &["/points"],
                "mails-twice-late" if id > super::row::LATE => &["/mail", "/mail", "/points"],
                "mails-twice" => &["/mail", "/mail", "/points"],
                _ => &["/mail", "/points"],
            };
            if !calls.iter().all(|path| call(path, id)) && defect != "hides-failures" {
                return (502, Err("DOWNSTREAM_FAILED"));
            }
        }
        self.done.lock().expect("alive").insert(id, order.clone());
        (201, Ok(order))
    }

    pub(crate) fn read(&self, id: &str) -> Said {
        let found = id
            .parse()
            .ok()
            .and_then(|id: u64| self.done.lock().expect("alive").get(&id).cloned());
        found.map_or((404, Err("NOT_FOUND")), |order| (200, Ok(order)))
    }
}

fn call(path: &str, id: u64) -> bool {
    let url = std::env::var("DOWNSTREAM_URL").expect("the contract gives it");
    let address: SocketAddr = url
        .trim_start_matches("http://")
        .to_socket_addrs()
        .expect("an address")
        .next()
        .expect("one");
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    let body = json!({"order_id": id}).to_string().into_bytes();
    let request = HttpRequest {
        method: "POST".into(),
        path: path.into(),
        headers,
        body,
    };
    HttpClient::new(address, Duration::from_secs(5))
        .send(&request)
        .is_ok_and(|answer| answer.status == 200)
}
