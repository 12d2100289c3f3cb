//! What each route does, in terms of the [`Database`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::DRAINING;
use crate::database::{Accounts, Database, Event, Summary, Transfer};
use crate::refusal::Refusal;
use crate::seed::TODAY;

/// The largest batch the contract speaks of \[events].
const BATCH: usize = 100;

pub struct Service<D> {
    database: D,
    /// Transactions that were tried again, since the start.
    retries: AtomicU64,
}

impl<D> Service<D> {
    pub fn new(database: D) -> Self {
        Self { database, retries: AtomicU64::new(0) }
    }
}

type Shared<D> = State<Arc<Service<D>>>;
type Answer<T> = Result<Json<T>, Refusal>;
type Created = Result<(StatusCode, Json<Value>), Refusal>;

/// axum's `Json`, with this service's refusals.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(Refusal))]
pub struct Body<T>(T);

/// axum's `Path`, with this service's refusals: what is no key is nobody's key.
#[derive(FromRequestParts)]
#[from_request(via(Path), rejection(Refusal))]
pub struct Parameter<T>(T);

pub async fn ready<D: Database>(State(service): Shared<D>) -> Answer<Value> {
    if DRAINING.load(Relaxed) {
        return Err(Refusal::NotReady("draining"));
    }
    match timeout(Duration::from_secs(1), service.database.ready()).await {
        Ok(Ok(())) => Ok(Json(json!({"status": "ready"}))),
        _ => Err(Refusal::NotReady("the database does not answer")),
    }
}

#[derive(Serialize)]
pub struct Row {
    key: i64,
    value: String,
}

pub async fn row<D: Database>(State(service): Shared<D>, Parameter(key): Parameter<i64>) -> Answer<Row> {
    let value = service.database.row(key).await?.ok_or(Refusal::NotFound("no such row"))?;
    Ok(Json(Row { key, value }))
}

#[derive(Deserialize)]
pub struct Replacement {
    value: String,
}

pub async fn replace_row<D: Database>(
    State(service): Shared<D>,
    Parameter(key): Parameter<i64>,
    Body(given): Body<Replacement>,
) -> Answer<Value> {
    match service.database.replace_row(key, given.value).await? {
        true => Ok(Json(json!({"key": key}))),
        false => Err(Refusal::NotFound("no such row")),
    }
}

pub async fn insert<D: Database>(State(service): Shared<D>, Body(event): Body<Event>) -> Created {
    let id = service.database.insert(event).await?;
    Ok((StatusCode::CREATED, Json(json!({"id": id}))))
}

#[derive(Deserialize)]
pub struct Batch {
    events: Vec<Event>,
}

pub async fn insert_batch<D: Database>(State(service): Shared<D>, Body(batch): Body<Batch>) -> Created {
    let count = batch.events.len();
    if !(1..=BATCH).contains(&count) {
        return Err(Refusal::BadRequest("a batch has 1 to 100 events"));
    }
    service.database.insert_batch(batch.events).await?;
    Ok((StatusCode::CREATED, Json(json!({"count": count}))))
}

#[derive(Serialize)]
pub struct Stored<I> {
    id: I,
    #[serde(flatten)]
    event: Event,
}

pub async fn event<D: Database>(State(service): Shared<D>, Parameter(id): Parameter<D::EventId>) -> Answer<Stored<D::EventId>> {
    let event = service.database.event(&id).await?.ok_or(Refusal::NotFound("no such event"))?;
    Ok(Json(Stored { id, event }))
}

#[derive(Deserialize)]
pub struct Window {
    days: i64,
}

#[derive(Serialize)]
pub struct UserSummary {
    user_id: i64,
    #[serde(flatten)]
    summary: Summary,
}

/// The last days up to the last seeded one, so that the work stays the same however much a load has inserted after it.
pub async fn summary<D: Database>(
    State(service): Shared<D>,
    Parameter(user_id): Parameter<i64>,
    window: Result<Query<Window>, QueryRejection>,
) -> Answer<UserSummary> {
    let days = match window {
        Ok(Query(Window { days })) if (1..=TODAY).contains(&days) => days,
        _ => return Err(Refusal::BadRequest("days must be an integer from 1 to 60")),
    };
    let summary = service.database.summary(user_id, TODAY - days + 1..=TODAY).await?;
    Ok(Json(UserSummary { user_id, summary }))
}

#[derive(Deserialize)]
pub struct Order {
    from: i64,
    to: i64,
    amount: i64,
}

pub async fn transfer<D: Database>(State(service): Shared<D>, Body(order): Body<Order>) -> Answer<Value> {
    let Order { from, to, amount } = order;
    if from == to || amount < 0 {
        return Err(Refusal::BadRequest("from and to must differ, amount must not be negative"));
    }
    match service.database.transfer(from, to, amount).await? {
        Transfer::Done { retries } => {
            service.retries.fetch_add(retries, Relaxed);
            Ok(Json(json!({"retries": retries})))
        }
        Transfer::InsufficientFunds => Err(Refusal::InsufficientFunds),
        Transfer::NoSuchAccount => Err(Refusal::NotFound("no such account")),
    }
}

#[derive(Serialize)]
pub struct Balances {
    #[serde(flatten)]
    accounts: Accounts,
    retries: u64,
}

pub async fn accounts<D: Database>(State(service): Shared<D>) -> Answer<Balances> {
    let accounts = service.database.accounts().await?;
    Ok(Json(Balances { accounts, retries: service.retries.load(Relaxed) }))
}

pub async fn panic() -> Json<Value> {
    panic!("asked for by /_fault/panic")
}

#[derive(Deserialize)]
pub struct Pause {
    ms: u64,
}

pub async fn slow(pause: Result<Query<Pause>, QueryRejection>) -> Answer<Value> {
    match pause {
        Ok(Query(Pause { ms })) if ms <= 5000 => {
            sleep(Duration::from_millis(ms)).await;
            Ok(Json(json!({"slept_ms": ms})))
        }
        _ => Err(Refusal::BadRequest("ms must be an integer from 0 to 5000")),
    }
}
