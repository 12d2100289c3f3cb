//! Imports k6: summaries (`--summary-export`, `handleSummary`, the machine-readable one of version 1) and streams (`--out json`,
//! `--out csv`).
//!
//! - Times are milliseconds; `http_req_duration` excludes connecting and counts from the send.
//! - In the legacy export `thresholds: {x: true}` means that x failed. It has no duration, which follows from count and rate.
//! - `http_req_failed.passes` counts failed requests.
//! - p(99) is present only with `--summary-trend-stats`; otherwise it stays absent.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::LatencyBasis;
use super::error::ContentFault;
use super::figure::{Figure, sum};
use super::result::{Imported, ImportedCell};
use super::samples::LatencySamples;
use super::source::ResultFile;
use super::{ImportTool, first_line, object_with};
use crate::lang::Text;
use crate::tr;

pub(super) const SUMMARY: &str = "JSON summary";
pub(super) const STREAM: &str = "JSON stream";
pub(super) const CSV: &str = "CSV stream";

pub(super) fn is_summary(head: &str) -> bool {
    let known = ["http_reqs", "http_req_duration", "iteration_duration"]
        .iter()
        .any(|name| head.contains(&format!("\"{name}\"")));
    object_with(head, &["metrics"]) && known && !is_stream(head)
}

pub(super) fn is_stream(head: &str) -> bool {
    let line = first_line(head);
    object_with(line, &["metric", "type", "data"])
}

pub(super) fn is_csv(head: &str) -> bool {
    first_line(head).starts_with("metric_name,timestamp,metric_value")
}

#[derive(Deserialize)]
struct K6Summary {
    #[serde(default)]
    metrics: Metrics,
    #[serde(default)]
    state: Option<K6State>,
    #[serde(default)]
    results: Option<K6Results>,
    #[serde(default)]
    config: Option<Config>,
    #[serde(default)]
    metadata: Option<K6Metadata>,
}

/// Of the formats in use, the last one lists its metrics, while the others are keyed by name.
#[derive(Default, Deserialize)]
struct Metrics {
    #[serde(default)]
    http_reqs: K6Metric,
    #[serde(default)]
    http_req_duration: K6Metric,
    #[serde(default)]
    http_req_failed: K6Metric,
    #[serde(default)]
    vus_max: K6Metric,
}

#[derive(Deserialize)]
struct K6State {
    #[serde(rename = "testRunDurationMs")]
    duration_ms: Figure,
}

#[derive(Deserialize)]
struct K6Results {
    metrics: Vec<NamedMetric>,
}

#[derive(Deserialize)]
struct NamedMetric {
    name: String,
    #[serde(flatten)]
    metric: K6Metric,
}

#[derive(Deserialize)]
struct Config {
    /// Seconds.
    #[serde(default)]
    duration: Option<Figure>,
}

#[derive(Deserialize)]
struct K6Metadata {
    #[serde(default)]
    generated_at: Option<String>,
}

/// The figures of a metric by name, and whether each threshold failed.
#[derive(Default)]
struct K6Metric {
    values: BTreeMap<String, Figure>,
    failed: BTreeMap<String, bool>,
}

/// In the legacy export a bare `true` means that the threshold was crossed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Threshold {
    Crossed(bool),
    Verdict { ok: bool },
}

impl<'de> Deserialize<'de> for K6Metric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MetricVisitor)
    }
}

struct MetricVisitor;

impl<'de> Visitor<'de> for MetricVisitor {
    type Value = K6Metric;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a metric of k6")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<K6Metric, M::Error> {
        let mut metric = K6Metric::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "values" => metric
                    .values
                    .extend(map.next_value::<BTreeMap<String, Figure>>()?),
                "thresholds" => {
                    for (threshold, said) in map.next_value::<BTreeMap<String, Threshold>>()? {
                        let failed = match said {
                            Threshold::Crossed(crossed) => crossed,
                            Threshold::Verdict { ok } => !ok,
                        };
                        metric.failed.insert(threshold, failed);
                    }
                }
                "type" | "contains" | "name" => drop(map.next_value::<IgnoredAny>()?),
                _ => drop(metric.values.insert(key, map.next_value()?)),
            }
        }
        Ok(metric)
    }
}

