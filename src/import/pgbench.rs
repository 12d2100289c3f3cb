//! Imports pgbench: its printed report, and the log of `-l`, one transaction per line.
//!
//! - Latencies are milliseconds in the text, microseconds in the log.
//! - Old versions print two tps lines; the one that excludes connecting is used.
//! - With `--rate` the workload model is open, and latency counts from the intended send time.
//! - A transaction counts as one response: `goodput_rps` is transactions per second.

use std::collections::BTreeSet;

use super::error::ContentFault;
use super::figure::Figure;
use super::result::{Imported, ImportedCell};
use super::samples::LatencySamples;
use super::source::ResultFile;
use super::{ImportTool, first_line};
use super::{LatencyBasis, WorkloadKind};
use crate::tr;

pub(super) const TEXT: &str = "text";
pub(super) const LOG: &str = "log (-l)";

pub(super) fn is_text(head: &str) -> bool {
    head.contains("number of transactions actually processed:")
        || head.contains("transaction type:") && head.contains("scaling factor:")
}

/// `client transaction time script epoch microseconds [lag] [retries]`.
pub(super) fn is_log(head: &str) -> bool {
    let words: Vec<&str> = first_line(head).split(' ').collect();
    let number = |at: usize| words.get(at).and_then(|w| w.parse::<u64>().ok());
    // An epoch of ten digits in the fifth column; aggregated logs have one in the first.
    (6..=8).contains(&words.len())
        && [0, 1, 3, 5].into_iter().all(|at| number(at).is_some())
        && number(4).is_some_and(|epoch| (1_000_000_000..100_000_000_000).contains(&epoch))
}

pub(super) fn read_text(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let text = source.text()?;
    let mut cell = ImportedCell {
        model: Some(WorkloadKind::Closed),
        basis: Some(LatencyBasis::Send),
        ..ImportedCell::default()
    };
    let (mut notes, mut last, mut best_tps) = (Vec::new(), 1, false);
    for (number, line) in (1u64..).zip(text.lines()) {
        last = number;
        let figure = |field: &str, text: &str| {
            let word = text.split_whitespace().next().unwrap_or_default();
            Figure::parse(word).ok_or_else(|| ContentFault::figure(number, field, word))
        };
        // Both `a: 1` and `a = 1` occur. Sections of single scripts begin with ` - `.
        let Some((name, value)) = line.split_once(": ").or_else(|| line.split_once(" = ")) else {
            continue;
        };
        match name {
            "number of clients" => cell.connections = Some(figure(name, value)?),
            "number of transactions actually processed" => {
                let done = value.split('/').next().unwrap_or(value);
                cell.ok_count = Some(figure(name, done)?);
            }
            "number of failed transactions" => cell.non_2xx_count = Some(figure(name, value)?),
            "duration" => cell.duration_s = Some(figure(name, value)?),
            "latency average" => cell.mean_us = Some(figure(name, value)?.times(1e3)),
            "rate limit schedule lag" => {
                (cell.model, cell.basis) = (Some(WorkloadKind::Open), Some(LatencyBasis::Intended))
            }
            "tps" => {
                let without = value.contains("without initial connection time")
                    || value.contains("excluding connections");
                if !best_tps {
                    cell.goodput_rps = Some(figure(name, value)?);
                }
                best_tps |= without;
            }
            _ => {}
        }
    }
    let Some(done) = cell.ok_count else {
        return Err(ContentFault::partial(
            last,
            "number of transactions actually processed:",
        ));
    };
    let Some(tps) = cell.goodput_rps else {
        return Err(ContentFault::partial(last, "tps ="));
    };
    cell.duration_s = cell.duration_s.or_else(|| done.over(tps));
    let failed = cell.non_2xx_count.unwrap_or(Figure::count(0));
    cell.achieved_rps = cell
        .duration_s
        .and_then(|duration| failed.over(duration))
        .map(|rate| rate.plus(tps))
        .or(Some(tps));
    if cell.non_2xx_count.is_none() {
        notes.push(tr!(
            "this version does not count failed transactions",
            "该版本不统计失败的事务"
        ));
    }
    if !best_tps {
        notes.push(tr!(
            "the rate includes connecting",
            "速率中包含建立连接的时间"
        ));
    }
    if done.positive().is_none() {
        cell.mean_us = None;
    }
    notes.push(tr!(
        "pgbench prints no percentiles; its log (-l) has them",
        "pgbench 不打印百分位数；其日志（-l）中有"
    ));
    Ok(vec![Imported::single(
        ImportTool::Pgbench,
        TEXT,
        vec![cell],
        notes,
    )])
}

/// More clients than PostgreSQL accepts. A file with more is not a log.
const MOST_CLIENTS: usize = 100_000;

pub(super) fn read_log(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let mut lines = source.lines();
    let (mut samples, mut clients) = (LatencySamples::new(), BTreeSet::new());
    let (mut failed, mut skipped) = (0u64, 0u64);
    let mut span: Option<(f64, f64)> = None;
    while let Some((number, line)) = lines.next()? {
        if line.trim().is_empty() {
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let [client, _, time, _, epoch, micro, ..] = words.as_slice() else {
            let what = tr!(
                "the line has {0} columns instead of at least 6: is the file complete?",
                "该行有 {0} 列，至少应有 6 列：文件是否完整？",
                words.len()
            );
            return Err(ContentFault::at(number, what));
        };
        let figure = |field: &str, text: &str| {
            Figure::parse(text).ok_or_else(|| ContentFault::figure(number, field, text))
        };
        let client = figure("client_id", client)?.get() as u64;
        if clients.len() < MOST_CLIENTS {
            clients.insert(client);
        }
        let end = figure("time_epoch", epoch)?.get() + figure("time_us", micro)?.get() * 1e-6;
        match *time {
            "skipped" => skipped += 1,
            "failed" | "serialization" | "deadlock" => failed += 1,
            time => {
                let us = figure("time", time)?;
                samples.add(us);
                let began = end - us.get() * 1e-6;
                let (first, last) = span.unwrap_or((began, end));
                span = Some((first.min(began), last.max(end)));
            }
        }
    }
    let mut cell = ImportedCell {
        basis: Some(LatencyBasis::Send),
        connections: Some(Figure::count(clients.len() as u64)),
        duration_s: span
            .and_then(|(first, last)| Figure::new(last - first))
            .and_then(Figure::positive),
        ok_count: Some(Figure::count(samples.len())),
        non_2xx_count: Some(Figure::count(failed)),
        ..ImportedCell::default()
    };
    cell.rates();
    samples.fill(&mut cell);
    let mut notes = vec![tr!(
        "the log does not say whether a rate was set (--rate); if so, latency counts from the intended send time",
        "日志未说明是否指定了速率（--rate）；若指定，则延迟从预定时刻起算"
    )];
    if skipped > 0 {
        notes.push(tr!(
            "{skipped} transactions were skipped because they were late",
            "{skipped} 个事务因过迟而被跳过"
        ));
    }
    let cells = if samples.len() == 0 {
        Vec::new()
    } else {
        vec![cell]
    };
    Ok(vec![Imported::single(
        ImportTool::Pgbench,
        LOG,
        cells,
        notes,
    )])
}
