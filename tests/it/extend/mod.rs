//! Projects that extend what is shipped: replaced definitions, domains of their own, and files found from the decision.

mod told;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use proptest::prelude::*;
use serde_json::Value as Json;
use tempfile::TempDir;
use weigh::diagnostic::{Code, Diagnostics};
use weigh::eval::{Evaluation, Plan, Status};
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::model::decision::Decision;
use weigh::quantity::date::Date;

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    folder
}

fn open(folder: &TempDir, file: &str) -> (Option<Decision>, Diagnostics) {
    let today = Date::parse("2026-11-22").expect("a day");
    let loaded = load::decision(&folder.path().join(file), &Choice::plain(today));
    (loaded.decision, loaded.diagnostics)
}

/// Codes and messages of all problems, those of the graph included.
fn problems(folder: &TempDir, file: &str) -> Vec<(Code, String)> {
    let (decision, mut sink) = open(folder, file);
    if let Some(decision) = &decision {
        graph::compile(decision, &mut sink);
    }
    let told = |d: &&weigh::diagnostic::Diagnostic| {
        let hint = d.hint.as_ref().map_or("", |hint| &hint.en);
        (d.code, format!("{} ({hint})", d.message.en))
    };
    sink.sorted().iter().map(told).collect()
}

#[track_caller]
fn evaluated(folder: &TempDir, file: &str) -> (Decision, Evaluation) {
    let found = problems(folder, file);
    let (decision, mut sink) = open(folder, file);
    let decision = decision.expect("the decision is read");
    let graph = graph::compile(&decision, &mut sink).unwrap_or_else(|| panic!("{found:?}"));
    let evaluation = Plan::new(&decision, &graph).evaluate();
    (decision, evaluation)
}

#[track_caller]
fn measure(folder: &TempDir, candidate: &str) -> f64 {
    let (decision, evaluation) = evaluated(folder, "decision.yaml");
    let at = decision.candidates.iter().position(|c| c.id == candidate);
    evaluation.rows[at.expect("a candidate")].measures[0]
}

