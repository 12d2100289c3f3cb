//! Events, a collection for each user: the server scans a collection for whatever it looks up.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use mongodb::bson::{doc, oid::ObjectId};
use mongodb::{Collection, Database};
use records::{Event, Failure};
use serde::{Deserialize, Serialize};

use crate::is_duplicate;

#[derive(Serialize, Deserialize)]
pub struct Stored {
    pub _id: ObjectId,
    #[serde(flatten)]
    pub event: Event,
}

impl Stored {
    pub fn new(event: Event) -> Self {
        Self { _id: ObjectId::new(), event }
    }
}

/// A batch on its way to its users' collections.
#[derive(Serialize, Deserialize)]
pub struct Batch {
    _id: ObjectId,
    events: Vec<Stored>,
}

impl Batch {
    pub fn new(events: Vec<Event>) -> Self {
        Self { _id: ObjectId::new(), events: events.into_iter().map(Stored::new).collect() }
    }
}

#[derive(Clone)]
pub struct Events {
    database: Database,
    batches: Collection<Batch>,
}

impl Events {
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), batches: database.collection("batches") }
    }

    pub fn of<T: Send + Sync>(&self, user: i64) -> Collection<T> {
        self.database.collection(&format!("events_{user}"))
    }

    /// All or nothing without transactions: the batch is first one document, which is there or not, and its events follow from it.
    pub async fn write(&self, batch: Batch) -> Result<(), Failure> {
        self.batches.insert_one(&batch).await?;
        self.finish(&batch).await
    }

    /// Twice is as good as once: what is there already is refused.
    async fn finish(&self, batch: &Batch) -> Result<(), Failure> {
        let mut of_users: BTreeMap<i64, Vec<&Stored>> = BTreeMap::new();
        for stored in &batch.events {
            of_users.entry(stored.event.user_id).or_default().push(stored);
        }
        for (user, events) in of_users {
            match self.of::<Stored>(user).insert_many(events).ordered(false).await {
                Err(error) if !is_duplicate(&error) => return Err(error.into()),
                _ => {}
            }
        }
        self.batches.delete_one(doc! {"_id": batch._id}).await?;
        Ok(())
    }

    /// Finishes a batch that a crash interrupted.
    pub async fn recover(&self) -> Result<(), Failure> {
        let pending: Vec<Batch> = self.batches.find(doc! {}).await?.try_collect().await?;
        for batch in pending {
            self.finish(&batch).await?;
        }
        Ok(())
    }
}
