//! Result files of other tools: what is read, the traps of each, hostile content. `samples/README.md` says how the files were made.

#![cfg(feature = "bench")]

use std::path::{Path, PathBuf};

mod command;
mod hostile;
mod jmeter;
mod k6;
mod techempower;
mod wrk;

use weigh::import::{
    self, Figure, ImportError, ImportTool, Imported, ImportedCell, LatencyBasis, WorkloadKind,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/import/samples")
}

fn rows(name: &str) -> Vec<Imported> {
    import::read(&folder().join(name), None).unwrap_or_else(|error| panic!("{error}"))
}

fn only(name: &str) -> (Imported, ImportedCell) {
    let mut rows = rows(name);
    assert_eq!((rows.len(), rows[0].cells.len()), (1, 1), "{name}");
    let row = rows.remove(0);
    let cell = row.cells[0].clone();
    (row, cell)
}

fn parse(content: &str) -> Result<Vec<Imported>, ImportError> {
    import::parse("x", content.as_bytes(), None)
}

fn near(figure: Option<Figure>, expected: f64) {
    let found = figure.map(Figure::get);
    assert!(
        found.is_some_and(|x| (x - expected).abs() <= 1e-4 * expected.abs().max(1e-9)),
        "{found:?} is not {expected}"
    );
}

fn says(row: &Imported, words: &str) -> bool {
    row.notes.iter().any(|note| note.en.contains(words))
}

fn line_of(error: &ImportError) -> Option<u64> {
    match error {
        ImportError::Malformed { line, .. } => *line,
        other => panic!("{other}"),
    }
}

#[test]
fn every_file_is_recognised_as_what_it_is() {
    let expected = [
        ("k6-legacy.json", ImportTool::K6),
        ("k6-handle.json", ImportTool::K6),
        ("k6-v1.json", ImportTool::K6),
        ("k6-stream.json", ImportTool::K6),
        ("k6.csv", ImportTool::K6),
        ("jmeter.csv", ImportTool::Jmeter),
        ("jmeter-columns.csv", ImportTool::Jmeter),
        ("jmeter.jtl", ImportTool::Jmeter),
        ("wrk.txt", ImportTool::Wrk),
        ("wrk-several.txt", ImportTool::Wrk),
        ("wrk2.txt", ImportTool::Wrk2),
        ("oha.json", ImportTool::Oha),
        ("oha.csv", ImportTool::Oha),
        ("techempower.json", ImportTool::TechEmpower),
        ("vegeta.json", ImportTool::Vegeta),
        ("hey.txt", ImportTool::Hey),
        ("hey.csv", ImportTool::Hey),
        ("ab.txt", ImportTool::Ab),
        ("ab-percentiles.csv", ImportTool::Ab),
        ("bombardier.json", ImportTool::Bombardier),
        ("pgbench.txt", ImportTool::Pgbench),
        ("pgbench-log.txt", ImportTool::Pgbench),
        ("ycsb.txt", ImportTool::Ycsb),
        ("go-ycsb.txt", ImportTool::GoYcsb),
        ("the-benchmarker.json", ImportTool::TheBenchmarker),
    ];
    for (name, tool) in expected {
        assert_eq!(rows(name)[0].tool, tool, "{name}");
        // Asked for, it is the same; asked for as another tool, it is refused.
        assert_eq!(
            import::read(&folder().join(name), Some(tool)).expect(name),
            rows(name)
        );
        let other = if tool == ImportTool::Ab {
            ImportTool::K6
        } else {
            ImportTool::Ab
        };
        assert!(
            matches!(
                import::read(&folder().join(name), Some(other)),
                Err(ImportError::Unrecognised { .. })
            ),
            "{name}"
        );
    }
}

mod oha {
    use super::*;

    #[test]
    fn figures_of_a_run() {
        let (_, cell) = only("oha.json");
        near(cell.goodput_rps, 300.0 / 1.663_253_567);
        near(cell.mean_us, 43_644.637_18);
        assert!((cell.percentile("99.9").expect("there") - 51_079.4).abs() < 0.01);
        assert_eq!(cell.basis, None, "--latency-correction cannot be seen");
    }

