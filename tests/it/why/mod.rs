//! `weigh why` for a reader with a pocket calculator: every line of arithmetic on the page is recomputed from the figures on it, within
//! the rounding of the display.

mod calculator;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use calculator::{Calculator, recompute};

fn page(decision: &str, candidate: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(root)
        .args(["why", decision, candidate, "--evidence", "repo"])
        .args(["--lang", "en", "--color", "never"])
        .output()
        .expect("the program was built");
    assert!(
        run.status.success(),
        "{decision} {candidate}: {}",
        String::from_utf8_lossy(&run.stderr)
    );
    String::from_utf8(run.stdout).expect("output is UTF-8")
}

#[test]
fn every_figure_of_a_page_can_be_recomputed_from_the_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // An example, its candidates, and the least number of equations on each page.
    let pages: &[(&str, &[&str], usize)] = &[
        ("auth-service", &["gin", "flask"], 50),
        ("order-api", &["gin-queue", "flask-sync"], 25),
        ("small-shop", &["flask", "django"], 25),
        ("token-strategy", &["oauth2-with-jwt"], 4),
        ("postgresql-upgrade", &["postgresql-14"], 4),
        ("primary-database", &["postgresql"], 4),
        ("fraud-streaming", &["kafka-streams"], 4),
    ];
    for (example, candidates, least) in pages {
        let path = format!("examples/{example}");
        let calculator = Calculator::new(&root.join(&path));
        for candidate in *candidates {
            let page = page(&path, candidate);
            let done = recompute(&calculator, &page);
            assert!(
                done.faults.is_empty(),
                "{example} {candidate}:\n{}\n\n{page}",
                done.faults.join("\n")
            );
            assert!(
                done.equations >= *least,
                "{example} {candidate}: {} equations\n{page}",
                done.equations
            );
        }
    }
}

/// Every shape of a value function, every fold over every kind of source.
const SHAPES: &str = "
decision: shapes
as_of: 2026-11-22
facts:
  wait: {title: {en: Wait, zh: 等待}, unit: h}
  grade: {title: {en: Grade, zh: 等级}, kind: level, levels: {low: {en: low, zh: 低}, mid: {en: mid, zh: 中}, high: {en: high, zh: 高}}}
inputs:
  growth: {title: {en: Growth, zh: 增长}, unit: '%', value: 7.3}
  price: {title: {en: Price, zh: 价格}, unit: EUR/h, value: 61.7}
  span: {title: {en: Span, zh: 期限}, unit: year, value: 4.5}
tables:
  factor: {title: {en: Factor, zh: 系数}, x: month, points: {3: 1.3, 17: 1.05, 40: 0.77}, interpolate: log}
  share_known: {title: {en: Share, zh: 份额}, x: month, unit: '%', points: {0: 0, 24: 80, 60: 100}}
  rung: {title: {en: Rung, zh: 档位}, x: month, points: {0: 1, 12: 2, 36: 3}, interpolate: step}
  near: {title: {en: Near, zh: 相近}, keys: [from, to], default: 0.15, rows: {go: {go: 1, rust: 0.45}, rust: {rust: 1, go: 0.6}}}
formulas:
  summed: {title: {en: S, zh: S}, unit: EUR, expr: 'price * sum(t in 1..span / 1 year: wait * t / (1 + growth) ^ t)'}
  weighed: {title: {en: W, zh: W}, unit: '1', expr: 'mean(p in team: factor(p.skill[platform]) * share_known(p.skill[\"go\"]), weight: p.count * p.share)'}
  averaged: {title: {en: A, zh: A}, unit: '1', expr: 'mean(p in team: rung(p.skill[\"go\"] * near[\"go\", platform]))'}
  smallest: {title: {en: N, zh: N}, unit: month, expr: 'min(p in team: if(count(s in p.skill: s.value > 1 year) > 0, max(s in p.skill: s.value * near[s.key, platform]), 2 month))'}
  largest: {title: {en: X, zh: X}, unit: h, expr: 'max(t in 2..5: abs(wait - t * 1 h) / t)'}
  counted: {title: {en: C, zh: C}, unit: '1', expr: 'count(p in team: p.skill[platform] >= 1 year) + count(t in 1..6: t > wait / 1 h)'}
  empty: {title: {en: E, zh: E}, unit: '1', expr: 'sum(t in 3..1: t) + averaged'}
candidates:
  - {id: within, facts: {wait: 3.7, grade: mid, platform: rust}}
  - {id: beyond, facts: {wait: 83, grade: high, platform: go}}
  - {id: below, facts: {wait: 0, grade: low, platform: cobol}}
