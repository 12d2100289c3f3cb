//! Reports as a user runs them, from the start of the process to the last file: one of `examples/auth-service`, and a batch of
//! decisions of its size without and with pictures, robustness at 10,000 samples in each.
//!
//! `cargo bench --bench report` prints all three; `WEIGH_REPORTS=1000` makes the batch as large as the bar: a thousand in at most 20 s
//! without pictures and 30 s with them, on two cores; one report in 50 ms.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tempfile::TempDir;

/// Decisions in the batch, unless `WEIGH_REPORTS` says how many.
const BATCH: usize = 100;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/auth-service")
}

/// Copies of the example under names of their own, each with a load of its own so that no two are the same.
fn copies(count: usize) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text =
        std::fs::read_to_string(example().join("decision.yaml")).expect("the example is there");
    let copy = |i: usize| {
        let own = folder.path().join(format!("d{i}"));
        std::fs::create_dir(&own).expect("a folder can be made");
        let load = 4_000 + i;
        let text = text.replace("decision: auth-service", &format!("decision: auth-{i}"));
        let text = text.replace(
            "workload.peak_rps: {value: 5000,",
            &format!("workload.peak_rps: {{value: {load},"),
        );
        std::fs::write(own.join("decision.yaml"), text).expect("a file can be written");
        std::fs::copy(example().join("team.yaml"), own.join("team.yaml"))
            .expect("the example has a team");
        own
    };
    let paths = (0..count).map(copy).collect();
    (folder, paths)
}

fn report(decisions: &[PathBuf], more: &[&str], out: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
    command
        .args(["report", "--evidence", "repo", "--out"])
        .arg(out)
        .args(more)
        .args(decisions);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(
        status.expect("the program starts").success(),
        "a report failed"
    );
}

fn reports(c: &mut Criterion) {
    let out = || tempfile::tempdir().expect("a temporary folder");
    let one = [example()];
    c.bench_function("process to report, examples/auth-service", |b| {
        b.iter_batched(
            out,
            |out| report(&one, &[], out.path()),
            BatchSize::PerIteration,
        );
    });
    let count = std::env::var("WEIGH_REPORTS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(BATCH);
    let (_folder, paths) = copies(count);
    let mut group = c.benchmark_group("batch");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(count as u64));
    for (name, more) in [
        ("without pictures", &["--no-charts"][..]),
        ("with pictures", &[]),
    ] {
        group.bench_function(format!("{count} decisions {name}"), |b| {
            b.iter_batched(
                out,
                |out| report(&paths, more, out.path()),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, reports);
criterion_main!(benches);
