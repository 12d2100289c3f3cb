//! the-benchmarker/web-frameworks: `data.json`, one row a framework.
//!
//! - Its `percentile99` holds the 95th percentile.
//! - -1 stands for what was not measured.
//! - Latencies are seconds, `duration_ms` is milliseconds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

use super::error::Fault;
use super::figure::{Figure, sum};
use super::result::{Imported, ImportedCell};
use super::source::Source;
use super::{LatencyBasis, WorkloadKind};
use super::{Tool, object_with};
use crate::tr;

pub(super) const JSON: &str = "data.json";

pub(super) fn is_json(head: &str) -> bool {
    object_with(head, &["metrics", "framework_id", "level"])
}

#[derive(Deserialize)]
struct Data {
    metrics: Vec<Metric>,
    frameworks: Vec<Framework>,
    #[serde(default)]
    hardware: Option<BTreeMap<String, Word>>,
    #[serde(default)]
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct Metric {
    level: Figure,
    label: Label,
    value: Measured,
    framework_id: u64,
}

#[derive(Deserialize)]
struct Framework {
    id: u64,
    label: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    version: Option<Word>,
}

/// A short value that may be text or a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Word {
    Text(String),
    Number(f64),
    Other(serde::de::IgnoredAny),
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Other(_) => f.write_str("?"),
        }
    }
}

#[derive(Deserialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
enum Label {
    AverageLatency,
    MinimumLatency,
    MaximumLatency,
    Percentile50,
    Percentile75,
    Percentile90,
    Percentile99,
    DurationMs,
    HttpErrors,
    RequestTimeouts,
    SocketConnectionErrors,
    SocketReadErrors,
    SocketWriteErrors,
    TotalRequests,
    TotalRequestsPerS,
    #[serde(other)]
    Other,
}

/// -1 was not measured.
struct Measured(Option<Figure>);

impl<'de> Deserialize<'de> for Measured {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MeasuredVisitor)
    }
}

struct MeasuredVisitor;

impl Visitor<'_> for MeasuredVisitor {
    type Value = Measured;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number from 0 to 1e18, or -1 for what was not measured")
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<Measured, E> {
        self.visit_f64(n as f64)
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<Measured, E> {
        self.visit_f64(n as f64)
    }

    fn visit_unit<E: Error>(self) -> Result<Measured, E> {
        Ok(Measured(None))
    }

    #[expect(clippy::float_cmp, reason = "-1 is written as it is")]
    fn visit_f64<E: Error>(self, x: f64) -> Result<Measured, E> {
        if x == -1.0 {
            return Ok(Measured(None));
        }
        let refused = || E::invalid_value(serde::de::Unexpected::Float(x), &self);
        Figure::new(x)
            .map(|x| Measured(Some(x)))
            .ok_or_else(refused)
    }
}

pub(super) fn read(source: Source<'_>) -> Result<Vec<Imported>, Fault> {
    let data: Data = source.document()?;
    // Levels are whole numbers of connections.
    let mut found: BTreeMap<(u64, u64), BTreeMap<Label, Figure>> = BTreeMap::new();
    for Metric {
        level,
        label,
        value: Measured(value),
        framework_id,
    } in &data.metrics
    {
        if let Some(value) = value {
            found
                .entry((*framework_id, level.get() as u64))
                .or_default()
                .insert(*label, *value);
        }
    }
    let (mut seen, mut twice) = (BTreeSet::new(), BTreeSet::new());
    for framework in &data.frameworks {
        if !seen.insert(&framework.label) {
            twice.insert(&framework.label);
        }
    }
    let hardware = data.hardware.as_ref().map(|words| {
        words
            .iter()
            .map(|(k, v)| format!("{k} {v}"))
            .collect::<Vec<_>>()
            .join(", ")
    });
    let mut rows = Vec::new();
    for framework in &data.frameworks {
        let cells: Vec<ImportedCell> = found
            .range((framework.id, 0)..=(framework.id, u64::MAX))
            .filter_map(|((_, level), values)| cell(*level, values))
            .collect();
        if cells.is_empty() {
            continue;
        }
        let mut notes = vec![
            tr!(
                "its `percentile99` is the 95th percentile, and read as that",
                "其 `percentile99` 实为第 95 百分位，并按此读取"
            ),
            tr!(
                "the load tool and its latency basis are not named",
                "未说明负载工具与延迟起算点"
            ),
        ];
        if let Some(version) = &framework.version {
            notes.push(tr!("version {version}", "版本 {version}"));
        }
        let row = if twice.contains(&framework.label) {
            format!("{}/{}", framework.language, framework.label)
        } else {
            framework.label.clone()
        };
        rows.push(Imported {
            row: Some(row),
            hardware: hardware.clone().filter(|text| !text.is_empty()),
            date: data
                .updated_at
                .as_ref()
                .and_then(|time| time.get(..10).map(str::to_owned)),
            ..Imported::single(Tool::TheBenchmarker, JSON, cells, notes)
        });
    }
    Ok(rows)
}

fn cell(level: u64, values: &BTreeMap<Label, Figure>) -> Option<ImportedCell> {
    let get = |label: Label| values.get(&label).copied();
    let us = |label: Label| get(label).and_then(Figure::positive).map(|s| s.times(1e6));
    let achieved = get(Label::TotalRequestsPerS).and_then(Figure::positive)?;
    let errors = [
        Label::RequestTimeouts,
        Label::SocketConnectionErrors,
        Label::SocketReadErrors,
        Label::SocketWriteErrors,
    ];
    let mut cell = ImportedCell {
        load: Some(format!("{level} connections")),
        model: Some(WorkloadKind::Closed),
        basis: None::<LatencyBasis>,
        connections: Some(Figure::count(level)),
        duration_s: get(Label::DurationMs)
            .and_then(Figure::positive)
            .map(|ms| ms.times(1e-3)),
        achieved_rps: Some(achieved),
        non_2xx_count: get(Label::HttpErrors),
        transport_error_count: sum(errors.map(get)),
        min_us: us(Label::MinimumLatency),
        mean_us: us(Label::AverageLatency),
        max_us: us(Label::MaximumLatency),
        ..ImportedCell::default()
    };
    if let (Some(requests), Some(bad)) = (get(Label::TotalRequests), cell.non_2xx_count) {
        cell.ok_count = Some(requests.less(bad));
        cell.goodput_rps = cell
            .duration_s
            .and_then(|duration| requests.less(bad).over(duration));
    }
    let ranks = [
        ("50", Label::Percentile50),
        ("75", Label::Percentile75),
        ("90", Label::Percentile90),
        ("95", Label::Percentile99),
    ];
    ranks
        .into_iter()
        .filter_map(|(rank, label)| Some((rank, us(label)?)))
        .for_each(|(rank, us)| cell.put_percentile(rank, us));
    Some(cell)
}
