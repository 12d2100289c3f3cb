//! Measures one cell of a round: one operation under one load, second by second. Seconds with interference are discarded.

use std::time::Duration;

use super::driver::{self, Latencies, LoadInterval, LoadPlan, LoadRemainder, WorkloadModel};
use super::error::BenchError;
use super::interference::{Interference, MachineSnapshot};
use super::interrupt::Interrupt;
use super::process::Instance;
use super::progress::{IntervalView, Progress};
use super::statistics::{self, STEADY_INTERVALS, is_steady};
use super::usage::Usage;
use crate::import::audit::little_ratio;
use crate::schema::evidence::{LatencyBasis, MeasuredCellDoc, SecondDoc, WorkloadKind};

/// CPU and memory are sampled four times a second.
const SAMPLING: Duration = Duration::from_millis(250);

/// How long a cell lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CellGoal {
    /// Intervals before counting begins, steady or not.
    pub(crate) warm_up: usize,
    /// Whether to look for a steady rate. Once found, the steady intervals count and the warm-up is cut short.
    pub(crate) steady: bool,
    /// Number of clean intervals to measure.
    pub(crate) clean: usize,
    /// Maximum number of counted intervals. A cell that reaches it is noisy.
    pub(crate) most: usize,
}

/// An interval with the interference in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MeasuredInterval {
    pub(crate) interval: LoadInterval,
    pub(crate) noise: Interference,
    /// Whether it came after the warm-up.
    pub(crate) counted: bool,
}

/// The result of one cell.
#[derive(Clone, Debug)]
pub(crate) struct MeasuredCell {
    pub(crate) operation: String,
    pub(crate) model: WorkloadModel,
    pub(crate) connections: usize,
    pub(crate) rows: Vec<MeasuredInterval>,
    pub(crate) steady: bool,
    pub(crate) noisy: bool,
    pub(crate) rest: LoadRemainder,
    /// The maximum of each resource over the samples.
    pub(crate) peak: Usage,
    /// Latencies of all counted intervals.
    pub(crate) latencies: Latencies,
}

/// Puts a service under load until the goal is reached.
pub(crate) fn measure(
    operation: &str,
    plan: LoadPlan,
    instance: &Instance,
    goal: CellGoal,
    null_variation: f64,
    interrupt: &Interrupt,
    mut on_interval: impl FnMut(&IntervalView),
) -> Result<MeasuredCell, BenchError> {
    let (model, connections) = (plan.model, plan.connections);
    let roots = instance.roots();
    let mut before = MachineSnapshot::take(&roots);
    let running = driver::start(plan)?;
    let (mut rows, mut peak): (Vec<MeasuredInterval>, Usage) = (Vec::new(), Usage::default());
    let mut warm = goal.warm_up == 0;
    let mut steady = !goal.steady;
    let mut rates = Vec::new();
    loop {
        interrupt.check()?;
        let interval = match running.interval_within(SAMPLING) {
            Ok(Some(interval)) => interval,
            Ok(None) => {
                peak = max_usage(peak, instance.usage(true));
                continue;
            }
            Err(driver::Ended) => break,
        };
        let after = MachineSnapshot::take(&roots);
        let noise = after.since(&before);
        before = after;
        on_interval(&IntervalView {
            goodput_rps: interval.goodput_rps(),
            p99_us: interval.latencies.rough_quantile(0.99),
            noise,
        });
        if noise.is_clean() {
            rates.push(interval.goodput_rps());
        }
        rows.push(MeasuredInterval {
            interval,
            noise,
            counted: warm,
        });
        warm |= rows.len() >= goal.warm_up;
        if !steady && is_steady(&rates, null_variation) {
            // The steady intervals count, whether or not the warm-up is over.
            (steady, warm) = (true, true);
            count_last_clean(&mut rows);
        }
        let counted = rows.iter().filter(|row| row.counted).count();
        if clean_count(&rows) >= goal.clean || counted >= goal.most {
            break;
        }
    }
    let rest = running.finish()?;
    let noisy = clean_count(&rows) < goal.clean;
    let mut cell = MeasuredCell {
        operation: operation.to_owned(),
        model,
        connections,
        rows,
        steady,
        noisy,
        rest,
        peak,
        latencies: Latencies::default(),
    };
    let mut latencies = Latencies::default();
    cell.kept()
        .for_each(|row| latencies.add(&row.interval.latencies));
    cell.latencies = latencies;
    Ok(cell)
}