impl K6Metric {
    fn get(&self, name: &str) -> Option<Figure> {
        self.values.get(name).copied()
    }
}

/// Parses the rank in `p(99.9)` or `p99.9`.
fn percentile_rank(name: &str) -> Option<&str> {
    let inner = name.strip_prefix('p')?;
    Some(
        inner
            .strip_prefix('(')
            .and_then(|inner| inner.strip_suffix(')'))
            .unwrap_or(inner),
    )
}

fn latency_note() -> Text {
    tr!(
        "k6 counts latency from the send, without connecting; it counts 2xx and 3xx as good",
        "k6 从发送时刻起计算延迟，不含建立连接；2xx 与 3xx 均算正常应答"
    )
}

pub(super) fn read_summary(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let K6Summary {
        mut metrics,
        state,
        results,
        config,
        metadata,
    } = source.document()?;
    for NamedMetric { name, metric } in results.into_iter().flat_map(|results| results.metrics) {
        match name.as_str() {
            "http_reqs" => metrics.http_reqs = metric,
            "http_req_duration" => metrics.http_req_duration = metric,
            "http_req_failed" => metrics.http_req_failed = metric,
            "vus_max" => metrics.vus_max = metric,
            _ => {}
        }
    }
    let Some(count) = metrics.http_reqs.get("count") else {
        return Err(ContentFault::whole(tr!(
            "the metric `http_reqs` is missing: no HTTP request was made",
            "缺少指标 `http_reqs`：没有 HTTP 请求"
        )));
    };
    let mut notes = vec![latency_note()];
    let rate = metrics.http_reqs.get("rate").and_then(Figure::positive);
    let told = state
        .map(|state| state.duration_ms.times(1e-3))
        .or(config.and_then(|config| config.duration));
    if told.is_none() {
        notes.push(tr!(
            "the file has no duration; it is derived from count and rate",
            "文件未给出时长：由次数与速率推算"
        ));
    }
    let failed = metrics
        .http_req_failed
        .get("passes")
        .or_else(|| metrics.http_req_failed.get("matches"));
    let mut cell = ImportedCell {
        basis: Some(LatencyBasis::Send),
        connections: metrics
            .vus_max
            .get("max")
            .or_else(|| metrics.vus_max.get("value"))
            .and_then(Figure::positive),
        duration_s: told
            .or_else(|| count.over(rate?))
            .and_then(Figure::positive),
        achieved_rps: rate,
        ok_count: failed.map(|failed| count.less(failed)),
        non_2xx_count: failed,
        ..ImportedCell::default()
    };
    cell.achieved_rps = cell.achieved_rps.or_else(|| count.over(cell.duration_s?));
    cell.rates();
    match failed {
        Some(_) => notes.push(tr!(
            "requests without a response are among the failed ones",
            "无应答的请求计入失败请求"
        )),
        None => notes.push(tr!(
            "errors are not counted in the file",
            "文件中没有错误数"
        )),
    }
    let times = &metrics.http_req_duration;
    if count.positive().is_some() {
        let us = |name: &str| times.get(name).map(|ms| ms.times(1e3));
        (cell.min_us, cell.mean_us, cell.max_us) = (us("min"), us("avg"), us("max"));
        us("med")
            .into_iter()
            .for_each(|median| cell.put_percentile("50", median));
        for (name, ms) in &times.values {
            percentile_rank(name)
                .into_iter()
                .for_each(|rank| cell.put_percentile(rank, ms.times(1e3)));
        }
    }
    for threshold in [&metrics.http_reqs, times, &metrics.http_req_failed]
        .into_iter()
        .flat_map(|metric| &metric.failed)
    {
        if let (threshold, true) = threshold {
            notes.push(tr!(
                "the threshold `{threshold}` of the test failed",
                "该测试的阈值 `{threshold}` 未达到"
            ));
        }
    }
    let mut imported = Imported::single(ImportTool::K6, SUMMARY, vec![cell], notes);
    imported.date =
        metadata.and_then(|metadata| metadata.generated_at?.get(..10).map(str::to_owned));
    Ok(vec![imported])
}

