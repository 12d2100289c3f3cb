//! Measures interference in each interval of one second: steal, CPU of other processes, swapping.
//!
//! Interference is the main source of error on a shared machine, so an interval in which other processes worked is discarded, not
//! averaged.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::interrupt::Interrupt;
use super::usage;

/// Length of one tick of `/proc/stat` (us): Linux shows 100 per second to user space, whatever the kernel's own clock rate.
pub(crate) const TICK_US: u64 = 10_000;

/// An interval is discarded where steal or foreign CPU is above this share of one core.
pub const LIMIT: f64 = 0.05;

/// CPU that an idle service may use for housekeeping (cores).
const IDLE: f64 = 0.10;

/// The machine's counters at one moment.
#[derive(Clone, Copy, Debug)]
pub struct MachineSnapshot {
    at: Instant,
    busy_us: u64,
    steal_us: u64,
    swapped_pages: u64,
    own_us: u64,
    service_us: u64,
    kernel_us: u64,
}

/// CPU use and swapping between two snapshots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interference {
    /// CPU taken by the hypervisor (cores).
    pub steal_cores: f64,
    /// CPU of processes that belong neither to `weigh` nor to the service (cores).
    pub foreign_cores: f64,
    /// CPU of the service's process tree (cores).
    pub service_cores: f64,
    /// CPU of `weigh` itself, the driver included (cores).
    pub own_cores: f64,
    /// CPU of kernel threads (cores). They write and send on behalf of processes that are measured anyway, so the commits of a
    /// database do not count as foreign work.
    pub kernel_cores: f64,
    /// Whether pages were swapped in or out.
    pub swapping: bool,
}

impl MachineSnapshot {
    /// Reads the counters. `roots` are the service's main processes.
    #[must_use]
    pub fn take(roots: &[u32]) -> Self {
        let (busy, steal) = parse_cpu_times(&fs::read_to_string("/proc/stat").unwrap_or_default());
        let swapped_pages =
            parse_swapped_pages(&fs::read_to_string("/proc/vmstat").unwrap_or_default());
        let processes = usage::read_processes();
        let kernel_us = processes.kernel_us();
        Self {
            at: Instant::now(),
            busy_us: if kernel_us.is_some() {
                processes.all_us()
            } else {
                busy * TICK_US
            },
            steal_us: steal * TICK_US,
            swapped_pages,
            own_us: usage::own_cpu_us(),
            service_us: processes.usage(roots, false).cpu_us,
            kernel_us: kernel_us.unwrap_or(0),
        }
    }

    /// Returns the CPU use and swapping since `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Interference {
        let elapsed = self.at.duration_since(earlier.at).as_secs_f64().max(1e-3) * 1e6;
        let share = |now: u64, before: u64| now.saturating_sub(before) as f64 / elapsed;
        let (own_cores, service_cores) = (
            share(self.own_us, earlier.own_us),
            share(self.service_us, earlier.service_us),
        );
        let kernel_cores = share(self.kernel_us, earlier.kernel_us);
        Interference {
            steal_cores: share(self.steal_us, earlier.steal_us),
            // Shares of a core are counted in ticks, so the difference may be slightly negative.
            foreign_cores: (share(self.busy_us, earlier.busy_us)
                - own_cores
                - service_cores
                - kernel_cores)
                .max(0.0),
            service_cores,
            own_cores,
            kernel_cores,
            swapping: self.swapped_pages > earlier.swapped_pages,
        }
    }
}

impl Interference {
    /// Whether an interval counts.
    ///
    /// ```
    /// use weigh::bench::interference::Interference;
    /// let quiet = Interference { steal_cores: 0.01, foreign_cores: 0.05, service_cores: 1.0, own_cores: 0.9, kernel_cores: 0.1, swapping: false };
    /// assert!(quiet.is_clean());
    /// assert!(!Interference { foreign_cores: 0.06, ..quiet }.is_clean());
    /// ```
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.steal_cores <= LIMIT && self.foreign_cores <= LIMIT && !self.swapping
    }
}

/// Waits at most `limit` until one second is free of interference. Returns whether it was.
pub(crate) fn wait_for_quiet(roots: &[u32], limit: Duration, interrupt: &Interrupt) -> bool {
    wait(
        roots,
        Duration::from_secs(1),
        limit,
        interrupt,
        Interference::is_clean,
    )
}

