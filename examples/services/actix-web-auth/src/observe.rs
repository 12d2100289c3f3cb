//! Trace id, metrics and log line of each request.

use std::env;
use std::panic::AssertUnwindSafe;
use std::sync::LazyLock;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Instant, SystemTime};

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use futures_util::FutureExt;
use prometheus::{HistogramVec, IntCounterVec, TextEncoder, register_histogram_vec, register_int_counter_vec};
use serde_json::json;

use crate::IN_FLIGHT;
use crate::refusal::{Kind, Refusal};

pub const TRACE_HEADER: &str = "x-trace-id";

static REQUESTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!("http_requests_total", "Requests answered.", &["method", "route", "status"])
        .expect("the only metric of its name")
});

static DURATIONS: LazyLock<HistogramVec> = LazyLock::new(|| {
    let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
    let help = "Time from the first middleware to the answer.";
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

pub async fn observe(request: ServiceRequest, next: Next<impl MessageBody>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let (began, _in_flight) = (Instant::now(), InFlight::begin());
    let method = request.method().clone();
    let route = request.match_pattern();
    let trace = traced(request.headers()).unwrap_or_else(|| format!("{:032x}", rand::random::<u128>()));
    // actix-web would drop the connection of a handler that panics. The panic hook has already written the message to
    // standard error; the caller gets only the trace id.
    let caught = AssertUnwindSafe(next.call(request)).catch_unwind();
    let answer = TRACE.scope(trace.clone(), caught.map(|done| done.unwrap_or_else(|_| Err(Refusal::new(Kind::Internal).into()))));
    let mut answer = answer.await;
    if let Ok(response) = &mut answer {
        let value = HeaderValue::from_str(&trace).expect("hexadecimal digits are a header value");
        response.headers_mut().insert(HeaderName::from_static(TRACE_HEADER), value);
    }

    let route = route.as_deref().unwrap_or("unmatched");
    let (status, size) = match &answer {
        Ok(response) => (response.status(), response.response().body().size()),
        Err(error) => (error.as_response_error().status_code(), error.error_response().body().size()),
    };
    let took = began.elapsed();
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
            "bytes": if let BodySize::Sized(bytes) = size { bytes } else { 0 },
        });
        println!("{line}");
    }
    answer
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

pub async fn metrics() -> HttpResponse {
    let text = TextEncoder::new().encode_to_string(&prometheus::gather()).expect("metrics are always text");
    HttpResponse::Ok().content_type(prometheus::TEXT_FORMAT).body(text)
}