/// Marks the intervals that showed the rate to be steady as counted.
fn count_last_clean(rows: &mut [MeasuredInterval]) {
    for row in rows
        .iter_mut()
        .rev()
        .filter(|row| row.noise.is_clean())
        .take(STEADY_INTERVALS)
    {
        row.counted = true;
    }
}

fn clean_count(rows: &[MeasuredInterval]) -> usize {
    rows.iter()
        .filter(|row| row.counted && row.noise.is_clean())
        .count()
}

fn max_usage(a: Usage, b: Usage) -> Usage {
    Usage {
        cpu_us: a.cpu_us.max(b.cpu_us),
        pss_bytes: a.pss_bytes.max(b.pss_bytes),
        threads: a.threads.max(b.threads),
        files: a.files.max(b.files),
        processes: a.processes.max(b.processes),
    }
}

impl MeasuredCell {
    /// Returns the intervals that count: the clean ones, or all after the warm-up if there are too few.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &MeasuredInterval> {
        self.rows
            .iter()
            .filter(|row| row.counted && (self.noisy || row.noise.is_clean()))
    }

    fn sum(&self, of: impl Fn(&LoadInterval) -> u64) -> u64 {
        self.kept().map(|row| of(&row.interval)).sum()
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.kept().map(|row| row.interval.seconds).sum()
    }

    fn average(&self, of: impl Fn(&MeasuredInterval) -> f64) -> Option<f64> {
        statistics::mean(&self.kept().map(of).collect::<Vec<_>>())
    }

    /// Returns the rate of good responses (requests/s).
    pub(crate) fn goodput_rps(&self) -> f64 {
        self.sum(|interval| interval.ok) as f64 / self.seconds().max(1e-9)
    }

    /// Returns the good responses of all intervals, including the warm-up.
    pub(crate) fn all_good(&self) -> u64 {
        self.rows.iter().map(|row| row.interval.ok).sum()
    }

    pub(crate) fn errors(&self) -> u64 {
        self.sum(LoadInterval::errors)
    }

    /// Returns errors as a share of all completed or failed requests.
    pub(crate) fn error_share(&self) -> f64 {
        self.errors() as f64 / (self.sum(|interval| interval.ok) + self.errors()).max(1) as f64
    }

    pub(crate) fn service_cores(&self) -> f64 {
        self.average(|row| row.noise.service_cores).unwrap_or(0.0)
    }

    pub(crate) fn driver_cores(&self) -> f64 {
        self.average(|row| row.interval.driver_cpu_us as f64 / 1e6 / row.interval.seconds)
            .unwrap_or(0.0)
    }

    /// Returns the CPU time of the service per response (us).
    pub(crate) fn cpu_per_request_us(&self) -> Option<f64> {
        let answers = self.sum(LoadInterval::answers);
        let cpu: f64 = self
            .kept()
            .map(|row| row.noise.service_cores * row.interval.seconds * 1e6)
            .sum();
        (answers > 0).then(|| cpu / answers as f64)
    }

    pub(crate) fn driver_cpu_per_request_us(&self) -> Option<f64> {
        let answers = self.sum(LoadInterval::answers);
        (answers > 0).then(|| self.sum(|interval| interval.driver_cpu_us) as f64 / answers as f64)
    }

    /// Returns N / (X R) of a closed loop, 1 by Little's law.
    pub(crate) fn little(&self) -> Option<f64> {
        let rate = self.sum(LoadInterval::answers) as f64 / self.seconds().max(1e-9);
        (self.model == WorkloadModel::Closed)
            .then(|| little_ratio(self.connections as f64, rate, self.latencies.mean() / 1e6))
            .flatten()
    }

    /// Returns responses over due requests of an open loop.
    pub(crate) fn achieved(&self) -> f64 {
        self.sum(LoadInterval::answers) as f64 / self.sum(|interval| interval.offered).max(1) as f64
    }

    /// Whether requests pile up: the backlog at the end exceeds a tenth of a second's load.
    pub(crate) fn backlog_grows(&self) -> bool {
        let WorkloadModel::Open { rate_rps, .. } = self.model else {
            return false;
        };
        self.rows
            .last()
            .is_some_and(|row| row.interval.backlog as f64 > 0.1 * rate_rps)
    }

    /// Returns everything that the raw file keeps.
    pub(crate) fn to_doc(&self, seed: u64) -> MeasuredCellDoc {
        let (model, offered_rps, arrivals) = match self.model {
            WorkloadModel::Closed => (WorkloadKind::Closed, None, None),
            WorkloadModel::Open { rate_rps, arrivals } => {
                (WorkloadKind::Open, Some(rate_rps), Some(arrivals))
            }
        };
        let latency_basis = match model {
            WorkloadKind::Closed => LatencyBasis::Send,
            WorkloadKind::Open => LatencyBasis::Intended,
        };
        let counted = self.rows.iter().filter(|row| row.counted).count();
        let clean = clean_count(&self.rows);
        MeasuredCellDoc {
            operation: self.operation.clone(),
            model,
            connections: self.connections,
            offered_rps,
            arrivals,
            seed,
            warm_up_slots: self.rows.len() - counted,
            steady: self.steady,
            noisy: self.noisy,
            duration_s: round_figure(self.seconds()),
            clean_slots: clean,
            dropped_slots: counted - clean,
            ok_count: self.sum(|s| s.ok),
            wrong_status_count: self.sum(|s| s.wrong_status),
            bad_body_count: self.sum(|s| s.bad_bodies),
            connect_error_count: self.sum(|s| s.connect_errors),
            read_error_count: self.sum(|s| s.read_errors),
            timeout_count: self.sum(|s| s.timeouts),
            achieved_rps: round_figure(
                self.sum(LoadInterval::answers) as f64 / self.seconds().max(1e-9),
            ),
            goodput_rps: round_figure(self.goodput_rps()),
            unanswered_count: self.rest.unanswered,
            oldest_unanswered_us: self.rest.oldest_us,
            received_bytes: self.sum(|s| s.bytes),
            latency_basis,
            min_us: self.latencies.min(),
            p50_us: self.latencies.quantile(0.5),
            p90_us: self.latencies.quantile(0.9),
            p95_us: self.latencies.quantile(0.95),
            p99_us: self.latencies.quantile(0.99),
            p99_9_us: self.latencies.quantile(0.999),
            max_us: self.latencies.max(),
            mean_us: round_figure(self.latencies.mean()),
            send_lag_max_us: self.kept().map(|row| row.interval.lag_us).max(),
            little_ratio: self.little().map(round_figure),
            service_cores: round_figure(self.service_cores()),
            driver_cores: round_figure(self.driver_cores()),
            cpu_per_request_us: self.cpu_per_request_us().map(round_figure),
            driver_cpu_per_request_us: self.driver_cpu_per_request_us().map(round_figure),
            pss_peak_bytes: self.peak.pss_bytes,
            thread_count: self.peak.threads,
            file_count: self.peak.files,
            process_count: self.peak.processes,
            histogram: self.latencies.to_base64(),
            slots: self.rows.iter().map(MeasuredInterval::to_doc).collect(),
        }
    }
}

impl MeasuredInterval {
    fn to_doc(&self) -> SecondDoc {
        SecondDoc {
            second: self.interval.number.into(),
            counted: self.counted,
            clean: self.noise.is_clean(),
            goodput_rps: round_figure(self.interval.goodput_rps()),
            p99_us: self.interval.latencies.rough_quantile(0.99),
            errors: self.interval.errors(),
            backlog: self.interval.backlog,
            steal_cores: round_figure(self.noise.steal_cores),
            foreign_cores: round_figure(self.noise.foreign_cores),
            kernel_cores: Some(round_figure(self.noise.kernel_cores)),
            service_cores: round_figure(self.noise.service_cores),
            driver_cores: round_figure(
                self.interval.driver_cpu_us as f64 / 1e6 / self.interval.seconds,
            ),
        }
    }
}

/// Rounds to four decimal places, which is finer than the resolution of every clock here.
pub(crate) fn round_figure(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

/// Forwards intervals to the progress of a service.
pub(crate) fn forward_intervals<'a>(
    progress: &'a mut dyn Progress,
    service: &'a str,
) -> impl FnMut(&IntervalView) + 'a {
    move |interval| progress.interval(service, interval)
}
