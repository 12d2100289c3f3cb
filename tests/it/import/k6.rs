//! Result files of k6.

use super::*;

#[test]
fn handle_summary_names_its_duration_and_has_no_p99() {
    let (row, cell) = only("k6-handle.json");
    near(cell.duration_s, 3.002_163_373);
    near(cell.ok_count, 10_258.0);
    near(cell.non_2xx_count, 1139.0);
    near(cell.goodput_rps, 10_258.0 / 3.002_163_373);
    near(cell.mean_us, 960.549_536_9);
    near(cell.connections, 4.0);
    assert_eq!(cell.percentile("99"), None, "p99 was not asked for");
    assert!((cell.percentile("95").expect("there") - 2_707.551).abs() < 1e-3);
    assert!(
        says(&row, "the threshold `p(95)<0.01` of the test failed"),
        "ok: false is a failure"
    );
    assert_eq!((cell.model, cell.basis), (None, Some(LatencyBasis::Send)));
}

#[test]
fn legacy_thresholds_say_true_when_they_failed_and_duration_follows_from_count_and_rate() {
    let (row, cell) = only("k6-legacy.json");
    near(cell.duration_s, 200.0 / 3_201.401_189_272_520_7);
    near(cell.non_2xx_count, 20.0);
    near(cell.goodput_rps, 0.9 * 3_201.401_189_272_520_7);
    assert!((cell.percentile("99").expect("asked for") - 8_176.463_36).abs() < 1e-3);
    assert!(says(&row, "the threshold `p(95)<0.01` of the test failed"));
    assert!(says(&row, "no duration"));
    let kept = std::fs::read_to_string(folder().join("k6-legacy.json"))
        .expect("there")
        .replace("<0.01\": true", "<0.01\": false");
    assert!(
        !says(&parse(&kept).expect("read")[0], "the threshold"),
        "false is a threshold that held"
    );
}

#[test]
fn the_machine_readable_summary() {
    let (row, cell) = only("k6-v1.json");
    near(cell.duration_s, 0.063_435_164);
    near(cell.achieved_rps, 200.0 / 0.063_435_164);
    near(cell.non_2xx_count, 20.0);
    assert!((cell.percentile("95").expect("there") - 2_749.419_15).abs() < 1e-3);
    assert_eq!(cell.percentile("99"), None);
    assert_eq!(row.date.as_deref(), Some("2026-11-22"));
}

#[test]
fn both_streams_tell_the_same_counts() {
    let ((stream, json), (_, csv)) = (only("k6-stream.json"), only("k6.csv"));
    assert_eq!(
        (json.ok_count, json.non_2xx_count),
        (csv.ok_count, csv.non_2xx_count)
    );
    near(json.requests(), 30.0);
    near(json.transport_error_count, 0.0);
    assert_eq!(stream.date.as_deref(), Some("2026-11-22"));
    // Thirty samples support a median, and no tail.
    assert!(json.percentile("50").is_some() && json.percentile("90").is_none());
    assert!(json.goodput_rps.is_some());
    assert_eq!(
        csv.goodput_rps, None,
        "the CSV has whole seconds, and the run took less than one"
    );
}

#[test]
fn a_summary_without_requests_is_refused() {
    let error =
        parse(r#"{"metrics": {"iteration_duration": {"avg": 1}}}"#).expect_err("nothing to read");
    assert!(error.to_string().contains("http_reqs"), "{error}");
}