/// A line of the stream: a metric's declaration, or a point.
#[derive(Deserialize)]
struct K6Line {
    metric: String,
    #[serde(rename = "type")]
    kind: String,
    data: Point,
}

#[derive(Deserialize)]
struct Point {
    #[serde(default)]
    time: Option<String>,
    #[serde(default)]
    value: Option<f64>,
    #[serde(default)]
    tags: Option<Tags>,
}

#[derive(Deserialize)]
struct Tags {
    #[serde(default)]
    status: Option<String>,
}

pub(super) fn read_stream(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let mut lines = source.lines();
    let mut sums = K6Sums::new();
    while let Some((number, line)) = lines.next()? {
        if line.trim().is_empty() {
            continue;
        }
        let parsed: K6Line =
            serde_json::from_str(line).map_err(|error| match ContentFault::from(error) {
                ContentFault::Content { what, .. } => ContentFault::at(number, what),
                other => other,
            })?;
        if parsed.kind != "Point" || !K6Sums::wants(&parsed.metric) {
            continue;
        }
        let value = parsed.data.value.unwrap_or(f64::NAN);
        let value = Figure::new(value)
            .ok_or_else(|| ContentFault::figure(number, &parsed.metric, &value.to_string()))?;
        let time = parsed.data.time.unwrap_or_default();
        let seconds =
            parse_timestamp(&time).ok_or_else(|| ContentFault::figure(number, "time", &time))?;
        let status = parsed
            .data
            .tags
            .and_then(|tags| tags.status)
            .unwrap_or_default();
        sums.add(&parsed.metric, seconds, value, &status);
    }
    Ok(sums.finish(STREAM, None))
}

pub(super) fn read_csv(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let mut rows = source.rows(b',')?;
    let [metric, time, value] = [
        rows.needed("metric_name")?,
        rows.needed("timestamp")?,
        rows.needed("metric_value")?,
    ];
    let status = rows.column("status");
    let (mut sums, mut whole_seconds) = (K6Sums::new(), true);
    while let Some(row) = rows.next()? {
        let name = row.text(metric);
        if !K6Sums::wants(name) {
            continue;
        }
        let told = row.text(time);
        let seconds = parse_timestamp(told)
            .ok_or_else(|| ContentFault::figure(row.line(), "timestamp", told))?;
        whole_seconds &= seconds.fract() == 0.0;
        sums.add(
            name,
            seconds,
            row.figure(value)?,
            status.map_or("", |column| row.text(column)),
        );
    }
    let coarse = whole_seconds.then_some(COARSE_SECONDS);
    Ok(sums.finish(CSV, coarse))
}

/// Below this, a duration from whole seconds may be off by more than a tenth (s).
const COARSE_SECONDS: f64 = 10.0;

/// Returns the seconds since 1970 of an RFC 3339 time, or of a number of seconds, milliseconds, microseconds or nanoseconds,
/// distinguished by size.
fn parse_timestamp(text: &str) -> Option<f64> {
    if let Ok(number) = text.parse::<f64>() {
        if !(0.0..1e20).contains(&number) {
            return None;
        }
        let scale = [(1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3)]
            .into_iter()
            .find(|(from, _)| number >= *from);
        return Some(number * scale.map_or(1.0, |(_, factor)| factor));
    }
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(|time| time.as_microsecond() as f64 * 1e-6)
}

