//! Imports wrk and wrk2: their printed report, one run per file or several in sequence.
//!
//! - `Requests/sec` counts every response, so goodput comes from the counts.
//! - `Non-2xx or 3xx responses` counts statuses above 399 only, so a redirect counts as good.
//! - Counts are exact; the suffixes `k` and `M` (powers of 1000) appear only in the per-thread line, which is not read.
//! - wrk corrects its latencies for coordinated omission afterwards; wrk2 counts from the intended send time, unless the block says
//!   `Uncorrected`.

use super::ImportTool;
use super::error::ContentFault;
use super::figure::{Figure, duration_us, sum};
use super::result::{Imported, ImportedCell};
use super::source::ResultFile;
use super::{LatencyBasis, WorkloadKind};
use crate::tr;

pub(super) const TEXT: &str = "text";

fn is_any(head: &str) -> bool {
    head.lines()
        .any(|line| line.starts_with("Running ") && line.contains(" test @ "))
}

pub(super) fn is_wrk(head: &str) -> bool {
    is_any(head) && !is_wrk2(head)
}

pub(super) fn is_wrk2(head: &str) -> bool {
    is_any(head) && (head.contains("Thread calibration:") || head.contains("HdrHistogram"))
}

pub(super) fn read(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    read_runs(
        source,
        ImportTool::Wrk,
        WorkloadKind::Closed,
        LatencyBasis::Corrected,
    )
}

pub(super) fn read2(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    read_runs(
        source,
        ImportTool::Wrk2,
        WorkloadKind::Open,
        LatencyBasis::Intended,
    )
}

/// The lines of a run read so far.
struct WrkRun {
    cell: ImportedCell,
    requests: Option<Figure>,
    non_2xx: Figure,
    /// Whether it is a warm-up of TechEmpower's toolset, which wraps wrk.
    warm_up: bool,
    uncorrected: bool,
    ended: bool,
}

fn read_runs(
    source: ResultFile<'_>,
    tool: ImportTool,
    model: WorkloadKind,
    basis: LatencyBasis,
) -> Result<Vec<Imported>, ContentFault> {
    let text = source.text()?;
    let (mut runs, mut warm_up, mut last): (Vec<WrkRun>, bool, u64) = (Vec::new(), false, 1);
    for (number, line) in (1u64..).zip(text.lines()) {
        last = number;
        if line.starts_with("Running ") && line.contains(" test @ ") {
            check_complete(runs.last(), number)?;
            let cell = ImportedCell {
                model: Some(model),
                basis: Some(basis),
                ..ImportedCell::default()
            };
            runs.push(WrkRun {
                cell,
                requests: None,
                non_2xx: Figure::count(0),
                warm_up,
                uncorrected: false,
                ended: false,
            });
            warm_up = false;
        } else if line.starts_with(" Running Primer ") || line.starts_with(" Running Warmup ") {
            warm_up = true;
        } else if let Some(run) = runs.last_mut().filter(|run| !run.ended) {
            run.line(line, number)?;
        }
    }
    check_complete(runs.last(), last)?;
    let mut cells: Vec<ImportedCell> = runs
        .into_iter()
        .filter(|run| !run.warm_up)
        .map(WrkRun::finish)
        .collect();
    name_loads(&mut cells);
    let mut notes = vec![tr!(
        "{0} counts only statuses above 399 as errors, so the goodput includes redirects",
        "{0} 只把高于 399 的状态算作错误：重定向计入有效吞吐",
        tool.name()
    )];
    if tool == ImportTool::Wrk2 {
        notes.push(tr!(
            "wrk2 does not print the offered rate",
            "wrk2 不打印所要求的速率"
        ));
    }
    Ok(vec![Imported::single(tool, TEXT, cells, notes)])
}

fn check_complete(run: Option<&WrkRun>, line: u64) -> Result<(), ContentFault> {
    let Some(run) = run else { return Ok(()) };
    if run.requests.is_none() {
        return Err(ContentFault::partial(line, "N requests in T"));
    }
    if run.ended {
        Ok(())
    } else {
        Err(ContentFault::partial(line, "Transfer/sec:"))
    }
}

