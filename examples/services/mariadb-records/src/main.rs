//! Contract `records` on MariaDB's InnoDB, through a pool of connections.

use std::ops::RangeInclusive;
use std::process::ExitCode;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Opts, OptsBuilder, Pool, PoolConstraints, PoolOpts, TxOpts};
use records::{Accounts, CONNECTIONS, Database, Event, Failure, Summary, TRIES, Transfer, seed};

const TABLES: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS `rows` (`key` bigint PRIMARY KEY, value text NOT NULL) ENGINE = InnoDB",
    "CREATE TABLE IF NOT EXISTS events (id bigint AUTO_INCREMENT PRIMARY KEY, user_id bigint NOT NULL, day bigint NOT NULL,
        amount bigint NOT NULL, note text NOT NULL, INDEX events_of_user (user_id, day)) ENGINE = InnoDB",
    "CREATE TABLE IF NOT EXISTS accounts (id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0),
        moves bigint NOT NULL DEFAULT 0) ENGINE = InnoDB",
];
const INSERT: &str = "INSERT INTO events (user_id, day, amount, note) VALUES (?, ?, ?, ?)";
/// Rows of one statement while seeding: half a megabyte, far below the server's limit of a packet.
const ROWS_AT_ONCE: usize = 500;

/// Server errors after which InnoDB has rolled the transaction back, or a lock was waited for too long.
const LOCK_WAIT_TIMEOUT: u16 = 1205;
const DEADLOCK: u16 = 1213;

struct Mariadb {
    pool: Pool,
}

impl Mariadb {
    async fn connection(&self) -> Result<Conn, Error> {
        self.pool.get_conn().await
    }
}

async fn insert(client: &mut impl Queryable, event: Event) -> Result<(), Error> {
    client.exec_drop(INSERT, (event.user_id, event.day, event.amount, event.note)).await
}

/// Many rows in few statements, all of them one transaction.
async fn fill(connection: &mut Conn) -> Result<(), Error> {
    let rows = seed::rows().map(|(key, value)| format!("({key}, '{value}')"));
    let events = seed::events().map(|Event { user_id, day, amount, note }| format!("({user_id}, {day}, {amount}, '{note}')"));
    let accounts = seed::accounts().map(|id| format!("({id}, {})", seed::BALANCE));
    let mut transaction = connection.start_transaction(TxOpts::default()).await?;
    insert_all(&mut transaction, "INSERT INTO `rows` (`key`, value) VALUES ", rows).await?;
    insert_all(&mut transaction, "INSERT INTO events (user_id, day, amount, note) VALUES ", events).await?;
    insert_all(&mut transaction, "INSERT INTO accounts (id, balance) VALUES ", accounts).await?;
    transaction.commit().await
}

async fn insert_all(client: &mut impl Queryable, head: &str, rows: impl Iterator<Item = String>) -> Result<(), Error> {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let some: Vec<String> = rows.by_ref().take(ROWS_AT_ONCE).collect();
        client.query_drop(format!("{head}{}", some.join(", "))).await?;
    }
    Ok(())
}

/// Both accounts are locked in the order of their ids, so that two transfers cannot deadlock.
async fn transfer(connection: &mut Conn, from: i64, to: i64, amount: i64) -> Result<Transfer, Error> {
    let mut transaction = connection.start_transaction(TxOpts::default()).await?;
    let lock = "SELECT id, balance FROM accounts WHERE id IN (?, ?) ORDER BY id FOR UPDATE";
    let locked: Vec<(i64, i64)> = transaction.exec(lock, (from, to)).await?;
    if locked.len() != 2 {
        transaction.rollback().await?;
        return Ok(Transfer::NoSuchAccount);
    }
    if locked.iter().any(|(id, balance)| *id == from && *balance < amount) {
        transaction.rollback().await?;
        return Ok(Transfer::InsufficientFunds);
    }
    let change = "UPDATE accounts SET balance = balance + ?, moves = moves + 1 WHERE id = ?";
    transaction.exec_drop(change, (-amount, from)).await?;
    transaction.exec_drop(change, (amount, to)).await?;
    transaction.commit().await?;
    Ok(Transfer::Done { retries: 0 })
}

