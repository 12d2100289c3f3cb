//! Result files of wrk.

use super::*;

#[test]
fn requests_per_second_includes_errors_and_goodput_does_not() {
    let (row, cell) = only("wrk-non2xx.txt");
    near(cell.achieved_rps, 23_887.0 / 2.03);
    near(cell.goodput_rps, (23_887.0 - 2389.0) / 2.03);
    near(cell.mean_us, 2830.0);
    assert_eq!(cell.percentile("50"), Some(475.0));
    assert_eq!(
        (cell.model, cell.basis),
        (Some(WorkloadKind::Closed), Some(LatencyBasis::Corrected))
    );
    assert_eq!(cell.percentile("95"), None, "wrk prints no p95");
    assert!(says(&row, "above 399"));
}

#[test]
fn several_runs_are_told_apart_and_warm_ups_left_out() {
    let rows = rows("wrk-several.txt");
    let loads: Vec<_> = rows[0]
        .cells
        .iter()
        .map(|cell| cell.load.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(loads, ["16 connections", "512 connections"]);
    let last = &rows[0].cells[1];
    near(last.goodput_rps, 300_000.0);
    near(last.max_us, 72e6);
    assert_eq!(last.percentile("99"), Some(3_490_000.0));
}

#[test]
fn wrk2_counts_from_the_intended_start_and_its_uncorrected_block_is_not_read() {
    let (_, cell) = only("wrk2.txt");
    assert_eq!(
        (cell.model, cell.basis),
        (Some(WorkloadKind::Open), Some(LatencyBasis::Intended))
    );
    assert_eq!(
        (cell.percentile("50"), cell.percentile("99.9")),
        (Some(1020.0), Some(7420.0))
    );
    assert_eq!(
        cell.percentiles.len(),
        7,
        "100 % is the largest, no percentile"
    );
    near(cell.transport_error_count, 5.0);
}

#[test]
fn nothing_answered_is_no_latency() {
    let text = "Running 2s test @ http://x/\n  1 threads and 2 connections\n  Thread Stats   Avg      Stdev     Max   +/- Stdev\n    \
                Latency     0.00us    0.00us   0.00us    -nan%\n    Req/Sec     0.00      0.00     0.00      -nan%\n  0 requests in 2.00s, 0.00B \
                read\n  Socket errors: connect 0, read 7, write 0, timeout 0\nRequests/sec:      0.00\nTransfer/sec:       0.00B\n";
    let row = &parse(text).expect("read")[0];
    assert_eq!(row.cells[0].mean_us, None);
    near(row.cells[0].goodput_rps, 0.0);
}

#[test]
fn a_run_that_was_cut_is_refused_with_its_last_line() {
    let text = std::fs::read_to_string(folder().join("wrk.txt")).expect("there");
    for until in ["  7675 requests", "Requests/sec", "Transfer/sec"] {
        let cut = &text[..text.find(until).expect(until)];
        let error = parse(cut).expect_err(until);
        assert_eq!(line_of(&error), Some(cut.lines().count() as u64), "{error}");
    }
}
