//! The commands `robustness`, `pareto`, `stakeholders` and `weights` as a shell sees them.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

fn weigh(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weigh"))
        .args(words)
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

#[track_caller]
fn json(folder: &Path, words: &[&str]) -> Json {
    let output = weigh(folder, &[words, &["--format", "json"]].concat());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("the file is written");
    }
    folder
}

const MATRIX: (&str, &str) = (
    "m.csv",
    "candidate,x,y\n@worst,0,0\n@best,1,1\na,0.8,0.2\nb,0.5,0.8\nlow,0.1,0.1\nopen,,0.5\n",
);

#[test]
fn robustness_keeps_the_promised_keys() {
    let folder = folder(&[MATRIX]);
    let found = json(
        folder.path(),
        &[
            "robustness",
            "m.csv",
            "--weights",
            "uniform",
            "--samples",
            "5000",
            "--seed",
            "3",
        ],
    );
    assert_eq!(
        (&found["samples"], &found["seed"]),
        (&Json::from(5000), &Json::from(3))
    );
    assert_eq!(
        found["rank_acceptability"]["a"].as_array().map(Vec::len),
        Some(3)
    );
    assert_eq!(found["rank_acceptability"]["open"], Json::Null);
    assert_eq!(found["central_weights"]["low"], Json::Null);
    assert!(
        found["central_weights"]["a"]["x"]
            .as_f64()
            .is_some_and(|w| w > 0.8)
    );
    assert_eq!(found["confidence_factor"]["a"], Json::from(1.0));
    assert_eq!(found["pairwise_winning"]["a"]["low"], Json::from(1.0));
    assert!(
        found["rank_entropy"]
            .as_f64()
            .is_some_and(|bits| bits > 0.5)
            && found["standard_error"].as_f64().is_some()
    );
    let first = &found["methods"][0];
    assert_eq!(
        (&first["id"], &first["winner"], &first["tau"]),
        (&Json::from("value"), &Json::from("b"), &Json::from(1.0))
    );
    assert_eq!(found["reversals"], Json::Array(Vec::new()));
}

#[test]
fn weights_come_from_orders_intervals_and_spreads() {
    let constraints = ("c.yaml", "intervals: {x: 0.7..0.9}\norders: [[x, y]]\n");
    let folder = folder(&[
        MATRIX,
        constraints,
        ("bad.yaml", "intervals: {z: 0.7..0.9}\n"),
    ]);
    let first = |weights: &str| {
        let found = json(
            folder.path(),
            &["robustness", "m.csv", "--weights", weights],
        );
        found["rank_acceptability"]["a"][0]
            .as_f64()
            .expect("a share")
    };
    // a is first where the weight of x is above 2/3.
    assert_eq!((first("declared"), first("c.yaml")), (0.0, 1.0));
    assert!((first("order:x>y") - 2.0 / 3.0).abs() < 0.02);
    assert!(first("near:0.1") < 0.01);
    for (weights, code) in [
        ("near:x", 2),
        ("order:x>z", 2),
        ("sideways", 2),
        ("bad.yaml", 1),
    ] {
        let output = weigh(
            folder.path(),
            &["robustness", "m.csv", "--weights", weights],
        );
        assert_eq!(output.status.code(), Some(code), "{weights}");
    }
}

#[test]
fn tables_are_there_in_both_languages() {
    let folder = folder(&[MATRIX]);
    for (lang, word) in [
        ("en", "how often each candidate"),
        ("zh", "各候选取得各名次的频率"),
    ] {
        let output = weigh(folder.path(), &["robustness", "m.csv", "--lang", lang]);
        assert!(String::from_utf8_lossy(&output.stdout).contains(word));
    }
    let empty = self::folder(&[("m.csv", "candidate,x\n@worst,0\n@best,1\na,\n")]);
    let output = weigh(empty.path(), &["robustness", "m.csv"]);
    assert!(
        output.status.success()
            && String::from_utf8_lossy(&output.stdout).contains("can be ranked in any sample")
    );
}

