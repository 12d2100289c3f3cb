//! Accounts one by one, each a document that is read and replaced. No journal: what an account has is its opening balance.

use mongodb::bson::doc;
use records::Failure;
use records::naive::Balances;

use crate::Ferretdb;

impl Balances for Ferretdb {
    async fn balance(&self, account: i64) -> Result<Option<i64>, Failure> {
        Ok(self.accounts.find_one(doc! {"_id": account.to_string()}).await?.map(|account| account.opening))
    }

    async fn set_balance(&self, account: i64, balance: i64) -> Result<(), Failure> {
        self.accounts.update_one(doc! {"_id": account.to_string()}, doc! {"$set": {"opening": balance}}).await?;
        Ok(())
    }
}
