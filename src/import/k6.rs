//! k6: summaries (`--summary-export`, `handleSummary`, the machine-readable one of version 1), and its streams (`--out json`,
//! `--out csv`).
//!
//! - Times are milliseconds; `http_req_duration` leaves out connecting, and counts from the send.
//! - In the legacy export `thresholds: {x: true}` means that x failed, and there is no duration: it follows from count and rate.
//! - `http_req_failed.passes` counts what failed.
//! - p(99) is there only where `--summary-trend-stats` asked for it; otherwise it stays absent.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::LatencyBasis;
use super::error::Fault;
use super::figure::{Figure, sum};
use super::result::{Imported, ImportedCell};
use super::samples::Samples;
use super::source::Source;
use super::{Tool, first_line, object_with};
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
struct Summary {
    #[serde(default)]
    metrics: Metrics,
    #[serde(default)]
    state: Option<State>,
    #[serde(default)]
    results: Option<Results>,
    #[serde(default)]
    config: Option<Config>,
    #[serde(default)]
    metadata: Option<Metadata>,
}

/// Of the shapes in use, the last one lists its metrics, the others name them.
#[derive(Default, Deserialize)]
struct Metrics {
    #[serde(default)]
    http_reqs: Metric,
    #[serde(default)]
    http_req_duration: Metric,
    #[serde(default)]
    http_req_failed: Metric,
    #[serde(default)]
    vus_max: Metric,
}

#[derive(Deserialize)]
struct State {
    #[serde(rename = "testRunDurationMs")]
    duration_ms: Figure,
}

#[derive(Deserialize)]
struct Results {
    metrics: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(flatten)]
    metric: Metric,
}

#[derive(Deserialize)]
struct Config {
    /// Seconds.
    #[serde(default)]
    duration: Option<Figure>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    generated_at: Option<String>,
}

/// The figures of a metric by name, and its thresholds: whether each failed.
#[derive(Default)]
struct Metric {
    values: BTreeMap<String, Figure>,
    failed: BTreeMap<String, bool>,
}

/// In the legacy export a bare `true` says that the threshold was crossed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Threshold {
    Crossed(bool),
    Verdict { ok: bool },
}

impl<'de> Deserialize<'de> for Metric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MetricVisitor)
    }
}

struct MetricVisitor;

