//! Result files of jmeter.

use super::*;

#[test]
fn rows_of_controllers_do_not_count_and_labels_may_be_in_any_language() {
    let rows = rows("jmeter.csv");
    let names: Vec<_> = rows[0]
        .cells
        .iter()
        .map(|cell| cell.operation.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(names, ["all", "GET /user, by id", "登录"]);
    let [all, user, _] = &rows[0].cells[..] else {
        panic!("three cells")
    };
    near(all.requests(), 5.0);
    near(all.ok_count, 3.0);
    near(user.non_2xx_count, 1.0);
    near(user.transport_error_count, 1.0);
    // From the first start to the last end: 121 ms.
    near(all.duration_s, 0.121);
    near(all.connections, 2.0);
    // `elapsed` of the good ones (40, 60, 20), not `Latency`.
    near(all.mean_us, 40_000.0);
    assert!(says(&rows[0], "1 rows of transaction controllers"));
}

#[test]
fn columns_are_found_by_their_names() {
    let (row, cell) = only("jmeter-columns.csv");
    near(cell.ok_count, 2.0);
    near(cell.mean_us, 15_000.0);
    assert_eq!(
        (cell.transport_error_count, cell.connections),
        (None, None),
        "neither column is there"
    );
    assert_eq!(cell.operation.as_deref(), Some("Requête HTTP"));
    assert_eq!(row.date.as_deref(), Some("2019-02-12"));
    assert!(says(&row, "without response codes"));
}

#[test]
fn sub_samples_do_not_count() {
    let rows = rows("jmeter.jtl");
    let all = &rows[0].cells[0];
    near(all.requests(), 3.0);
    near(all.non_2xx_count, 1.0);
    near(all.mean_us, 50_000.0);
    assert!(
        rows[0]
            .cells
            .iter()
            .any(|cell| cell.operation.as_deref() == Some("login & go")),
        "entities are resolved"
    );
}

#[test]
fn many_labels_give_their_total_only() {
    let mut text = "timeStamp,elapsed,label,success\n".to_owned();
    for i in 0..300 {
        text += &format!("{},5,/user/{i},true\n", 1_795_366_000_000u64 + i * 10);
    }
    let row = &parse(&text).expect("read")[0];
    assert_eq!(row.cells.len(), 1);
    near(row.cells[0].ok_count, 300.0);
    assert!(says(row, "more than 200 labels"));
}

#[test]
fn what_is_broken_is_named_with_its_line() {
    let head = "timeStamp,elapsed,label,success\n1795366000000,5,a,true\n";
    for (bad, line) in [
        ("1795366000000,-5,a,true\n", 3),
        ("1795366000000,NaN,a,true\n", 3),
        ("2026/11/22 10:00:00,5,a,true\n", 3),
        ("1795366000000,5\n", 3),
    ] {
        let error = parse(&format!("{head}{bad}")).expect_err(bad);
        assert_eq!(line_of(&error), Some(line), "{error}");
    }
    let cut = std::fs::read_to_string(folder().join("jmeter.jtl"))
        .expect("there")
        .replace("</testResults>", "");
    let error = parse(&cut).expect_err("cut");
    assert!(error.to_string().contains("testResults"), "{error}");
}
