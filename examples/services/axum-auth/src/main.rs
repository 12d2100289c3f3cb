//! Contract `auth` on axum: routes, start and drain.

mod auth;
mod observe;
mod refusal;

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Query, rejection::QueryRejection};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router, middleware};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};
use tower_http::catch_panic::CatchPanicLayer;

use refusal::Refusal;

/// The largest request body the contract allows \[bytes].
const BODY_LIMIT: usize = 64 * 1024;

/// Set by SIGTERM: `/readyz` then says so, while requests in flight still finish.
static DRAINING: AtomicBool = AtomicBool::new(false);
static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let secret = env::var("JWT_SECRET").expect("JWT_SECRET must be set");
    let port = env::var("PORT").expect("PORT must be set").parse().expect("PORT must be a port number");
    // One process; a worker is a thread of the runtime, so the metrics need no summing.
    let workers = env::var("WORKERS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .expect("the runtime starts")
        .block_on(serve(port, router(auth::Service::new(secret.as_bytes()))));
}

async fn serve(port: u16, router: Router) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
    // Answers are small: without this they would wait for the acknowledgement of the one before.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let mut terminate = signal(SignalKind::terminate()).expect("a handler for SIGTERM");
    let (drained, done) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(axum::serve(listener, router).with_graceful_shutdown(async { drop(done.await) }).into_future());
    terminate.recv().await;
    drain().await;
    drop(drained);
    // A client that never finishes its request cannot keep the process beyond the contract's 10 s.
    let _ = timeout(Duration::from_secs(1), server).await;
}

/// Keeps listening until nothing is in flight, so that a load balancer can read the 503 of `/readyz` on a new connection.
async fn drain() {
    DRAINING.store(true, Relaxed);
    let idle = async {
        while IN_FLIGHT.load(Relaxed) > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let _ = timeout(Duration::from_secs(8), idle).await;
}

fn router(service: auth::Service) -> Router {
    let service = Arc::new(service);
    let api = Router::new()
        .route("/users/{id}", get(auth::user))
        .route_layer(middleware::from_fn_with_state(service.clone(), auth::require_token));
    let mut router = Router::new()
        .route("/healthz", get(async || Json(json!({"status": "ok"}))))
        .route("/readyz", get(ready))
        .route("/metrics", get(observe::metrics))
        .route("/auth", post(auth::login))
        .route("/user/{id}", get(auth::user))
        .nest("/api", api);
    if env::var("FAULTS").is_ok_and(|v| v == "1") {
        router = router.route("/_fault/panic", get(panic)).route("/_fault/slow", get(slow));
    }
    router
        .fallback(async || Refusal::NotFound("no such route"))
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(refusal::after_panic))
        .layer(middleware::from_fn(observe::observe))
        .with_state(service)
}

async fn ready() -> Result<Json<Value>, Refusal> {
    if DRAINING.load(Relaxed) { Err(Refusal::NotReady) } else { Ok(Json(json!({"status": "ready"}))) }
}

async fn panic() -> Json<Value> {
    panic!("asked for by /_fault/panic")
}

#[derive(serde::Deserialize)]
struct Pause {
    ms: u64,
}

async fn slow(pause: Result<Query<Pause>, QueryRejection>) -> Result<Json<Value>, Refusal> {
    match pause {
        Ok(Query(Pause { ms })) if ms <= 5000 => {
            sleep(Duration::from_millis(ms)).await;
            Ok(Json(json!({"slept_ms": ms})))
        }
        _ => Err(Refusal::BadRequest("ms must be an integer from 0 to 5000")),
    }
}
