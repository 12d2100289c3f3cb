//! What every account has: its opening balance and each transfer since, in the order of the journal.

use std::collections::HashMap;

use mongodb::bson::oid::ObjectId;
use records::Accounts;
use serde::{Deserialize, Serialize};

/// A transfer in the journal.
#[derive(Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 1, as text: SQLite compares those, numbers the server reads one by one.
    pub _id: String,
    pub from: i64,
    pub to: i64,
    pub amount: i64,
    /// Which request it is.
    pub by: ObjectId,
}

/// The balances after all entries that this process has read.
#[derive(Default)]
pub struct Book {
    entries: u64,
    balances: HashMap<i64, i64>,
}

impl Book {
    pub fn open(&mut self, account: i64, balance: i64) {
        self.balances.insert(account, balance);
    }

    pub fn enter(&mut self, entry: &Entry) {
        self.entries += 1;
        *self.balances.entry(entry.from).or_default() -= entry.amount;
        *self.balances.entry(entry.to).or_default() += entry.amount;
    }

    /// The number of the next entry.
    pub fn next(&self) -> String {
        (self.entries + 1).to_string()
    }

    pub fn balance(&self, account: i64) -> Option<i64> {
        self.balances.get(&account).copied()
    }

    pub fn accounts(&self) -> Accounts {
        let balances = self.balances.values();
        let negative = balances.clone().filter(|balance| **balance < 0).count();
        Accounts { count: balances.len() as i64, sum: balances.sum(), negative: negative as i64 }
    }
}
