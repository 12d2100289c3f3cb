//! Imports oha: JSON (`--output-format json`, `-j`) and CSV.
//!
//! - Times are seconds.
//! - `requestsPerSec` includes failures (a dead port shows thousands per second) and `successRate` is 1.0 when every response is 404,
//!   so both rates come from the status codes.
//! - `aborted due to deadline` is the end of the run, not an error.
//! - Latency counts from the send, or from the intended send time with `--latency-correction`. The file does not say which.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::ContentFault;
use super::figure::{Figure, sum};
use super::result::{Imported, ImportedCell};
use super::samples::{LatencySamples, failures_not_listed_note};
use super::source::ResultFile;
use super::{ImportTool, first_line, object_with};
use crate::lang::Text;
use crate::tr;

pub(super) const JSON: &str = "JSON";
pub(super) const CSV: &str = "CSV";

const DEADLINE: &str = "aborted due to deadline";

pub(super) fn is_json(head: &str) -> bool {
    object_with(head, &["summary", "latencyPercentiles"])
}

pub(super) fn is_csv(head: &str) -> bool {
    first_line(head).starts_with("request-start,")
}

#[derive(Deserialize)]
struct OhaReport {
    summary: OhaSummary,
    #[serde(rename = "latencyPercentiles")]
    percentiles: BTreeMap<String, Option<Figure>>,
    #[serde(rename = "statusCodeDistribution")]
    statuses: BTreeMap<String, Figure>,
    #[serde(rename = "errorDistribution")]
    errors: BTreeMap<String, Figure>,
}

/// Without responses the times are null.
#[derive(Deserialize)]
struct OhaSummary {
    total: Figure,
    #[serde(default)]
    slowest: Option<Figure>,
    #[serde(default)]
    fastest: Option<Figure>,
    #[serde(default)]
    average: Option<Figure>,
}

fn unknown_basis_note() -> Text {
    tr!(
        "the file does not say whether latency counts from the send or from the intended send time (`--latency-correction`)",
        "文件未说明延迟是从发送时刻还是从预定时刻起算（`--latency-correction`）"
    )
}

pub(super) fn read_json(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let report: OhaReport = source.document()?;
    let zero = Figure::count(0);
    let count = |good: bool| {
        sum(report
            .statuses
            .iter()
            .filter(|(code, _)| code.starts_with('2') == good)
            .map(|(_, n)| Some(*n)))
        .unwrap_or(zero)
    };
    let errors = sum(report
        .errors
        .iter()
        .filter(|(what, _)| !what.contains(DEADLINE))
        .map(|(_, n)| Some(*n)))
    .unwrap_or(zero);
    let mut cell = ImportedCell {
        duration_s: report.summary.total.positive(),
        ok_count: Some(count(true)),
        non_2xx_count: Some(count(false)),
        transport_error_count: Some(errors),
        ..ImportedCell::default()
    };
    cell.rates();
    if count(true).plus(count(false)).positive().is_some() {
        let us = |s: Figure| s.times(1e6);
        let summary = &report.summary;
        (cell.min_us, cell.mean_us, cell.max_us) = (
            summary.fastest.map(us),
            summary.average.map(us),
            summary.slowest.map(us),
        );
        for (rank, s) in &report.percentiles {
            if let (Some(rank), Some(s)) = (rank.strip_prefix('p'), s) {
                cell.put_percentile(rank, us(*s));
            }
        }
    }
    Ok(vec![Imported::single(
        ImportTool::Oha,
        JSON,
        vec![cell],
        vec![unknown_basis_note()],
    )])
}

pub(super) fn read_csv(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let mut rows = source.rows(b',')?;
    let [start, duration, status] = [
        rows.needed("request-start")?,
        rows.needed("request-duration")?,
        rows.needed("status")?,
    ];
    let (mut samples, mut ok, mut end) = (LatencySamples::new(), 0u64, Figure::count(0));
    while let Some(row) = rows.next()? {
        let (began, took) = (row.figure(start)?, row.figure(duration)?);
        row.figure(status)?;
        ok += u64::from(row.text(status).starts_with('2'));
        samples.add(took.times(1e6));
        let ended = began.plus(took);
        end = if ended > end { ended } else { end };
    }
    let cells = samples.csv_cells(ok, end, None);
    let notes = vec![unknown_basis_note(), failures_not_listed_note()];
    Ok(vec![Imported::single(ImportTool::Oha, CSV, cells, notes)])
}