    #[test]
    fn a_dead_port_has_no_rate_though_oha_prints_one() {
        let (_, cell) = only("oha-dead.json");
        near(cell.goodput_rps, 0.0);
        near(cell.achieved_rps, 0.0);
        near(cell.transport_error_count, 300.0);
        assert_eq!((cell.mean_us, cell.percentiles.len()), (None, 0));
    }

    #[test]
    fn all_404_is_no_goodput_though_success_rate_is_one_and_the_deadline_is_no_error() {
        let (_, cell) = only("oha-missing.json");
        near(cell.goodput_rps, 0.0);
        near(cell.non_2xx_count, 2000.0);
        near(cell.transport_error_count, 0.0);
        near(cell.achieved_rps, 1000.0);
    }

    #[test]
    fn single_requests() {
        let (_, cell) = only("oha.csv");
        near(cell.ok_count, 5.0);
        near(cell.duration_s, 0.057_231_778 + 0.043_996_653);
        assert!(
            cell.percentiles.is_empty(),
            "five requests support no percentile"
        );
    }
}

mod vegeta {
    use super::*;

    #[test]
    fn rate_is_what_was_sent_and_goodput_what_succeeded() {
        let (row, cell) = only("vegeta.json");
        near(cell.offered_rps, 100.427_005);
        near(cell.goodput_rps, 90.372_872_6);
        near(cell.mean_us, 853.161);
        assert_eq!(cell.percentile("99"), Some(10_389.919));
        assert_eq!(
            (cell.model, row.date.as_deref()),
            (Some(WorkloadKind::Open), Some("2026-11-22"))
        );
    }

    #[test]
    fn status_zero_is_no_answer_and_its_time_no_latency() {
        let (row, cell) = only("vegeta-dead.json");
        near(cell.transport_error_count, 50.0);
        near(cell.goodput_rps, 0.0);
        assert_eq!((cell.mean_us, cell.percentiles.len()), (None, 0));
        assert!(says(&row, "there was no response"));
    }

    #[test]
    fn codes_that_do_not_add_up_are_refused() {
        let text = std::fs::read_to_string(folder().join("vegeta.json"))
            .expect("there")
            .replace("\"requests\":300", "\"requests\":301");
        assert!(
            parse(&text)
                .expect_err("301")
                .to_string()
                .contains("add up to 300")
        );
    }
}

mod hey {
    use super::*;

    #[test]
    fn all_404_is_no_goodput_and_doubled_percent_signs_are_read() {
        let (_, cell) = only("hey-missing.txt");
        near(cell.goodput_rps, 0.0);
        near(cell.non_2xx_count, 200.0);
        near(cell.achieved_rps, 200.0 / 0.0395);
        assert_eq!(cell.percentile("99"), Some(4500.0));
    }

    #[test]
    fn a_dead_port_has_no_rate_and_its_nan_is_no_latency() {
        let (_, cell) = only("hey-dead.txt");
        near(cell.achieved_rps, 0.0);
        near(cell.transport_error_count, 40.0);
        assert_eq!((cell.min_us, cell.mean_us, cell.max_us), (None, None, None));
    }

    #[test]
    fn zero_percent_rows_are_no_percentiles() {
        let (_, cell) = only("hey-zero-rows.txt");
        let ranks: Vec<_> = cell
            .percentiles
            .iter()
            .map(|(rank, us)| (rank.as_str(), us.get()))
            .collect();
        assert_eq!(ranks, [("25", 1000.0), ("50", 2000.0), ("75", 4000.0)]);
    }

    #[test]
    fn single_requests() {
        let (row, cell) = only("hey-mixed.csv");
        near(cell.requests(), 400.0);
        near(cell.non_2xx_count, 40.0);
        assert!(
            cell.percentile("95").is_some() && cell.percentile("99").is_none(),
            "400 requests support p95"
        );
        assert!(says(&row, "0.1 ms"));
    }
}

