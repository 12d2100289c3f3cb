//! Contract `records` on SQLite, inside the process: one connection writes, each thread reads on one of its own.

use std::cell::RefCell;
use std::env;
use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use records::{Accounts, Database, Event, Failure, Summary, Transfer, seed};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction, TransactionBehavior, params};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS rows (key INTEGER PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, day INTEGER NOT NULL, amount INTEGER NOT NULL, note TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS events_of_user ON events (user_id, day);
    CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0), moves INTEGER NOT NULL DEFAULT 0);
";
const INSERT: &str = "INSERT INTO events (user_id, day, amount, note) VALUES (?, ?, ?, ?)";

struct Sqlite {
    path: String,
    writer: Arc<Mutex<Connection>>,
}

thread_local! {
    static READER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// FULL: a commit returns once the write-ahead log is on the disk. NORMAL: a power cut may undo the last commits, and no others.
static SYNCHRONOUS: LazyLock<String> = LazyLock::new(|| env::var("SYNCHRONOUS").unwrap_or_else(|_| "FULL".to_owned()));

fn connect(path: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", &*SYNCHRONOUS)?;
    Ok(connection)
}

impl Sqlite {
    /// A read, in the caller's thread: it waits for no writer and for no disk that the cache can spare.
    fn read<T>(&self, sql: &str, read: impl FnOnce(&mut CachedStatement) -> rusqlite::Result<T>) -> Result<T, Failure> {
        READER.with_borrow_mut(|reader| {
            let connection = match reader {
                Some(connection) => connection,
                None => reader.insert(connect(&self.path)?),
            };
            Ok(read(&mut connection.prepare_cached(sql)?)?)
        })
    }

    /// A transaction, in a thread that may block: it waits for the one before it and then for the disk.
    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Transaction) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let writer = self.writer.clone();
        let written = tokio::task::spawn_blocking(move || {
            // A panic inside a transaction has rolled it back.
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = write(&transaction)?;
            transaction.commit()?;
            Ok::<T, rusqlite::Error>(value)
        });
        Ok(written.await??)
    }
}

fn insert(transaction: &Transaction, event: &Event) -> rusqlite::Result<i64> {
    let Event { user_id, day, amount, note } = event;
    transaction.prepare_cached(INSERT)?.insert(params![user_id, day, amount, note])
}

fn fill(transaction: &Transaction) -> rusqlite::Result<()> {
    let seeded: i64 = transaction.query_row("SELECT count(*) FROM accounts", [], |row| row.get(0))?;
    if seeded == seed::ACCOUNTS {
        return Ok(());
    }
    for (key, value) in seed::rows() {
        transaction.prepare_cached("INSERT INTO rows (key, value) VALUES (?, ?)")?.execute(params![key, value])?;
    }
    for event in seed::events() {
        insert(transaction, &event)?;
    }
    for id in seed::accounts() {
        transaction.prepare_cached("INSERT INTO accounts (id, balance) VALUES (?, ?)")?.execute(params![id, seed::BALANCE])?;
    }
    Ok(())
}

impl Database for Sqlite {
    type EventId = i64;

    async fn open(path: &str) -> Result<Self, Failure> {
        let connection = connect(path)?;
        connection.execute_batch(TABLES)?;
        let sqlite = Self { path: path.to_owned(), writer: Arc::new(Mutex::new(connection)) };
        sqlite.write(fill).await?;
        Ok(sqlite)
    }

    async fn ready(&self) -> Result<(), Failure> {
        self.read("SELECT 1", |statement| statement.query_row([], |_| Ok(())))
    }

    async fn row(&self, key: i64) -> Result<Option<String>, Failure> {
        self.read("SELECT value FROM rows WHERE key = ?", |statement| statement.query_row([key], |row| row.get(0)).optional())
    }

    async fn replace_row(&self, key: i64, value: String) -> Result<bool, Failure> {
        self.write(move |transaction| {
            let changed = transaction.prepare_cached("UPDATE rows SET value = ? WHERE key = ?")?.execute(params![value, key])?;
            Ok(changed == 1)
        })
        .await
    }

    async fn insert(&self, event: Event) -> Result<i64, Failure> {
        self.write(move |transaction| insert(transaction, &event)).await
    }

    async fn insert_batch(&self, events: Vec<Event>) -> Result<(), Failure> {
        self.write(move |transaction| events.iter().try_for_each(|event| insert(transaction, event).map(drop))).await
    }

    async fn event(&self, id: &i64) -> Result<Option<Event>, Failure> {
        self.read("SELECT user_id, day, amount, note FROM events WHERE id = ?", |statement| {
            let event = |row: &rusqlite::Row| Ok(Event { user_id: row.get(0)?, day: row.get(1)?, amount: row.get(2)?, note: row.get(3)? });
            statement.query_row([id], event).optional()
        })
    }

    async fn summary(&self, user: i64, days: RangeInclusive<i64>) -> Result<Summary, Failure> {
        let which = (user, days.start(), days.end());
        let (count, sum) = self
            .read("SELECT count(*), coalesce(sum(amount), 0) FROM events WHERE user_id = ? AND day BETWEEN ? AND ?", |statement| {
                statement.query_row(which, |row| Ok((row.get(0)?, row.get(1)?)))
            })?;
        let top = self
            .read("SELECT amount FROM events WHERE user_id = ? AND day BETWEEN ? AND ? ORDER BY amount DESC LIMIT 10", |statement| {
                statement.query_map(which, |row| row.get(0))?.collect()
            })?;
        Ok(Summary { count, sum, top })
    }

    /// Writers take turns, so that no transaction meets another one.
    async fn transfer(&self, from: i64, to: i64, amount: i64) -> Result<Transfer, Failure> {
        self.write(move |transaction| {
            let mut balance = transaction.prepare_cached("SELECT balance FROM accounts WHERE id = ?")?;
            let mut balance = |id: i64| balance.query_row([id], |row| row.get::<_, i64>(0)).optional();
            match (balance(from)?, balance(to)?) {
                (None, _) | (_, None) => return Ok(Transfer::NoSuchAccount),
                (Some(least), _) if least < amount => return Ok(Transfer::InsufficientFunds),
                _ => {}
            }
            let mut change = transaction.prepare_cached("UPDATE accounts SET balance = balance + ?, moves = moves + 1 WHERE id = ?")?;
            change.execute((-amount, from))?;
            change.execute((amount, to))?;
            Ok(Transfer::Done { retries: 0 })
        })
        .await
    }

    async fn accounts(&self) -> Result<Accounts, Failure> {
        self.read("SELECT count(*), sum(balance), count(*) FILTER (WHERE balance < 0) FROM accounts", |statement| {
            statement.query_row([], |row| Ok(Accounts { count: row.get(0)?, sum: row.get(1)?, negative: row.get(2)? }))
        })
    }
}

fn main() -> ExitCode {
    records::serve::<Sqlite>()
}
