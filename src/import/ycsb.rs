//! Imports YCSB and go-ycsb: their printed report.
//!
//! - Latencies are microseconds (in older YCSB, the number in brackets). `99.9` has no suffix `th`.
//! - The default table of 1,000 records fits into any cache and says little.
//! - go-ycsb prints figures every ten seconds; only those after `Run finished` cover the whole run.
//! - `[CLEANUP]` and garbage collection are not operations. `Intended-READ` counts from the intended send time.
//! - An operation counts as one response: `goodput_rps` is good operations per second.

use std::collections::BTreeMap;

use super::ImportTool;
use super::LatencyBasis;
use super::error::ContentFault;
use super::figure::Figure;
use super::result::{Imported, ImportedCell};
use super::source::ResultFile;
use crate::lang::Text;
use crate::tr;

pub(super) const TEXT: &str = "text";

/// Number of records of YCSB's default table.
const TOY: f64 = 1000.0;
/// Maximum number of operations, above that of any workload.
const MOST_OPERATIONS: usize = 100;

pub(super) fn is_ycsb(head: &str) -> bool {
    head.contains("[OVERALL], ")
}

pub(super) fn is_go_ycsb(head: &str) -> bool {
    head.contains(" - Takes(s): ") && head.contains("(us): ")
}

pub(super) fn read(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let text = source.text()?;
    let (mut cells, mut failed): (BTreeMap<String, ImportedCell>, BTreeMap<String, Figure>) =
        (BTreeMap::new(), BTreeMap::new());
    let (mut duration, mut threads, mut last) = (None, None, 1);
    let mut good: BTreeMap<String, Figure> = BTreeMap::new();
    for (number, line) in (1u64..).zip(text.lines()) {
        last = number;
        threads = parse_option(line, "-threads ").or(threads);
        let mut parts = line.trim().splitn(3, ", ");
        let (Some(section), Some(name), Some(value)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let Some(section) = section.strip_prefix('[').and_then(|s| s.strip_suffix(']')) else {
            continue;
        };
        let figure =
            || Figure::parse(value).ok_or_else(|| ContentFault::figure(number, name, value));
        if section == "OVERALL" && name == "RunTime(ms)" {
            duration = Some(figure()?.times(1e-3));
            continue;
        }
        if section == "OVERALL" || section == "CLEANUP" || section.starts_with("TOTAL_GC") {
            continue;
        }
        if let Some(operation) = section.strip_suffix("-FAILED") {
            if name == "Operations" {
                failed.insert(operation.to_owned(), figure()?);
            }
            continue;
        }
        if !cells.contains_key(section) && cells.len() >= MOST_OPERATIONS {
            return Err(ContentFault::at(
                number,
                tr!(
                    "there are more than {MOST_OPERATIONS} operations",
                    "操作超过 {MOST_OPERATIONS} 种"
                ),
            ));
        }
        let cell = cells.entry(section.to_owned()).or_default();
        match name {
            "Operations" => cell.ok_count = Some(figure()?),
            "Return=OK" => drop(good.insert(section.to_owned(), figure()?)),
            _ => read_latency(cell, name, figure)?,
        }
    }
    let Some(duration) = duration else {
        return Err(ContentFault::partial(last, "[OVERALL], RunTime(ms)"));
    };
    for (operation, cell) in &mut cells {
        let all = cell.ok_count;
        let bad = failed.get(operation).copied();
        if let (Some(all), Some(ok)) = (all, good.get(operation)) {
            cell.ok_count = Some(*ok);
            cell.non_2xx_count = Some(bad.unwrap_or_else(|| all.less(*ok)));
        } else {
            cell.non_2xx_count = bad;
        }
        finish_cell(cell, operation, duration, threads);
    }
    let notes = run_notes(&text, threads);
    Ok(vec![Imported::single(
        ImportTool::Ycsb,
        TEXT,
        cells.into_values().collect(),
        notes,
    )])
}

/// Reads a line such as `AverageLatency(us)`, `99thPercentileLatency(us)` or `99.9PercentileLatency(us)`.
fn read_latency(
    cell: &mut ImportedCell,
    name: &str,
    figure: impl Fn() -> Result<Figure, ContentFault>,
) -> Result<(), ContentFault> {
    let Some((what, unit)) = name.split_once("Latency(") else {
        return Ok(());
    };
    let factor = match unit {
        "us)" => 1.0,
        "ms)" => 1e3,
        _ => return Ok(()),
    };
    let us = figure()?.times(factor);
    match what {
        "Average" => cell.mean_us = Some(us),
        "Min" => cell.min_us = Some(us),
        "Max" => cell.max_us = Some(us),
        _ => {
            if let Some(rank) = what.strip_suffix("Percentile") {
                cell.put_percentile(rank.trim_end_matches(|c: char| c.is_ascii_alphabetic()), us);
            }
        }
    }
    Ok(())
}

fn finish_cell(
    cell: &mut ImportedCell,
    operation: &str,
    duration: Figure,
    threads: Option<Figure>,
) {
    cell.operation = Some(operation.to_owned());
    cell.basis = Some(if operation.starts_with("Intended-") {
        LatencyBasis::Intended
    } else {
        LatencyBasis::Send
    });
    cell.duration_s = duration.positive();
    cell.connections = threads;
    if cell.non_2xx_count.is_none() {
        cell.achieved_rps = cell.ok_count.and_then(|n| n.over(duration));
    }
    cell.rates();
    if cell.ok_count.is_some_and(|n| n.positive().is_none()) {
        (cell.min_us, cell.mean_us, cell.max_us) = (None, None, None);
        cell.percentiles.clear();
    }
}

/// Returns the number after a name on a line.
fn parse_option(line: &str, name: &str) -> Option<Figure> {
    let (_, rest) = line.split_once(name)?;
    Figure::parse(
        rest.trim_start_matches(['"', '='])
            .split(|c: char| !c.is_ascii_digit())
            .next()?,
    )
}

fn run_notes(text: &str, threads: Option<Figure>) -> Vec<Text> {
    let mut notes = Vec::new();
    let records = text.lines().find_map(|line| {
        parse_option(line, "recordcount=").or_else(|| parse_option(line, "\"recordcount\"="))
    });
    match records.map(Figure::get) {
        Some(records) if records <= TOY => {
            notes.push(tr!(
                "{records} records fit into any cache, so this says little",
                "{records} 条记录可放入任何缓存：只是玩具"
            ));
        }
        Some(_) => {}
        None => notes.push(tr!(
            "the number of records is not printed; the default of 1,000 fits into any cache",
            "未打印记录数；默认的 1,000 条只是玩具"
        )),
    }
    if threads.is_none() {
        notes.push(tr!("the number of threads is not printed", "未打印线程数"));
    } else {
        notes.push(tr!(
            "all operations share the threads",
            "各操作共用这些线程"
        ));
    }
    notes
}

pub(super) fn read_go(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let text = source.text()?;
    let (mut finished, mut threads, mut last) = (false, None, 1);
    let (mut cells, mut failed): (BTreeMap<String, ImportedCell>, BTreeMap<String, Figure>) =
        (BTreeMap::new(), BTreeMap::new());
    for (number, line) in (1u64..).zip(text.lines()) {
        last = number;
        threads = parse_option(line, "\"threadcount\"=").or(threads);
        if line.starts_with("Run finished") {
            finished = true;
            continue;
        }
        let Some((operation, figures)) = line.split_once(" - Takes(s): ").filter(|_| finished)
        else {
            continue;
        };
        let operation = operation.trim();
        if operation == "TOTAL" || cells.len() >= MOST_OPERATIONS {
            continue;
        }
        let (mut cell, mut takes) = (ImportedCell::default(), None);
        for (name, value) in
            std::iter::once(("Takes(s)", figures.split(", ").next().unwrap_or_default())).chain(
                figures
                    .split(", ")
                    .skip(1)
                    .filter_map(|part| part.split_once(": ")),
            )
        {
            let figure =
                || Figure::parse(value).ok_or_else(|| ContentFault::figure(number, name, value));
            match name {
                "Takes(s)" => takes = Some(figure()?),
                "Count" => cell.ok_count = Some(figure()?),
                "Avg(us)" => cell.mean_us = Some(figure()?),
                "Min(us)" => cell.min_us = Some(figure()?),
                "Max(us)" => cell.max_us = Some(figure()?),
                _ => {
                    if let Some(rank) = name.strip_suffix("th(us)") {
                        cell.put_percentile(rank, figure()?);
                    }
                }
            }
        }
        let (Some(takes), Some(count), Some(_)) = (takes, cell.ok_count, cell.max_us) else {
            return Err(ContentFault::partial(number, "Max(us)"));
        };
        match operation.strip_suffix("_ERROR") {
            Some(operation) => drop(failed.insert(operation.to_owned(), count)),
            None => {
                finish_cell(&mut cell, operation, takes, threads);
                cells.insert(operation.to_owned(), cell);
            }
        }
    }
    if !finished {
        return Err(ContentFault::partial(last, "Run finished"));
    }
    for (operation, cell) in &mut cells {
        cell.non_2xx_count = Some(failed.get(operation).copied().unwrap_or(Figure::count(0)));
        cell.rates();
    }
    let notes = run_notes(&text, threads);
    Ok(vec![Imported::single(
        ImportTool::GoYcsb,
        TEXT,
        cells.into_values().collect(),
        notes,
    )])
}
