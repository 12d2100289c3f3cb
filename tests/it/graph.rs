//! The graph that is drawn is the graph that runs: what a file says of formulas, gates, parts and criteria changes the outcome.

use std::collections::BTreeMap;
use std::path::Path;

use weigh::diagnostic::{Code, Diagnostics, Style, render};
use weigh::eval::{Plan, Status};
use weigh::graph;
use weigh::lang::Lang;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;

/// What became of each candidate: status, reasons in English, score.
type Outcome = BTreeMap<String, (Status, String, Option<f64>)>;

/// Opens a decision that must be sound, and gives the warnings too.
fn evaluate(path: &Path) -> (Outcome, Diagnostics, String) {
    let loaded = load::decision(
        path,
        &Choice::plain(Date::parse("2026-11-22").expect("a day")),
    );
    let mut sink = loaded.diagnostics;
    let decision = loaded.decision.expect("the file can be read");
    let compiled = graph::compile(&decision, &mut sink);
    let said = sink
        .sorted()
        .iter()
        .map(|d| render(d, &loaded.sources, Style::default()))
        .collect::<Vec<_>>()
        .join("\n");
    let compiled = compiled.unwrap_or_else(|| panic!("{said}"));
    let rows = Plan::new(&decision, &compiled).evaluate().rows;
    let reasons = |row: &weigh::eval::CandidateScore| {
        row.reasons
            .iter()
            .map(|r| r.get(Lang::En).to_owned())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let outcome = decision
        .candidates
        .iter()
        .zip(&rows)
        .map(|(c, row)| (c.id.clone(), (row.status, reasons(row), row.score)))
        .collect();
    (outcome, sink, said)
}

fn of_text(text: &str) -> (Outcome, Diagnostics, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("decision.yaml");
    std::fs::write(&path, text).expect("the folder is ours");
    evaluate(&path)
}

fn outcome(text: &str) -> Outcome {
    of_text(text).0
}

/// Ranked candidates, best first.
fn ranking(outcome: &Outcome) -> Vec<&str> {
    let mut ranked: Vec<(&str, f64)> = outcome
        .iter()
        .filter_map(|(id, (_, _, score))| score.map(|s| (id.as_str(), s)))
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    ranked.into_iter().map(|(id, _)| id).collect()
}

/// Quick has little to pay for but much work behind it; steady is the other way round.
const TWO: &str = "
decision: two
as_of: 2026-11-22
facts:
  rent: {title: Rent, unit: EUR/year, rollup: sum}
  labour: {title: Labour, unit: EUR/year, rollup: sum}
  mature: {title: Mature, kind: flag, rollup: all}
  integration: {title: Integration, unit: h}
  building: {title: Building, unit: h}
candidates:
  - {id: quick, facts: {rent: 100, labour: 800, mature: true, integration: 10}}
  - {id: steady, facts: {rent: 500, labour: 100, mature: false, building: 40}}
formulas:
  upkeep: {title: Upkeep, expr: rent + labour, unit: EUR/year}
criteria:
  - {id: running, expr: upkeep, unit: EUR/year, points: 1, value: {worst: 1000, best: 0}}
";

#[test]
fn without_one_edge_the_ranking_is_another() {
    assert_eq!(ranking(&outcome(TWO)), ["steady", "quick"]);
    let cut = TWO.replace("expr: rent + labour", "expr: rent");
    assert_eq!(ranking(&outcome(&cut)), ["quick", "steady"]);
}

#[test]
fn without_its_gate_a_candidate_is_back() {
    let gate = "gates: [{gate: proven, ask: mature, screen: {when: false, reason: {en: not proven, zh: 未经验证}}}]\n";
    let with = outcome(&format!("{TWO}{gate}"));
    assert_eq!(ranking(&with), ["quick"]);
    let (status, reason, _) = &with["steady"];
    assert_eq!((*status, reason.as_str()), (Status::Screened, "not proven"));
    assert_eq!(ranking(&outcome(TWO)), ["steady", "quick"]);
}

const FORK: &str = "
gates:
  - {gate: ready-made, ask: mature, fork: {yes: integration, no: building * 2}, gives: way, unit: h}
";

#[test]
fn the_branch_that_is_not_walked_needs_no_facts() {
    let by_way = TWO.replace("criteria:\n", "criteria:\n  - {id: effort, expr: way, unit: h, points: 1, value: {worst: 100, best: 0}}\n");
    // Neither has the fact of the other's branch.
    let both = outcome(&format!("{by_way}{FORK}"));
    assert!(
        both.values().all(|(status, ..)| *status == Status::Ranked),
        "{both:?}"
    );
    // 0.5 * (1 - 10 / 100) + 0.5 * (1 - 900 / 1000), and 0.5 * (1 - 80 / 100) + 0.5 * (1 - 600 / 1000)
    assert!((both["quick"].2.expect("ranked") - 0.5).abs() < 1e-12);
    assert!((both["steady"].2.expect("ranked") - 0.3).abs() < 1e-12);
    // The walked branch does need its own.
    let without = outcome(&format!("{}{FORK}", by_way.replace(", building: 40", "")));
    assert_eq!(
        (without["steady"].0, without["quick"].0),
        (Status::Incomplete, Status::Ranked)
    );
    // And the question its answer: unknown is neither yes nor no.
    let unasked = outcome(&format!(
        "{}{FORK}",
        by_way.replace("mature: false", "mature: {missing: nobody has tried}")
    ));
    assert_eq!(unasked["steady"].0, Status::Incomplete);
}

#[test]
fn unknown_is_neither_passed_nor_screened() {
    let gate = "gates: [{gate: proven, ask: mature, screen: {when: false, reason: {en: not proven, zh: 未经验证}}}]\n";
    let text =
        format!("{TWO}{gate}").replace("mature: false", "mature: {missing: nobody has tried}");
    let outcome = outcome(&text);
    let (status, reason, score) = &outcome["steady"];
    assert_eq!((*status, *score), (Status::Incomplete, None));
    assert!(reason.contains("nobody has tried"), "{reason}");
    // A gate that screens wins over a fact that is missing elsewhere.
    let screened = self::outcome(&format!("{TWO}{gate}").replace("rent: 500, ", ""));
    assert_eq!(screened["steady"].0, Status::Screened);
}

#[test]
fn missing_stays_missing_unless_the_author_says_otherwise() {
    let without = TWO.replace("rent: 500, ", "");
    assert_eq!(outcome(&without)["steady"].0, Status::Incomplete);
    let pessimistic = without.replace("points: 1,", "points: 1, missing: pessimistic,");
    let (status, _, score) = &outcome(&pessimistic)["steady"];
    assert_eq!((*status, *score), (Status::Ranked, Some(0.0)));
    let range = without.replace("points: 1,", "points: 1, missing: range,");
    assert_eq!(outcome(&range)["steady"].0, Status::Ranked);
}

#[test]
fn requirements_are_met_by_what_exists_or_by_a_part() {
    let needs = TWO.replace(
        "  - {id: steady, facts: {",
        "  - {id: broker, facts: {rent: 50, labour: 50, mature: true}}\n  - {id: both, parts: [steady, broker]}\n  - {id: steady, requires: [broker], facts: {",
    );
    let unmet = outcome(&needs);
    assert_eq!(unmet["steady"].0, Status::Screened, "{unmet:?}");
    assert!(
        unmet["steady"].1.contains("broker"),
        "{}",
        unmet["steady"].1
    );
    // Met by another part: counted. 550 + 150 of 1000.
    let (status, _, score) = &unmet["both"];
    assert_eq!(*status, Status::Ranked);
    assert!((score.expect("ranked") - 0.3).abs() < 1e-12);
    // Met by what runs here already: free. 600 of 1000.
    let free = outcome(&format!("{needs}existing: [broker]\n"));
    assert!((free["steady"].2.expect("ranked") - 0.4).abs() < 1e-12);
}

#[test]
fn a_cost_counted_twice_is_told_with_both_ways() {
    let twice = TWO.replace(
        "criteria:\n",
        "  whole: {title: Whole, expr: upkeep * 1.2, unit: EUR/year}\ncriteria:\n  - {id: owning, expr: whole, unit: EUR/year, points: 1, value: {worst: 1000, best: 0}}\n",
    );
    let (_, sink, said) = of_text(&twice);
    assert!(
        sink.sorted().iter().any(|d| d.code == Code::DoubleCounting),
        "{said}"
    );
    assert!(
        said.contains("upkeep -> running") && said.contains("upkeep -> whole -> owning"),
        "{said}"
    );
    let once = twice.replace(
        "id: owning, expr: whole, unit: EUR/year, points: 1",
        "id: owning, expr: whole, unit: EUR/year, points: 0",
    );
    assert!(
        !of_text(&once)
            .1
            .sorted()
            .iter()
            .any(|d| d.code == Code::DoubleCounting)
    );
}

/// A candidate and a team for whom every shipped criterion has a score strictly between 0 and 1.
const EVERYTHING: &str = "
decision: everything
as_of: 2026-11-22
candidates:
  - id: one
    facts: {goodput: 60, latency_p99: 50, memory: 100, learning_weeks: 3..5, effort_factor: 1, ops_hours: 20, exit_sites: 30,
      breaking_majors: 2, support_end: 2028-01-01, absence_factor: 3, maturity: adequate, language: go, platform: gin,
      codebase_stability: 5, team_experience: 8, support_level: 5}
team:
  members:
    - {id: ana, skill: {go: 1 year, gin: 1 year, this-domain: 1 year}}
    - {id: bo, skill: {python: 2 year}}
";

/// What becomes of an `expr`.
type Edit<'a> = &'a dyn Fn(&str) -> String;

/// Copies the shipped criteria to a folder of their own, one `expr` of one criterion changed by `edit`.
fn criteria_with(folder: &Path, criterion: Option<(&str, Edit<'_>)>) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("criteria");
    std::fs::create_dir_all(folder.join("criteria")).expect("the folder is ours");
    let mut edited = criterion.is_none();
    for entry in std::fs::read_dir(shipped)
        .expect("criteria ship")
        .flatten()
        .filter(|e| e.path().is_file())
    {
        let text = std::fs::read_to_string(entry.path()).expect("criteria are text");
        let (mut section, mut inside, mut lines) = (false, false, Vec::new());
        for line in text.lines() {
            section = if line.starts_with(' ') || line.is_empty() {
                section
            } else {
                line.starts_with("criteria:")
            };
            if let (true, Some((id, edit))) = (section, criterion) {
                if line.starts_with("  ") && !line.starts_with("   ") {
                    inside = line.trim() == format!("{id}:");
                }
                if let (true, Some(expr)) = (inside, line.strip_prefix("    expr: ")) {
                    edited = true;
                    lines.push(format!(
                        "    expr: '{}'",
                        edit(expr.trim_matches(['"', '\'']))
                    ));
                    continue;
                }
            }
            lines.push(line.to_owned());
        }
        std::fs::write(
            folder.join("criteria").join(entry.file_name()),
            lines.join("\n") + "\n",
        )
        .expect("the folder is ours");
    }
    assert!(
        edited,
        "{:?} has no `expr` on a line of its own",
        criterion.map(|c| c.0)
    );
}

fn score_by(criterion: &str, edit: Option<Edit<'_>>) -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    criteria_with(folder.path(), edit.map(|edit| (criterion, edit)));
    let path = folder.path().join("decision.yaml");
    std::fs::write(
        &path,
        format!("{EVERYTHING}criteria: [{{use: {criterion}, points: 1}}]\n"),
    )
    .expect("the folder is ours");
    let (outcome, _, said) = evaluate(&path);
    let (status, reasons, score) = &outcome["one"];
    assert_eq!(*status, Status::Ranked, "{criterion}: {reasons}\n{said}");
    score.expect("ranked")
}

#[test]
fn editing_any_shipped_criterion_changes_the_score() {
    let loaded = load::decision(
        Path::new("examples/auth-service"),
        &Choice::plain(Date::parse("2026-11-22").expect("a day")),
    );
    let library = loaded.decision.expect("the first example is sound").library;
    assert!(
        library.criteria.len() >= 14,
        "{:?}",
        library.criteria.keys()
    );
    for (id, criterion) in &library.criteria {
        let before = score_by(id, None);
        assert!(
            before > 0.0 && before < 1.0,
            "{id}: {before} lies at an anchor, so nothing could be seen"
        );
        // Levels are words: another word instead. All others: twice the measure.
        let by_words = matches!(
            criterion.value,
            Some(weigh::quantity::value_function::ValueFunction::Levels(_))
        );
        let edit = |expr: &str| {
            if by_words {
                "\"rich\"".to_owned()
            } else {
                format!("2 * ({expr})")
            }
        };
        let after = score_by(id, Some(&edit));
        assert!(
            (after - before).abs() > 1e-9,
            "{id}: {before} before and after"
        );
    }
}
