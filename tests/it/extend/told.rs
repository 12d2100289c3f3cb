//! What `weigh` says of a project that lacks something or looks wrong: the line that completes a candidate, each problem once, the
//! key that was meant.

use super::*;

#[test]
fn an_incomplete_candidate_says_which_line_completes_it() {
    let folder = project(&[(
        "decision.yaml",
        "
decision: d
candidates: [{id: a}, kafka]
criteria: [{id: e, title: E, expr: start_up, unit: ms, value: {worst: 2000, best: 1}}]
gates: [{gate: calm, title: Calm, ask: 'learning_weeks < 90 week', screen: {when: false}}]
",
    )]);
    let (_, evaluation) = evaluated(&folder, "decision.yaml");
    let reasons: Vec<&str> = evaluation.rows[0]
        .reasons
        .iter()
        .map(|r| r.en.as_str())
        .collect();
    let gate = reasons
        .iter()
        .find(|r| r.contains("the gate \"Calm\""))
        .expect("the gate is named");
    assert!(
        gate.contains("add `learning_weeks: LOW..HIGH week`"),
        "{reasons:?}"
    );
    assert!(
        reasons
            .iter()
            .any(|r| r.contains("add `start_up: LOW..HIGH ms` to the facts of a in "))
    );
    let shipped = &evaluation.rows[1].reasons[0].en;
    assert!(
        shipped.contains("`{id: kafka, facts: {start_up: LOW..HIGH ms}}`"),
        "{shipped}"
    );
    // The lines do what they say.
    let text = fs::read_to_string(folder.path().join("decision.yaml")).expect("readable");
    let text = text.replace(
        "[{id: a}, kafka]",
        "[{id: a, facts: {start_up: 1..2 ms, learning_weeks: 1..2 week}}, {id: kafka, facts: {start_up: 1..2 ms}}]",
    );
    fs::write(folder.path().join("decision.yaml"), text).expect("writable");
    let (_, evaluation) = evaluated(&folder, "decision.yaml");
    assert!(
        evaluation
            .rows
            .iter()
            .all(|row| row.status == Status::Ranked)
    );
}