mod ab {
    use super::*;

    #[test]
    fn other_statuses_are_errors_though_ab_calls_none_failed() {
        let (row, cell) = only("ab-mixed.txt");
        near(cell.ok_count, 360.0);
        near(cell.non_2xx_count, 40.0);
        near(cell.goodput_rps, 360.0 / 0.389);
        near(cell.connections, 8.0);
        assert_eq!(cell.percentile("99"), Some(32_000.0));
        assert!(says(
            &row,
            "HTTP/1.0 and opened a connection for each request"
        ));
        assert!(
            says(&row, "Little's law proves nothing"),
            "the mean is 6 ms, too coarse"
        );
        near(cell.mean_us, 7789.0);
    }

    #[test]
    fn keep_alive_and_another_length_are_said() {
        let text = std::fs::read_to_string(folder().join("ab-mixed.txt")).expect("there");
        let text = text.replace(
            "Failed requests:        0\n",
            "Failed requests:        15\n   (Connect: 1, Receive: 2, Length: 9, Exceptions: 3)\nKeep-Alive requests:    400\n",
        );
        let row = &parse(&text).expect("read")[0];
        near(row.cells[0].transport_error_count, 6.0);
        near(row.cells[0].ok_count, 354.0);
        assert!(says(row, "9 responses differed in length") && says(row, "with keep-alive"));
    }

    #[test]
    fn percentiles_alone_have_no_rate() {
        let (row, cell) = only("ab-percentiles.csv");
        assert!(cell.percentile("99").is_some());
        assert_eq!(
            (
                cell.goodput_rps,
                cell.achieved_rps,
                cell.ok_count,
                cell.duration_s
            ),
            (None, None, None, None)
        );
        assert!(says(&row, "percentiles only"));
    }
}

#[test]
fn bombardiers_stddev_is_dropped() {
    let (_, cell) = only("bombardier.json");
    near(cell.goodput_rps, 18_000.0 / 5.001);
    near(cell.non_2xx_count, 2000.0);
    near(cell.transport_error_count, 4.0);
    assert_eq!(cell.percentile("99"), Some(9120.0));
    assert!(
        cell.figures()
            .iter()
            .all(|(name, x)| !name.contains("dev") && *x < 90_000.0),
        "{:?}",
        cell.figures()
    );
}

mod pgbench {
    use super::*;
    use weigh::import::audit;

    #[test]
    fn text_of_a_new_version() {
        let (row, cell) = only("pgbench.txt");
        near(cell.goodput_rps, 1_839.593_092);
        near(cell.mean_us, 2174.0);
        near(cell.ok_count, 5509.0);
        near(cell.non_2xx_count, 0.0);
        near(cell.duration_s, 3.0);
        assert!(cell.percentiles.is_empty() && says(&row, "no percentiles"));
        let ratio = audit::little_ratio(4.0, 1_839.593_092, 0.002_174).expect("a ratio");
        assert!((ratio - 1.0).abs() < 0.001, "{ratio}");
        assert!(
            !audit::cell(&cell)
                .iter()
                .any(|found| found.word == "littles-law")
        );
    }

    #[test]
    fn of_two_tps_lines_the_one_without_connecting_is_taken_in_any_order() {
        let (row, cell) = only("pgbench-old.txt");
        near(cell.goodput_rps, 2000.0);
        near(cell.duration_s, 5.0);
        assert_eq!(cell.non_2xx_count, None);
        assert!(says(&row, "does not count failed"));
        let text = std::fs::read_to_string(folder().join("pgbench-old.txt")).expect("there");
        let mut lines: Vec<&str> = text.lines().collect();
        let last = lines.len() - 1;
        lines.swap(last, last - 1);
        near(
            parse(&(lines.join("\n") + "\n")).expect("read")[0].cells[0].goodput_rps,
            2000.0,
        );
    }

