//! Imports hey: its printed report, and `-o csv`.
//!
//! - Times are seconds with four decimal places, so the resolution is 0.1 ms.
//! - `Requests/sec` includes failures: a dead port shows thousands per second. Rates come from the status codes.
//! - Percentiles without samples are printed as `0% in 0.0000 secs`; 0.1.5 prints `50%% in`; without responses the mean is `NaN`.
//! - The connections are not printed.

use super::LatencyBasis;
use super::error::ContentFault;
use super::figure::Figure;
use super::result::{Imported, ImportedCell};
use super::samples::{LatencySamples, failures_not_listed_note};
use super::source::ResultFile;
use super::{ImportTool, first_line};
use crate::lang::Text;
use crate::tr;

pub(super) const TEXT: &str = "text";
pub(super) const CSV: &str = "CSV";

pub(super) fn is_text(head: &str) -> bool {
    head.contains("Summary:") && head.contains("Slowest:") && head.contains("Requests/sec:")
}

pub(super) fn is_csv(head: &str) -> bool {
    let line = first_line(head);
    line.starts_with("response-time,") && line.contains("status-code")
}

fn resolution_note() -> Text {
    tr!("hey rounds to 0.1 ms", "hey 的时间精度为 0.1 毫秒")
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Summary,
    Latency,
    Status,
    Error,
    Other,
}

pub(super) fn read_text(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let text = source.text()?;
    let zero = Figure::count(0);
    let (mut ok, mut other, mut broken) = (zero, zero, zero);
    let (mut cell, mut section, mut last, mut seen_statuses) =
        (ImportedCell::default(), Section::Other, 1, false);
    let mut mean = None;
    for (number, line) in (1u64..).zip(text.lines()) {
        last = number;
        let words: Vec<&str> = line.split_whitespace().collect();
        let figure = |field: &str, text: &str| {
            Figure::parse(text).ok_or_else(|| ContentFault::figure(number, field, text))
        };
        let us = |field: &str, text: &str| figure(field, text).map(|s| s.times(1e6));
        section = match line.trim_end() {
            "Summary:" => Section::Summary,
            "Latency distribution:" => Section::Latency,
            "Status code distribution:" => Section::Status,
            "Error distribution:" => Section::Error,
            heading if heading.ends_with(':') && !heading.starts_with(' ') => Section::Other,
            _ => section,
        };
        seen_statuses |= section == Section::Status;
        match (section, words.as_slice()) {
            (Section::Summary, ["Total:", s, "secs"]) => {
                cell.duration_s = Some(figure("Total", s)?)
            }
            (Section::Summary, ["Slowest:", s, "secs"]) => cell.max_us = Some(us("Slowest", s)?),
            (Section::Summary, ["Fastest:", s, "secs"]) => cell.min_us = Some(us("Fastest", s)?),
            (Section::Summary, ["Average:", "NaN", "secs"]) => {}
            (Section::Summary, ["Average:", s, "secs"]) => mean = Some(us("Average", s)?),
            (Section::Latency, [rank, "in", s, "secs"]) if rank.ends_with('%') => {
                let (rank, latency) = (rank.trim_end_matches('%'), us(rank, s)?);
                // A percentile without samples: "0% in 0.0000 secs".
                if latency.positive().is_some() {
                    cell.put_percentile(rank, latency);
                }
            }
            (Section::Status, [code, n, "responses"]) => {
                let slot = if code.starts_with("[2") {
                    &mut ok
                } else {
                    &mut other
                };
                *slot = slot.plus(figure("responses", n)?);
            }
            (Section::Error, [n, _, ..]) if n.starts_with('[') => {
                broken = broken.plus(figure("Error distribution", n.trim_matches(['[', ']']))?);
            }
            _ => {}
        }
    }
    if cell.duration_s.is_none() {
        return Err(ContentFault::partial(last, "Total:"));
    }
    if !seen_statuses {
        return Err(ContentFault::partial(last, "Status code distribution:"));
    }
    (
        cell.ok_count,
        cell.non_2xx_count,
        cell.transport_error_count,
    ) = (Some(ok), Some(other), Some(broken));
    cell.basis = Some(LatencyBasis::Send);
    cell.mean_us = mean;
    if ok.plus(other).positive().is_none() {
        (cell.min_us, cell.mean_us, cell.max_us) = (None, None, None);
        cell.percentiles.clear();
    }
    cell.rates();
    let notes = vec![
        resolution_note(),
        tr!("hey does not print its connections", "hey 不打印连接数"),
    ];
    Ok(vec![Imported::single(
        ImportTool::Hey,
        TEXT,
        vec![cell],
        notes,
    )])
}

pub(super) fn read_csv(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let mut rows = source.rows(b',')?;
    let (time, status, offset) = (
        rows.needed("response-time")?,
        rows.needed("status-code")?,
        rows.column("offset"),
    );
    let (mut samples, mut ok, mut end) = (LatencySamples::new(), 0u64, Figure::count(0));
    while let Some(row) = rows.next()? {
        let took = row.figure(time)?;
        row.figure(status)?;
        ok += u64::from(row.text(status).starts_with('2'));
        samples.add(took.times(1e6));
        if let Some(offset) = offset {
            let ended = row.figure(offset)?.plus(took);
            end = if ended > end { ended } else { end };
        }
    }
    let cells = samples.csv_cells(ok, end, Some(LatencyBasis::Send));
    let notes = vec![resolution_note(), failures_not_listed_note()];
    Ok(vec![Imported::single(ImportTool::Hey, CSV, cells, notes)])
}
