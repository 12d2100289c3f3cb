//! Facts that do not apply to a candidate: what they are worth, in formulas, composites, domains and every command.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;
use weigh::eval::{Evaluation, Plan, Status};
use weigh::graph;
use weigh::load::{self, Choice, Loaded};
use weigh::model::decision::Decision;
use weigh::quantity::date::Date;

/// Two services: one has authors, to the other they do not apply.
const DECISION: &str = "
decision: queue
as_of: 2026-11-22
facts:
  people: {title: People, unit: person, rollup: sum}
  price: {title: Price, unit: '1', rollup: sum}
candidates:
  - {id: own, facts: {people: 4, price: 2..4}}
  - {id: managed, facts: {people: {not_applicable: nobody outside sees who works on it}, price: 1}}
  - {id: unknown, facts: {people: {missing: nobody counted}, price: 1}}
  - {id: both, parts: [own, managed]}
  - {id: rented, parts: [managed, managed]}
criteria:
  - {id: crowd, title: Crowd, expr: people * 1 , unit: person, value: {worst: 0, best: 10}, EXTRA points: 1}
  - {id: cheap, title: Cheap, expr: 'if(applies(people), price, price + 0)', unit: '1', value: {worst: 10, best: 0}, points: 1}
";

fn choice() -> Choice {
    Choice::plain(Date::parse("2026-11-22").expect("a day"))
}

fn loaded(folder: &Path, text: &str) -> Loaded {
    let file = folder.join("decision.yaml");
    fs::write(&file, text).expect("writable");
    load::decision(&file, &choice())
}

fn evaluated(text: &str) -> (Decision, Evaluation) {
    let folder = TempDir::new().expect("a temporary folder");
    evaluated_in(folder.path(), text)
}

fn evaluated_in(folder: &Path, text: &str) -> (Decision, Evaluation) {
    let loaded = loaded(folder, text);
    let mut diagnostics = loaded.diagnostics;
    let errors: Vec<String> = diagnostics
        .sorted()
        .into_iter()
        .map(|d| d.message.en.clone())
        .collect();
    assert!(!diagnostics.has_errors(), "{errors:?}");
    let decision = loaded.decision.expect("the decision is read");
    let graph = graph::compile(&decision, &mut diagnostics).expect("the decision compiles");
    let evaluation = Plan::new(&decision, &graph).evaluate();
    (decision, evaluation)
}

fn decision(extra: &str) -> String {
    DECISION.replace("EXTRA", extra)
}

fn place(decision: &Decision, id: &str) -> usize {
    let found = decision.candidates.iter().position(|c| c.id == id);
    found.expect("a candidate of the decision")
}

#[test]
fn a_candidate_to_which_a_fact_does_not_apply_is_incomplete_unless_the_criterion_says_what_it_is_worth()
 {
    let (decision_1, plain) = evaluated(&decision(""));
    let managed = &plain.rows[place(&decision_1, "managed")];
    assert_eq!(managed.status, Status::Incomplete);
    assert_eq!(
        managed.reasons[0].en,
        "People: does not apply: nobody outside sees who works on it"
    );
    let (decision_2, worth) = evaluated(&decision("not_applicable: 0.25,"));
    let managed = &worth.rows[place(&decision_2, "managed")];
    assert_eq!(managed.status, Status::Ranked);
    // 0.25 for the crowd, (10 - 1) / 10 for the price, half of the weight each.
    assert_eq!(managed.score, Some(0.575));
    assert_eq!(managed.point, Some(0.575));
    assert!(
        managed.reasons[0]
            .en
            .ends_with("(counted as 0.25, as the criterion says)"),
        "{}",
        managed.reasons[0].en
    );
    let unknown = &worth.rows[place(&decision_2, "unknown")];
    assert_eq!(
        unknown.status,
        Status::Incomplete,
        "what is merely missing stays missing"
    );
    let (decision_3, range) = evaluated(&decision("missing: range, "));
    let of = |id: &str| range.rows[place(&decision_3, id)].status;
    assert_eq!(of("unknown"), Status::Ranked);
    assert_eq!(
        of("managed"),
        Status::Incomplete,
        "no number is possible, so none is assumed"
    );
}

#[test]
fn a_roll_up_leaves_out_parts_to_which_the_fact_does_not_apply() {
    let (decision, evaluation) = evaluated(&decision("not_applicable: worst,"));
    let both = place(&decision, "both");
    assert_eq!(evaluation.rows[both].measures[0], 4.0);
    assert_eq!(
        &*decision.candidates[both].facts["people"].provenance.source,
        "own"
    );
    let rented = place(&decision, "rented");
    assert!(
        decision.candidates[rented].facts["people"]
            .value
            .is_not_applicable()
    );
    assert_eq!(evaluation.rows[rented].values[0], 0.0);
    assert_eq!(evaluation.rows[rented].status, Status::Ranked);
}

