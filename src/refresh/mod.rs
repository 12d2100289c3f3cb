//! Facts of the catalogs brought up to date: what registries, support data and repositories say of a project.
//!
//! Each source has a file and a line in [`SOURCES`]: given a project's name there, it makes [`Findings`]. [`ask`] goes through all that
//! a catalog names, a few at a time; one that fails is reported and the others go on. [`proposal`] compares findings with the facts as
//! they stand. Nothing is written here, and nothing that was judged or measured is ever proposed to change. Start in `pypi.rs`.

mod base;
mod cargo;
mod deps;
mod endoflife;
mod error;
mod finding;
mod git;
mod go;
mod http;
mod maven;
mod npm;
pub mod proposal;
mod pypi;
mod release;
mod scorecard;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use base::{Base, ClientSettings, parse_typed};
pub use error::RefreshError;
pub use finding::{Findings, FoundValue, SourceFinding};
pub use http::Client;

use crate::quantity::date::Date;

/// A source of facts.
pub struct FactSource {
    /// Its word in `refresh:` and `--base`.
    pub id: &'static str,
    /// What it is called in the `source:` of a fact.
    pub title: &'static str,
    ask: fn(&SourceRequest<'_>) -> Result<Findings, RefreshError>,
}

/// Every source.
pub const SOURCES: &[FactSource] = &[
    pypi::SOURCE,
    npm::SOURCE,
    cargo::SOURCE,
    go::SOURCE,
    maven::SOURCE,
    endoflife::SOURCE,
    git::SOURCE,
    scorecard::SOURCE,
    deps::SOURCE,
];

/// The source of a word.
#[must_use]
pub fn source(id: &str) -> Option<&'static FactSource> {
    SOURCES.iter().find(|source| source.id == id)
}

/// What one source is asked.
struct SourceRequest<'a> {
    /// The project's name there.
    name: &'a str,
    base: &'a Base,
    client: &'a Client,
    today: Date,
}

impl SourceRequest<'_> {
    /// What lies at a path below the base.
    fn get(&self, path: &str, accept: &str) -> Result<http::HttpResponseBody, RefreshError> {
        self.base.get(self.client, path, accept)
    }

    /// The JSON at a path below the base.
    fn json(&self, path: &str, accept: &str) -> Result<serde_json::Value, RefreshError> {
        let answer = self.get(path, accept)?;
        serde_json::from_slice(&answer.body).map_err(|error| RefreshError::Garbled {
            place: answer.place,
            said: error.to_string(),
        })
    }
}

/// One question: what does this source say of the project of that name?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceQuery {
    /// The candidate for which it is asked.
    pub candidate: String,
    /// Id of the source.
    pub source: String,
    /// The project's name there.
    pub name: String,
}

/// What was answered, question by question.
pub type SourceAnswers = Vec<(SourceQuery, Result<Findings, RefreshError>)>;

/// How many requests are under way at once: registries are shared by everyone.
const AT_ONCE: usize = 4;

/// Asks every question; the answers come in the order of the questions.
#[must_use]
pub fn ask(
    questions: Vec<SourceQuery>,
    bases: &BTreeMap<String, Base>,
    client: &Client,
    today: Date,
) -> SourceAnswers {
    let (next, answers) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(question) = questions.get(at) else {
                return;
            };
            let answer = answer(question, bases, client, today);
            answers
                .lock()
                .expect("no thread panics while it holds the answers")
                .insert(at, answer);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(questions.len()) {
            scope.spawn(work);
        }
    });
    let answers = answers.into_inner().expect("every thread has ended well");
    questions.into_iter().zip(answers.into_values()).collect()
}

fn answer(
    question: &SourceQuery,
    bases: &BTreeMap<String, Base>,
    client: &Client,
    today: Date,
) -> Result<Findings, RefreshError> {
    let source = source(&question.source).ok_or_else(|| RefreshError::Unknown {
        id: question.source.clone(),
    })?;
    let base = bases
        .get(source.id)
        .ok_or(RefreshError::Nowhere { id: source.id })?;
    (source.ask)(&SourceRequest {
        name: &question.name,
        base,
        client,
        today,
    })
}
