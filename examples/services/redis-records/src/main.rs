//! Contract `records` on Redis: one shared connection that pipelines, and a script for whatever must happen as a whole.
//!
//! Keys: `row:<key>` a string, `event:<id>` a hash, `events:<user>` a sorted set of event ids by day, `accounts` a hash of balances.

use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::time::Duration;

use records::{Accounts, Database, Event, Failure, Summary, Transfer, seed};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, RedisError, Script, SetOptions, pipe};

/// Inserts the events of a JSON array and answers the last one's id. A script runs, and is logged, as one transaction.
const INSERT: &str = "
    local id
    for _, event in ipairs(cjson.decode(ARGV[1])) do
        id = redis.call('INCR', 'event')
        redis.call('HSET', 'event:' .. id, 'user_id', event.user_id, 'day', event.day, 'amount', event.amount, 'note', event.note)
        redis.call('ZADD', 'events:' .. event.user_id, event.day, id)
    end
    return id
";
const AMOUNTS: &str = "
    local amounts = redis.call('ZRANGE', KEYS[1], ARGV[1], ARGV[2], 'BYSCORE')
    for i, id in ipairs(amounts) do
        amounts[i] = tonumber(redis.call('HGET', 'event:' .. id, 'amount'))
    end
    return amounts
";
/// 1: moved, 0: not enough there, -1: no such account.
const TRANSFER: &str = "
    local balance = redis.call('HGET', KEYS[1], ARGV[1])
    if not balance or redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then return -1 end
    if tonumber(balance) < tonumber(ARGV[3]) then return 0 end
    redis.call('HINCRBY', KEYS[1], ARGV[1], -ARGV[3])
    redis.call('HINCRBY', KEYS[1], ARGV[2], ARGV[3])
    return 1
";
/// Commands of one pipeline while seeding: each pipeline is one write to the disk.
const AT_ONCE: usize = 1000;

/// How long an answer may take: the client's own half second is shorter than a busy disk may need.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// There while the database is being seeded.
const MARK: &str = "seeding";

struct Redis {
    connection: ConnectionManager,
    insert: Script,
    amounts: Script,
    transfer: Script,
}

impl Redis {
    async fn insert_all(&self, events: &[Event]) -> Result<i64, Failure> {
        let events = serde_json::to_string(events)?;
        Ok(self.insert.arg(events).invoke_async(&mut self.connection.clone()).await?)
    }

    /// A seeding that was cut short left events that would count twice. Only what carries our own mark is ever emptied.
    async fn empty(&self) -> Result<(), Failure> {
        let mut connection = self.connection.clone();
        let (size, ours): (i64, bool) = pipe().cmd("DBSIZE").exists(MARK).query_async(&mut connection).await?;
        if size > 0 && !ours {
            return Err("the database is neither empty nor seeded by this service".into());
        }
        Ok(pipe().cmd("FLUSHDB").ignore().set(MARK, 1).ignore().query_async(&mut connection).await?)
    }

    async fn fill(&self) -> Result<(), Failure> {
        let mut connection = self.connection.clone();
        let mut rows = seed::rows().peekable();
        while rows.peek().is_some() {
            let mut some = pipe();
            for (key, value) in rows.by_ref().take(AT_ONCE) {
                some.set(row(key), value).ignore();
            }
            some.query_async::<()>(&mut connection).await?;
        }
        let events: Vec<Event> = seed::events().collect();
        for some in events.chunks(AT_ONCE) {
            self.insert_all(some).await?;
        }
        let accounts: Vec<(i64, i64)> = seed::accounts().map(|id| (id, seed::BALANCE)).collect();
        Ok(pipe().atomic().hset_multiple("accounts", &accounts).ignore().del(MARK).ignore().query_async(&mut connection).await?)
    }
}

fn row(key: i64) -> String {
    format!("row:{key}")
}

impl Database for Redis {
    type EventId = i64;

    async fn open(uri: &str) -> Result<Self, Failure> {
        let patient = ConnectionManagerConfig::new().set_response_timeout(Some(ANSWER_LIMIT));
        let connection = Client::open(uri)?.get_connection_manager_with_config(patient).await?;
        let redis = Self { connection, insert: Script::new(INSERT), amounts: Script::new(AMOUNTS), transfer: Script::new(TRANSFER) };
        let seeded: i64 = redis.connection.clone().hlen("accounts").await?;
        if seeded != seed::ACCOUNTS {
            redis.empty().await?;
            redis.fill().await?;
        }
        Ok(redis)
    }

    async fn ready(&self) -> Result<(), Failure> {
        Ok(redis::cmd("PING").query_async(&mut self.connection.clone()).await?)
    }

    async fn row(&self, key: i64) -> Result<Option<String>, Failure> {
        Ok(self.connection.clone().get(row(key)).await?)
    }

    async fn replace_row(&self, key: i64, value: String) -> Result<bool, Failure> {
        let only_existing = SetOptions::default().conditional_set(redis::ExistenceCheck::XX);
        let set: Option<String> = self.connection.clone().set_options(row(key), value, only_existing).await?;
        Ok(set.is_some())
    }

    async fn insert(&self, event: Event) -> Result<i64, Failure> {
        self.insert_all(&[event]).await
    }

    async fn insert_batch(&self, events: Vec<Event>) -> Result<(), Failure> {
        self.insert_all(&events).await.map(drop)
    }

    async fn event(&self, id: &i64) -> Result<Option<Event>, Failure> {
        let fields = ["user_id", "day", "amount", "note"];
        type Fields = (Option<i64>, Option<i64>, Option<i64>, Option<String>);
        let found: Fields = self.connection.clone().hmget(format!("event:{id}"), &fields).await?;
        let (Some(user_id), Some(day), Some(amount), Some(note)) = found else { return Ok(None) };
        Ok(Some(Event { user_id, day, amount, note }))
    }

    /// The server cannot rank by amount what it orders by day, so the amounts are fetched.
    async fn summary(&self, user: i64, days: RangeInclusive<i64>) -> Result<Summary, Failure> {
        let mut amounts = self.amounts.key(format!("events:{user}"));
        let amounts = amounts.arg(*days.start()).arg(*days.end());
        Ok(Summary::of(amounts.invoke_async(&mut self.connection.clone()).await?))
    }

    /// Scripts run one after another, so that no transfer meets another one.
    async fn transfer(&self, from: i64, to: i64, amount: i64) -> Result<Transfer, Failure> {
        let mut transfer = self.transfer.key("accounts");
        let transfer = transfer.arg(from).arg(to).arg(amount);
        let moved: Result<i64, RedisError> = transfer.invoke_async(&mut self.connection.clone()).await;
        Ok(match moved? {
            1 => Transfer::Done { retries: 0 },
            0 => Transfer::InsufficientFunds,
            _ => Transfer::NoSuchAccount,
        })
    }

    async fn accounts(&self) -> Result<Accounts, Failure> {
        let balances: Vec<i64> = self.connection.clone().hvals("accounts").await?;
        let negative = balances.iter().filter(|balance| **balance < 0).count();
        Ok(Accounts { count: balances.len() as i64, sum: balances.iter().sum(), negative: negative as i64 })
    }
}

fn main() -> ExitCode {
    records::serve::<Redis>()
}
