//! What needs more than Rust: the reference services in other languages with their servers, and parsers that run under Node.
//!
//! `cargo test --test services -- --ignored` runs these tests. What a missing tool or package keeps from running is listed as
//! SKIPPED; where `CI` is set, a skip is a failure.

#[cfg(all(feature = "bench", target_os = "linux"))]
mod reference_services;
mod report_parsers;

use std::io::Write;

/// Prints past the test harness, which captures what `eprintln!` writes in a passing test.
fn print_uncaptured(text: &str) {
    writeln!(std::io::stderr(), "{text}").expect("standard error is open");
}
