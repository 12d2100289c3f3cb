//! A round's figures, from its cells: what scores read.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::bench::driver::Model;
use crate::bench::measure::{Cell, rounded};
use crate::bench::usage::Usage;

fn put(figures: &mut Map<String, Value>, name: &str, value: Option<f64>) {
    // What is unknown has no key.
    if let Some(x) = value.filter(|x| x.is_finite()) {
        figures.insert(name.to_owned(), rounded(x).into());
    }
}

/// An operation's figures. Capacity is the closed loop's best rate; percentiles are the open loop's at the required rate, for a
/// closed loop hides what users feel.
pub(super) fn figures(cells: &[Cell]) -> Map<String, Value> {
    let mut figures = Map::new();
    let closed = cells
        .iter()
        .filter(|cell| cell.model == Model::Closed)
        .max_by(|a, b| a.goodput_rps().total_cmp(&b.goodput_rps()));
    if let Some(cell) = closed {
        put(&mut figures, "goodput_rps", Some(cell.goodput_rps()));
        put(
            &mut figures,
            "cpu_per_request_us",
            cell.cpu_per_request_us(),
        );
        put(&mut figures, "service_cores", Some(cell.service_cores()));
        put(
            &mut figures,
            "connections_count",
            Some(cell.connections as f64),
        );
    }
    if let Some(cell) = cells.iter().find(|cell| cell.model != Model::Closed) {
        let quantiles = [
            ("p50_us", 0.5),
            ("p90_us", 0.9),
            ("p95_us", 0.95),
            ("p99_us", 0.99),
            ("p99.9_us", 0.999),
        ];
        for (name, q) in quantiles {
            put(
                &mut figures,
                name,
                cell.latencies.quantile(q).map(|us| us as f64),
            );
        }
        if cell.latencies.count() > 0 {
            put(&mut figures, "max_us", Some(cell.latencies.max() as f64));
            put(&mut figures, "mean_us", Some(cell.latencies.mean()));
        }
        if let Model::Open { rate_rps, .. } = cell.model {
            put(&mut figures, "offered_rps", Some(rate_rps));
        }
        put(&mut figures, "achieved_ratio", Some(cell.achieved()));
    }
    let errors: u64 = cells.iter().map(Cell::errors).sum();
    put(&mut figures, "errors_count", Some(errors as f64));
    put(
        &mut figures,
        "pss_peak_bytes",
        cells
            .iter()
            .map(|cell| cell.peak.pss_bytes as f64)
            .max_by(f64::total_cmp)
            .filter(|x| *x > 0.0),
    );
    figures
}

/// The process's figures over all its cells.
pub(super) fn process(start_up: Duration, idle: &Usage, cells: &[Cell]) -> Map<String, Value> {
    let mut figures = Map::new();
    let peak = |of: fn(&Usage) -> u64| {
        cells
            .iter()
            .map(|cell| of(&cell.peak) as f64)
            .max_by(f64::total_cmp)
            .filter(|x| *x > 0.0)
    };
    put(
        &mut figures,
        "start_up_ms",
        Some(start_up.as_secs_f64() * 1e3),
    );
    put(
        &mut figures,
        "pss_idle_bytes",
        Some(idle.pss_bytes as f64).filter(|x| *x > 0.0),
    );
    put(
        &mut figures,
        "pss_peak_bytes",
        peak(|usage| usage.pss_bytes),
    );
    put(&mut figures, "threads_count", peak(|usage| usage.threads));
    put(&mut figures, "files_count", peak(|usage| usage.files));
    put(
        &mut figures,
        "processes_count",
        peak(|usage| usage.processes),
    );
    let first = cells.iter().find(|cell| cell.model == Model::Closed);
    put(
        &mut figures,
        "cpu_per_request_us",
        first.and_then(Cell::cpu_per_request_us),
    );
    figures
}
