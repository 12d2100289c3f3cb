//! Refreshes catalog facts from package registries, support data and repositories.
//!
//! Each source has a file and a line in [`SOURCES`]: given a project's name there, it returns [`Findings`]. [`query_sources`]
//! queries all sources that a catalog names, a few at a time; if one fails, the others continue. [`proposal`]
//! compares findings with the present facts. This module writes nothing, and never proposes to change a judged or
//! measured fact. Start in `pypi.rs`.

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

/// A source of facts, such as a package registry.
pub struct FactSource {
    /// The id used in `refresh:` and `--base`.
    pub id: &'static str,
    /// The title used in the `source:` of a fact.
    pub title: &'static str,
    ask: fn(&SourceRequest<'_>) -> Result<Findings, RefreshError>,
}

/// All sources.
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

/// Returns the source with this id.
#[must_use]
pub fn find_source(id: &str) -> Option<&'static FactSource> {
    SOURCES.iter().find(|source| source.id == id)
}

/// A request to one source.
struct SourceRequest<'a> {
    /// The project's name in that source.
    name: &'a str,
    base: &'a Base,
    client: &'a Client,
    today: Date,
}

impl SourceRequest<'_> {
    /// Fetches a path below the base.
    fn get(&self, path: &str, accept: &str) -> Result<http::HttpResponseBody, RefreshError> {
        self.base.get(self.client, path, accept)
    }

    /// Fetches a path below the base and parses it as JSON.
    fn json(&self, path: &str, accept: &str) -> Result<serde_json::Value, RefreshError> {
        let answer = self.get(path, accept)?;
        serde_json::from_slice(&answer.body).map_err(|error| RefreshError::Garbled {
            place: answer.place,
            said: error.to_string(),
        })
    }
}

/// A query: what does this source know about the project with that name?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceQuery {
    /// The candidate whose facts are refreshed.
    pub candidate: String,
    pub source: String,
    /// The project's name in that source.
    pub name: String,
}

/// The result of each query.
pub type SourceAnswers = Vec<(SourceQuery, Result<Findings, RefreshError>)>;

/// Limit on concurrent requests: registries are shared by everyone.
const AT_ONCE: usize = 4;

/// Runs all queries; results are in the order of the queries.
#[must_use]
pub fn query_sources(
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
            let answer = query_source(question, bases, client, today);
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

fn query_source(
    question: &SourceQuery,
    bases: &BTreeMap<String, Base>,
    client: &Client,
    today: Date,
) -> Result<Findings, RefreshError> {
    let source = find_source(&question.source).ok_or_else(|| RefreshError::Unknown {
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