criteria:
  - {id: linear, title: {en: Linear, zh: 线}, expr: wait, unit: h, value: {shape: linear, worst: 12.345, best: 0.5}, points: 10}
  - {id: piecewise, title: {en: Piecewise, zh: 段}, expr: wait, unit: h, value: {shape: piecewise, points: {1: 0, 3: 0.4, 7: 0.85, 20: 1}}, points: 10}
  - {id: logarithmic, title: {en: Logarithmic, zh: 对}, expr: wait, unit: h, value: {shape: logarithmic, worst: 60, best: 0.3}, points: 10}
  - {id: exponential, title: {en: Exponential, zh: 指}, expr: wait, unit: h, value: {shape: exponential, worst: 24, best: 1, curvature: -2.5}, points: 10}
  - {id: step, title: {en: Step, zh: 阶}, expr: wait, unit: h, value: {shape: step, points: {1: 1, 3: 0.5, 7: 0.1}}, points: 10}
  - {id: curve, title: {en: Curve, zh: 曲}, expr: wait, unit: h, value: {shape: s-curve, worst: 9, best: 1}, points: 10}
  - {id: target, title: {en: Target, zh: 目}, expr: wait, unit: h, value: {shape: target, worst: 1, target: 3, best: 11}, points: 10}
  - {id: levels, title: {en: Levels, zh: 等}, expr: grade, value: {shape: levels, levels: {low: 0, mid: 0.35, high: 1}}, points: 10}
  - {id: k1, title: {en: K, zh: K}, expr: summed, unit: EUR, value: {shape: linear, worst: 90000, best: 0}, points: 10}
  - {id: k2, title: {en: K, zh: K}, expr: weighed, unit: '1', value: {shape: linear, worst: 0, best: 1.5}, points: 10}
  - {id: k3, title: {en: K, zh: K}, expr: averaged, unit: '1', value: {shape: linear, worst: 0, best: 3}, points: 10}
  - {id: k4, title: {en: K, zh: K}, expr: smallest, unit: month, value: {shape: linear, worst: 0, best: 60}, points: 10}
  - {id: k5, title: {en: K, zh: K}, expr: largest, unit: h, value: {shape: linear, worst: 50, best: 0}, points: 10}
  - {id: k6, title: {en: K, zh: K}, expr: counted, unit: '1', value: {shape: linear, worst: 0, best: 10}, points: 10}
  - {id: k7, title: {en: K, zh: K}, expr: empty, unit: '1', value: {shape: linear, worst: 0, best: 10}, points: 10}
defaults: {kind: published, source: made up, as_of: 2026-11-22}
team:
  members:
    - {id: ann, share: 0.6, skill: {go: 29 month, rust: 7 month}}
    - {id: bo, count: 2, skill: {rust: 41 month}}
    - {id: cy, share: 0.3}
";

#[test]
fn every_shape_and_every_iteration_shows_its_arithmetic() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("decision.yaml");
    fs::write(&file, SHAPES).expect("writable");
    let calculator = Calculator::new(&file);
    let path = file.to_str().expect("a path of text");
    let mut pages = BTreeMap::new();
    for (candidate, least) in [("within", 60), ("beyond", 60), ("below", 50)] {
        let page = page(path, candidate);
        let done = recompute(&calculator, &page);
        assert!(
            done.faults.is_empty(),
            "{candidate}:\n{}\n\n{page}",
            done.faults.join("\n")
        );
        assert!(
            done.equations >= least,
            "{candidate}: {} equations\n{page}",
            done.equations
        );
        pages.insert(candidate, page);
    }
    let shows = |candidate: &str, line: &str| {
        assert!(
            pages[candidate].contains(line),
            "{line}\n{}",
            pages[candidate]
        );
    };
    shows(
        "within",
        "linear 12.345 -> 0.5 h: (3.7 - 12.345) / (0.5 - 12.345) = 0.730",
    );
    shows(
        "within",
        "piecewise (1 0, 3 0.4, 7 0.85, 20 1; h): 0.4 + (0.85 - 0.4) * (3.7 - 3) / (7 - 3) = 0.479",
    );
    shows(
        "within",
        "logarithmic 60 -> 0.3 h: ln(3.7 / 60) / ln(0.3 / 60) = 0.526",
    );
    shows(
        "within",
        "exponential 24 -> 1 h, curvature -2.5: t = (3.7 - 24) / (1 - 24) = 0.883; (1 - exp(2.5 * 0.883)) / (1 - exp(2.5)) = 0.723",
    );
    shows(
        "within",
        "step (1 1, 3 0.5, 7 0.1; h): 3.7 is in the step from 3 = 0.500",
    );
    shows("within", "s-curve 9 -> 1 h: t = (3.7 - 9) / (1 - 9) = 0.66");
    shows(
        "within",
        "target 1 -> 3 <- 11 h: (3.7 - 11) / (3 - 11) = 0.91",
    );
    shows("within", "levels (low 0, mid 0.35, high 1): mid = 0.350");
    shows(
        "within",
        "p.skill[\"rust\"] = 0 months  (not listed: assumed 0)",
    );
    shows("within", "near[\"go\", \"rust\"] = 0.45");
    shows(
        "beyond",
        "(83 - 12.345) / (0.5 - 12.345) = -5.96, held at 0",
    );
    shows("beyond", "from the last point, 20, on: its value = 1.000");
    shows(
        "below",
        "near[\"go\", \"cobol\"] = 0.15  (not in the table: its default)",
    );
    shows(
        "below",
        "0 has no logarithm: beyond the lower anchor = 1.000",
    );
    shows(
        "beyond",
        "t = (83 - 24) / (1 - 24) = -2.57, held at 0; (1 - exp(2.5 * 0)) / (1 - exp(2.5)) = 0.000",
    );
    // What was explained once is not explained again.
    let page = &pages["within"];
    assert_eq!(page.matches("= mean(p in team: rung(").count(), 1, "{page}");
    shows("within", "averaged = ");
    assert!(
        page.lines()
            .any(|l| l.trim_start().starts_with("averaged = ") && l.ends_with("see above")),
        "{page}"
    );
}

