//! From the start of the process to the printed ranking: a matrix CSV of 10 candidates and 8 criteria, and the README's example.
//!
//! `cargo bench --bench startup` prints both. The bar for the matrix is 10 ms of wall time on two shared cores; a compiled rival
//! takes 9.3 ms, scikit-criteria 3,124 ms.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};

fn matrix() -> String {
    let mut text = String::from(
        "candidate,a,b,c,d,e,f,g,h\n@worst,0,0,0,0,0,0,0,0\n@best,99,99,99,99,99,99,99,99\n",
    );
    for row in 0..10_u32 {
        write!(text, "c{row}").expect("a String takes every write");
        for column in 0..8 {
            write!(
                text,
                ",{}",
                (row * 37 + column * 23 + row * column * 7) % 100
            )
            .expect("a String takes every write");
        }
        text.push('\n');
    }
    text
}

fn rank(decision: &std::path::Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .arg("rank")
        .arg(decision)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(
        status.expect("the program starts").success(),
        "the ranking failed"
    );
}

fn startup(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = folder.path().join("matrix.csv");
    std::fs::write(&csv, matrix()).expect("the folder takes a file");
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/auth-service");
    c.bench_function("process to ranking, matrix 10 x 8", |b| {
        b.iter(|| rank(&csv))
    });
    c.bench_function("process to ranking, examples/auth-service", |b| {
        b.iter(|| rank(&example))
    });
}

criterion_group!(benches, startup);
criterion_main!(benches);
