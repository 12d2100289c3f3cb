//! One cell of a round: one operation under one load, second by second, dirty seconds dropped.

use std::time::Duration;

use super::driver::{self, Latencies, Model, Plan, Rest, Slot};
use super::error::BenchError;
use super::interrupt::Interrupt;
use super::noise::{Noise, Snapshot};
use super::process::Instance;
use super::progress::{Progress, SlotView};
use super::statistics::{self, STEADY_SLOTS, is_steady};
use super::usage::Usage;
use crate::import::audit::little_ratio;
use crate::schema::evidence::{LatencyBasis, MeasuredCellDoc, SecondDoc, WorkloadKind};

/// CPU and memory are sampled four times a second.
const SAMPLING: Duration = Duration::from_millis(250);

/// How long a cell may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Goal {
    /// Slots before counting begins even if it is not steady.
    pub(crate) warm_up: usize,
    /// Whether it may get steady before, or soon after: then the steady slots themselves count, and the rest is saved.
    pub(crate) steady: bool,
    /// Clean slots wanted.
    pub(crate) clean: usize,
    /// Slots counted at most; then it is noisy.
    pub(crate) most: usize,
}

/// A slot with what else happened in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) slot: Slot,
    pub(crate) noise: Noise,
    /// Whether it came after the warm-up.
    pub(crate) counted: bool,
}

/// What one cell gave.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) operation: String,
    pub(crate) model: Model,
    pub(crate) connections: usize,
    pub(crate) rows: Vec<Row>,
    pub(crate) steady: bool,
    pub(crate) noisy: bool,
    pub(crate) rest: Rest,
    /// The largest of the samples.
    pub(crate) peak: Usage,
    /// All counted latencies.
    pub(crate) latencies: Latencies,
}