#[test]
fn applies_is_false_only_for_what_does_not_apply() {
    let text = decision("not_applicable: best,").replace(
        "if(applies(people), price, price + 0)",
        "if(applies(people), 2, 6) + if(known(people), 1, 0)",
    );
    let (decision, evaluation) = evaluated(&text);
    let of = |id: &str| evaluation.rows[place(&decision, id)].measures[1];
    assert_eq!(of("own"), 3.0);
    assert_eq!(of("managed"), 6.0);
    assert_eq!(of("unknown"), 2.0);
    assert_eq!(of("both"), 3.0);
    assert_eq!(of("rented"), 6.0);
}

#[test]
fn applies_takes_the_name_of_a_fact() {
    for (wrong, code) in [
        ("applies(price + 1)", "E0305"),
        ("applies(horizon)", "E0305"),
    ] {
        let text = decision("").replace(
            "if(applies(people), price, price + 0)",
            &format!("if({wrong}, 1, 0)"),
        );
        let folder = TempDir::new().expect("a temporary folder");
        let loaded = loaded(folder.path(), &text);
        let mut diagnostics = loaded.diagnostics;
        let decision = loaded.decision.expect("the decision is read");
        assert!(graph::compile(&decision, &mut diagnostics).is_none());
        let codes: Vec<&str> = diagnostics
            .sorted()
            .into_iter()
            .map(|d| d.code.id())
            .collect();
        assert!(codes.contains(&code), "{wrong}: {codes:?}");
    }
}

#[test]
fn a_reason_is_required_and_a_value_beside_it_is_a_contradiction() {
    for (wrong, code) in [
        ("{not_applicable: ''}", "E0110"),
        ("{not_applicable: yes it does, value: 3}", "E0510"),
    ] {
        let text = decision("").replace(
            "{not_applicable: nobody outside sees who works on it}",
            wrong,
        );
        let folder = TempDir::new().expect("a temporary folder");
        let codes: Vec<String> = loaded(folder.path(), &text)
            .diagnostics
            .sorted()
            .into_iter()
            .map(|d| d.code.id().to_owned())
            .collect();
        assert!(
            codes.iter().any(|found| found == code),
            "{wrong}: {codes:?}"
        );
    }
    let text = decision("not_applicable: 1.5,");
    let folder = TempDir::new().expect("a temporary folder");
    let found = loaded(folder.path(), &text).diagnostics;
    assert!(found.sorted().into_iter().any(|d| d.code.id() == "E0112"));
}

#[test]
fn a_domain_gives_its_candidates_the_facts_that_they_do_not_state() {
    let folder = TempDir::new().expect("a temporary folder");
    let domain = folder.path().join("catalogs/managed-queues");
    fs::create_dir_all(&domain).expect("writable");
    fs::write(
        domain.join("domain.yaml"),
        "facts: {seats: {title: Seats, unit: person, rollup: sum}, fee: {title: Fee, unit: '1', rollup: sum}}\ndefaults:\n  seats: {not_applicable: {en: rented as a service, zh: 以服务形式租用}}\n  fee: {value: 1..3, kind: published, source: the price list, as_of: 2026-11-01, expires: 2027-11-01}\n",
    )
    .expect("writable");
    fs::write(
        domain.join("alpha.yaml"),
        "candidate: alpha\ndefaults: {kind: published, source: its site, as_of: 2026-11-01}\nfacts: {fee: 7}\n",
    )
    .expect("writable");
    fs::write(
        domain.join("beta.yaml"),
        "candidate: beta\ndefaults: {kind: published, source: its site, as_of: 2026-11-01}\nfacts: {seats: 5}\n",
    )
    .expect("writable");
    let text = "decision: d\nas_of: 2026-11-22\ncandidates: [alpha, beta, {id: pair, parts: [alpha, beta]}]\ncriteria:\n  - {id: seats_, title: Seats, expr: seats, unit: person, value: {worst: 0, best: 10}, not_applicable: 1, points: 1}\n  - {id: fee_, title: Fee, expr: fee, value: {worst: 10, best: 0}, points: 1}\n";
    let (decision, evaluation) = evaluated_in(folder.path(), text);
    let of = |id: &str| evaluation.rows[place(&decision, id)].measures.clone();
    assert!(of("alpha")[0].is_nan());
    assert_eq!(of("alpha")[1], 7.0);
    assert_eq!(of("beta"), [5.0, 2.0]);
    assert_eq!(
        of("pair"),
        [5.0, 9.0],
        "a whole rolls up its parts, whatever they have from where"
    );
    let alpha = &decision.candidates[place(&decision, "alpha")];
    assert!(alpha.facts["seats"].value.is_not_applicable());
    let beta = &decision.candidates[place(&decision, "beta")];
    assert_eq!(&*beta.facts["fee"].provenance.source, "the price list");
    let catalog = load::catalog(folder.path(), &choice());
    let entry = catalog
        .catalog
        .entries
        .iter()
        .find(|entry| entry.candidate.id == "alpha");
    assert!(
        entry.expect("alpha").candidate.facts["seats"]
            .value
            .is_not_applicable()
    );
    let unsourced = fs::read_to_string(domain.join("domain.yaml"))
        .expect("readable")
        .replace("kind: published, source: the price list, ", "");
    fs::write(domain.join("domain.yaml"), unsourced).expect("writable");
    let found = loaded(folder.path(), text).diagnostics;
    assert!(
        found.sorted().into_iter().any(|d| d.code.id() == "E0507"),
        "a default needs a source like any fact"
    );
}

