//! Contract `records` on Cassandra, through the ScyllaDB project's driver. There are no transactions over partitions, so all
//! accounts are in one: there a conditional batch changes both balances or none.

mod naive;

use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use records::{Accounts, Database, Event, Failure, Summary, TRIES, Transfer, seed};
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::serialize::row::SerializeRow;
use scylla::statement::batch::{Batch, BatchType};
use scylla::statement::prepared::PreparedStatement;
use scylla::value::Row;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use uuid::Uuid;

use naive::Plain;

const TABLES: [&str; 4] = [
    "CREATE KEYSPACE IF NOT EXISTS records WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
    "CREATE TABLE IF NOT EXISTS records.rows (key bigint PRIMARY KEY, value text)",
    "CREATE TABLE IF NOT EXISTS records.events (user_id bigint, day bigint, id uuid, amount bigint, note text, PRIMARY KEY (user_id, day, id))",
    "CREATE TABLE IF NOT EXISTS records.accounts (bank bigint, id bigint, balance bigint, PRIMARY KEY (bank, id))",
];
/// The partition of all accounts.
const BANK: i64 = 1;
/// Rows of one batch while seeding: the events of one user, which are one partition.
const TOGETHER: usize = 60;
/// Batches at once while seeding: they share the flushes of the commit log.
const AT_ONCE: usize = 32;

struct Cassandra {
    session: Arc<Session>,
    row: PreparedStatement,
    replace_row: PreparedStatement,
    insert: PreparedStatement,
    event: PreparedStatement,
    amounts: PreparedStatement,
    two_balances: PreparedStatement,
    balances: PreparedStatement,
    change: PreparedStatement,
    /// Rounds of Paxos on one partition only get in each other's way: here transfers take turns, and meet those of other processes.
    turn: Mutex<()>,
    /// Where transfers are to be made without any condition.
    naive: Option<Plain>,
}