#[test]
fn pareto_takes_two_criteria_or_all() {
    let folder = folder(&[MATRIX]);
    let all = json(folder.path(), &["pareto", "m.csv"]);
    assert_eq!(all["possible_front"], serde_json::json!(["a", "b", "open"]));
    assert_eq!(
        all["candidates"][2]["dominated_by"],
        serde_json::json!(["a", "b"])
    );
    let two = json(folder.path(), &["pareto", "m.csv", "x", "y"]);
    assert_eq!(two["criteria"], serde_json::json!(["x", "y"]));
    assert_eq!(
        weigh(folder.path(), &["pareto", "m.csv", "x"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn weights_of_every_form() {
    let folder = folder(&[
        MATRIX,
        (
            "pairs.yaml",
            "method: pairwise\nitems: [a, b]\nmatrix: [[1, 3], ['1/3', 1]]\n",
        ),
        (
            "tree.yaml",
            "method: pairwise\nitems: [a, b]\ncomparisons: [{of: a, over: b, ratio: 3}]\n\
             children: {a: {items: [c, d], comparisons: [{of: d, over: c, ratio: '1/2'}]}}\nrandom_index: saaty2005\n",
        ),
        ("swing.yaml", "method: swing\nswings: {a: 100, b: 60}\n"),
        (
            "order.yaml",
            "method: rank-order\nformula: rank-sum\norder: [a, b, c]\n",
        ),
        (
            "best.yaml",
            "method: best-worst\nbest: a\nworst: c\nmodel: linear\nbest_to_others: {a: 1, b: 2, c: 8}\nothers_to_worst: {a: 8, b: 4, c: 1}\n",
        ),
        ("bad.yaml", "method: swing\nswings: {a: 0, b: 0}\n"),
        ("none.yaml", "title: nothing\n"),
    ]);
    let weight = |words: &[&str], item: &str| {
        json(folder.path(), words)["weights"][item]
            .as_f64()
            .expect("a weight")
    };
    let near =
        |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
    near(weight(&["weights", "pairs.yaml"], "a"), 0.75);
    near(weight(&["weights", "tree.yaml"], "c"), 0.5);
    near(weight(&["weights", "swing.yaml"], "b"), 0.375);
    near(weight(&["weights", "order.yaml"], "a"), 0.5);
    near(weight(&["weights", "best.yaml"], "a"), 8.0 / 13.0);
    let found = json(folder.path(), &["weights", "pairs.yaml"]);
    assert_eq!(found["consistency"]["ratio"], Json::from(0.0));
    assert_eq!(
        json(folder.path(), &["weights", "swing.yaml"])["consistency"],
        Json::Null
    );
    for method in ["entropy", "critic"] {
        let found = json(folder.path(), &["weights", "m.csv", "--method", method]);
        let sum: f64 = found["weights"]
            .as_object()
            .expect("weights")
            .values()
            .filter_map(Json::as_f64)
            .sum();
        near(sum, 1.0);
    }
    assert_eq!(
        weigh(folder.path(), &["weights", "bad.yaml"]).status.code(),
        Some(1)
    );
    assert_eq!(
        weigh(folder.path(), &["weights", "none.yaml"])
            .status
            .code(),
        Some(1)
    );
    assert_eq!(
        weigh(folder.path(), &["weights", "m.csv"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_figure_beyond_the_supported_magnitudes_is_named_as_the_decision_names_it() {
    let table = "candidate,price\n@direction,min\nfine,5\nhuge,1e200\n";
    let folder = folder(&[("m.csv", table)]);
    let output = weigh(folder.path(), &["rank", "m.csv", "--method", "topsis"]);
    let message = String::from_utf8(output.stderr).expect("text");
    assert!(
        message.contains("price of huge is 1e200") && message.contains("`weigh why DECISION huge`"),
        "{message}"
    );
    let why = weigh(folder.path(), &["why", "m.csv", "huge"]);
    let why = String::from_utf8(why.stdout).expect("text");
    assert!(why.contains("m.csv:4"), "{why}");
}

#[test]
fn a_shared_first_place_in_the_table_of_methods_is_explained() {
    // x and y mirror each other: every method ties a and b.
    let table = "candidate,x,y\n@worst,0,0\n@best,1,1\na,0.8,0.2\nb,0.2,0.8\nlow,0.1,0.1\n";
    let folder = folder(&[("tie.csv", table), MATRIX]);
    let said = |file: &str| {
        let output = weigh(folder.path(), &["robustness", file, "--samples", "500"]);
        String::from_utf8(output.stdout).expect("text")
    };
    let tied = said("tie.csv");
    assert!(tied.contains("a +1"), "{tied}");
    assert!(
        tied.contains("`+1`: one more candidate shares the first place"),
        "{tied}"
    );
}

/// Weights from data rest on the complete candidates only, and say whom that leaves out.
#[test]
fn weights_from_data_name_the_candidates_left_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("m.csv");
    let matrix =
        "candidate,x,y\n@direction,max,max\n@worst,0,0\n@best,10,10\na,1,5\nb,2,\nc,4,6\nd,8,2\n";
    std::fs::write(&file, matrix).expect("the folder is writable");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_weigh"))
        .args(["weights", "--method", "critic", "--format", "json"])
        .arg(&file)
        .output()
        .expect("the program was built");
    let found: serde_json::Value = serde_json::from_slice(&run.stdout).expect("one document");
    let notes = found["notes"].as_array().expect("notes");
    assert!(
        notes
            .iter()
            .any(|note| note.as_str().is_some_and(|n| n.ends_with("lack facts: b"))),
        "{notes:?}"
    );
}
