//! What a team file says about its members: its source and date, people by name, and skills that nothing uses.

use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;
use weigh::graph;
use weigh::load::{self, Choice, Loaded};
use weigh::model::evidence::FactValue;
use weigh::quantity::date::Date;

fn loaded(team: &str, set: &[&str]) -> Loaded {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("team.yaml"), team).expect("writable");
    let file = folder.path().join("decision.yaml");
    let text = "decision: d\nas_of: 2026-11-22\ncandidates: [flask, gin]\ncriteria: [{use: team_fit, points: 1}]\nteam: team.yaml\nscenarios: {lean: {set: {team.dev.cuont: 0.5}}, full: {set: {team.dev.count: 2}}}\n";
    fs::write(&file, text).expect("writable");
    let mut choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
    choice.set = set.iter().map(|s| (*s).to_owned()).collect();
    load::decision(&file, &choice)
}

fn found(loaded: &Loaded) -> Vec<(&'static str, String, String)> {
    let all = loaded.diagnostics.sorted().into_iter();
    all.map(|d| {
        let hint = d
            .hint
            .as_ref()
            .map_or_else(String::new, |hint| hint.en.clone());
        (d.code.id(), d.message.en.clone(), hint)
    })
    .collect()
}

const TEAM: &str = "
defaults: {kind: registry, source: HR export, as_of: 2026-01-10, expires: 2026-06-30}
members:
  - {id: dev, people: [ada, bo], share: 0.5, skill: {python: 2 year}}
  - {id: ops, count: 3, defaults: {source: interview, as_of: 2026-11-01, expires: 2027-11-01}, skill: {go: 1 year}}
";

#[test]
fn a_member_has_the_source_and_date_of_its_file_or_of_its_own() {
    let loaded = loaded(TEAM, &[]);
    assert!(!loaded.diagnostics.has_errors(), "{:?}", found(&loaded));
    let team = loaded.decision.expect("read").team.expect("a team");
    let [dev, ops] = &team.members[..] else {
        panic!("two members")
    };
    assert_eq!(&*dev.skill["python"].provenance.source, "HR export");
    assert_eq!(dev.share.provenance.as_of, Date::parse("2026-01-10"));
    assert!(dev.skill["python"].stale && dev.count.stale);
    assert_eq!(&*ops.skill["go"].provenance.source, "interview");
    assert_eq!(
        ops.skill["go"].provenance.kind.map(|kind| kind.word()),
        Some("registry")
    );
    assert!(!ops.skill["go"].stale);
    // A stale number widens, as that of a candidate.
    let FactValue::Number(years) = &dev.skill["python"].value else {
        panic!("a number")
    };
    let year = 365.25 * 86_400.0;
    let (low, high) = years.support();
    assert!((low / year - 1.8).abs() < 1e-9 && (high / year - 2.2).abs() < 1e-9);
}

#[test]
fn people_by_name_are_counted() {
    let loaded = loaded(TEAM, &[]);
    let team = loaded.decision.expect("read").team.expect("a team");
    assert_eq!(team.members[0].name.en, "ada, bo");
    assert_eq!(team.members[0].count.value.point(), 2.0);
    assert_eq!(team.members[1].count.value.point(), 3.0);
}

#[test]
fn a_count_against_the_list_and_a_person_twice_are_errors() {
    let wrong = self::loaded(
        "members: [{id: dev, people: [ada, bo], count: 3, skill: {}}]",
        &[],
    );
    assert!(
        found(&wrong).iter().any(|(code, ..)| *code == "E0510"),
        "{:?}",
        found(&wrong)
    );
    let twice = self::loaded(
        "members: [{id: dev, people: [ada]}, {id: ops, people: [ada]}]",
        &[],
    );
    assert!(
        found(&twice).iter().any(|(code, ..)| *code == "E0402"),
        "{:?}",
        found(&twice)
    );
}

#[test]
fn a_skill_that_nothing_uses_is_a_warning_with_a_suggestion() {
    let loaded = loaded(
        "members: [{id: dev, skill: {pyton: 3 year, gin: 1 year, this-domain: 1 year}}]",
        &[],
    );
    let all = found(&loaded);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].0, "W0580");
    assert_eq!(all[0].1, "nothing uses the skill `pyton`");
    assert_eq!(all[0].2, "did you mean `python`?");
}