/// Waits at most `limit` until a service has processed what an earlier load left in it. Returns whether it is idle.
///
/// A closed loop leaves as many requests behind as it had connections, and a queue its backlog. An open loop that began at once
/// would measure those.
pub(crate) fn wait_for_idle(roots: &[u32], limit: Duration, interrupt: &Interrupt) -> bool {
    wait(
        roots,
        Duration::from_millis(250),
        limit,
        interrupt,
        |noise| noise.service_cores <= IDLE,
    )
}

/// Waits for an interval that satisfies a condition.
fn wait(
    roots: &[u32],
    span: Duration,
    limit: Duration,
    interrupt: &Interrupt,
    holds: impl Fn(&Interference) -> bool,
) -> bool {
    let deadline = Instant::now() + limit;
    let mut before = MachineSnapshot::take(roots);
    loop {
        thread::sleep(span);
        let after = MachineSnapshot::take(roots);
        if holds(&after.since(&before)) {
            return true;
        }
        if Instant::now() >= deadline || interrupt.is_raised() {
            return false;
        }
        before = after;
    }
}

/// Returns the busy and stolen ticks of all cores from `/proc/stat`.
fn parse_cpu_times(stat: &str) -> (u64, u64) {
    let line = stat.lines().next().unwrap_or_default();
    let fields: Vec<u64> = line
        .split_whitespace()
        .skip(1)
        .map(|field| field.parse().unwrap_or(0))
        .collect();
    let field = |i: usize| fields.get(i).copied().unwrap_or(0);
    // user, nice, system, idle, iowait, irq, softirq, steal; guest time is part of user.
    (
        field(0) + field(1) + field(2) + field(5) + field(6),
        field(7),
    )
}

fn parse_swapped_pages(vmstat: &str) -> u64 {
    let count = |name: &str| {
        vmstat
            .lines()
            .find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok())
            .unwrap_or(0)
    };
    count("pswpin ") + count("pswpout ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_and_waiting_are_not_busy() {
        assert_eq!(
            parse_cpu_times("cpu  10 1 5 1000 50 2 3 7 4 0\ncpu0 1 1 1 1"),
            (21, 7)
        );
        assert_eq!(parse_swapped_pages("pgpgin 5\npswpin 3\npswpout 4\n"), 7);
    }

    #[test]
    fn a_service_that_still_works_is_not_idle() {
        let mut busy = std::process::Command::new("/bin/sh")
            .args(["-c", "while :; do :; done"])
            .spawn()
            .expect("a shell");
        let waited =
            |pid, limit| wait_for_idle(&[pid], Duration::from_millis(limit), &Interrupt::default());
        let found = waited(busy.id(), 600);
        busy.kill()
            .and_then(|()| busy.wait().map(drop))
            .expect("it ends");
        assert!(!found, "a loop is no housekeeping");
        let mut idle = std::process::Command::new("/bin/sleep")
            .arg("60")
            .spawn()
            .expect("a program");
        let found = waited(idle.id(), 5000);
        idle.kill()
            .and_then(|()| idle.wait().map(drop))
            .expect("it ends");
        assert!(found, "who sleeps is idle");
    }

    #[test]
    fn what_is_ours_is_not_foreign() {
        let at = Instant::now();
        let before = MachineSnapshot {
            at,
            busy_us: 0,
            steal_us: 0,
            swapped_pages: 9,
            own_us: 0,
            service_us: 0,
            kernel_us: 0,
        };
        let after = MachineSnapshot {
            at: at + Duration::from_secs(1),
            busy_us: 1_900_000,
            steal_us: 20_000,
            own_us: 980_000,
            service_us: 790_000,
            kernel_us: 100_000,
            ..before
        };
        let noise = after.since(&before);
        assert!(
            (noise.foreign_cores - 0.03).abs() < 1e-9 && noise.is_clean(),
            "{noise:?}"
        );
        assert!(
            !MachineSnapshot {
                swapped_pages: 10,
                ..after
            }
            .since(&before)
            .is_clean()
        );
    }
}
