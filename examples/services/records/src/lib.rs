//! Contract `records`, whatever the database: routes, start and drain. An adapter implements [`Database`] and calls [`serve`].

mod database;
mod handlers;
pub mod naive;
mod observe;
mod refusal;
pub mod seed;

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router, middleware};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};
use tower_http::catch_panic::CatchPanicLayer;

pub use database::{Accounts, Database, Event, Failure, Summary, Transfer};
use handlers::Service;
use refusal::Refusal;

/// The largest request body the contract allows \[bytes].
const BODY_LIMIT: usize = 64 * 1024;
/// Connections an adapter keeps to a server: the benchmark's closed loop has as many clients.
pub const CONNECTIONS: usize = 16;
/// Maximum number of attempts of a transaction with conflicts.
pub const TRIES: u64 = 100;
/// How long a database may take to answer for the first time, recovery after a crash included.
const OPEN_LIMIT: Duration = Duration::from_secs(55);

/// Set by SIGTERM: `/readyz` then says so, while requests in flight still finish.
static DRAINING: AtomicBool = AtomicBool::new(false);
static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);

/// The whole life of the service before one database, which `DATABASE_URL` names. With `seed` as its argument it only opens the
/// database, which fills an empty one: for those that take longer over it than a start may.
pub fn serve<D: Database>() -> ExitCode {
    let uri = env::var("DATABASE_URL").expect("DATABASE_URL must be set");
    // One process; a worker is a thread of the runtime, so the metrics need no summing.
    let workers = env::var("WORKERS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build().expect("the runtime starts");
    let served: Result<(), Failure> = runtime.block_on(async {
        let database = open::<D>(&uri).await?;
        if env::args().nth(1).as_deref() != Some("seed") {
            let port = env::var("PORT").expect("PORT must be set").parse().expect("PORT must be a port number");
            listen(port, router(Arc::new(Service::new(database)))).await;
        }
        Ok(())
    });
    // Requests that still wait for their client or database are abandoned.
    runtime.shutdown_timeout(Duration::from_millis(200));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", json!({"level": "error", "msg": "the database cannot be opened", "cause": described(&*error)}));
            ExitCode::FAILURE
        }
    }
}

/// Opens the database, and seeds it if nobody did; a server that still recovers is asked again.
async fn open<D: Database>(uri: &str) -> Result<D, Failure> {
    let began = Instant::now();
    loop {
        match D::open(uri).await {
            Ok(database) => return Ok(database),
            Err(error) if began.elapsed() > OPEN_LIMIT => return Err(error),
            Err(error) => eprintln!("{}", json!({"level": "info", "msg": "the database is not ready", "cause": described(&*error)})),
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// An error with its causes.
fn described(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

async fn listen(port: u16, router: Router) {
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

fn router<D: Database>(service: Arc<Service<D>>) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(async || Json(json!({"status": "ok"}))))
        .route("/readyz", get(handlers::ready))
        .route("/metrics", get(observe::metrics))
        .route("/api/rows/{key}", get(handlers::row).put(handlers::replace_row))
        .route("/api/events", post(handlers::insert))
        .route("/api/events/batch", post(handlers::insert_batch))
        .route("/api/events/{id}", get(handlers::event))
        .route("/api/users/{id}/summary", get(handlers::summary))
        .route("/api/transfers", post(handlers::transfer))
        .route("/api/accounts", get(handlers::accounts));
    if env::var("FAULTS").is_ok_and(|v| v == "1") {
        router = router.route("/_fault/panic", get(handlers::panic)).route("/_fault/slow", get(handlers::slow));
    }
    router
        .fallback(async || Refusal::NotFound("no such route"))
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(refusal::after_panic))
        .layer(middleware::from_fn(observe::observe))
        .with_state(service)
}
