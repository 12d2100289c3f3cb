//! Trace id, metrics and log line of each request.

use std::env;
use std::sync::LazyLock;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Instant, SystemTime};

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus::{HistogramVec, IntCounterVec, TextEncoder, register_histogram_vec, register_int_counter_vec};
use serde_json::json;

use crate::IN_FLIGHT;

static REQUESTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!("http_requests_total", "Requests answered.", &["method", "route", "status"])
        .expect("the only metric of its name")
});

static DURATIONS: LazyLock<HistogramVec> = LazyLock::new(|| {
    let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
    let help = "Time from the first layer to the answer.";
    register_histogram_vec!("http_request_duration_seconds", help, &["method", "route"], buckets).expect("the only metric of its name")
});

static LOGGED: LazyLock<bool> = LazyLock::new(|| env::var("LOG").is_ok_and(|log| log == "access"));

tokio::task_local! {
    static TRACE: String;
}

/// The trace id of the request this task answers.
pub fn trace_id() -> String {
    TRACE.with(String::clone)
}

/// Counted down when the request ends, also when its client disconnects.
struct InFlight;

impl InFlight {
    fn begin() -> Self {
        IN_FLIGHT.fetch_add(1, Relaxed);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        IN_FLIGHT.fetch_sub(1, Relaxed);
    }
}

pub async fn observe(request: Request, next: Next) -> Response {
    let (began, _in_flight) = (Instant::now(), InFlight::begin());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let trace = traced(request.headers()).unwrap_or_else(|| format!("{:032x}", rand::random::<u128>()));
    let mut response = TRACE.scope(trace.clone(), next.run(request)).await;
    let header = HeaderValue::from_str(&trace).expect("hexadecimal digits are a header value");
    response.headers_mut().insert("x-trace-id", header);

    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let (status, took) = (response.status(), began.elapsed());
    REQUESTS.with_label_values(&[method.as_str(), route, status.as_str()]).inc();
    DURATIONS.with_label_values(&[method.as_str(), route]).observe(took.as_secs_f64());
    if *LOGGED {
        let line = json!({
            "ts": humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
            "level": "info",
            "msg": "request",
            "trace_id": trace,
            "method": method.as_str(),
            "route": route,
            "status": status.as_u16(),
            "duration_ms": took.as_micros() as f64 / 1000.0,
            "bytes": response.body().size_hint().exact(),
        });
        println!("{line}");
    }
    response
}

/// The caller's W3C trace id; an id of zeros is invalid by that standard.
fn traced(headers: &HeaderMap) -> Option<String> {
    let header = headers.get("traceparent")?.to_str().ok()?;
    let mut parts = header.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hexadecimal = |part: &str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let id = |part: &str, digits| part.len() == digits && hexadecimal(part) && part.bytes().any(|b| b != b'0');
    let flagged = flags.len() == 2 && hexadecimal(flags) && parts.next().is_none();
    (version == "00" && id(trace, 32) && id(parent, 16) && flagged).then(|| trace.to_owned())
}

pub async fn metrics() -> Response {
    let text = TextEncoder::new().encode_to_string(&prometheus::gather()).expect("metrics are always text");
    ([(CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response()
}