/// Puts a service under load until the goal is reached.
pub(crate) fn measure(
    operation: &str,
    plan: Plan,
    instance: &Instance,
    goal: Goal,
    null_variation: f64,
    interrupt: &Interrupt,
    mut tell: impl FnMut(&SlotView),
) -> Result<Cell, BenchError> {
    let (model, connections) = (plan.model, plan.connections);
    let roots = instance.roots();
    let mut before = Snapshot::take(&roots);
    let running = driver::start(plan)?;
    let (mut rows, mut peak): (Vec<Row>, Usage) = (Vec::new(), Usage::default());
    let mut warm = goal.warm_up == 0;
    let mut steady = !goal.steady;
    let mut rates = Vec::new();
    loop {
        interrupt.check()?;
        let slot = match running.slot_within(SAMPLING) {
            Ok(Some(slot)) => slot,
            Ok(None) => {
                peak = larger(peak, instance.usage(true));
                continue;
            }
            Err(driver::Ended) => break,
        };
        let after = Snapshot::take(&roots);
        let noise = after.since(&before);
        before = after;
        tell(&SlotView {
            goodput_rps: slot.goodput_rps(),
            p99_us: slot.latencies.rough_quantile(0.99),
            noise,
        });
        if noise.is_clean() {
            rates.push(slot.goodput_rps());
        }
        rows.push(Row {
            slot,
            noise,
            counted: warm,
        });
        warm |= rows.len() >= goal.warm_up;
        if !steady && is_steady(&rates, null_variation) {
            // The steady slots themselves count, be the warm-up over or not.
            (steady, warm) = (true, true);
            count_last_clean(&mut rows);
        }
        let counted = rows.iter().filter(|row| row.counted).count();
        if clean(&rows) >= goal.clean || counted >= goal.most {
            break;
        }
    }
    let rest = running.finish()?;
    let noisy = clean(&rows) < goal.clean;
    let mut cell = Cell {
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
        .for_each(|row| latencies.add(&row.slot.latencies));
    cell.latencies = latencies;
    Ok(cell)
}

/// Counts the slots that showed the load to be steady.
fn count_last_clean(rows: &mut [Row]) {
    for row in rows
        .iter_mut()
        .rev()
        .filter(|row| row.noise.is_clean())
        .take(STEADY_SLOTS)
    {
        row.counted = true;
    }
}

fn clean(rows: &[Row]) -> usize {
    rows.iter()
        .filter(|row| row.counted && row.noise.is_clean())
        .count()
}

fn larger(a: Usage, b: Usage) -> Usage {
    Usage {
        cpu_us: a.cpu_us.max(b.cpu_us),
        pss_bytes: a.pss_bytes.max(b.pss_bytes),
        threads: a.threads.max(b.threads),
        files: a.files.max(b.files),
        processes: a.processes.max(b.processes),
    }
}

impl Cell {
    /// The slots that count: the clean ones; all after the warm-up where there are too few.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Row> {
        self.rows
            .iter()
            .filter(|row| row.counted && (self.noisy || row.noise.is_clean()))
    }

    fn sum(&self, of: impl Fn(&Slot) -> u64) -> u64 {
        self.kept().map(|row| of(&row.slot)).sum()
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.kept().map(|row| row.slot.seconds).sum()
    }

    fn average(&self, of: impl Fn(&Row) -> f64) -> Option<f64> {
        statistics::mean(&self.kept().map(of).collect::<Vec<_>>())
    }

    /// Verified 2xx (requests/s).
    pub(crate) fn goodput_rps(&self) -> f64 {
        self.sum(|slot| slot.ok) as f64 / self.seconds().max(1e-9)
    }

    /// Good answers of every slot, the warm-up's too.
    pub(crate) fn all_good(&self) -> u64 {
        self.rows.iter().map(|row| row.slot.ok).sum()
    }

    pub(crate) fn errors(&self) -> u64 {
        self.sum(Slot::errors)
    }

    /// Errors as a share of all that was answered or failed.
    pub(crate) fn error_share(&self) -> f64 {
        self.errors() as f64 / (self.sum(|slot| slot.ok) + self.errors()).max(1) as f64
    }

    pub(crate) fn service_cores(&self) -> f64 {
        self.average(|row| row.noise.service_cores).unwrap_or(0.0)
    }

    pub(crate) fn driver_cores(&self) -> f64 {
        self.average(|row| row.slot.driver_cpu_us as f64 / 1e6 / row.slot.seconds)
            .unwrap_or(0.0)
    }

    /// CPU of the service an answer (us).
    pub(crate) fn cpu_per_request_us(&self) -> Option<f64> {
        let answers = self.sum(Slot::answers);
        let cpu: f64 = self
            .kept()
            .map(|row| row.noise.service_cores * row.slot.seconds * 1e6)
            .sum();
        (answers > 0).then(|| cpu / answers as f64)
    }

    pub(crate) fn driver_cpu_per_request_us(&self) -> Option<f64> {
        let answers = self.sum(Slot::answers);
        (answers > 0).then(|| self.sum(|slot| slot.driver_cpu_us) as f64 / answers as f64)
    }

    /// N / (X R) of a closed loop.
    pub(crate) fn little(&self) -> Option<f64> {
        let rate = self.sum(Slot::answers) as f64 / self.seconds().max(1e-9);
        (self.model == Model::Closed)
            .then(|| little_ratio(self.connections as f64, rate, self.latencies.mean() / 1e6))
            .flatten()
    }

    /// Answered over offered of an open loop.
    pub(crate) fn achieved(&self) -> f64 {
        self.sum(Slot::answers) as f64 / self.sum(|slot| slot.offered).max(1) as f64
    }

    /// Whether requests pile up: the backlog at the end is more than a tenth of a second's load.
    pub(crate) fn backlog_grows(&self) -> bool {
        let Model::Open { rate_rps, .. } = self.model else {
            return false;
        };
        self.rows
            .last()
            .is_some_and(|row| row.slot.backlog as f64 > 0.1 * rate_rps)
    }

    /// Returns everything that the raw file keeps.
    pub(crate) fn to_doc(&self, seed: u64) -> MeasuredCellDoc {
        let (model, offered_rps, arrivals) = match self.model {
            Model::Closed => (WorkloadKind::Closed, None, None),
            Model::Open { rate_rps, arrivals } => {
                (WorkloadKind::Open, Some(rate_rps), Some(arrivals))
            }
        };
        let latency_basis = match model {
            WorkloadKind::Closed => LatencyBasis::Send,
            WorkloadKind::Open => LatencyBasis::Intended,
        };
        let counted = self.rows.iter().filter(|row| row.counted).count();
        let clean = clean(&self.rows);
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
            duration_s: rounded(self.seconds()),
            clean_slots: clean,
            dropped_slots: counted - clean,
            ok_count: self.sum(|s| s.ok),
            wrong_status_count: self.sum(|s| s.wrong_status),
            bad_body_count: self.sum(|s| s.bad_bodies),
            connect_error_count: self.sum(|s| s.connect_errors),
            read_error_count: self.sum(|s| s.read_errors),
            timeout_count: self.sum(|s| s.timeouts),
            achieved_rps: rounded(self.sum(Slot::answers) as f64 / self.seconds().max(1e-9)),
            goodput_rps: rounded(self.goodput_rps()),
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
            mean_us: rounded(self.latencies.mean()),
            send_lag_max_us: self.kept().map(|row| row.slot.lag_us).max(),
            little_ratio: self.little().map(rounded),
            service_cores: rounded(self.service_cores()),
            driver_cores: rounded(self.driver_cores()),
            cpu_per_request_us: self.cpu_per_request_us().map(rounded),
            driver_cpu_per_request_us: self.driver_cpu_per_request_us().map(rounded),
            pss_peak_bytes: self.peak.pss_bytes,
            thread_count: self.peak.threads,
            file_count: self.peak.files,
            process_count: self.peak.processes,
            histogram: self.latencies.to_base64(),
            slots: self.rows.iter().map(Row::to_doc).collect(),
        }
    }
}

impl Row {
    fn to_doc(&self) -> SecondDoc {
        SecondDoc {
            second: self.slot.number.into(),
            counted: self.counted,
            clean: self.noise.is_clean(),
            goodput_rps: rounded(self.slot.goodput_rps()),
            p99_us: self.slot.latencies.rough_quantile(0.99),
            errors: self.slot.errors(),
            backlog: self.slot.backlog,
            steal_cores: rounded(self.noise.steal_cores),
            foreign_cores: rounded(self.noise.foreign_cores),
            kernel_cores: Some(rounded(self.noise.kernel_cores)),
            service_cores: rounded(self.noise.service_cores),
            driver_cores: rounded(self.slot.driver_cpu_us as f64 / 1e6 / self.slot.seconds),
        }
    }
}

/// Four digits behind the point are below every clock's resolution here.
pub(crate) fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

/// Forwards a slot to the progress of a service.
pub(crate) fn teller<'a>(
    progress: &'a mut dyn Progress,
    service: &'a str,
) -> impl FnMut(&SlotView) + 'a {
    move |slot| progress.slot(service, slot)
}