#[test]
fn only_a_domain_has_defaults_for_its_candidates() {
    let folder = TempDir::new().expect("a temporary folder");
    fs::create_dir_all(folder.path().join("criteria")).expect("writable");
    fs::write(
        folder.path().join("criteria/own.yaml"),
        "defaults: {licence: MIT}\n",
    )
    .expect("writable");
    let found = loaded(folder.path(), &decision("")).diagnostics;
    assert!(found.sorted().into_iter().any(|d| d.code.id() == "E0111"));
}

#[test]
fn a_policy_needs_no_range() {
    let text = decision("").replace("people: 4,", "people: {value: 3, kind: policy},");
    let (decision, _) = evaluated(&text);
    let fact = &decision.candidates[0].facts["people"];
    assert_eq!(fact.provenance.kind.map(|kind| kind.word()), Some("policy"));
    let judged = text.replace("kind: policy", "kind: judged, scale: guess");
    let folder = TempDir::new().expect("a temporary folder");
    assert!(
        loaded(folder.path(), &judged)
            .diagnostics
            .sorted()
            .into_iter()
            .any(|d| d.code.id() == "E0207")
    );
}

#[test]
fn commands_show_what_does_not_apply() {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(
        folder.path().join("decision.yaml"),
        decision("not_applicable: 0.25,"),
    )
    .expect("writable");
    let run = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_weigh"))
            .current_dir(folder.path())
            .args(args)
            .output()
            .expect("weigh runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let why = run(&["why", "decision.yaml", "managed"]);
    assert!(
        why.contains("does not apply: nobody outside sees who works on it"),
        "{why}"
    );
    assert!(
        why.contains("counts as 0.250, as the criterion says"),
        "{why}"
    );
    assert!(why.contains("n/a"), "{why}");
    let zh = run(&["why", "decision.yaml", "managed", "--lang", "zh"]);
    assert!(zh.contains("不适用"), "{zh}");
    let json: serde_json::Value =
        serde_json::from_str(&run(&["rank", "decision.yaml", "--format", "json"])).expect("JSON");
    let managed = json["ranking"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["candidate"] == "managed");
    assert_eq!(managed.expect("managed")["status"], "ranked");
    run(&["record", "decision.yaml"]);
    let record = fs::read_dir(folder.path())
        .expect("readable")
        .filter_map(|entry| fs::read_to_string(entry.expect("an entry").path()).ok())
        .find(|text| text.contains("\"inputs\""))
        .expect("a record");
    assert!(
        record.contains("not applicable (nobody outside sees who works on it)"),
        "{record}"
    );
    let again = run(&["recheck", "."]);
    assert!(!again.contains("fact changed"), "{again}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Adding a part to which facts do not apply changes no fact of the whole, whatever the roll-up.
    #[test]
    fn a_part_without_the_fact_changes_nothing(
        people in proptest::collection::vec(1_u32..50, 1..4),
        rule in proptest::sample::select(vec!["sum", "max", "min", "first"]),
        place_of_it in 0_usize..4,
    ) {
        let ids: Vec<String> = (0..people.len()).map(|i| format!("p{i}")).collect();
        let parts: String = people
            .iter()
            .zip(&ids)
            .map(|(n, id)| format!("  - {{id: {id}, facts: {{people: {n}}}}}\n"))
            .collect();
        let mut with = ids.clone();
        with.insert(place_of_it.min(ids.len()), "managed".to_owned());
        let (without, with) = (ids.join(", "), with.join(", "));
        let text = format!(
            "decision: d\nas_of: 2026-11-22\nfacts: {{people: {{title: People, unit: person, rollup: {rule}}}}}\ncandidates:\n{parts}  - {{id: managed, facts: {{people: {{not_applicable: rented}}}}}}\n  - {{id: a, parts: [{without}]}}\n  - {{id: b, parts: [{with}]}}\ncriteria: [{{id: k, title: K, expr: people, unit: person, value: {{worst: 0, best: 100}}, not_applicable: 0, points: 1}}]\n"
        );
        let (decision, evaluation) = evaluated(&text);
        let of = |id: &str| evaluation.rows[place(&decision, id)].measures[0];
        prop_assert_eq!(of("a").to_bits(), of("b").to_bits());
    }

    /// What a criterion says about candidates to which it does not apply is their value, and moves nobody else.
    #[test]
    fn the_value_is_what_the_criterion_says(percent in 0_u32..=100) {
        let value = f64::from(percent) / 100.0;
        let (decision_1, evaluation) = evaluated(&decision(&format!("not_applicable: {value},")));
        let row = &evaluation.rows[place(&decision_1, "managed")];
        prop_assert_eq!(row.values[0], value);
        prop_assert_eq!(row.point_values[0], value);
        let (decision_2, plain) = evaluated(&decision(""));
        prop_assert_eq!(evaluation.rows[place(&decision_1, "own")].score, plain.rows[place(&decision_2, "own")].score);
    }
}