#[test]
fn a_setting_of_a_member_that_matches_nothing_is_a_warning_with_a_suggestion() {
    let team = "members: [{id: dev, skill: {python: 3 year}}]";
    let typed = loaded(team, &["team.dev.cuont=3"]);
    let all = found(&typed);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(
        (all[0].0, all[0].2.as_str()),
        ("W0580", "did you mean `count`?")
    );
    for fine in [
        "team.dev.count=3",
        "team.dev.gin=1 year",
        "team.dev.skill.go=2 year",
    ] {
        assert_eq!(found(&loaded(team, &[fine])), [], "{fine}");
    }
    for unknown in [
        "team.deb.count=3",
        "candidates.gin.licenze=MIT",
        "horizn=3 year",
    ] {
        assert_eq!(found(&loaded(team, &[unknown]))[0].0, "E0401", "{unknown}");
    }
}

#[test]
fn a_scenario_that_sets_nothing_is_a_warning() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("decision.yaml");
    let text = "decision: d\nas_of: 2026-11-22\ncandidates: [flask, gin]\ncriteria: [{use: team_fit, points: 1}]\nteam: {members: [{id: dev, skill: {python: 1 year}}]}\nscenarios: {lean: {set: {team.dev.cuont: 0.5}}}\n";
    fs::write(&file, text).expect("writable");
    let mut choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
    choice.scenario = Some("lean".to_owned());
    let loaded = load::decision(&file, &choice);
    assert_eq!(found(&loaded)[0].0, "W0580");
}

#[test]
fn a_stale_skill_that_could_turn_the_winner_is_reported() {
    let loaded = loaded(TEAM, &[]);
    let decision = loaded.decision.expect("read");
    let mut diagnostics = loaded.diagnostics;
    let graph = graph::compile(&decision, &mut diagnostics).expect("compiles");
    let mut each = weigh::diagnostic::Diagnostics::default();
    weigh::analysis::staleness::report_each(&decision, &graph, &mut each);
    let texts: Vec<String> = each.sorted().iter().map(|d| d.message.en.clone()).collect();
    assert!(
        texts.contains(&"`team.dev.skill.python` expired on 2026-06-30".to_owned()),
        "{texts:?}"
    );
}

#[test]
fn why_shows_the_source_of_a_skill() {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("team.yaml"), TEAM).expect("writable");
    let text = "decision: d\nas_of: 2026-11-22\ncandidates: [flask, gin]\ncriteria: [{use: team_fit, points: 1}]\nteam: team.yaml\n";
    fs::write(folder.path().join("decision.yaml"), text).expect("writable");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(folder.path())
        .args(["why", "decision.yaml", "gin"])
        .output()
        .expect("weigh runs");
    let why = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        why.contains("HR export") && why.contains("interview"),
        "{why}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A list of people and a count of as many say the same.
    #[test]
    fn a_list_of_people_is_a_count(n in 1_usize..6, months in 0_u32..80) {
        let names: Vec<String> = (0..n).map(|i| format!("p{i}")).collect();
        let list = names.join(", ");
        let measured = |team: &str| {
            let loaded = loaded(team, &[]);
            let decision = loaded.decision.expect("read");
            let mut sink = loaded.diagnostics;
            let graph = graph::compile(&decision, &mut sink).expect("compiles");
            let rows = weigh::eval::Plan::new(&decision, &graph).evaluate().rows;
            rows.iter().map(|row| row.measures[0].to_bits()).collect::<Vec<_>>()
        };
        let other = "{id: zed, skill: {go: 3 year, gin: 1 year}}";
        let by_name = measured(&format!("members: [{{id: dev, people: [{list}], skill: {{python: {months} month}}}}, {other}]"));
        let by_count = measured(&format!("members: [{{id: dev, count: {n}, skill: {{python: {months} month}}}}, {other}]"));
        prop_assert_eq!(by_name, by_count);
    }

    /// Every typing mistake in a language of the transfer table is noticed, however long the experience.
    #[test]
    fn a_misspelt_language_is_noticed(
        language in proptest::sample::select(vec!["python", "javascript", "typescript", "kotlin", "elixir"]),
        at in 1_usize..5,
    ) {
        let mut letters: Vec<char> = language.chars().collect();
        letters.remove(at.min(letters.len() - 1));
        let wrong: String = letters.into_iter().collect();
        let loaded = loaded(&format!("members: [{{id: dev, skill: {{{wrong}: 3 year}}}}]"), &[]);
        let all = found(&loaded);
        prop_assert_eq!(all.len(), 1);
        prop_assert!(all[0].2.contains("did you mean"), "{:?}", all);
    }
}
