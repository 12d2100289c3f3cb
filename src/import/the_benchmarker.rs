//! Imports the-benchmarker/web-frameworks: `data.json`, one row per framework.
//!
//! - `percentile99` is in fact the 95th percentile.
//! - -1 means not measured.
//! - Latencies are seconds, `duration_ms` is milliseconds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

use super::error::ContentFault;
use super::figure::{Figure, sum};
use super::result::{Imported, ImportedCell};
use super::source::ResultFile;
use super::{ImportTool, object_with};
use super::{LatencyBasis, WorkloadKind};
use crate::tr;

pub(super) const JSON: &str = "data.json";

pub(super) fn is_json(head: &str) -> bool {
    object_with(head, &["metrics", "framework_id", "level"])
}

#[derive(Deserialize)]
struct Data {
    metrics: Vec<BenchmarkerMetric>,
    frameworks: Vec<Framework>,
    #[serde(default)]
    hardware: Option<BTreeMap<String, BenchmarkerWord>>,
    #[serde(default)]
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct BenchmarkerMetric {
    level: Figure,
    label: MetricLabel,
    value: MeasuredFigure,
    framework_id: u64,
}

#[derive(Deserialize)]
struct Framework {
    id: u64,
    label: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    version: Option<BenchmarkerWord>,
}

/// A short value that may be text or a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum BenchmarkerWord {
    Text(String),
    Number(f64),
    Other(serde::de::IgnoredAny),
}

impl fmt::Display for BenchmarkerWord {
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
enum MetricLabel {
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

/// A figure that is -1 where it was not measured.
struct MeasuredFigure(Option<Figure>);

impl<'de> Deserialize<'de> for MeasuredFigure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MeasuredVisitor)
    }
}

struct MeasuredVisitor;

impl Visitor<'_> for MeasuredVisitor {
    type Value = MeasuredFigure;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number from 0 to 1e18, or -1 for what was not measured")
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<MeasuredFigure, E> {
        self.visit_f64(n as f64)
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<MeasuredFigure, E> {
        self.visit_f64(n as f64)
    }

    fn visit_unit<E: Error>(self) -> Result<MeasuredFigure, E> {
        Ok(MeasuredFigure(None))
    }

    #[expect(clippy::float_cmp, reason = "-1 is written as it is")]
    fn visit_f64<E: Error>(self, x: f64) -> Result<MeasuredFigure, E> {
        if x == -1.0 {
            return Ok(MeasuredFigure(None));
        }
        let refused = || E::invalid_value(serde::de::Unexpected::Float(x), &self);
        Figure::new(x)
            .map(|x| MeasuredFigure(Some(x)))
            .ok_or_else(refused)
    }
}

pub(super) fn read(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let data: Data = source.document()?;
    // Levels are whole numbers of connections.
    let mut found: BTreeMap<(u64, u64), BTreeMap<MetricLabel, Figure>> = BTreeMap::new();
    for BenchmarkerMetric {
        level,
        label,
        value: MeasuredFigure(value),
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
            .filter_map(|((_, level), values)| level_cell(*level, values))
            .collect();
        if cells.is_empty() {
            continue;
        }
        let mut notes = vec![
            tr!(
                "its `percentile99` is the 95th percentile and is read as such",
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
            ..Imported::single(ImportTool::TheBenchmarker, JSON, cells, notes)
        });
    }
    Ok(rows)
}

fn level_cell(level: u64, values: &BTreeMap<MetricLabel, Figure>) -> Option<ImportedCell> {
    let get = |label: MetricLabel| values.get(&label).copied();
    let us = |label: MetricLabel| get(label).and_then(Figure::positive).map(|s| s.times(1e6));
    let achieved = get(MetricLabel::TotalRequestsPerS).and_then(Figure::positive)?;
    let errors = [
        MetricLabel::RequestTimeouts,
        MetricLabel::SocketConnectionErrors,
        MetricLabel::SocketReadErrors,
        MetricLabel::SocketWriteErrors,
    ];
    let mut cell = ImportedCell {
        load: Some(format!("{level} connections")),
        model: Some(WorkloadKind::Closed),
        basis: None::<LatencyBasis>,
        connections: Some(Figure::count(level)),
        duration_s: get(MetricLabel::DurationMs)
            .and_then(Figure::positive)
            .map(|ms| ms.times(1e-3)),
        achieved_rps: Some(achieved),
        non_2xx_count: get(MetricLabel::HttpErrors),
        transport_error_count: sum(errors.map(get)),
        min_us: us(MetricLabel::MinimumLatency),
        mean_us: us(MetricLabel::AverageLatency),
        max_us: us(MetricLabel::MaximumLatency),
        ..ImportedCell::default()
    };
    if let (Some(requests), Some(bad)) = (get(MetricLabel::TotalRequests), cell.non_2xx_count) {
        cell.ok_count = Some(requests.less(bad));
        cell.goodput_rps = cell
            .duration_s
            .and_then(|duration| requests.less(bad).over(duration));
    }
    let ranks = [
        ("50", MetricLabel::Percentile50),
        ("75", MetricLabel::Percentile75),
        ("90", MetricLabel::Percentile90),
        ("95", MetricLabel::Percentile99),
    ];
    ranks
        .into_iter()
        .filter_map(|(rank, label)| Some((rank, us(label)?)))
        .for_each(|(rank, us)| cell.put_percentile(rank, us));
    Some(cell)
}
