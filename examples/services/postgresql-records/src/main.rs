//! Contract `records` on PostgreSQL, through a pool of connections.

use std::ops::RangeInclusive;
use std::pin::pin;
use std::process::ExitCode;

use deadpool_postgres::{Client, GenericClient, Manager, ManagerConfig, Pool, RecyclingMethod};
use futures_util::SinkExt;
use records::{Accounts, CONNECTIONS, Database, Event, Failure, Summary, TRIES, Transfer, seed};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Error, NoTls, Row};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS rows (key bigint PRIMARY KEY, value text NOT NULL);
    CREATE TABLE IF NOT EXISTS events (id bigserial PRIMARY KEY, user_id bigint NOT NULL, day bigint NOT NULL, amount bigint NOT NULL, note text NOT NULL);
    CREATE INDEX IF NOT EXISTS events_of_user ON events (user_id, day);
    CREATE TABLE IF NOT EXISTS accounts (id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0), moves bigint NOT NULL DEFAULT 0);
";
const INSERT: &str = "INSERT INTO events (user_id, day, amount, note) VALUES ($1, $2, $3, $4) RETURNING id";

struct Postgresql {
    pool: Pool,
}

impl Postgresql {
    async fn client(&self) -> Result<Client, Failure> {
        Ok(self.pool.get().await?)
    }
}

async fn insert(client: &impl GenericClient, event: &Event) -> Result<i64, Error> {
    let statement = client.prepare_cached(INSERT).await?;
    let Event { user_id, day, amount, note } = event;
    Ok(client.query_one(&statement, &[user_id, day, amount, note]).await?.get(0))
}

/// COPY is the server's own way to take many rows; all of them are one transaction.
async fn fill(client: &mut Client) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    let mut copy = pin!(transaction.copy_in::<_, std::io::Cursor<Vec<u8>>>("COPY rows FROM STDIN").await?);
    for (key, value) in seed::rows() {
        copy.feed(std::io::Cursor::new(format!("{key}\t{value}\n").into_bytes())).await?;
    }
    copy.as_mut().finish().await?;
    let mut copy = pin!(transaction.copy_in::<_, std::io::Cursor<Vec<u8>>>("COPY events (user_id, day, amount, note) FROM STDIN").await?);
    for Event { user_id, day, amount, note } in seed::events() {
        copy.feed(std::io::Cursor::new(format!("{user_id}\t{day}\t{amount}\t{note}\n").into_bytes())).await?;
    }
    copy.as_mut().finish().await?;
    let insert = transaction.prepare("INSERT INTO accounts (id, balance) VALUES ($1, $2)").await?;
    for id in seed::accounts() {
        transaction.execute(&insert, &[&id, &seed::BALANCE]).await?;
    }
    transaction.commit().await?;
    client.batch_execute("ANALYZE").await
}

/// Both accounts are locked in the order of their ids, so that two transfers cannot deadlock.
async fn transfer(client: &mut Client, from: i64, to: i64, amount: i64) -> Result<Transfer, Error> {
    let transaction = client.transaction().await?;
    let lock = transaction.prepare_cached("SELECT id, balance FROM accounts WHERE id IN ($1, $2) ORDER BY id FOR UPDATE").await?;
    let locked = transaction.query(&lock, &[&from, &to]).await?;
    if locked.len() != 2 {
        return Ok(Transfer::NoSuchAccount);
    }
    if locked.iter().any(|row| row.get::<_, i64>(0) == from && row.get::<_, i64>(1) < amount) {
        return Ok(Transfer::InsufficientFunds);
    }
    let change = transaction.prepare_cached("UPDATE accounts SET balance = balance + $1, moves = moves + 1 WHERE id = $2").await?;
    transaction.execute(&change, &[&-amount, &from]).await?;
    transaction.execute(&change, &[&amount, &to]).await?;
    transaction.commit().await?;
    Ok(Transfer::Done { retries: 0 })
}

