//! Result files of techempower.

use super::*;
use weigh::import::store;

#[test]
fn the_place_in_the_list_is_the_level_and_errors_are_not_in_the_rate() {
    let rows = rows("techempower.json");
    let names: Vec<_> = rows
        .iter()
        .map(|row| row.row.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(
        names,
        ["flask", "gin"],
        "what failed its verification is left out"
    );
    let gin = &rows[1];
    let loads: Vec<_> = gin
        .cells
        .iter()
        .map(|cell| cell.load.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(
        loads,
        [
            "16 connections",
            "64 connections",
            "256 connections",
            "1 queries",
            "5 queries"
        ]
    );
    near(gin.cells[1].goodput_rps, (3_000_000.0 - 300_000.0) / 15.0);
    near(gin.cells[1].achieved_rps, 200_000.0);
    near(gin.cells[1].mean_us, 930.0);
    near(gin.cells[1].max_us, 1_200_000.0);
    near(gin.cells[4].connections, 256.0);
    assert!(gin.cells.iter().all(|cell| cell.percentiles.is_empty()));
    assert_eq!(
        (gin.hardware.as_deref(), gin.date.as_deref()),
        (Some("two servers, 10 Gbit/s"), Some("2026-11-22"))
    );
    assert!(says(gin, "query: verified with warnings") && says(&rows[0], "stripped"));
    // Levels at which nothing was measured are absent, not zero.
    assert_eq!(rows[0].cells.len(), 1);
}

#[test]
fn the_best_level_speaks_for_the_test() {
    let rows = rows("techempower.json");
    let details = store::ImportDetails {
        candidate: "gin".to_owned(),
        variant: None,
        contract: "techempower".to_owned(),
        operation: "request".to_owned(),
        source: "s".to_owned(),
        as_of: "2026-11-22".to_owned(),
        hardware: None,
        session: "published".to_owned(),
    };
    let round = store::ImportRound {
        file: "f".to_owned(),
        hash: "h".to_owned(),
        imported: &rows[1],
    };
    let evidence = store::evidence_document(&details, &[round], &[]);
    let operations = &evidence.rounds[0].operations;
    let figures = operations.get("json").expect("the operation");
    assert_eq!(figures.get("goodput_rps"), Some(&180_000.0));
    assert_eq!(
        figures.get("goodput[256 connections]_rps"),
        Some(&160_000.0)
    );
}

#[test]
fn more_levels_than_named_are_refused() {
    let text = std::fs::read_to_string(folder().join("techempower.json"))
        .expect("there")
        .replace("[16,64,256]", "[16,64]");
    let error = parse(&text).expect_err("three results for two levels");
    assert!(
        error
            .to_string()
            .contains("rawData.json.flask has 3 levels, the file names 2"),
        "{error}"
    );
}