impl<'de> Visitor<'de> for MetricVisitor {
    type Value = Metric;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a metric of k6")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Metric, M::Error> {
        let mut metric = Metric::default();
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

impl Metric {
    fn get(&self, name: &str) -> Option<Figure> {
        self.values.get(name).copied()
    }
}

/// `p(99.9)` and `p99.9`.
fn rank(name: &str) -> Option<&str> {
    let inner = name.strip_prefix('p')?;
    Some(
        inner
            .strip_prefix('(')
            .and_then(|inner| inner.strip_suffix(')'))
            .unwrap_or(inner),
    )
}

fn meaning() -> Text {
    tr!(
        "k6 counts latency from the send, without connecting; 2xx and 3xx are its good answers",
        "k6 从发送时刻起计算延迟，不含建立连接；2xx 与 3xx 均算正常应答"
    )
}

pub(super) fn read_summary(source: Source<'_>) -> Result<Vec<Imported>, Fault> {
    let Summary {
        mut metrics,
        state,
        results,
        config,
        metadata,
    } = source.document()?;
    for Named { name, metric } in results.into_iter().flat_map(|results| results.metrics) {
        match name.as_str() {
            "http_reqs" => metrics.http_reqs = metric,
            "http_req_duration" => metrics.http_req_duration = metric,
            "http_req_failed" => metrics.http_req_failed = metric,
            "vus_max" => metrics.vus_max = metric,
            _ => {}
        }
    }
    let Some(count) = metrics.http_reqs.get("count") else {
        return Err(Fault::whole(tr!(
            "the metric `http_reqs` is missing: no HTTP request was made",
            "缺少指标 `http_reqs`：没有 HTTP 请求"
        )));
    };
    let mut notes = vec![meaning()];
    let rate = metrics.http_reqs.get("rate").and_then(Figure::positive);
    let told = state
        .map(|state| state.duration_ms.times(1e-3))
        .or(config.and_then(|config| config.duration));
    if told.is_none() {
        notes.push(tr!(
            "the file names no duration: it is worked out from count and rate",
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
            "requests without an answer are among the failed ones",
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
            rank(name)
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
    let mut imported = Imported::single(Tool::K6, SUMMARY, vec![cell], notes);
    imported.date =
        metadata.and_then(|metadata| metadata.generated_at?.get(..10).map(str::to_owned));
    Ok(vec![imported])
}

/// A line of the stream: a metric's declaration, or a point.
#[derive(Deserialize)]
struct Line {
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

pub(super) fn read_stream(source: Source<'_>) -> Result<Vec<Imported>, Fault> {
    let mut lines = source.lines();
    let mut sums = Sums::new();
    while let Some((number, line)) = lines.next()? {
        if line.trim().is_empty() {
            continue;
        }
        let parsed: Line =
            serde_json::from_str(line).map_err(|error| match Fault::from(error) {
                Fault::Content { what, .. } => Fault::at(number, what),
                other => other,
            })?;
        if parsed.kind != "Point" || !Sums::wants(&parsed.metric) {
            continue;
        }
        let value = parsed.data.value.unwrap_or(f64::NAN);
        let value = Figure::new(value)
            .ok_or_else(|| Fault::figure(number, &parsed.metric, &value.to_string()))?;
        let time = parsed.data.time.unwrap_or_default();
        let seconds = timestamp(&time).ok_or_else(|| Fault::figure(number, "time", &time))?;
        let status = parsed
            .data
            .tags
            .and_then(|tags| tags.status)
            .unwrap_or_default();
        sums.add(&parsed.metric, seconds, value, &status);
    }
    Ok(sums.finish(STREAM, None))
}

pub(super) fn read_csv(source: Source<'_>) -> Result<Vec<Imported>, Fault> {
    let mut rows = source.rows(b',')?;
    let [metric, time, value] = [
        rows.needed("metric_name")?,
        rows.needed("timestamp")?,
        rows.needed("metric_value")?,
    ];
    let status = rows.column("status");
    let (mut sums, mut whole_seconds) = (Sums::new(), true);
    while let Some(row) = rows.next()? {
        let name = row.text(metric);
        if !Sums::wants(name) {
            continue;
        }
        let told = row.text(time);
        let seconds =
            timestamp(told).ok_or_else(|| Fault::figure(row.line(), "timestamp", told))?;
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

/// Below this a duration from whole seconds is off by more than a tenth (s).
const COARSE_SECONDS: f64 = 10.0;

/// Seconds since 1970: RFC 3339, or a number of seconds, milliseconds, microseconds or nanoseconds, told apart by its size.
fn timestamp(text: &str) -> Option<f64> {
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

/// What the points add up to.
struct Sums {
    samples: Samples,
    ok: u64,
    refused: u64,
    broken: u64,
    untold: u64,
    most_users: Option<Figure>,
    span: Option<(f64, f64)>,
}

impl Sums {
    fn new() -> Self {
        Self {
            samples: Samples::new(),
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
                "times are whole seconds, and the run is shorter than {limit} s: no rate can be told",
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
                "the tag `status` is missing: good answers cannot be told from bad ones",
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
        let mut imported = Imported::single(Tool::K6, format, cells, notes);
        imported.date = self.span.and_then(|(first, _)| super::day(first));
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
            let seconds = timestamp(text).expect(text);
            assert!(
                (seconds - 1_795_366_281.0).abs() < 1e-3,
                "{text}: {seconds}"
            );
        }
        assert!(
            timestamp("-1").is_none() && timestamp("NaN").is_none() && timestamp("soon").is_none()
        );
    }

    #[test]
    fn ranks_of_both_shapes() {
        assert_eq!(
            (rank("p(99.9)"), rank("p90"), rank("avg")),
            (Some("99.9"), Some("90"), None)
        );
    }
}