fn met_another(error: &Error) -> bool {
    error.code().is_some_and(|code| [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code))
}

impl Database for Postgresql {
    type EventId = i64;

    async fn open(uri: &str) -> Result<Self, Failure> {
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(uri.parse()?, NoTls, ManagerConfig { recycling_method });
        let postgresql = Self { pool: Pool::builder(manager).max_size(CONNECTIONS).build()? };
        let mut client = postgresql.client().await?;
        client.batch_execute(TABLES).await?;
        let seeded: i64 = client.query_one("SELECT count(*) FROM accounts", &[]).await?.get(0);
        if seeded != seed::ACCOUNTS {
            fill(&mut client).await?;
        }
        Ok(postgresql)
    }

    async fn ready(&self) -> Result<(), Failure> {
        Ok(self.client().await?.batch_execute("SELECT 1").await?)
    }

    async fn row(&self, key: i64) -> Result<Option<String>, Failure> {
        let client = self.client().await?;
        let statement = client.prepare_cached("SELECT value FROM rows WHERE key = $1").await?;
        Ok(client.query_opt(&statement, &[&key]).await?.map(|row| row.get(0)))
    }

    async fn replace_row(&self, key: i64, value: String) -> Result<bool, Failure> {
        let client = self.client().await?;
        let statement = client.prepare_cached("UPDATE rows SET value = $2 WHERE key = $1").await?;
        Ok(client.execute(&statement, &[&key, &value]).await? == 1)
    }

    async fn insert(&self, event: Event) -> Result<i64, Failure> {
        let client = self.client().await?;
        Ok(insert(&client, &event).await?)
    }

    async fn insert_batch(&self, events: Vec<Event>) -> Result<(), Failure> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        for event in &events {
            insert(&transaction, event).await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn event(&self, id: &i64) -> Result<Option<Event>, Failure> {
        let client = self.client().await?;
        let statement = client.prepare_cached("SELECT user_id, day, amount, note FROM events WHERE id = $1").await?;
        let event = |row: Row| Event { user_id: row.get(0), day: row.get(1), amount: row.get(2), note: row.get(3) };
        Ok(client.query_opt(&statement, &[id]).await?.map(event))
    }

    async fn summary(&self, user: i64, days: RangeInclusive<i64>) -> Result<Summary, Failure> {
        let client = self.client().await?;
        let totals = "SELECT count(*), coalesce(sum(amount), 0)::bigint FROM events WHERE user_id = $1 AND day BETWEEN $2 AND $3";
        let totals = client.prepare_cached(totals).await?;
        let top = "SELECT amount FROM events WHERE user_id = $1 AND day BETWEEN $2 AND $3 ORDER BY amount DESC LIMIT 10";
        let top = client.prepare_cached(top).await?;
        let totals = client.query_one(&totals, &[&user, days.start(), days.end()]).await?;
        let top = client.query(&top, &[&user, days.start(), days.end()]).await?;
        Ok(Summary { count: totals.get(0), sum: totals.get(1), top: top.iter().map(|row| row.get(0)).collect() })
    }

    async fn transfer(&self, from: i64, to: i64, amount: i64) -> Result<Transfer, Failure> {
        let mut client = self.client().await?;
        let mut retries = 0;
        loop {
            match transfer(&mut client, from, to, amount).await {
                Ok(Transfer::Done { .. }) => return Ok(Transfer::Done { retries }),
                Err(error) if met_another(&error) && retries < TRIES => retries += 1,
                other => return Ok(other?),
            }
        }
    }

    async fn accounts(&self) -> Result<Accounts, Failure> {
        let sql = "SELECT count(*), sum(balance)::bigint, count(*) FILTER (WHERE balance < 0) FROM accounts";
        let row = self.client().await?.query_one(sql, &[]).await?;
        Ok(Accounts { count: row.get(0), sum: row.get(1), negative: row.get(2) })
    }
}

fn main() -> ExitCode {
    records::serve::<Postgresql>()
}
