//! Imports TechEmpower Framework Benchmarks: `results.json`, one row per framework.
//!
//! - Latencies are wrk's, as text with a unit, without percentiles.
//! - The index in a list is the level: connections, or queries per request at the highest number of connections.
//! - `5xx` counts statuses above 399; the rate is (totalRequests - 5xx) / duration.
//! - Tests whose verification failed are omitted. Approaches and object mappers differ, so compare rows by ratio only.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::ContentFault;
use super::figure::{Figure, duration_us, sum};
use super::result::{Imported, ImportedCell};
use super::source::ResultFile;
use super::{ImportTool, object_with};
use super::{LatencyBasis, WorkloadKind};
use crate::lang::Text;
use crate::tr;

pub(super) const JSON: &str = "results.json";

pub(super) fn is_json(head: &str) -> bool {
    object_with(head, &["concurrencyLevels", "queryIntervals", "duration"])
}

#[derive(Deserialize)]
struct TechEmpowerResults {
    #[serde(default, rename = "environmentDescription")]
    environment: Option<String>,
    /// Milliseconds since 1970.
    #[serde(default, rename = "completionTime")]
    completed_ms: Option<Figure>,
    /// Of each level (s).
    duration: Figure,
    #[serde(rename = "concurrencyLevels")]
    concurrency: Vec<Figure>,
    #[serde(default, rename = "pipelineConcurrencyLevels")]
    pipeline: Vec<Figure>,
    #[serde(rename = "queryIntervals")]
    queries: Vec<Figure>,
    #[serde(default, rename = "cachedQueryIntervals")]
    cached_queries: Vec<Figure>,
    #[serde(rename = "rawData")]
    raw: Raw,
    #[serde(default)]
    verify: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default, rename = "testMetadata")]
    metadata: Vec<TechEmpowerMetadata>,
}

type Tests = BTreeMap<String, Vec<Level>>;

/// Lines of code and commits are listed among the tests and are ignored.
#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    json: Tests,
    #[serde(default)]
    plaintext: Tests,
    #[serde(default)]
    db: Tests,
    #[serde(default)]
    query: Tests,
    #[serde(default)]
    fortune: Tests,
    #[serde(default)]
    update: Tests,
    #[serde(default, alias = "cached-query")]
    cached_query: Tests,
}

/// wrk's result at one level; empty if it was not run.
#[derive(Deserialize)]
struct Level {
    #[serde(default, rename = "latencyAvg")]
    mean: Option<String>,
    #[serde(default, rename = "latencyMax")]
    most: Option<String>,
    #[serde(default, rename = "totalRequests")]
    requests: Option<Figure>,
    #[serde(default, rename = "5xx")]
    non_2xx: Option<Figure>,
    #[serde(default)]
    connect: Option<Figure>,
    #[serde(default)]
    read: Option<Figure>,
    #[serde(default)]
    write: Option<Figure>,
    #[serde(default)]
    timeout: Option<Figure>,
}

#[derive(Deserialize)]
struct TechEmpowerMetadata {
    name: String,
    #[serde(default)]
    approach: String,
    #[serde(default)]
    orm: String,
    #[serde(default)]
    classification: String,
}

