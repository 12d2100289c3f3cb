//! Imports ApacheBench: its printed report, and the percentiles of `-e`.
//!
//! - It uses HTTP/1.0 and opens a connection for each request, unless it was given `-k`.
//! - `Failed requests` omits statuses other than 2xx, and counts responses of another length, which need not be wrong.
//! - `Time per request` is derived from the rate, so Little's law holds for it by construction. The mean of the measured times is
//!   taken instead where whole milliseconds are precise enough.

use super::error::ContentFault;
use super::figure::{Figure, sum};
use super::result::{Imported, ImportedCell};
use super::source::ResultFile;
use super::{ImportTool, first_line};
use super::{LatencyBasis, WorkloadKind};
use crate::lang::Text;
use crate::tr;

pub(super) const TEXT: &str = "text";
pub(super) const CSV: &str = "percentiles CSV (-e)";

/// From this value on, a mean in whole milliseconds is within 5 %.
const COARSE_MS: f64 = 10.0;

pub(super) fn is_text(head: &str) -> bool {
    head.contains("This is ApacheBench")
        || head.contains("Concurrency Level:") && head.contains("Time taken for tests:")
}

pub(super) fn is_csv(head: &str) -> bool {
    first_line(head).starts_with("Percentage served,Time in ms")
}

/// The figures of the report's lines.
#[derive(Default)]
struct Said {
    complete: Option<Figure>,
    non_2xx: Option<Figure>,
    no_answer: Option<Figure>,
    other_length: Option<Figure>,
    keep_alive: bool,
    transfer: bool,
    derived_mean_ms: Option<Figure>,
    measured_mean_ms: Option<Figure>,
}

pub(super) fn read_text(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let text = source.text()?;
    let mut cell = ImportedCell {
        model: Some(WorkloadKind::Closed),
        basis: Some(LatencyBasis::Send),
        ..ImportedCell::default()
    };
    let (mut said, mut rounded, mut last) = (Said::default(), false, 1);
    for (number, line) in (1u64..).zip(text.lines()) {
        last = number;
        let words: Vec<&str> = line.split_whitespace().collect();
        let figure = |field: &str, text: &str| {
            Figure::parse(text).ok_or_else(|| ContentFault::figure(number, field, text))
        };
        match words.as_slice() {
            ["Concurrency", "Level:", n] => {
                cell.connections = Some(figure("Concurrency Level", n)?)
            }
            ["Time", "taken", "for", "tests:", s, "seconds"] => {
                cell.duration_s = Some(figure("Time taken for tests", s)?)
            }
            ["Complete", "requests:", n] => said.complete = Some(figure("Complete requests", n)?),
            ["Non-2xx", "responses:", n] => said.non_2xx = Some(figure("Non-2xx responses", n)?),
            ["Transfer", "rate:", _, ..] => said.transfer = true,
            ["Keep-Alive", "requests:", ..] => said.keep_alive = true,
            [
                "(Connect:",
                a,
                "Receive:",
                b,
                "Length:",
                c,
                "Exceptions:",
                d,
            ] => {
                let [a, b, c, d] =
                    [a, b, c, d].map(|n| figure("Failed requests", n.trim_end_matches([',', ')'])));
                said.no_answer = sum([Some(a?), Some(b?), Some(d?)]);
                said.other_length = c?.positive();
            }
            ["Time", "per", "request:", ms, "[ms]", "(mean)"] => {
                said.derived_mean_ms = Some(figure("Time per request", ms)?)
            }
            ["Total:", least, mean, .., most] => {
                let field = "Connection Times";
                cell.min_us = figure(field, least)?.positive().map(ms_to_us);
                said.measured_mean_ms = Some(figure(field, mean)?);
                cell.max_us = figure(field, most)?.positive().map(ms_to_us);
            }
            [rank, ms, ..] if line.starts_with(' ') && rank.ends_with('%') => {
                match figure(rank, ms)?.positive() {
                    Some(ms) => cell.put_percentile(rank.trim_end_matches('%'), ms_to_us(ms)),
                    None => rounded = true,
                }
            }
            _ => {}
        }
    }
    let Some(complete) = said.complete else {
        return Err(ContentFault::partial(last, "Complete requests:"));
    };
    if cell.duration_s.is_none() || !said.transfer {
        return Err(ContentFault::partial(last, "Transfer rate:"));
    }
    let zero = Figure::count(0);
    let (non_2xx, no_answer) = (said.non_2xx.unwrap_or(zero), said.no_answer.unwrap_or(zero));
    (cell.ok_count, cell.non_2xx_count) =
        (Some(complete.less(non_2xx).less(no_answer)), Some(non_2xx));
    cell.transport_error_count = Some(no_answer);
    cell.rates();
    let mut notes = Vec::new();
    let fine = said.measured_mean_ms.filter(|ms| ms.get() >= COARSE_MS);
    cell.mean_us = fine
        .or(said.derived_mean_ms.and_then(Figure::positive))
        .map(ms_to_us);
    if fine.is_none() {
        notes.push(tr!(
            "the mean latency is derived from the rate, so Little's law proves nothing here",
            "平均延迟由速率推算，因此利特尔法则在此说明不了问题"
        ));
    }
    if rounded {
        notes.push(tr!(
            "percentiles below 1 ms are printed as 0 and omitted",
            "低于 1 毫秒的百分位数打印为 0，已略去"
        ));
    }
    if let Some(n) = said.other_length.map(Figure::get) {
        notes.push(tr!(
            "{n} responses differed in length from the first one; ab calls them failed, here they count as good",
            "{n} 个应答的长度与第一个不同；ab 称其失败，此处计为正常"
        ));
    }
    notes.push(protocol_note(said.keep_alive));
    Ok(vec![Imported::single(
        ImportTool::Ab,
        TEXT,
        vec![cell],
        notes,
    )])
}

fn protocol_note(keep_alive: bool) -> Text {
    if keep_alive {
        tr!(
            "ab uses HTTP/1.0 with keep-alive",
            "ab 使用 HTTP/1.0 并保持连接"
        )
    } else {
        tr!(
            "ab uses HTTP/1.0 and opened a connection for each request (no -k)",
            "ab 使用 HTTP/1.0，且每个请求新建连接（未加 -k）"
        )
    }
}

fn ms_to_us(ms: Figure) -> Figure {
    ms.times(1e3)
}

pub(super) fn read_csv(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let mut rows = source.rows(b',')?;
    let (rank, time) = (
        rows.needed("Percentage served")?,
        rows.needed("Time in ms")?,
    );
    let mut cell = ImportedCell {
        model: Some(WorkloadKind::Closed),
        basis: Some(LatencyBasis::Send),
        ..ImportedCell::default()
    };
    let mut line = 1;
    while let Some(row) = rows.next()? {
        line = row.line();
        row.figure(rank)?;
        let us = ms_to_us(row.figure(time)?);
        match row.text(rank) {
            "0" => cell.min_us = us.positive(),
            "100" => cell.max_us = us.positive(),
            told @ ("50" | "75" | "90" | "95" | "99") => cell.put_percentile(told, us),
            _ => {}
        }
    }
    if cell.max_us.is_none() {
        return Err(ContentFault::partial(line, "100"));
    }
    let notes = vec![tr!(
        "the file has percentiles only: no rate, no errors, no duration",
        "文件只有百分位数：没有速率、错误数与时长"
    )];
    Ok(vec![Imported::single(
        ImportTool::Ab,
        CSV,
        vec![cell],
        notes,
    )])
}
