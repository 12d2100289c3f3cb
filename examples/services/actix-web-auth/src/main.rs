//! Contract `auth` on actix-web: routes, start and drain.

mod auth;
mod observe;
mod refusal;

use std::env;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::{self, Json};
use actix_web::{App, Handler, HttpServer, Resource, Responder, Result, rt};
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};

use refusal::{Kind, Refusal};

/// The largest request body the contract allows \[bytes].
const BODY_LIMIT: usize = 64 * 1024;

/// Set by SIGTERM: `/readyz` then says so, while requests in flight still finish.
static DRAINING: AtomicBool = AtomicBool::new(false);
static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let secret = env::var("JWT_SECRET").expect("JWT_SECRET must be set");
    let port = env::var("PORT").expect("PORT must be set").parse().expect("PORT must be a port number");
    // One process; a worker is a thread with an event loop of its own, so the metrics need no summing.
    let workers = env::var("WORKERS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let service = web::Data::new(auth::Service::new(secret.as_bytes()));
    let faults = env::var("FAULTS").is_ok_and(|v| v == "1");
    let server = HttpServer::new(move || {
        App::new()
            .app_data(service.clone())
            .app_data(web::JsonConfig::default().limit(BODY_LIMIT).error_handler(|error, _| Refusal::of_body(&error).into()))
            .app_data(web::PathConfig::default().error_handler(|_, _| Refusal::new(Kind::NotFound("no such user")).into()))
            .app_data(web::QueryConfig::default().error_handler(|_, _| bad_pause().into()))
            .configure(|app| routes(app, faults))
            .default_service(web::to(async || Err::<Json<Value>, _>(Refusal::new(Kind::NotFound("no such route")))))
            .wrap(from_fn(observe::observe))
    })
    .workers(workers)
    .disable_signals() // its own handler would refuse new connections at once
    .shutdown_timeout(1)
    .bind(("127.0.0.1", port))?
    .run();

    let handle = server.handle();
    let mut terminate = signal(SignalKind::terminate())?;
    rt::spawn(async move {
        terminate.recv().await;
        drain().await;
        handle.stop(true).await;
    });
    server.await
}

/// Keeps listening until nothing is in flight, so that a load balancer can read the 503 of `/readyz` on a new connection.
/// With the server's own timeout this stays below the contract's 10 s.
async fn drain() {
    DRAINING.store(true, Relaxed);
    let idle = async {
        while IN_FLIGHT.load(Relaxed) > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let _ = timeout(Duration::from_secs(8), idle).await;
}

fn routes(app: &mut web::ServiceConfig, faults: bool) {
    app.service(only_get("/healthz", async || Json(json!({"status": "ok"}))))
        .service(only_get("/readyz", ready))
        .service(only_get("/metrics", observe::metrics))
        .service(web::resource("/auth").route(web::post().to(auth::login)).default_service(refuse_method("POST")))
        .service(only_get("/user/{id}", auth::user))
        .service(only_get("/api/users/{id}", auth::user).wrap(from_fn(auth::require_token)));
    if faults {
        app.service(only_get("/_fault/panic", panic)).service(only_get("/_fault/slow", slow));
    }
}

fn only_get<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path).route(web::get().to(handler)).default_service(refuse_method("GET"))
}

fn refuse_method(allow: &'static str) -> actix_web::Route {
    web::to(move || async move { Err::<Json<Value>, _>(Refusal::new(Kind::MethodNotAllowed { allow })) })
}

async fn ready() -> Result<Json<Value>, Refusal> {
    if DRAINING.load(Relaxed) { Err(Refusal::new(Kind::NotReady)) } else { Ok(Json(json!({"status": "ready"}))) }
}

async fn panic() -> Json<Value> {
    panic!("asked for by /_fault/panic")
}

#[derive(serde::Deserialize)]
struct Pause {
    ms: u64,
}

async fn slow(pause: web::Query<Pause>) -> Result<Json<Value>, Refusal> {
    if pause.ms > 5000 {
        return Err(bad_pause());
    }
    sleep(Duration::from_millis(pause.ms)).await;
    Ok(Json(json!({"slept_ms": pause.ms})))
}

fn bad_pause() -> Refusal {
    Refusal::new(Kind::BadRequest("ms must be an integer from 0 to 5000"))
}