#[test]
fn check_reports_what_rank_reports_and_each_problem_once() {
    let folder = project(&[
        ("weigh.yaml", ""),
        (
            "catalogs/mine/x.yaml",
            "candidate: x\ndefaults: {source: s, as_of: 2026-11-01, kind: published}\nfacts: {own_fact: 3 thing}\n",
        ),
        (
            "criteria/own.yaml",
            "formulas: {twice: {title: T, unit: thing, expr: 2 * own_fact}}",
        ),
        (
            "d/decision.yaml",
            "
decision: d
candidates: [x]
units: [thing]
facts: {own_fact: {title: Own, unit: thing}}
criteria: [{id: o, title: O, expr: twice, unit: thing, value: {worst: 0, best: 9}}]
",
        ),
    ]);
    assert!(weigh(folder.path(), &["rank", "d"]).status.success());
    let checked = json(folder.path(), &["check", "."]);
    let errors: Vec<&Json> = checked["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|d| d["severity"] == "error")
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    // One error in a criteria file that two decisions use.
    fs::write(
        folder.path().join("criteria/own.yaml"),
        "formulas: {twice: {title: T, unit: thing, expr: 2 * own_fac}}",
    )
    .expect("writable");
    fs::create_dir(folder.path().join("e")).expect("writable");
    let text = fs::read_to_string(folder.path().join("d/decision.yaml")).expect("readable");
    fs::write(
        folder.path().join("e/decision.yaml"),
        text.replace("own_fact:", "other:")
            .replace("decision: d", "decision: e"),
    )
    .expect("writable");
    let checked = json(folder.path(), &["check", "criteria", "d", "e"]);
    let of_formula = checked["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|d| d["file"] == "criteria/own.yaml");
    assert_eq!(of_formula.count(), 1, "{checked}");
}

#[test]
fn a_file_of_an_unknown_kind_is_an_error_if_it_was_asked_for() {
    let folder = project(&[
        ("notes/x.yaml", "a: 1\n"),
        ("d/decision.yaml", COSTS),
        ("d/lock.yaml", "a: 1\n"),
        ("criteria/given.yaml", SHIPPED),
        ("weigh.yaml", ""),
    ]);
    let codes = |path: &str| -> Vec<String> {
        let checked = json(folder.path(), &["check", path]);
        let all = checked["diagnostics"].as_array().expect("a list");
        all.iter()
            .map(|d| d["code"].as_str().expect("a code").to_owned())
            .collect()
    };
    assert_eq!(codes("notes/x.yaml"), ["E0170"]);
    assert_eq!(codes("notes"), ["E0101"], "nothing in it can be checked");
    assert_eq!(
        codes("d"),
        Vec::<String>::new(),
        "files of other programs are left out"
    );
    assert_eq!(codes("weigh.yaml"), Vec::<String>::new());
    assert_eq!(
        weigh(folder.path(), &["check", "notes/x.yaml"])
            .status
            .code(),
        Some(1)
    );
}

#[test]
fn suspicious_anchors_are_a_warning() {
    let with = |criterion: &str| {
        let folder = project(&[(
            "decision.yaml",
            &format!(
                "
decision: d
candidates: [{{id: a, facts: {{fee: 10 EUR}}}}, {{id: b, facts: {{fee: 20 EUR}}}}]
facts: {{fee: {{title: Fee, unit: EUR}}}}
formulas: {{income: {{title: Income, unit: EUR, expr: fee, cost: false}}}}
criteria: [{{id: f, title: F, {criterion}, unit: EUR}}]
"
            ),
        )]);
        let checked = json(folder.path(), &["check", "."]);
        let all = checked["diagnostics"].as_array().expect("a list").clone();
        let codes = all
            .iter()
            .map(|d| d["code"].as_str().expect("a code").to_owned());
        (codes.collect::<Vec<_>>(), checked)
    };
    let (codes, all) = with("expr: fee, value: {worst: 0, best: 30}");
    assert_eq!(codes, ["W0570"], "{all}");
    assert!(with("expr: fee, value: {worst: 30, best: 0}").0.is_empty());
    assert!(
        with("expr: income, value: {worst: 0, best: 30}")
            .0
            .is_empty()
    );
    let (codes, all) = with("expr: fee, value: {worst: 0.1, best: 0}");
    assert_eq!(codes, ["W0570"], "{all}");
    assert!(
        all["diagnostics"][0]["message"]
            .as_str()
            .expect("text")
            .contains("worst anchor")
    );
    assert!(
        with("expr: fee, value: {worst: 15, best: 0}").0.is_empty(),
        "one is inside"
    );
}

#[test]
fn check_names_an_expired_input_of_the_context() {
    let files = [(
        "decision.yaml",
        "
decision: d
as_of: 2026-11-22
candidates: [{id: a, facts: {ops_hours: 2 person-h/month}}, {id: b, facts: {ops_hours: 6 person-h/month}}]
inputs: {burden: {title: B, unit: '1'}}
context: {burden: {value: 2..3, kind: published, source: s, as_of: 2026-01-01, expires: 2026-02-01}}
criteria: [{id: c, title: C, expr: ops_hours * burden, unit: person-h/month, value: {worst: 30, best: 0}}]
",
    )];
    let folder = project(&files);
    let checked = json(folder.path(), &["check", "."]);
    let first = &checked["diagnostics"][0];
    assert_eq!(first["code"], "W0505", "{checked}");
    let all = checked["diagnostics"].as_array().expect("a list");
    assert_eq!(all.len(), 1, "it is told once: {checked}");
    assert!(
        first["message"]
            .as_str()
            .expect("text")
            .contains("`burden`")
    );
}

#[test]
fn a_key_that_other_tools_use_is_translated() {
    let text = COSTS.replace(
        "unit: person-h/month, value",
        "weight: 3, unit: person-h/month, value",
    );
    let folder = project(&[("decision.yaml", &text), ("criteria/given.yaml", SHIPPED)]);
    let found = problems(&folder, "decision.yaml");
    assert!(
        found[0].1.contains("the key is called `points`"),
        "{found:?}"
    );
}
