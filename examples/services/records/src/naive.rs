//! A transfer written without regard to concurrency: two balances are read and two are written, and what others do in
//! between is lost. For databases without transactions over rows, to count what that costs (contract `naive-transfers`).

use std::env;

use crate::database::{Failure, Transfer};

/// Accounts one by one.
pub trait Balances: Sync {
    fn balance(&self, account: i64) -> impl Future<Output = Result<Option<i64>, Failure>> + Send;

    fn set_balance(&self, account: i64, balance: i64) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// Whether transfers are to be made this way.
pub fn is_asked_for() -> bool {
    env::var("TRANSFERS").is_ok_and(|how| how == "naive")
}

pub async fn transfer(accounts: &impl Balances, from: i64, to: i64, amount: i64) -> Result<Transfer, Failure> {
    let (Some(least), Some(other)) = (accounts.balance(from).await?, accounts.balance(to).await?) else {
        return Ok(Transfer::NoSuchAccount);
    };
    if least < amount {
        return Ok(Transfer::InsufficientFunds);
    }
    accounts.set_balance(from, least - amount).await?;
    accounts.set_balance(to, other + amount).await?;
    Ok(Transfer::Done { retries: 0 })
}