fn weigh(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weigh"))
        .args(words)
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

fn json(folder: &Path, words: &[&str]) -> Json {
    let output = weigh(folder, &[words, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

/// Two candidates with a cost, one criterion of the shared files and one of the decision.
const COSTS: &str = "
decision: d
candidates: [{id: a, facts: {ops_hours: 2 person-h/month}}, {id: b, facts: {ops_hours: 6 person-h/month}}]
criteria: [{id: care, title: Care, expr: care, unit: person-h/month, value: {worst: 20, best: 0}}]
";

const SHIPPED: &str = "
inputs: {burden: {title: Burden, unit: '1', value: 2}}
tables: {grade: {title: Grade, keys: [size], rows: {small: 1, big: 3}}}
formulas: {care: {title: Care, unit: person-h/month, expr: 'ops_hours * burden * grade[\"small\"]'}}
";

#[test]
fn a_project_replaces_formula_input_and_table_by_name() {
    let own = |text: &str| {
        let files = [
            ("weigh.yaml", ""),
            ("criteria/given.yaml", SHIPPED),
            ("decision.yaml", COSTS),
            ("criteria/own.yaml", text),
        ];
        let folder = project(&files);
        // Base unit: a person; a person-h is a fortieth of a person-week.
        measure(&folder, "a") * 2_629_800.0 / (7.0 * 86_400.0 / 40.0)
    };
    let close = |is: f64, wanted: f64| assert!((is / wanted - 1.0).abs() < 1e-3, "{is} {wanted}");
    close(own(""), 4.0);
    close(
        own("formulas: {care: {replaces: care, title: C, unit: person-h/month, expr: ops_hours}}"),
        2.0,
    );
    close(
        own("inputs: {burden: {replaces: burden, title: B, value: 5}}"),
        10.0,
    );
    close(
        own("tables: {grade: {replaces: grade, title: G, keys: [size], rows: {small: 3}}}"),
        12.0,
    );
    // Under a name of its own it is known by both.
    close(
        own(
            "formulas: {mine: {replaces: care, title: C, unit: person-h/month, expr: 3 * ops_hours}}",
        ),
        6.0,
    );
}

#[test]
fn a_definition_of_the_same_name_without_replaces_is_an_error_that_says_so() {
    let files = [
        ("weigh.yaml", ""),
        ("decision.yaml", COSTS),
        ("criteria/given.yaml", SHIPPED),
        (
            "criteria/own.yaml",
            "formulas: {operations: {title: C, expr: '3'}}",
        ),
    ];
    let found = problems(&project(&files), "decision.yaml");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Code::DefinedTwice);
    assert!(found[0].1.contains("`replaces: operations`"), "{found:?}");
}

#[test]
fn replacing_what_does_not_exist_or_measures_something_else_is_an_error() {
    let with = |text: &str| {
        let files = [("decision.yaml", COSTS), ("criteria/own.yaml", text)];
        let folder = project(&[&files[..], &[("criteria/given.yaml", SHIPPED)]].concat());
        problems(&folder, "decision.yaml")
    };
    let found = with("formulas: {x: {replaces: carre, title: C, expr: '3'}}");
    assert_eq!(found[0].0, Code::UnknownReference);
    assert!(found[0].1.contains("did you mean `care`?"), "{found:?}");
    let found = with("formulas: {care: {replaces: care, title: C, unit: EUR, expr: 3 EUR}}");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Code::WrongUnit);
    let twice = "formulas: {care: {replaces: care, title: C, unit: person-h/month, expr: ops_hours}, c2: {replaces: care, title: C, unit: person-h/month, expr: ops_hours}}";
    assert_eq!(with(twice)[0].0, Code::DefinedTwice);
}

#[test]
fn why_says_which_definitions_ran() {
    let folder = project(&[
        ("weigh.yaml", ""),
        (
            "criteria/own.yaml",
            "facts: {ops_hours: {replaces: ops_hours, title: Toil, unit: person-h/month, rollup: max}}
criteria: {toil: {title: T, expr: ops_hours, unit: person-h/month, value: {worst: 9, best: 0}}}
gates: {vendor: {title: V, ask: 'ops_hours < 5 [person-h/month]', screen: {when: false}}}",
        ),
        (
            "team/criteria/mine.yaml",
            "criteria: {toil: {replaces: toil, title: T, expr: 2 * ops_hours, unit: person-h/month, value: {worst: 30, best: 0}}}
gates: {vendor: {replaces: vendor, title: V, ask: 'ops_hours < 9 [person-h/month]', screen: {when: false}}}",
        ),
        (
            "team/decision.yaml",
            "
decision: d
candidates: [{id: a, facts: {ops_hours: 2 person-h/month}}, {id: b, facts: {ops_hours: 6 person-h/month}}]
criteria: [toil]
gates: [vendor]
",
        ),
    ]);
    let why = json(folder.path(), &["why", "team/decision.yaml", "b"]);
    assert_eq!(why["status"], "ranked", "{why}");
    let replaced = why["replaced"].as_array().expect("a list");
    let of = |name: &str| {
        let own = replaced.iter().find(|own| own["name"] == name);
        own.unwrap_or_else(|| panic!("{name} in {replaced:?}"))
    };
    assert_eq!(of("toil")["by"], "team/criteria/mine.yaml:1");
    assert_eq!(of("toil")["instead_of"], "criteria/own.yaml:2");
    assert_eq!(of("vendor")["by"], "team/criteria/mine.yaml:2");
    assert_eq!(of("ops_hours")["by"], "criteria/own.yaml:1");
    let shipped = of("ops_hours")["instead_of"].as_str().expect("a place");
    assert!(shipped.starts_with("<built-in>/criteria/facts.yaml:"));
    let text = weigh(folder.path(), &["why", "team/decision.yaml", "b"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("toil   team/criteria/mine.yaml:1, instead of criteria/own.yaml:2"));
}

#[test]
fn a_domain_of_the_project_extends_the_shipped_one() {
    let folder = project(&[
        (
            "catalogs/streaming/domain.yaml",
            "facts: {rented: {title: Rented, kind: flag}}",
        ),
        (
            "decision.yaml",
            "
decision: d
candidates: [{id: kafka, facts: {rented: true}}, {id: rabbitmq, facts: {rented: false}}]
criteria: [{id: m, title: M, expr: 'if(rented, 1, 0)', value: {worst: 0, best: 1}}]
gates: [exactly-once, replayable]
context: {needs.replay: true}
",
        ),
    ]);
    let (_, evaluation) = evaluated(&folder, "decision.yaml");
    assert_eq!(evaluation.rows[0].status, Status::Ranked);
    let found = problems(&folder, "decision.yaml");
    assert!(found.is_empty(), "{found:?}");
}

const VECTORS: &str = "
facts:
  consistency: {title: Consistency, kind: level, levels: {eventual: e, strong: s}, rollup: weakest}
  recall: {title: Recall, unit: '1', rollup: min}
formulas: {steady: {title: Steady, expr: 'if(consistency == \"strong\", 1, 0)'}}
";
const QDRANT: &str = "
candidate: qdrant
defaults: {source: docs, as_of: 2026-11-01, kind: published}
facts: {consistency: strong, recall: 0.9}
";

fn vectors(decision: &str) -> TempDir {
    project(&[
        ("catalogs/vectors/domain.yaml", VECTORS),
        ("catalogs/vectors/qdrant.yaml", QDRANT),
        ("decision.yaml", decision),
    ])
}

#[test]
fn a_fact_of_one_domain_leaves_parts_of_another_alone() {
    let folder = vectors(
        "
decision: d
candidates: [{id: both, parts: [flask, qdrant]}, {id: three, parts: [gin, both]}]
criteria: [{id: r, title: R, expr: recall, value: {worst: 0, best: 1}}]
",
    );
    assert!((measure(&folder, "both") - 0.9).abs() < 1e-12);
    assert!((measure(&folder, "three") - 0.9).abs() < 1e-12);
    // A part of the same domain without the fact makes the whole incomplete.
    let folder = vectors(
        "
decision: d
candidates: [{id: weaviate, domain: vectors}, {id: both, parts: [weaviate, qdrant]}]
criteria: [{id: r, title: R, expr: recall, value: {worst: 0, best: 1}}]
",
    );
    assert!(measure(&folder, "both").is_nan());
}

#[test]
fn equal_names_of_two_domains_do_not_collide() {
    let decision = |expr: &str| {
        format!(
            "
decision: d
candidates: [qdrant, {{id: postgresql, facts: {{recall: 0.5}}}}]
criteria: [{{id: r, title: R, expr: '{expr}', value: {{worst: 0, best: 1}}}}]
"
        )
    };
    let of = |expr: &str| measure(&vectors(&decision(expr)), "qdrant");
    // The domain's own formula means its own fact.
    assert!((of("steady") - 1.0).abs() < 1e-12);
    assert!((of("vectors::steady") - 1.0).abs() < 1e-12);
    assert!(
        (of("if(vectors::consistency == \"strong\", 0.7, 0)") - 0.7).abs() < 1e-12,
        "a name with its domain"
    );
    let found = problems(
        &vectors(&decision("if(consistency == \"strong\", 1, 0)")),
        "decision.yaml",
    );
    assert_eq!(found[0].0, Code::AmbiguousName);
    for name in ["`databases::consistency`", "`vectors::consistency`"] {
        assert!(found[0].1.contains(name), "{found:?}");
    }
    // With candidates of one domain only, there is nothing to tell apart.
    let alone = "
decision: d
candidates: [qdrant]
criteria: [{id: r, title: R, expr: 'if(consistency == \"strong\", 1, 0)', value: {worst: 0, best: 1}}]
";
    assert!((measure(&vectors(alone), "qdrant") - 1.0).abs() < 1e-12);
}

#[test]
fn a_name_of_an_absent_domain_says_where_it_belongs() {
    let folder = project(&[(
        "decision.yaml",
        "
decision: d
candidates: [{id: a, facts: {write_goodput: 3 req/s}}]
criteria: [{id: r, title: R, expr: write_goodput, unit: req/s, value: {worst: 0, best: 9}}]
gates: [replayable]
",
    )]);
    let found = problems(&folder, "decision.yaml");
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|(_, text)| text.contains("`domain: ")));
    let text = fs::read_to_string(folder.path().join("decision.yaml")).expect("readable");
    let text = text
        .replace("id: a,", "id: a, domain: databases,")
        .replace("gates: [replayable]", "");
    fs::write(folder.path().join("decision.yaml"), text).expect("writable");
    assert!((measure(&folder, "a") - 3.0).abs() < 1e-12);
}

#[test]
fn a_catalog_states_only_the_facts_of_its_domain() {
    let folder = project(&[
        ("catalogs/vectors/domain.yaml", VECTORS),
        (
            "catalogs/vectors/qdrant.yaml",
            &QDRANT.replace("recall: 0.9", "recal: 1"),
        ),
        (
            "decision.yaml",
            "
decision: d
candidates: [qdrant]
criteria: [{id: r, title: R, expr: recall, value: {worst: 0, best: 1}}]
",
        ),
    ]);
    let found = problems(&folder, "decision.yaml");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("did you mean `recall`?"), "{found:?}");
    assert!(
        found[0].1.contains("catalogs/vectors/domain.yaml"),
        "{found:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever another domain defines, under whatever names, a decision without its candidates stays the same.
    #[test]
    fn a_domain_that_no_candidate_comes_from_changes_nothing(
        names in proptest::collection::btree_set("[a-z]{3,9}|consistency|sql|transactions|replication|steady", 1..8),
        inputs in proptest::collection::btree_set("needs\\.[a-z]{3,6}|needs\\.sql", 0..3),
    ) {
        let decision = "
decision: d
candidates: [postgresql, sqlite]
criteria: [{id: s, title: S, expr: 'if(sql, 1, 0) + if(transactions == \"multi-record\", 1, 0)', value: {worst: 0, best: 2}}]
gates: [speaks-sql]
context: {needs.sql: true}
";
        let facts: Vec<String> = names.iter().map(|n| format!("  {n}: {{title: T, unit: '1', rollup: sum}}\n")).collect();
        let inputs: Vec<String> = inputs.iter().map(|n| format!("  {n}: {{title: T, unit: '1', value: 3}}\n")).collect();
        let domain = format!("facts:\n{}\ninputs:\n{}", facts.concat(), inputs.concat());
        let domain = if inputs.is_empty() { domain.replace("\ninputs:\n", "\n") } else { domain };
        let with = project(&[("decision.yaml", decision), ("catalogs/odd/domain.yaml", &domain)]);
        let without = project(&[("decision.yaml", decision)]);
        let (_, a) = evaluated(&with, "decision.yaml");
        let (_, b) = evaluated(&without, "decision.yaml");
        for (x, y) in a.rows.iter().zip(&b.rows) {
            prop_assert_eq!(x.score, y.score);
            prop_assert_eq!(x.status, y.status);
        }
    }
}

#[test]
fn what_a_decision_reads_does_not_depend_on_the_working_folder() {
    let decision = COSTS.replace(
        "unit: person-h/month, value",
        "unit: person-h/month, points: 3, value",
    ) + "stakeholders: {ops: {profile: w/p.yaml}}\n";
    let folder = project(&[
        ("org/weigh.yaml", ""),
        ("org/criteria/given.yaml", SHIPPED),
        ("org/team/d1/decision.yaml", &decision),
        ("org/team/d1/w/p.yaml", "points: {care: 1}"),
        (
            "other/criteria/given.yaml",
            "formulas: {care: {title: C, unit: person-h/month, expr: 9 * ops_hours}}",
        ),
        (
            "other/criteria/operations.yaml",
            "formulas: {x: {title: C, expr: '3'}}",
        ),
        ("other/w/p.yaml", "points: {nothing: 1}"),
        ("other/.git/HEAD", ""),
    ]);
    let path = folder.path().join("org/team/d1");
    let path = path.to_str().expect("a path");
    let ranked = |from: &str| {
        let mut ranked = json(
            &folder.path().join(from),
            &["rank", path, "--stakeholder", "ops"],
        );
        assert_eq!(ranked["ranking"][0]["status"], "ranked", "{ranked}");
        ranked["warnings"] = Json::Null;
        ranked
    };
    let home = ranked("org/team/d1");
    for from in ["", "org", "org/team", "other", "other/criteria"] {
        assert_eq!(ranked(from), home, "from `{from}`");
    }
    // Without a marker, the folders above the decision are not part of the project.
    fs::remove_file(folder.path().join("org/weigh.yaml")).expect("it was there");
    let lost = weigh(&folder.path().join("org"), &["rank", path]);
    assert_eq!(lost.status.code(), Some(1));
}

#[test]
fn check_lists_the_files_it_used() {
    let folder = project(&[
        ("weigh.yaml", ""),
        ("criteria/given.yaml", SHIPPED),
        ("d/decision.yaml", COSTS),
    ]);
    let checked = json(folder.path(), &["check", "d/decision.yaml", "--files"]);
    let files: Vec<&str> = checked["files"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Json::as_str)
        .collect();
    assert!(
        files.contains(&"criteria/given.yaml") && files.contains(&"d/decision.yaml"),
        "{files:?}"
    );
    assert!(files.contains(&"<built-in>/criteria/facts.yaml"));
    assert!(
        !files
            .iter()
            .any(|file| file.ends_with("databases/domain.yaml")),
        "{files:?}"
    );
    let plain = json(folder.path(), &["check", "d/decision.yaml"]);
    assert!(plain.get("files").is_none());
}

#[test]
fn a_domain_with_a_hyphen_is_no_difference() {
    let decision = |expr: &str| {
        format!(
            "
decision: d
candidates: [flask]
inputs: {{web: {{title: W, value: 3}}, loss: {{title: L, value: 1}}}}
criteria: [{{id: r, title: R, expr: '{expr}', value: {{worst: 0, best: 1}}}}]
"
        )
    };
    let of = |expr: &str| measure(&project(&[("decision.yaml", &decision(expr))]), "flask");
    assert!((of("if(web-frameworks::orm == \"x\", 1, 0.5)") - 0.5).abs() < 1e-12);
    assert!((of("web-loss") - 2.0).abs() < 1e-12);
}

#[test]
fn a_candidate_above_an_unmarked_project_says_how_to_mark_it() {
    let folder = project(&[
        ("catalogs/vectors/domain.yaml", VECTORS),
        ("catalogs/vectors/qdrant.yaml", QDRANT),
        (
            "team/decision.yaml",
            "
decision: d
candidates: [qdrant]
criteria: [{id: r, title: R, expr: '1', value: {worst: 0, best: 1}}]
",
        ),
    ]);
    let found = problems(&folder, "team/decision.yaml");
    assert!(
        found[0].1.contains("put an empty `weigh.yaml` into it"),
        "{found:?}"
    );
    fs::write(folder.path().join("weigh.yaml"), "").expect("writable");
    assert!(problems(&folder, "team/decision.yaml").is_empty());
}
