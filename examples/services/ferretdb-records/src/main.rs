//! Contract `records` on FerretDB through MongoDB's protocol. FerretDB 1 is not MongoDB: it has no transactions, it reads and then
//! writes what it updates without a lock. Every look-up scans its collection, in SQLite for a whole `_id` that is a text, else in the
//! server: the index of `_id` is on another expression than the look-up (1.24.2, sqlite/collection.go and metadata/registry.go), and
//! serves only to refuse a second document of the same `_id`.

mod book;
mod events;
mod naive;

use std::ops::RangeInclusive;
use std::process::ExitCode;

use futures_util::TryStreamExt;
use mongodb::bson::{doc, oid::ObjectId};
use mongodb::error::{Error, ErrorKind, WriteFailure};
use mongodb::options::ClientOptions;
use mongodb::{Client, Collection, Database as Documents};
use records::{Accounts, CONNECTIONS, Database, Event, Failure, Summary, TRIES, Transfer, seed};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use book::{Book, Entry};
use events::{Batch, Events, Stored};

/// Documents of one command while seeding: about a megabyte.
const AT_ONCE: usize = 1000;
/// The server's error for a second document of the same `_id`.
const DUPLICATE_KEY: i32 = 11000;
/// There while the database is being seeded.
const MARK: &str = "seeding";

#[derive(Serialize, Deserialize)]
struct Row {
    _id: String,
    value: String,
}

#[derive(Deserialize)]
struct Amount {
    amount: i64,
}

/// An account before the first transfer: what it has now, the [`Book`] says.
#[derive(Serialize, Deserialize)]
struct Account {
    _id: String,
    opening: i64,
}

struct Ferretdb {
    client: Client,
    rows: Collection<Row>,
    events: Events,
    accounts: Collection<Account>,
    /// The journal of all transfers, numbered without a gap.
    transfers: Collection<Entry>,
    book: Mutex<Book>,
    /// Whether transfers are to be made without the journal.
    naive: bool,
}

async fn insert_all<T: Serialize + Send + Sync>(into: &Collection<T>, documents: impl Iterator<Item = T>) -> Result<(), Error> {
    let mut documents = documents.peekable();
    while documents.peek().is_some() {
        into.insert_many(documents.by_ref().take(AT_ONCE).collect::<Vec<_>>()).await?;
    }
    Ok(())
}

/// Whether documents were refused, and only because they are there already.
fn is_duplicate(error: &Error) -> bool {
    match &*error.kind {
        ErrorKind::Write(WriteFailure::WriteError(said)) => said.code == DUPLICATE_KEY,
        ErrorKind::InsertMany(said) => said.write_errors.as_ref().is_some_and(|all| all.iter().all(|one| one.code == DUPLICATE_KEY)),
        _ => false,
    }
}

impl Ferretdb {
    /// A seeding that was cut short left events that would count twice. Only what carries our own mark is ever dropped.
    async fn fill(&self, database: &Documents) -> Result<(), Failure> {
        let collections = database.list_collection_names().await?;
        if !collections.is_empty() && !collections.iter().any(|name| name == MARK) {
            return Err("the database is neither empty nor seeded by this service".into());
        }
        if collections.is_empty() {
            database.create_collection(MARK).await?;
        }
        for name in collections.iter().filter(|name| *name != MARK) {
            database.collection::<Row>(name).drop().await?;
        }
        insert_all(&self.rows, seed::rows().map(|(key, value)| Row { _id: key.to_string(), value })).await?;
        let events: Vec<Event> = seed::events().collect();
        for of_one in events.chunk_by(|one, next| one.user_id == next.user_id) {
            insert_all(&self.events.of(of_one[0].user_id), of_one.iter().cloned().map(Stored::new)).await?;
        }
        insert_all(&self.accounts, seed::accounts().map(|id| Account { _id: id.to_string(), opening: seed::BALANCE })).await?;
        Ok(database.collection::<Row>(MARK).drop().await?)
    }

    /// Every account and every transfer there has been: the server keeps no sums for us.
    async fn read_book(&self) -> Result<Book, Failure> {
        let mut book = Book::default();
        let mut accounts = self.accounts.find(doc! {}).await?;
        while let Some(Account { _id, opening }) = accounts.try_next().await? {
            book.open(_id.parse()?, opening);
        }
        let mut transfers = self.transfers.find(doc! {}).await?;
        while let Some(entry) = transfers.try_next().await? {
            book.enter(&entry);
        }
        Ok(book)
    }

    /// Enters the next transfer, if there is one: another process made it, or a request of ours whose client went away.
    async fn catch_up(&self, book: &mut Book) -> Result<Option<Entry>, Failure> {
        let entry = self.transfers.find_one(doc! {"_id": book.next()}).await?;
        entry.iter().for_each(|entry| book.enter(entry));
        Ok(entry)
    }
}

impl Database for Ferretdb {
    type EventId = String;