/// What an event's id says: its partition, and where it is there.
fn named(id: &str) -> Option<(i64, i64, Uuid)> {
    let mut parts = id.splitn(3, '_');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Unlogged batches only save messages: each row is written for itself.
async fn write_all<V>(session: &Arc<Session>, insert: &str, mut rows: impl Iterator<Item = V> + Send) -> Result<(), Failure>
where
    V: SerializeRow + Send + Sync + 'static,
{
    let insert = session.prepare(insert).await?;
    let mut writes = JoinSet::new();
    loop {
        let some: Vec<V> = rows.by_ref().take(TOGETHER).collect();
        if writes.len() == AT_ONCE || some.is_empty() {
            match writes.join_next().await {
                Some(written) => written??,
                None => return Ok(()),
            }
        }
        if !some.is_empty() {
            let batch = batch(BatchType::Unlogged, &insert, some.len());
            let session = session.clone();
            writes.spawn(async move { session.batch(&batch, some).await.map(drop) });
        }
    }
}

/// The same statement so many times.
fn batch(kind: BatchType, statement: &PreparedStatement, times: usize) -> Batch {
    Batch::new_with_statements(kind, vec![statement.clone().into(); times])
}

impl Cassandra {
    /// Seeded ids come from what they name, so that a seeding that was cut short can be repeated.
    async fn fill(&self) -> Result<(), Failure> {
        write_all(&self.session, "INSERT INTO records.rows (key, value) VALUES (?, ?)", seed::rows()).await?;
        let events = seed::events().map(|Event { user_id, day, amount, note }| {
            let id = Uuid::from_u64_pair(user_id.unsigned_abs(), day.unsigned_abs());
            (user_id, day, id, amount, note)
        });
        write_all(&self.session, "INSERT INTO records.events (user_id, day, id, amount, note) VALUES (?, ?, ?, ?, ?)", events).await?;
        let accounts = seed::accounts().map(|id| (BANK, id, seed::BALANCE));
        write_all(&self.session, "INSERT INTO records.accounts (bank, id, balance) VALUES (?, ?, ?)", accounts).await
    }

    /// One partition, so a consistent snapshot.
    async fn all_balances(&self) -> Result<Vec<i64>, Failure> {
        let found = self.session.execute_unpaged(&self.balances, (BANK,)).await?.into_rows_result()?;
        Ok(found.rows::<(i64,)>()?.map(|row| row.map(|(balance,)| balance)).collect::<Result<_, _>>()?)
    }

    /// Two accounts' balances, the first account's first; `None` without one of them.
    async fn two_balances(&self, first: i64, second: i64) -> Result<Option<(i64, i64)>, Failure> {
        let found = self.session.execute_unpaged(&self.two_balances, (BANK, first, second)).await?.into_rows_result()?;
        let found: Vec<(i64, i64)> = found.rows::<(i64, i64)>()?.collect::<Result<_, _>>()?;
        let balance = |wanted: i64| found.iter().find(|(id, _)| *id == wanted).map(|(_, balance)| *balance);
        Ok(balance(first).zip(balance(second)))
    }

    /// Whether both balances were still the ones that were read, and are changed. A change of which nobody knows whether it
    /// happened is a failure: made again, it could happen twice.
    async fn change(&self, changes: [(i64, i64, i64, i64); 2]) -> Result<bool, Failure> {
        let batch = batch(BatchType::Logged, &self.change, changes.len());
        let answer = self.session.batch(&batch, changes.as_slice()).await?.into_rows_result()?;
        // The first column is `[applied]`; what follows, and whether anything does, depends on it.
        let applied = answer.first_row::<Row>()?.columns.into_iter().next().flatten();
        Ok(applied.and_then(|value| value.as_boolean()).unwrap_or(false))
    }
}

impl Database for Cassandra {
    type EventId = String;

    async fn open(uri: &str) -> Result<Self, Failure> {
        let nodes: Vec<&str> = uri.trim_start_matches("cassandra://").split(',').collect();
        let session = Arc::new(SessionBuilder::new().known_nodes(nodes).build().await?);
        for table in TABLES {
            session.query_unpaged(table, ()).await?;
        }
        let cassandra = Self {
            row: session.prepare("SELECT value FROM records.rows WHERE key = ?").await?,
            // IF EXISTS would cost a round of Paxos, which no other database here pays for a replacement.
            replace_row: session.prepare("UPDATE records.rows SET value = ? WHERE key = ?").await?,
            insert: session.prepare("INSERT INTO records.events (user_id, day, id, amount, note) VALUES (?, ?, ?, ?, ?)").await?,
            event: session.prepare("SELECT amount, note FROM records.events WHERE user_id = ? AND day = ? AND id = ?").await?,
            amounts: session.prepare("SELECT amount FROM records.events WHERE user_id = ? AND day >= ? AND day <= ?").await?,
            two_balances: session.prepare("SELECT id, balance FROM records.accounts WHERE bank = ? AND id IN (?, ?)").await?,
            balances: session.prepare("SELECT balance FROM records.accounts WHERE bank = ?").await?,
            change: session.prepare("UPDATE records.accounts SET balance = ? WHERE bank = ? AND id = ? IF balance = ?").await?,
            turn: Mutex::default(),
            naive: if records::naive::is_asked_for() { Some(Plain::prepare(&session).await?) } else { None },
            session,
        };
        if cassandra.all_balances().await?.len() as i64 != seed::ACCOUNTS {
            cassandra.fill().await?;
        }
        Ok(cassandra)
    }

    async fn ready(&self) -> Result<(), Failure> {
        self.session.query_unpaged("SELECT key FROM system.local", ()).await?;
        Ok(())
    }

    async fn row(&self, key: i64) -> Result<Option<String>, Failure> {
        let found = self.session.execute_unpaged(&self.row, (key,)).await?.into_rows_result()?;
        Ok(found.maybe_first_row::<(String,)>()?.map(|(value,)| value))
    }

    /// An update would insert what is not there, so only the seeded keys are let through: others nobody can make.
    async fn replace_row(&self, key: i64, value: String) -> Result<bool, Failure> {
        if !(1..=seed::ROWS).contains(&key) {
            return Ok(false);
        }
        self.session.execute_unpaged(&self.replace_row, (value, key)).await?;
        Ok(true)
    }

    async fn insert(&self, Event { user_id, day, amount, note }: Event) -> Result<String, Failure> {
        let id = Uuid::new_v4();
        self.session.execute_unpaged(&self.insert, (user_id, day, id, amount, note)).await?;
        Ok(format!("{user_id}_{day}_{id}"))
    }

    /// A logged batch: once it is acknowledged all of it happens, over partitions and crashes.
    async fn insert_batch(&self, events: Vec<Event>) -> Result<(), Failure> {
        let batch = batch(BatchType::Logged, &self.insert, events.len());
        let rows = events.into_iter().map(|event| (event.user_id, event.day, Uuid::new_v4(), event.amount, event.note));
        self.session.batch(&batch, rows.collect::<Vec<_>>()).await?;
        Ok(())
    }

    async fn event(&self, id: &String) -> Result<Option<Event>, Failure> {
        let Some((user_id, day, id)) = named(id) else { return Ok(None) };
        let found = self.session.execute_unpaged(&self.event, (user_id, day, id)).await?.into_rows_result()?;
        Ok(found.maybe_first_row::<(i64, String)>()?.map(|(amount, note)| Event { user_id, day, amount, note }))
    }

    /// The server cannot rank by amount what it orders by day, so the amounts are fetched.
    async fn summary(&self, user: i64, days: RangeInclusive<i64>) -> Result<Summary, Failure> {
        let found = self.session.execute_unpaged(&self.amounts, (user, *days.start(), *days.end())).await?.into_rows_result()?;
        let amounts: Vec<i64> = found.rows::<(i64,)>()?.map(|row| row.map(|(amount,)| amount)).collect::<Result<_, _>>()?;
        Ok(Summary::of(amounts))
    }

    async fn transfer(&self, from: i64, to: i64, amount: i64) -> Result<Transfer, Failure> {
        if let Some(accounts) = &self.naive {
            return records::naive::transfer(accounts, from, to, amount).await;
        }
        let _turn = self.turn.lock().await;
        for retries in 0..=TRIES {
            let Some((least, other)) = self.two_balances(from, to).await? else { return Ok(Transfer::NoSuchAccount) };
            if least < amount {
                return Ok(Transfer::InsufficientFunds);
            }
            if self.change([(least - amount, BANK, from, least), (other + amount, BANK, to, other)]).await? {
                return Ok(Transfer::Done { retries });
            }
            tokio::time::sleep(Duration::from_millis(rand::random_range(1..10))).await;
        }
        Err("other transfers were faster each time".into())
    }

    async fn accounts(&self) -> Result<Accounts, Failure> {
        let balances = self.all_balances().await?;
        let negative = balances.iter().filter(|balance| **balance < 0).count();
        Ok(Accounts { count: balances.len() as i64, sum: balances.iter().sum(), negative: negative as i64 })
    }
}

fn main() -> ExitCode {
    records::serve::<Cassandra>()
}