pub(super) fn read(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let results: TechEmpowerResults = source.document()?;
    let mut rows: BTreeMap<String, Imported> = BTreeMap::new();
    let Raw {
        json,
        plaintext,
        db,
        query,
        fortune,
        update,
        cached_query,
    } = &results.raw;
    let most = results
        .concurrency
        .iter()
        .copied()
        .reduce(|a, b| if b > a { b } else { a });
    let tests: [(&str, &Tests, &[Figure], bool); 7] = [
        ("json", json, &results.concurrency, false),
        ("plaintext", plaintext, &results.pipeline, false),
        ("db", db, &results.concurrency, false),
        ("query", query, &results.queries, true),
        ("fortune", fortune, &results.concurrency, false),
        ("update", update, &results.queries, true),
        ("cached_query", cached_query, &results.cached_queries, true),
    ];
    for (test, frameworks, levels, by_queries) in tests {
        for (name, measured) in frameworks {
            if measured.len() > levels.len() {
                let (count, known) = (measured.len(), levels.len());
                return Err(ContentFault::whole(tr!(
                    "rawData.{test}.{name} has {count} levels, the file names {known}",
                    "rawData.{test}.{name} 有 {count} 个级别，而文件只列出 {known} 个"
                )));
            }
            let row = rows
                .entry(name.clone())
                .or_insert_with(|| results.row(name));
            match results
                .verify
                .get(name)
                .and_then(|tests| tests.get(test))
                .map(String::as_str)
            {
                Some("fail") => {
                    row.notes.push(tr!(
                        "{test}: omitted because its verification failed",
                        "{test}：未通过验证，已略去"
                    ));
                    continue;
                }
                Some("warn") => row
                    .notes
                    .push(tr!("{test}: verified with warnings", "{test}：验证有警告")),
                _ => {}
            }
            for (level, measured) in levels.iter().zip(measured) {
                let (load, connections) = if by_queries {
                    (format!("{} queries", level.get()), most)
                } else {
                    (format!("{} connections", level.get()), Some(*level))
                };
                let place = || format!("rawData.{test}.{name}, {load}");
                if let Some(mut cell) = measured.cell(results.duration, place)? {
                    (cell.operation, cell.connections, cell.load) =
                        (Some(test.to_owned()), connections, Some(load));
                    row.cells.push(cell);
                }
            }
        }
    }
    Ok(rows
        .into_values()
        .filter(|row| !row.cells.is_empty())
        .collect())
}

impl TechEmpowerResults {
    fn row(&self, name: &str) -> Imported {
        let mut notes = vec![
            tr!("there are no percentiles", "没有百分位数"),
            tr!(
                "compare rows of this source by ratio only",
                "该来源的各行只能按比值比较"
            ),
        ];
        notes.extend(
            self.metadata
                .iter()
                .find(|metadata| metadata.name == name)
                .map(TechEmpowerMetadata::note),
        );
        let seconds = self.completed_ms.map(|ms| ms.get() / 1e3);
        Imported {
            row: Some(name.to_owned()),
            hardware: self.environment.clone().filter(|text| !text.is_empty()),
            date: seconds.and_then(super::date_of_timestamp),
            ..Imported::single(ImportTool::TechEmpower, JSON, Vec::new(), notes)
        }
    }
}

impl TechEmpowerMetadata {
    fn note(&self) -> Text {
        let Self {
            approach,
            orm,
            classification,
            ..
        } = self;
        tr!(
            "approach {approach}, {classification}, ORM {orm}",
            "实现方式 {approach}，{classification}，ORM {orm}"
        )
    }
}

impl Level {
    /// `None` if there was no response.
    fn cell(
        &self,
        duration: Figure,
        place: impl Fn() -> String,
    ) -> Result<Option<ImportedCell>, ContentFault> {
        let Some(requests) = self.requests.and_then(Figure::positive) else {
            return Ok(None);
        };
        let time = |text: &Option<String>| match text.as_deref() {
            None | Some("") => Ok(None),
            Some(text) => duration_us(text).map(Some).ok_or_else(|| {
                let place = place();
                ContentFault::whole(tr!(
                    "{place}: `{text}` is not a time such as `1.03ms`",
                    "{place}：`{text}` 不是如 `1.03ms` 的时间"
                ))
            }),
        };
        let non_2xx = self.non_2xx.unwrap_or(Figure::count(0));
        let mut cell = ImportedCell {
            model: Some(WorkloadKind::Closed),
            basis: Some(LatencyBasis::Corrected),
            duration_s: duration.positive(),
            ok_count: Some(requests.less(non_2xx)),
            non_2xx_count: Some(non_2xx),
            transport_error_count: sum([self.connect, self.read, self.write, self.timeout])
                .or(Some(Figure::count(0))),
            mean_us: time(&self.mean)?,
            max_us: time(&self.most)?,
            ..ImportedCell::default()
        };
        cell.rates();
        Ok(Some(cell))
    }
}
