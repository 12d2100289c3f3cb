//! Reads CPU, memory, threads and files of a process tree from `/proc`.

use std::collections::BTreeMap;
use std::fs;

use crate::bench::interference::TICK_US;

/// All processes of the machine at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Processes {
    by_id: BTreeMap<u32, Process>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    parent: u32,
    /// CPU of the process and of children it has waited for (ticks).
    ticks: u64,
    threads: u64,
    /// Whether it is a thread of the kernel.
    kernel: bool,
}

/// The flag of a kernel thread in `/proc/<id>/stat` (`PF_KTHREAD` of Linux).
const KERNEL_THREAD: u64 = 0x0020_0000;

/// What a process tree uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// CPU time since the processes began (us).
    pub cpu_us: u64,
    /// Proportional set size: shared pages are counted once over all sharers (bytes). 0 if it was not asked for.
    pub pss_bytes: u64,
    /// Threads.
    pub threads: u64,
    /// Open files and sockets.
    pub files: u64,
    /// Processes.
    pub processes: u64,
}

/// Reads `/proc`.
pub(crate) fn read_processes() -> Processes {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let by_id = ids
        .filter_map(|id| {
            Some((
                id,
                parse_process(&fs::read_to_string(format!("/proc/{id}/stat")).ok()?)?,
            ))
        })
        .collect();
    Processes { by_id }
}

/// Parses `/proc/<id>/stat`. Returns `None` for a zombie.
fn parse_process(stat: &str) -> Option<Process> {
    // The name is in brackets and may contain anything, including brackets and spaces.
    let fields: Vec<&str> = stat.get(stat.rfind(')')? + 2..)?.split(' ').collect();
    if matches!(fields.first(), Some(&("Z" | "X"))) {
        return None;
    }
    let number = |i: usize| fields.get(i)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Process {
        parent: fields.get(1)?.parse().ok()?,
        ticks,
        threads: number(17)?,
        kernel: number(6)? & KERNEL_THREAD != 0,
    })
}

impl Processes {
    /// Returns `root` and all its descendants.
    pub(crate) fn descendants(&self, root: u32) -> Vec<u32> {
        let mut found: Vec<u32> = self
            .by_id
            .contains_key(&root)
            .then_some(root)
            .into_iter()
            .collect();
        let mut next = vec![root];
        while let Some(parent) = next.pop() {
            for (id, _) in self
                .by_id
                .iter()
                .filter(|(id, p)| p.parent == parent && **id != parent)
            {
                found.push(*id);
                next.push(*id);
            }
        }
        found
    }

    /// Returns the CPU time of all processes (us). Linux accounts it to the microsecond per process, while `/proc/stat` samples at
    /// each tick, which misjudges work that is timed by the same clock by a tenth of a core.
    pub(crate) fn all_us(&self) -> u64 {
        self.by_id
            .values()
            .map(|process| process.ticks * TICK_US)
            .sum()
    }

    /// Returns the CPU time of kernel threads (us); `None` if they are hidden, because then other processes may be hidden too.
    pub(crate) fn kernel_us(&self) -> Option<u64> {
        let mut threads = self
            .by_id
            .values()
            .filter(|process| process.kernel)
            .peekable();
        threads
            .peek()
            .is_some()
            .then(|| threads.map(|process| process.ticks * TICK_US).sum())
    }

    /// Returns CPU time and threads of the trees below these processes; memory and files only on request, because they cost milliseconds.
    pub(crate) fn usage(&self, roots: &[u32], memory: bool) -> Usage {
        let mut usage = Usage::default();
        for id in roots.iter().flat_map(|root| self.descendants(*root)) {
            let Some(process) = self.by_id.get(&id) else {
                continue;
            };
            usage.cpu_us += process.ticks * TICK_US;
            usage.threads += process.threads;
            usage.processes += 1;
            if memory {
                usage.pss_bytes += read_pss(id).unwrap_or(0);
                usage.files +=
                    fs::read_dir(format!("/proc/{id}/fd")).map_or(0, |files| files.count() as u64);
            }
        }
        usage
    }
}

fn read_pss(id: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    Some(
        line.trim()
            .trim_end_matches("kB")
            .trim()
            .parse::<u64>()
            .ok()?
            * 1024,
    )
}

/// Returns the CPU time of the calling thread (us).
pub(crate) fn thread_cpu_us() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000
        + u64::try_from(time.tv_nsec).unwrap_or(0) / 1000
}

/// Returns the CPU time of our own process (us).
pub(crate) fn own_cpu_us() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000
        + u64::try_from(time.tv_nsec).unwrap_or(0) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_spaces_does_not_shift_the_fields() {
        let line = "4242 (a) b (c) S 17 4242 4242 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 9 0 1 2 3";
        assert_eq!(
            parse_process(line),
            Some(Process {
                parent: 17,
                ticks: 127,
                threads: 9,
                kernel: false
            })
        );
        let line = "10 (kworker/0:1-events) I 2 0 0 0 -1 69238880 0 0 0 0 0 43 0 0 20 0 1 0 1 2 3";
        assert_eq!(
            parse_process(line),
            Some(Process {
                parent: 2,
                ticks: 43,
                threads: 1,
                kernel: true
            })
        );
        assert_eq!(
            parse_process("1 (x) Z 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0"),
            None
        );
    }

    #[test]
    fn our_own_tree_uses_memory() {
        let own = read_processes().usage(&[std::process::id()], true);
        assert!(
            own.processes >= 1 && own.pss_bytes > 100_000 && own.threads >= 1 && own.files >= 3,
            "{own:?}"
        );
    }
}
