//! Single accounts, read and written without conditions.

use std::sync::Arc;

use records::Failure;
use records::naive::Balances;
use scylla::client::session::Session;
use scylla::statement::prepared::PreparedStatement;

use crate::BANK;

pub struct Plain {
    session: Arc<Session>,
    balance: PreparedStatement,
    set_balance: PreparedStatement,
}

impl Plain {
    pub async fn prepare(session: &Arc<Session>) -> Result<Self, Failure> {
        Ok(Self {
            balance: session.prepare("SELECT balance FROM records.accounts WHERE bank = ? AND id = ?").await?,
            set_balance: session.prepare("UPDATE records.accounts SET balance = ? WHERE bank = ? AND id = ?").await?,
            session: session.clone(),
        })
    }
}

impl Balances for Plain {
    async fn balance(&self, account: i64) -> Result<Option<i64>, Failure> {
        let found = self.session.execute_unpaged(&self.balance, (BANK, account)).await?.into_rows_result()?;
        Ok(found.maybe_first_row::<(i64,)>()?.map(|(balance,)| balance))
    }

    async fn set_balance(&self, account: i64, balance: i64) -> Result<(), Failure> {
        self.session.execute_unpaged(&self.set_balance, (balance, BANK, account)).await?;
        Ok(())
    }
}