/// Several runs are named by their connections, or by their order where those are equal.
fn name_loads(cells: &mut [ImportedCell]) {
    if cells.len() < 2 {
        return;
    }
    let mut seen: Vec<String> = Vec::new();
    for cell in cells {
        let connections = cell.connections.map_or(0.0, Figure::get);
        let mut load = format!("{connections} connections");
        let mut again = 1;
        while seen.contains(&load) {
            again += 1;
            load = format!("{connections} connections, run {again}");
        }
        seen.push(load.clone());
        cell.load = Some(load);
    }
}

impl WrkRun {
    fn line(&mut self, line: &str, number: u64) -> Result<(), ContentFault> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let figure = |field: &str, text: &str| {
            Figure::parse(text).ok_or_else(|| ContentFault::figure(number, field, text))
        };
        let time = |field: &str, text: &str| {
            duration_us(text).ok_or_else(|| ContentFault::figure(number, field, text))
        };
        match words.as_slice() {
            [_, "threads", "and", n, "connections"] => {
                self.cell.connections = Some(figure("connections", n)?)
            }
            ["Latency", mean, _, most, _]
                if mean.starts_with(|c: char| c.is_ascii_digit() || c == '-') =>
            {
                self.cell.mean_us = Some(time("Latency", mean)?);
                self.cell.max_us = Some(time("Latency", most)?);
            }
            ["Latency", "Distribution", ..] => self.uncorrected = line.contains("Uncorrected"),
            [rank, latency] if !self.uncorrected && rank.ends_with('%') => {
                self.cell
                    .put_percentile(rank.trim_end_matches('%'), time(rank, latency)?);
            }
            [n, "requests", "in", duration, ..] => {
                self.requests = Some(figure("requests", n)?);
                self.cell.duration_s =
                    Some(time("requests in", duration.trim_end_matches(','))?.times(1e-6));
            }
            [
                "Socket",
                "errors:",
                "connect",
                a,
                "read",
                b,
                "write",
                c,
                "timeout",
                d,
            ] => {
                let counts = [a, b, c, d].map(|n| figure("Socket errors", n.trim_end_matches(',')));
                let [a, b, c, d] = counts;
                self.cell.transport_error_count = sum([Some(a?), Some(b?), Some(c?), Some(d?)]);
            }
            ["Non-2xx", "or", "3xx", "responses:", n] => {
                self.non_2xx = figure("Non-2xx or 3xx responses", n)?
            }
            ["Requests/sec:", rate] => self.cell.achieved_rps = Some(figure("Requests/sec", rate)?),
            // The last line. Without it the figure before it may be truncated.
            ["Transfer/sec:", _] => self.ended = true,
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self) -> ImportedCell {
        let requests = self.requests.unwrap_or(Figure::count(0));
        self.cell.ok_count = Some(requests.less(self.non_2xx));
        self.cell.non_2xx_count = Some(self.non_2xx);
        // wrk prints the line only where there were such responses.
        self.cell.transport_error_count =
            self.cell.transport_error_count.or(Some(Figure::count(0)));
        self.cell.rates();
        if requests.positive().is_none() {
            // Without responses wrk prints zeros, which are not latencies.
            (self.cell.mean_us, self.cell.max_us) = (None, None);
            self.cell.percentiles.clear();
        }
        self.cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_are_told_apart() {
        let wrk = "Running 3s test @ http://127.0.0.1/\n  2 threads and 16 connections\n";
        assert!(is_wrk(wrk) && !is_wrk2(wrk));
        let wrk2 =
            format!("{wrk}  Thread calibration: mean lat.: 1.2ms, rate sampling interval: 10ms\n");
        assert!(is_wrk2(&wrk2) && !is_wrk(&wrk2));
        assert!(!is_wrk("nothing of that kind"));
    }
}
