//! What a database must be able to do. Everything that differs between the services of this contract is behind this trait.

use std::error::Error;
use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Whatever a database's client says went wrong.
pub type Failure = Box<dyn Error + Send + Sync>;

/// An event of a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    pub user_id: i64,
    pub day: i64,
    pub amount: i64,
    pub note: String,
}

/// A user's events of some days.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    pub count: i64,
    pub sum: i64,
    /// The ten largest amounts, the largest first.
    pub top: Vec<i64>,
}

impl Summary {
    /// For databases that cannot rank by amount: the amounts themselves are fetched.
    pub fn of(mut amounts: Vec<i64>) -> Self {
        amounts.sort_unstable_by(|a, b| b.cmp(a));
        Self { count: amounts.len() as i64, sum: amounts.iter().sum(), top: amounts.into_iter().take(10).collect() }
    }
}

/// What came of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// It is committed, after so many retries.
    Done {
        retries: u64,
    },
    InsufficientFunds,
    NoSuchAccount,
}

/// A consistent snapshot of all accounts.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Accounts {
    pub count: i64,
    pub sum: i64,
    /// How many are below zero.
    pub negative: i64,
}

/// A database under this contract. A write returns only after the database has acknowledged it.
pub trait Database: Sized + Send + Sync + 'static {
    /// The database's own kind of key for what it inserts.
    type EventId: Serialize + DeserializeOwned + Send;

    /// Connects, makes the tables and fills them (see [`crate::seed`]) unless they are there.
    fn open(uri: &str) -> impl Future<Output = Result<Self, Failure>> + Send;

    /// Whether the database answers.
    fn ready(&self) -> impl Future<Output = Result<(), Failure>> + Send;

    fn row(&self, key: i64) -> impl Future<Output = Result<Option<String>, Failure>> + Send;

    /// Replaces a row; whether there is one of that key.
    fn replace_row(&self, key: i64, value: String) -> impl Future<Output = Result<bool, Failure>> + Send;

    fn insert(&self, event: Event) -> impl Future<Output = Result<Self::EventId, Failure>> + Send;

    /// Inserts all events or none.
    fn insert_batch(&self, events: Vec<Event>) -> impl Future<Output = Result<(), Failure>> + Send;

    fn event(&self, id: &Self::EventId) -> impl Future<Output = Result<Option<Event>, Failure>> + Send;

    fn summary(&self, user: i64, days: RangeInclusive<i64>) -> impl Future<Output = Result<Summary, Failure>> + Send;

    /// Moves money between two different accounts in one transaction, which is tried again where it met another one.
    fn transfer(&self, from: i64, to: i64, amount: i64) -> impl Future<Output = Result<Transfer, Failure>> + Send;

    fn accounts(&self) -> impl Future<Output = Result<Accounts, Failure>> + Send;
}
