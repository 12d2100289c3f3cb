//! Properties of a whole decision from text to score, on random small decisions: as matrix CSV, and as `decision.yaml`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use weigh::eval::{CandidateScore, Plan, Status};
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::model::decision::Decision;
use weigh::quantity::date::Date;

/// A small decision in figures. Anchors lie wider than the figures, so that every step counts.
#[derive(Clone, Debug)]
struct Small {
    maxima: Vec<bool>,
    points: Vec<u32>,
    /// `None` is a cell that is not known; two figures are a range.
    rows: Vec<Vec<Option<(i32, i32)>>>,
}

const WORST: i32 = -110;
const BEST: i32 = 110;

impl Small {
    fn cell(cell: Option<(i32, i32)>) -> String {
        match cell {
            None => String::new(),
            Some((low, high)) if low == high => format!("{}", f64::from(low) / 4.0),
            Some((low, high)) => format!(
                "{}..{}",
                f64::from(low.min(high)) / 4.0,
                f64::from(low.max(high)) / 4.0
            ),
        }
    }

    fn anchors(&self, k: usize) -> (i32, i32) {
        if self.maxima[k] {
            (WORST, BEST)
        } else {
            (BEST, WORST)
        }
    }

    fn csv(&self) -> String {
        let n = self.maxima.len();
        let line = |head: &str, cell: &dyn Fn(usize) -> String| {
            (0..n).map(cell).fold(head.to_owned(), |mut line, cell| {
                write!(line, ",{cell}").expect("text takes everything");
                line
            })
        };
        let mut lines = vec![
            line("candidate", &|k| format!("k{k}")),
            line("@direction", &|k| {
                if self.maxima[k] { "max" } else { "min" }.to_owned()
            }),
            line("@weight", &|k| self.points[k].to_string()),
            line("@worst", &|k| self.anchors(k).0.to_string()),
            line("@best", &|k| self.anchors(k).1.to_string()),
        ];
        for (c, row) in self.rows.iter().enumerate() {
            lines.push(line(&format!("c{c}"), &|k| Self::cell(row[k])));
        }
        lines.join("\n") + "\n"
    }

    fn yaml(&self) -> String {
        let mut text = String::from("decision: small\nas_of: 2026-11-22\nfacts:\n");
        let put = |text: &mut String, line: String| {
            writeln!(text, "{line}").expect("text takes everything")
        };
        for k in 0..self.maxima.len() {
            put(&mut text, format!("  k{k}: {{title: K{k}}}"));
        }
        put(&mut text, "candidates:".to_owned());
        for (c, row) in self.rows.iter().enumerate() {
            let known = row.iter().enumerate().filter(|(_, cell)| cell.is_some());
            let facts: Vec<String> = known
                .map(|(k, cell)| format!("k{k}: {}", Self::cell(*cell)))
                .collect();
            put(
                &mut text,
                format!("  - {{id: c{c}, facts: {{{}}}}}", facts.join(", ")),
            );
        }
        put(&mut text, "criteria:".to_owned());
        for k in 0..self.maxima.len() {
            let ((worst, best), points) = (self.anchors(k), self.points[k]);
            put(
                &mut text,
                format!(
                    "  - {{id: by_k{k}, expr: k{k}, points: {points}, value: {{worst: {worst}, best: {best}}}}}"
                ),
            );
        }
        text
    }
}

fn small(certain: bool, complete: bool) -> impl Strategy<Value = Small> {
    (1_usize..=4, 1_usize..=6).prop_flat_map(move |(k, n)| {
        let figure = -400..=400_i32;
        let figures =
            (figure.clone(), figure).prop_map(move |(a, b)| if certain { (a, a) } else { (a, b) });
        let cell =
            prop_oneof![if complete { 0 } else { 1 } => Just(None), 8 => figures.prop_map(Some)];
        let rows = prop::collection::vec(prop::collection::vec(cell, k), n);
        (
            prop::collection::vec(any::<bool>(), k),
            prop::collection::vec(1_u32..50, k),
            rows,
        )
            .prop_map(|(maxima, points, rows)| Small {
                maxima,
                points,
                rows,
            })
    })
}

fn open(name: &str, text: &str) -> Decision {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("the folder is ours");
    let loaded = load::decision(
        &path,
        &Choice::plain(Date::parse("2026-11-22").expect("a day")),
    );
    assert!(
        !loaded.diagnostics.has_errors(),
        "{text}\n{:?}",
        loaded.diagnostics
    );
    loaded
        .decision
        .expect("without an error there is a decision")
}