    #[test]
    fn a_rate_makes_it_an_open_loop() {
        let text = std::fs::read_to_string(folder().join("pgbench.txt")).expect("there");
        let text = text.replace(
            "initial connection time =",
            "rate limit schedule lag: avg 0.1 (max 2.0) ms\ninitial connection time =",
        );
        let cell = parse(&text).expect("read")[0].cells[0].clone();
        assert_eq!(
            (cell.model, cell.basis),
            (Some(WorkloadKind::Open), Some(LatencyBasis::Intended))
        );
    }

    #[test]
    fn the_log() {
        let (_, cell) = only("pgbench-log.txt");
        near(cell.ok_count, 5.0);
        near(
            cell.mean_us,
            (2492.0 + 943.0 + 5146.0 + 1153.0 + 1101.0) / 5.0,
        );
        near(cell.duration_s, 0.582_687 - 0.574_304 + 0.002_492);
        let error = parse("0 1 2492 0 1795346514 574304\n0 2 943 0\n").expect_err("cut");
        assert_eq!(line_of(&error), Some(2));
    }
}

mod ycsb {
    use super::*;

    #[test]
    fn operations_have_their_own_rates_and_cleanup_is_none() {
        let rows = rows("ycsb.txt");
        let names: Vec<_> = rows[0]
            .cells
            .iter()
            .map(|cell| cell.operation.as_deref().unwrap_or_default())
            .collect();
        assert_eq!(names, ["READ", "UPDATE"]);
        let read = &rows[0].cells[0];
        near(read.goodput_rps, 49_980.0 / 25.0);
        near(read.non_2xx_count, 10.0);
        near(read.connections, 16.0);
        assert_eq!(
            (read.percentile("99"), read.percentile("99.9")),
            (Some(4100.0), Some(9900.0)),
            "99.9 has no th"
        );
        assert!(!says(&rows[0], "fit into any cache"), "100,000 records");
    }

    #[test]
    fn only_the_figures_after_the_end_count_and_a_thousand_records_fit_into_any_cache() {
        let rows = rows("go-ycsb.txt");
        let [read, update] = &rows[0].cells[..] else {
            panic!("two operations")
        };
        near(read.ok_count, 50_010.0);
        near(read.goodput_rps, 50_010.0 / 22.0);
        near(update.non_2xx_count, 10.0);
        assert_eq!(read.percentile("99.99"), Some(20_000.0));
        assert!(says(&rows[0], "1000 records fit into any cache"));
        let text = std::fs::read_to_string(folder().join("go-ycsb.txt")).expect("there");
        let cut = &text[..text.find("Run finished").expect("there")];
        assert!(
            parse(cut)
                .expect_err("it did not finish")
                .to_string()
                .contains("Run finished")
        );
    }
}

#[test]
fn the_benchmarkers_percentile99_is_p95_and_minus_one_is_not_measured() {
    let rows = rows("the-benchmarker.json");
    let names: Vec<_> = rows
        .iter()
        .map(|row| row.row.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(
        names,
        ["gin", "python/flask"],
        "two have the same label, one of them was not measured"
    );
    let cell = &rows[0].cells[0];
    assert_eq!(
        (cell.percentile("95"), cell.percentile("99")),
        (Some(12_400.0), None)
    );
    assert_eq!(
        (cell.mean_us, cell.ok_count, cell.goodput_rps),
        (None, None, None)
    );
    near(cell.achieved_rps, 17_149.9);
    near(cell.duration_s, 15.0);
    near(rows[1].cells[0].goodput_rps, 880.0);
    assert_eq!(rows[0].date.as_deref(), Some("2026-02-11"));
    assert!(
        rows[0]
            .hardware
            .as_deref()
            .is_some_and(|words| words.contains("a processor"))
    );
    let text = std::fs::read_to_string(folder().join("the-benchmarker.json")).expect("there");
    let error =
        parse(&text.replace("\"value\":0.0064", "\"value\":-0.0064")).expect_err("negative");
    assert_eq!(line_of(&error), Some(5), "{error}");
}