fn met_another(error: &Error) -> bool {
    matches!(error, Error::Server(said) if [LOCK_WAIT_TIMEOUT, DEADLOCK].contains(&said.code))
}

impl Database for Mariadb {
    type EventId = u64;

    async fn open(uri: &str) -> Result<Self, Failure> {
        // All connections stay, and no statement resets them between two requests.
        let size = PoolConstraints::new(CONNECTIONS, CONNECTIONS).expect("as many as as many");
        let options = PoolOpts::default().with_constraints(size).with_reset_connection(false);
        let options = OptsBuilder::from_opts(Opts::from_url(uri)?).pool_opts(options);
        let mariadb = Self { pool: Pool::new(options) };
        let mut connection = mariadb.connection().await?;
        for table in TABLES {
            connection.query_drop(table).await?;
        }
        if connection.query_first("SELECT count(*) FROM accounts").await? != Some(seed::ACCOUNTS) {
            fill(&mut connection).await?;
        }
        Ok(mariadb)
    }

    async fn ready(&self) -> Result<(), Failure> {
        Ok(self.connection().await?.ping().await?)
    }

    async fn row(&self, key: i64) -> Result<Option<String>, Failure> {
        Ok(self.connection().await?.exec_first("SELECT value FROM `rows` WHERE `key` = ?", (key,)).await?)
    }

    async fn replace_row(&self, key: i64, value: String) -> Result<bool, Failure> {
        let mut connection = self.connection().await?;
        connection.exec_drop("UPDATE `rows` SET value = ? WHERE `key` = ?", (value, key)).await?;
        // A row that already has the value is found, but does not count as changed.
        let found = connection.affected_rows() == 1 || connection.info().contains("matched: 1");
        Ok(found)
    }

    async fn insert(&self, event: Event) -> Result<u64, Failure> {
        let mut connection = self.connection().await?;
        insert(&mut connection, event).await?;
        Ok(connection.last_insert_id().ok_or("the server gave the event no id")?)
    }

    async fn insert_batch(&self, events: Vec<Event>) -> Result<(), Failure> {
        let mut connection = self.connection().await?;
        let mut transaction = connection.start_transaction(TxOpts::default()).await?;
        for event in events {
            insert(&mut transaction, event).await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn event(&self, id: &u64) -> Result<Option<Event>, Failure> {
        let sql = "SELECT user_id, day, amount, note FROM events WHERE id = ?";
        let found: Option<(i64, i64, i64, String)> = self.connection().await?.exec_first(sql, (id,)).await?;
        Ok(found.map(|(user_id, day, amount, note)| Event { user_id, day, amount, note }))
    }

    async fn summary(&self, user: i64, days: RangeInclusive<i64>) -> Result<Summary, Failure> {
        let mut connection = self.connection().await?;
        let which = (user, *days.start(), *days.end());
        let totals = "SELECT count(*), CAST(coalesce(sum(amount), 0) AS integer) FROM events WHERE user_id = ? AND day BETWEEN ? AND ?";
        let (count, sum) = connection.exec_first(totals, which).await?.unwrap_or_default();
        let top = "SELECT amount FROM events WHERE user_id = ? AND day BETWEEN ? AND ? ORDER BY amount DESC LIMIT 10";
        Ok(Summary { count, sum, top: connection.exec(top, which).await? })
    }

    async fn transfer(&self, from: i64, to: i64, amount: i64) -> Result<Transfer, Failure> {
        let mut connection = self.connection().await?;
        let mut retries = 0;
        loop {
            match transfer(&mut connection, from, to, amount).await {
                Ok(Transfer::Done { .. }) => return Ok(Transfer::Done { retries }),
                Err(error) if met_another(&error) && retries < TRIES => retries += 1,
                other => return Ok(other?),
            }
        }
    }

    async fn accounts(&self) -> Result<Accounts, Failure> {
        let sql = "SELECT count(*), CAST(sum(balance) AS integer), CAST(coalesce(sum(balance < 0), 0) AS integer) FROM accounts";
        let (count, sum, negative) = self.connection().await?.query_first(sql).await?.unwrap_or_default();
        Ok(Accounts { count, sum, negative })
    }
}

fn main() -> ExitCode {
    records::serve::<Mariadb>()
}