fn with_plan<T>(decision: &Decision, ask: impl FnOnce(&Plan<'_>) -> T) -> T {
    let graph = graph::compile(decision, &mut Default::default()).expect("the decision is sound");
    ask(&Plan::new(decision, &graph))
}

fn rows(decision: &Decision) -> BTreeMap<String, CandidateScore> {
    let rows = with_plan(decision, |plan| plan.evaluate().rows);
    decision
        .candidates
        .iter()
        .map(|c| c.id.clone())
        .zip(rows)
        .collect()
}

fn scores(decision: &Decision) -> BTreeMap<String, (Status, Option<f64>)> {
    rows(decision)
        .into_iter()
        .map(|(id, row)| (id, (row.status, row.score)))
        .collect()
}

fn same(
    a: &BTreeMap<String, (Status, Option<f64>)>,
    b: &BTreeMap<String, (Status, Option<f64>)>,
) -> bool {
    let close = |x: Option<f64>, y: Option<f64>| match (x, y) {
        (Some(x), Some(y)) => (x - y).abs() < 1e-12,
        (None, None) => true,
        _ => false,
    };
    a.len() == b.len()
        && a.iter().all(|(id, (status, score))| {
            b.get(id)
                .is_some_and(|(s, x)| s == status && close(*score, *x))
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scaling_all_points_changes_nothing(small in small(false, false), factor in 2_u32..1000) {
        let scaled = Small { points: small.points.iter().map(|p| p * factor).collect(), ..small.clone() };
        prop_assert!(same(&scores(&open("m.csv", &small.csv())), &scores(&open("m.csv", &scaled.csv()))));
    }

    #[test]
    fn the_order_of_candidates_changes_nothing(small in small(false, false)) {
        let text = small.csv();
        let (head, body): (Vec<&str>, Vec<&str>) = text.lines().partition(|l| l.starts_with('@') || l.starts_with("candidate"));
        let turned = head.into_iter().chain(body.into_iter().rev()).collect::<Vec<_>>().join("\n");
        prop_assert!(same(&scores(&open("m.csv", &text)), &scores(&open("m.csv", &turned))));
    }

    #[test]
    fn the_dominated_never_outrank_their_dominator(small in small(false, false)) {
        let rows = rows(&open("m.csv", &small.csv()));
        let ranked: Vec<&CandidateScore> = rows.values().filter(|r| r.status == Status::Ranked).collect();
        for a in &ranked {
            for b in &ranked {
                if a.values.iter().zip(&b.values).all(|(x, y)| x >= y) {
                    prop_assert!(a.score >= b.score, "{a:?} dominates {b:?}");
                }
            }
        }
    }

    #[test]
    fn contributions_sum_to_the_score(small in small(false, false)) {
        for row in rows(&open("m.csv", &small.csv())).values() {
            match row.score {
                Some(score) => prop_assert!((row.contributions.iter().sum::<f64>() - score).abs() < 1e-12),
                None => prop_assert!(row.status != Status::Ranked),
            }
        }
    }

    /// What is saved is the matrix form: the one document whose whole content the program itself can write.
    #[test]
    fn load_save_load_is_identity(small in small(false, false)) {
        let first = open("m.csv", &small.csv());
        let saved = load::save::matrix(&first).expect("it is a matrix");
        let second = open("m.csv", &saved);
        prop_assert_eq!(&saved, &load::save::matrix(&second).expect("it is a matrix"));
        for (a, b) in first.candidates.iter().zip(&second.candidates) {
            prop_assert_eq!(&a.id, &b.id);
            let values = |c: &weigh::model::decision::Candidate| c.facts.iter().map(|(k, f)| (k.clone(), f.value.clone())).collect::<Vec<_>>();
            prop_assert_eq!(values(a), values(b));
        }
        prop_assert_eq!(scores(&first), scores(&second));
    }

    #[test]
    fn certain_inputs_sample_to_the_point(small in small(true, true)) {
        let decision = open("m.csv", &small.csv());
        let criteria = small.maxima.len();
        let (point, sampled) = with_plan(&decision, |plan| {
            let sampled = plan.blocks(600, 7, |block| {
                let all = (0..criteria).flat_map(|k| (0..decision.candidates.len()).map(move |c| (k, c)));
                all.map(|(k, c)| (k, c, block.value(k, c).to_vec())).collect::<Vec<_>>()
            });
            (plan.evaluate().rows, sampled)
        });
        for (k, c, values) in sampled.into_iter().flatten() {
            prop_assert!(!values.is_empty());
            prop_assert!(values.iter().all(|v| *v == point[c].values[k]), "{values:?} is not {}", point[c].values[k]);
        }
    }
}

proptest! {
    // Every case reads the shipped criteria as well.
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn yaml_and_csv_say_the_same(small in small(false, false)) {
        prop_assert!(same(&scores(&open("m.csv", &small.csv())), &scores(&open("decision.yaml", &small.yaml()))));
    }
}

#[test]
fn every_kind_of_cell_is_saved() {
    let cells = [
        "-1.5e3",
        "0.5..1",
        "-3..-2..4",
        "\"pert(1, 2, 4)\"",
        "\"normal(5, 1)\"",
        "\"lognormal(0.5, 0.25)\"",
        "\"beta(2, 3)\"",
        "\"discrete(1:0.3, 2:0.7)\"",
        "\"samples(3, 4, 5)\"",
        "",
    ];
    let mut text = String::from("candidate,k\n@direction,min\n@unit,ms\n");
    for (c, cell) in cells.iter().enumerate() {
        writeln!(text, "\"c, {c}\",{cell}").expect("text takes everything");
    }
    let first = open("m.csv", &text);
    let second = open(
        "m.csv",
        &load::save::matrix(&first).expect("it is a matrix"),
    );
    let values = |d: &Decision| {
        d.candidates
            .iter()
            .map(|c| (c.id.clone(), c.facts["k"].value.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&first), values(&second));
    assert_eq!(
        second.library.criteria["k"]
            .unit
            .as_ref()
            .map(|(u, _)| u.name().to_owned())
            .as_deref(),
        Some("ms")
    );
}
