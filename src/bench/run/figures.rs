//! Computes the figures that scores read from the cells of a round.

use std::time::Duration;

use crate::bench::driver::WorkloadModel;
use crate::bench::measure::{MeasuredCell, round_figure};
use crate::bench::usage::Usage;
use crate::schema::Entries;

/// Adds a figure that is known.
fn push_figure(figures: &mut Entries<f64>, name: &str, value: Option<f64>) {
    if let Some(x) = value.filter(|x| x.is_finite()) {
        figures.push(name, round_figure(x));
    }
}

/// Returns the figures of an operation. The capacity is the closed loop's best rate. Percentiles are the open loop's at the
/// required rate, because a closed loop hides stalls (coordinated omission).
pub(super) fn operation_figures(cells: &[MeasuredCell]) -> Entries<f64> {
    let mut figures = Entries::default();
    let closed = cells
        .iter()
        .filter(|cell| cell.model == WorkloadModel::Closed)
        .max_by(|a, b| a.goodput_rps().total_cmp(&b.goodput_rps()));
    if let Some(cell) = closed {
        push_figure(&mut figures, "goodput_rps", Some(cell.goodput_rps()));
        push_figure(
            &mut figures,
            "cpu_per_request_us",
            cell.cpu_per_request_us(),
        );
        push_figure(&mut figures, "service_cores", Some(cell.service_cores()));
        push_figure(
            &mut figures,
            "connections_count",
            Some(cell.connections as f64),
        );
    }
    if let Some(cell) = cells
        .iter()
        .find(|cell| cell.model != WorkloadModel::Closed)
    {
        let quantiles = [
            ("p50_us", 0.5),
            ("p90_us", 0.9),
            ("p95_us", 0.95),
            ("p99_us", 0.99),
            ("p99.9_us", 0.999),
        ];
        for (name, q) in quantiles {
            push_figure(
                &mut figures,
                name,
                cell.latencies.quantile(q).map(|us| us as f64),
            );
        }
        if cell.latencies.count() > 0 {
            push_figure(&mut figures, "max_us", Some(cell.latencies.max() as f64));
            push_figure(&mut figures, "mean_us", Some(cell.latencies.mean()));
        }
        if let WorkloadModel::Open { rate_rps, .. } = cell.model {
            push_figure(&mut figures, "offered_rps", Some(rate_rps));
        }
        push_figure(&mut figures, "achieved_ratio", Some(cell.achieved()));
    }
    let errors: u64 = cells.iter().map(MeasuredCell::errors).sum();
    push_figure(&mut figures, "errors_count", Some(errors as f64));
    push_figure(
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

/// Returns the figures of the process over all its cells.
pub(super) fn process_figures(
    start_up: Duration,
    idle: &Usage,
    cells: &[MeasuredCell],
) -> Entries<f64> {
    let mut figures = Entries::default();
    let peak = |of: fn(&Usage) -> u64| {
        cells
            .iter()
            .map(|cell| of(&cell.peak) as f64)
            .max_by(f64::total_cmp)
            .filter(|x| *x > 0.0)
    };
    push_figure(
        &mut figures,
        "start_up_ms",
        Some(start_up.as_secs_f64() * 1e3),
    );
    push_figure(
        &mut figures,
        "pss_idle_bytes",
        Some(idle.pss_bytes as f64).filter(|x| *x > 0.0),
    );
    push_figure(
        &mut figures,
        "pss_peak_bytes",
        peak(|usage| usage.pss_bytes),
    );
    push_figure(&mut figures, "threads_count", peak(|usage| usage.threads));
    push_figure(&mut figures, "files_count", peak(|usage| usage.files));
    push_figure(
        &mut figures,
        "processes_count",
        peak(|usage| usage.processes),
    );
    let first = cells
        .iter()
        .find(|cell| cell.model == WorkloadModel::Closed);
    push_figure(
        &mut figures,
        "cpu_per_request_us",
        first.and_then(MeasuredCell::cpu_per_request_us),
    );
    figures
}