#[test]
fn a_rolled_up_fact_shows_its_parts_and_what_they_add_up_to() {
    let page = page("examples/observability", "observability-set");
    let at = page.find("learning_weeks = 5.1 weeks").expect("the fact");
    let block: Vec<&str> = page[at..].lines().take(16).map(str::trim).collect();
    assert_eq!(
        block[1..3],
        [
            "= the sum of its parts",
            "= 0.6 weeks + 2 weeks + 2.5 weeks"
        ]
    );
    for part in ["logback-mdc = 0.6 weeks", "opentelemetry = 2.5 weeks"] {
        let line = block.iter().position(|line| line.starts_with(part));
        let line = line.unwrap_or_else(|| panic!("{part}: {block:?}"));
        assert!(block[line].contains("catalogs/"), "{}", block[line]);
        assert!(
            block[line + 1].starts_with("judged · "),
            "{}",
            block[line + 1]
        );
    }
}

#[test]
fn an_input_is_explained_where_it_comes_first_on_the_page() {
    let page = page("examples/order-api", "gin-queue");
    let mentions: Vec<(usize, &str)> = page
        .lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with("cores_needed = "))
        .collect();
    let [(first, a), (_, b)] = mentions[..] else {
        panic!("{page}")
    };
    assert!(!a.ends_with("see above") && b.ends_with("see above"));
    let next = page.lines().nth(first + 1).expect("its formula");
    assert!(next.trim_start().starts_with("= orders.peak"), "{next}");
}

#[test]
fn json_carries_the_steps_as_fields() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(root)
        .args([
            "why",
            "examples/order-api",
            "gin-queue",
            "--evidence",
            "repo",
            "--format",
            "json",
        ])
        .output()
        .expect("the program was built");
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).expect("a document");
    let criteria = json["criteria"].as_array().expect("criteria");
    let of = |id: &str| {
        let found = criteria.iter().find(|k| k["criterion"] == id);
        found.unwrap_or_else(|| panic!("{id}"))
    };
    let team = &of("team_fit")["measure"]["rests_on"][0];
    let element = &team["working"][0];
    assert_eq!(element["label"], "p = three-developers");
    assert_eq!(element["kind"], "element");
    assert_eq!(element["weight"]["value"], 3.0);
    assert_eq!(element["working"][0]["kind"], "call");
    let zero = find_step(element, "p.skill[\"go\"]").expect("the skill is looked up");
    assert_eq!(
        (&zero["value"], &zero["unit"]),
        (&0.0.into(), &"month".into())
    );
    assert_eq!(zero["note"], "not listed: assumed 0");
    let toil = &of("ops_toil")["measure"]["working"];
    let parts: Vec<(&str, f64)> = toil
        .as_array()
        .expect("one step for each part")
        .iter()
        .map(|part| {
            (
                part["label"].as_str().expect("label"),
                part["value"].as_f64().expect("value"),
            )
        })
        .collect();
    assert_eq!(parts, [("part = gin", 3.5), ("part = rabbitmq", 5.5)]);
    let cores = &of("cores")["value_working"];
    assert_eq!(cores["formulas"][0], "ln(2.48 / 32) / ln(1 / 32)");
    let beyond = of("answer")["value_working"]["free"].as_f64();
    assert!(beyond.expect("beyond the best anchor") > 1.0);
}

/// The first step at any depth whose first formula is this one.
fn find_step<'j>(step: &'j serde_json::Value, formula: &str) -> Option<&'j serde_json::Value> {
    if step["formulas"][0] == formula {
        return Some(step);
    }
    let inner = step["working"].as_array()?;
    inner.iter().find_map(|own| find_step(own, formula))
}