/// Sums over the points.
struct K6Sums {
    samples: LatencySamples,
    ok: u64,
    refused: u64,
    broken: u64,
    untold: u64,
    most_users: Option<Figure>,
    span: Option<(f64, f64)>,
}

impl K6Sums {
    fn new() -> Self {
        Self {
            samples: LatencySamples::new(),
            ok: 0,
            refused: 0,
            broken: 0,
            untold: 0,
            most_users: None,
            span: None,
        }
    }

    fn wants(metric: &str) -> bool {
        matches!(metric, "http_req_duration" | "vus")
    }

    fn add(&mut self, metric: &str, seconds: f64, value: Figure, status: &str) {
        if metric == "vus" {
            self.most_users = self
                .most_users
                .filter(|most| *most >= value)
                .or(Some(value));
            return;
        }
        let began = seconds - value.get() * 1e-3;
        let (first, last) = self.span.unwrap_or((began, seconds));
        self.span = Some((first.min(began), last.max(seconds)));
        match status.as_bytes() {
            [] => self.untold += 1,
            b"0" => self.broken += 1,
            [b'2', ..] => self.ok += 1,
            _ => self.refused += 1,
        }
        if status != "0" {
            self.samples.add(value.times(1e3));
        }
    }

    fn finish(self, format: &'static str, coarse: Option<f64>) -> Vec<Imported> {
        let requests = sum([self.ok, self.refused, self.broken, self.untold]
            .map(Figure::count)
            .map(Some));
        let mut notes = vec![tr!(
            "k6 counts latency from the send, without connecting",
            "k6 从发送时刻起计算延迟，不含建立连接"
        )];
        let mut cell = ImportedCell {
            basis: Some(LatencyBasis::Send),
            connections: self.most_users.and_then(Figure::positive),
            duration_s: self
                .span
                .and_then(|(first, last)| Figure::new(last - first))
                .and_then(Figure::positive),
            ..ImportedCell::default()
        };
        if let Some(limit) =
            coarse.filter(|limit| cell.duration_s.is_some_and(|s| s.get() < *limit))
        {
            notes.push(tr!(
                "times are whole seconds and the run is shorter than {limit} s, so no rate can be derived",
                "时间只精确到秒，而运行不足 {limit} 秒：无法得出速率"
            ));
            cell.duration_s = None;
        }
        if self.untold == 0 {
            cell.ok_count = Some(Figure::count(self.ok));
            cell.non_2xx_count = Some(Figure::count(self.refused));
            cell.transport_error_count = Some(Figure::count(self.broken));
            cell.rates();
        } else {
            notes.push(tr!(
                "the tag `status` is missing, so good and bad responses cannot be distinguished",
                "缺少标签 `status`：无法区分应答好坏"
            ));
            cell.achieved_rps = requests.and_then(|n| n.over(cell.duration_s?));
        }
        self.samples.fill(&mut cell);
        let cells = if requests.and_then(Figure::positive).is_some() {
            vec![cell]
        } else {
            Vec::new()
        };
        let mut imported = Imported::single(ImportTool::K6, format, cells, notes);
        imported.date = self
            .span
            .and_then(|(first, _)| super::date_of_timestamp(first));
        vec![imported]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_size() {
        for text in [
            "1795366281",
            "1795366281000",
            "1795366281000000",
            "1795366281000000000",
            "2026-11-22T16:51:21Z",
        ] {
            let seconds = parse_timestamp(text).expect(text);
            assert!(
                (seconds - 1_795_366_281.0).abs() < 1e-3,
                "{text}: {seconds}"
            );
        }
        assert!(
            parse_timestamp("-1").is_none()
                && parse_timestamp("NaN").is_none()
                && parse_timestamp("soon").is_none()
        );
    }

    #[test]
    fn ranks_of_both_shapes() {
        assert_eq!(
            (
                percentile_rank("p(99.9)"),
                percentile_rank("p90"),
                percentile_rank("avg")
            ),
            (Some("99.9"), Some("90"), None)
        );
    }
}