    async fn open(uri: &str) -> Result<Self, Failure> {
        let mut options = ClientOptions::parse(uri).await?;
        options.max_pool_size = Some(u32::try_from(CONNECTIONS)?);
        let client = Client::with_options(options)?;
        let database = client.default_database().ok_or("DATABASE_URL must name a database")?;
        let ferretdb = Self {
            rows: database.collection("rows"),
            events: Events::new(&database),
            accounts: database.collection("accounts"),
            transfers: database.collection("transfers"),
            book: Mutex::default(),
            naive: records::naive::is_asked_for(),
            client,
        };
        let mut book = ferretdb.read_book().await?;
        if book.accounts().count != seed::ACCOUNTS {
            ferretdb.fill(&database).await?;
            book = ferretdb.read_book().await?;
        }
        *ferretdb.book.lock().await = book;
        ferretdb.events.recover().await?;
        Ok(ferretdb)
    }

    async fn ready(&self) -> Result<(), Failure> {
        self.client.database("admin").run_command(doc! {"ping": 1}).await?;
        Ok(())
    }

    async fn row(&self, key: i64) -> Result<Option<String>, Failure> {
        let found = self.rows.find_one(doc! {"_id": key.to_string()}).await?;
        Ok(found.map(|row| row.value))
    }

    async fn replace_row(&self, key: i64, value: String) -> Result<bool, Failure> {
        let found = self.rows.update_one(doc! {"_id": key.to_string()}, doc! {"$set": {"value": value}}).await?;
        Ok(found.matched_count == 1)
    }

    async fn insert(&self, event: Event) -> Result<String, Failure> {
        let stored = Stored::new(event);
        let user = stored.event.user_id;
        self.events.of::<Stored>(user).insert_one(&stored).await?;
        Ok(format!("{user}_{}", stored._id))
    }

    /// In a task of its own, which goes on when the client goes away.
    async fn insert_batch(&self, events: Vec<Event>) -> Result<(), Failure> {
        let (all, batch) = (self.events.clone(), Batch::new(events));
        tokio::spawn(async move { all.write(batch).await }).await?
    }

    async fn event(&self, id: &String) -> Result<Option<Event>, Failure> {
        let named = id.split_once('_').and_then(|(user, id)| Some((user.parse().ok()?, ObjectId::parse_str(id).ok()?)));
        let Some((user, id)) = named else { return Ok(None) };
        let found: Option<Stored> = self.events.of(user).find_one(doc! {"_id": id}).await?;
        Ok(found.map(|stored| stored.event))
    }

    /// One scan gives the amounts; a sum and a ranking by the server would be two.
    async fn summary(&self, user: i64, days: RangeInclusive<i64>) -> Result<Summary, Failure> {
        let which = doc! {"day": {"$gte": *days.start(), "$lte": *days.end()}};
        let found = self.events.of::<Amount>(user).find(which).projection(doc! {"amount": 1}).await?;
        let amounts: Vec<i64> = found.map_ok(|event| event.amount).try_collect().await?;
        Ok(Summary::of(amounts))
    }

    /// The server does one thing atomically for two clients: of two documents with the same `_id` it refuses the second. So a
    /// transfer is one document, the next of the journal, written by whoever knows all that came before it. It is there or it
    /// is not, also after a crash; and whoever comes second for a number reads what the first one did, and tries the next.
    async fn transfer(&self, from: i64, to: i64, amount: i64) -> Result<Transfer, Failure> {
        if self.naive {
            return records::naive::transfer(self, from, to, amount).await;
        }
        let mut book = self.book.lock().await;
        let by = ObjectId::new();
        for retries in 0..=TRIES {
            let (Some(least), Some(_)) = (book.balance(from), book.balance(to)) else { return Ok(Transfer::NoSuchAccount) };
            if least < amount {
                match self.catch_up(&mut book).await? {
                    Some(_) => continue,
                    None => return Ok(Transfer::InsufficientFunds),
                }
            }
            let entry = Entry { _id: book.next(), from, to, amount, by };
            match self.transfers.insert_one(&entry).await {
                Ok(_) => {
                    book.enter(&entry);
                    return Ok(Transfer::Done { retries });
                }
                Err(error) if is_duplicate(&error) => {
                    let first = self.catch_up(&mut book).await?.ok_or("an entry of the journal is gone")?;
                    // The server itself repeats an insertion that failed, also one that had not.
                    if first.by == by {
                        return Ok(Transfer::Done { retries });
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err("other transfers were faster each time".into())
    }

    async fn accounts(&self) -> Result<Accounts, Failure> {
        if self.naive {
            return Ok(self.read_book().await?.accounts());
        }
        let mut book = self.book.lock().await;
        while self.catch_up(&mut book).await?.is_some() {}
        Ok(book.accounts())
    }
}

fn main() -> ExitCode {
    records::serve::<Ferretdb>()
}
