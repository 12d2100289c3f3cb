//! What robustness, dominance, reversal and stakeholders promise, worked out by hand or as properties of any input.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use weigh::analysis::acceptability::{Acceptability, acceptability};
use weigh::analysis::agreement::agreement;
use weigh::analysis::pareto::{Dominance, Front, pareto};
use weigh::analysis::reversal::{SetChange, reversals};
use weigh::analysis::stakeholders::{Rule, stakeholders};
use weigh::analysis::weight_space::WeightSpace;
use weigh::diagnostic::{Code, Diagnostics};
use weigh::eval::Plan;
use weigh::graph::{self, DecisionGraph};
use weigh::load::{self, Choice};
use weigh::model::decision::Decision;
use weigh::quantity::date::Date;
use weigh::rank::{Params, find};

/// A decision in a folder of its own.
struct Opened {
    decision: Decision,
    graph: DecisionGraph,
    sink: Diagnostics,
}

impl Opened {
    #[track_caller]
    fn file(file: &Path, choice: &Choice) -> Self {
        let loaded = load::decision(file, choice);
        let mut sink = Diagnostics::default();
        sink.append(loaded.diagnostics);
        assert!(!sink.has_errors(), "{:?}", sink.sorted());
        let decision = loaded.decision.expect("the decision can be read");
        let graph = graph::compile(&decision, &mut sink).expect("the decision compiles");
        Self {
            decision,
            graph,
            sink,
        }
    }

    #[track_caller]
    fn text(text: &str, ending: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("decision").with_extension(ending);
        std::fs::write(&file, text).expect("the decision is written");
        Self::file(&file, &choice())
    }

    fn plan(&self) -> Plan<'_> {
        Plan::new(&self.decision, &self.graph)
    }
}

fn choice() -> Choice {
    Choice::plain(Date::parse("2026-11-22").expect("a day"))
}

#[track_caller]
fn run(plan: &Plan<'_>, samples: usize) -> Acceptability {
    let value = find("value").expect("the default method");
    acceptability(
        plan,
        &WeightSpace::uniform(&plan.shares()),
        value,
        &Params::none(),
        samples,
        7,
    )
    .expect("the method applies")
}

#[track_caller]
fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
}

const THREE: &str = "\
decision: three
as_of: 2026-11-22
facts: {fx: {title: x}, fy: {title: y}}
defaults: {kind: published, source: by hand, as_of: 2026-11-22}
candidates:
  - {id: a, facts: {fx: 0.9, fy: 0.1}}
  - {id: b, facts: {fx: 0.2, fy: 0.8}}
  - {id: c, facts: {fx: 0.5, fy: 0.5}}
criteria:
  - {id: x, expr: fx, points: 50, value: {worst: 0, best: 1}}
  - {id: y, expr: fy, points: 50, value: {worst: 0, best: 1}}
stakeholders:
  one: {profile: {x: 90, y: 10}, share: 3}
  two: {profile: {x: 10, y: 90}, share: 1}
";

/// `one` scores a .82, b .26, c .5 and `two` a .18, b .74, c .5: opposite orders.
#[test]
fn stakeholders_by_hand() {
    let opened = Opened::text(THREE, "yaml");
    let plan = opened.plan();
    let found = stakeholders(&plan);
    let ranks = |s: usize| {
        found.voices[s]
            .ranks
            .iter()
            .map(|r| r.expect("ranked"))
            .collect::<Vec<_>>()
    };
    assert_eq!((ranks(0), ranks(1)), (vec![1, 3, 2], vec![3, 1, 2]));
    near(found.agreement.expect("two voices"), 0.0);
    near(found.voices[0].regrets[1].expect("ranked"), 0.56);

    let first = &found.partings[0];
    assert_eq!(
        (first.a, first.b, &first.for_a, &first.for_b),
        (0, 1, &vec![0], &vec![1])
    );
    // (.9 - .1)(.9 - .2) on x and (.1 - .9)(.1 - .8) on y.
    assert_eq!(first.drivers.len(), 2);
    first
        .drivers
        .iter()
        .for_each(|(_, drive)| near(*drive, 0.56));

    let by = |rule: Rule| {
        found
            .group
            .iter()
            .find(|g| g.rule == rule)
            .expect("every rule speaks")
    };
    // Mean shares .7 and .3; Borda .75 x 2, .25 x 2, 1; largest regrets .56, .56, .32.
    for (rule, figures, order) in [
        (Rule::MeanShares, [0.66, 0.38, 0.5], [0, 2, 1]),
        (Rule::Borda, [1.5, 0.5, 1.0], [0, 2, 1]),
        (Rule::MinimaxRegret, [0.56, 0.56, 0.32], [2, 0, 1]),
    ] {
        by(rule)
            .figures
            .iter()
            .zip(figures)
            .for_each(|(found, wanted)| near(found.expect("a figure"), wanted));
        assert_eq!(by(rule).order(), order, "{rule:?}");
    }
}

#[test]
fn without_stakeholders_nothing_is_said_of_a_group() {
    let found_in = Opened::text("candidate,x\na,1\nb,2\n", "csv");
    let found = stakeholders(&found_in.plan());
    assert!(found.voices.is_empty() && found.group.is_empty() && found.common.is_empty());
    assert_eq!(found.agreement, None);
}

/// `c` lacks y and `d` is between 0.5 and 0.9 on x.
#[test]
fn dominance_is_certain_or_possible() {
    let opened = Opened::text(
        "candidate,x,y\n@worst,0,0\n@best,1,1\na,0.8,0.8\nb,0.5,0.5\nc,0.9,\nd,0.5..0.9,0.85\n",
        "csv",
    );
    let plan = opened.plan();
    let found = pareto(&plan, None, 7).expect("few candidates");
    let (a, b, c, d) = (0, 1, 2, 3);
    let wanted = [
        (a, b, Dominance::Certain),
        (d, b, Dominance::Certain),
        (c, a, Dominance::Possible),
        (c, d, Dominance::Possible),
        (d, a, Dominance::Possible),
        (a, c, Dominance::No),
        (a, d, Dominance::No),
        (b, a, Dominance::No),
    ];
    for (i, j, dominance) in wanted {
        assert_eq!(found.relation(i, j), dominance, "{i} over {j}");
    }
    assert_eq!(
        [a, b, c, d].map(|i| found.front(i)),
        [
            Front::Perhaps,
            Front::Dominated,
            Front::Efficient,
            Front::Perhaps
        ]
    );
    // By x alone c is ahead of everybody for certain.
    let by_x = pareto(&plan, Some(&[0]), 7).expect("few candidates");
    assert_eq!(by_x.above(a, Dominance::Certain), [c]);
}

#[test]
fn equals_do_not_dominate_each_other() {
    let opened = Opened::text("candidate,x\n@worst,0\n@best,1\na,0.5\nb,0.5\n", "csv");
    let found = pareto(&opened.plan(), None, 7).expect("few candidates");
    assert_eq!(
        (found.front(0), found.front(1)),
        (Front::Efficient, Front::Efficient)
    );
}

/// Belton, V., Gear, T. (1983): columns divided by their sums, A .45 and B .47; a copy of B makes it A .37 and B .29.
#[test]
fn a_clone_reverses_ranks_belton_gear_1983() {
    let opened = Opened::text("candidate,c1,c2,c3\nA,1,9,8\nB,9,1,9\nC,1,1,1\n", "csv");
    let plan = opened.plan();
    let params = Params::parse(["normalisation=sum"]).expect("a parameter");
    let found = reversals(&plan, find("weighted-sum").expect("a method"), &params)
        .expect("the method applies");
    let clone = found
        .found
        .iter()
        .find(|r| r.change == SetChange::Clone && r.candidate == 1)
        .expect("the copy of B turns A and B");
    assert_eq!(
        (&clone.before, &clone.after),
        (&vec![1, 0, 2], &vec![0, 1, 2])
    );
    assert_eq!(found.tried, 6);
}

#[test]
fn fixed_anchors_know_no_reversal() {
    let opened = Opened::text(
        "candidate,x,y\n@worst,0,0\n@best,1,1\na,0.8,0.2\nb,0.5,0.8\n",
        "csv",
    );
    let found = reversals(
        &opened.plan(),
        find("value").expect("a method"),
        &Params::none(),
    )
    .expect("it applies");
    assert!(found.found.is_empty() && found.note.is_some());
    let spotis = reversals(
        &opened.plan(),
        find("spotis").expect("a method"),
        &Params::none(),
    )
    .expect("it applies");
    assert_eq!((spotis.tried, spotis.found.len()), (4, 0));
}

#[test]
fn methods_agree_on_a_clear_case_and_say_why_they_cannot_be_applied() {
    let opened = Opened::text(
        "candidate,x,y\n@worst,0,0\n@best,1,1\nlow,0.1,0.2\nhigh,0.9,0.8\nmiddle,0.5,0.5\n",
        "csv",
    );
    let found = agreement(
        &opened.plan(),
        find("value").expect("a method"),
        &Params::none(),
    )
    .expect("it applies");
    assert_eq!(found.winners, [1]);
    let (same, all) = found.agreeing();
    assert!(same == all && all > 60, "{same} of {all}");
    assert!(
        found
            .results
            .iter()
            .all(|v| v.tau.is_none_or(|tau| tau > 0.0))
    );
    // A cost of 0 cannot be divided by.
    let opened = Opened::text(
        "candidate,x,y\n@direction,max,min\n@worst,0,1\n@best,1,0\na,0.1,0\nb,0.9,0.8\n",
        "csv",
    );
    let found = agreement(
        &opened.plan(),
        find("value").expect("a method"),
        &Params::none(),
    )
    .expect("it applies");
    let refused = found
        .results
        .iter()
        .find(|v| v.form == "weighted-sum max")
        .expect("the form was tried");
    assert!(
        refused
            .winners
            .as_ref()
            .is_err_and(|why| why.en.contains("above 0"))
    );
}

const UNCERTAIN: &str = "\
decision: uncertain
as_of: 2026-11-22
inputs: {u: {title: u, value: 0.5..1.5}}
facts: {fx: {title: x}, fy: {title: y}}
defaults: {kind: published, source: by hand, as_of: 2026-11-22}
candidates:
  - {id: a, facts: {fx: 0.5..0.9, fy: 0.1..0.2..0.9}}
  - {id: b, facts: {fx: 0.2..0.8, fy: 0.8}}
  - {id: c, facts: {fx: \"normal(0.5,0.1)\", fy: 0.5..0.6}}
  - {id: gone, facts: {fx: {missing: nobody looked}, fy: 0.5}}
criteria:
  - {id: x, expr: fx * u, points: 60, value: {worst: 0, best: 1}}
  - {id: y, expr: fy, points: 40, value: {worst: 0, best: 1}}
gates:
  - {gate: enough, ask: fx > 0.3, screen: {when: false, reason: too little x}}
";

#[test]
fn the_number_of_threads_changes_nothing() {
    let opened = Opened::text(UNCERTAIN, "yaml");
    let plan = opened.plan();
    let near = WeightSpace::near(&plan.shares(), 0.3).expect("a legal spread");
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        pool.install(|| {
            let value = find("value").expect("a method");
            let topsis = find("topsis").expect("a method");
            let by = |method, samples| {
                acceptability(&plan, &near, method, &Params::none(), samples, 3)
                    .expect("it applies")
            };
            (by(value, 9_999), by(topsis, 2_000))
        })
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn a_gate_that_screens_in_some_samples_costs_the_last_place() {
    let opened = Opened::text(UNCERTAIN, "yaml");
    let plan = opened.plan();
    let found = run(&plan, 20_000);
    // `gone` lacks a fact of a gate and of a criterion: it takes no part.
    assert_eq!(found.candidates, [0, 1, 2]);
    assert_eq!(found.first(3), None);
    // b is out where its x is below 0.3, a sixth of the samples, and last there.
    assert!(found.rank[1][2] > 1.0 / 6.0 - 0.01, "{:?}", found.rank[1]);
    assert_eq!(found.decided, 20_000);
}

#[test]
fn nobody_left_is_said_and_counts_nothing() {
    let none_pass = UNCERTAIN.replace("fx > 0.3", "fx > 300");
    let opened = Opened::text(&none_pass, "yaml");
    let found = run(&opened.plan(), 1_000);
    assert_eq!(found.decided, 0);
    assert!(
        found.rank.is_empty()
            && found.central.iter().all(Option::is_none)
            && found.confidence.iter().all(Option::is_none)
    );

    let opened = Opened::text("candidate,x\n@worst,0\n@best,1\na,\nb,\n", "csv");
    let found = run(&opened.plan(), 1_000);
    assert_eq!((found.candidates.len(), found.decided), (0, 0));
    let all = agreement(
        &opened.plan(),
        find("value").expect("a method"),
        &Params::none(),
    )
    .expect("nothing to refuse");
    assert!(all.results.is_empty() && all.winners.is_empty());
}

#[test]
fn one_candidate_is_first_for_want_of_another() {
    let opened = Opened::text("candidate,x,y\n@worst,0,0\n@best,1,1\na,0.5,0.1\n", "csv");
    let found = run(&opened.plan(), 1_000);
    assert_eq!(
        (found.rank, found.confidence, found.choice_entropy),
        (vec![vec![1.0]], vec![Some(1.0)], 0.0)
    );
    let central = found.central[0].as_ref().expect("it always wins");
    assert!((central[0] - 0.5).abs() < 0.05);
}

#[test]
fn a_criterion_without_weight_may_lack_figures() {
    let opened = Opened::text(
        "candidate,x,y\n@weight,1,0\n@worst,0,0\n@best,1,1\na,0.5,\nb,0.4,0.9\n",
        "csv",
    );
    let found = run(&opened.plan(), 1_000);
    assert_eq!(found.rank, [[1.0, 0.0], [0.0, 1.0]]);
    assert_eq!(found.central[0], Some(vec![1.0, 0.0]));
}

#[test]
fn weights_that_were_asked_for_other_anchors_are_flagged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |path: &str, text: &str| -> PathBuf {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(&file, text).expect("the file is written");
        file
    };
    let decision = write(
        "decision.yaml",
        "decision: d\nas_of: 2026-11-22\nfacts: {time: {title: t, unit: week}, x: {title: x}}\n\
         defaults: {kind: published, source: s, as_of: 2026-11-22}\n\
         candidates: [{id: a, facts: {time: 3 week, x: 1}}]\n\
         criteria:\n  - {id: k, expr: time, unit: week, points: 1, value: {worst: 20 week, best: 2 week}}\n\
         \x20 - {id: l, expr: x, points: 1, value: {worst: 0, best: 5}}\n",
    );
    write(
        "weights/same.yaml",
        "points: {k: 70, l: 30}\nfor: {k: 140..14 day, l: 0..5}\n",
    );
    write(
        "weights/moved.yaml",
        "points: {k: 70, l: 30}\nfor: {k: 20..2 week, l: 0..4}\n",
    );
    let warned = |profile: &str| {
        let opened = Opened::file(
            &decision,
            &Choice {
                profile: Some(profile.to_owned()),
                ..choice()
            },
        );
        let found: Vec<String> = opened
            .sink
            .sorted()
            .iter()
            .filter(|d| d.code == Code::AnchorsMoved)
            .map(|d| d.message.en.clone())
            .collect();
        found
    };
    assert_eq!(warned("same"), Vec::<String>::new());
    assert_eq!(
        warned("moved"),
        ["the weight of `l` was elicited for other anchors; they are now `0..5`"]
    );
}

fn matrix(rows: &[Vec<f64>]) -> String {
    let criteria = rows[0].len();
    let mut text = format!(
        "candidate{}\n",
        (0..criteria).map(|k| format!(",c{k}")).collect::<String>()
    );
    text += &format!(
        "@worst{}\n@best{}\n",
        ",0".repeat(criteria),
        ",1".repeat(criteria)
    );
    for (i, row) in rows.iter().enumerate() {
        text += &format!(
            "a{i}{}\n",
            row.iter().map(|x| format!(",{x}")).collect::<String>()
        );
    }
    text
}

/// Tenths, so that ties occur.
fn rows() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (1_usize..6, 1_usize..5).prop_flat_map(|(n, k)| {
        let cell = (0_u32..=10).prop_map(|x| f64::from(x) / 10.0);
        proptest::collection::vec(proptest::collection::vec(cell, k), n)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn acceptabilities_sum_to_one_by_candidate_and_by_place(rows in rows()) {
        let opened = Opened::text(&matrix(&rows), "csv");
        let found = run(&opened.plan(), 700);
        let n = rows.len();
        for i in 0..n {
            prop_assert!((found.rank[i].iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(((0..n).map(|j| found.rank[j][i]).sum::<f64>() - 1.0).abs() < 1e-9);
            for j in (0..n).filter(|&j| j != i) {
                let duel = found.winning[i][j].zip(found.winning[j][i]).expect("a pair");
                prop_assert!((duel.0 + duel.1 - 1.0).abs() < 1e-9);
            }
            // The mean number of rivals ahead is the mean place.
            let ahead: f64 = (0..n).filter_map(|j| found.winning[j][i]).sum();
            let place: f64 = found.rank[i].iter().enumerate().map(|(r, p)| r as f64 * p).sum();
            prop_assert!((ahead - place).abs() < 1e-9);
            if let Some(central) = &found.central[i] {
                prop_assert!((central.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                prop_assert!(found.confidence[i].is_some_and(|p| (0.0..=1.0).contains(&p)));
            }
        }
    }

    #[test]
    fn the_order_of_candidates_changes_nothing(rows in rows()) {
        let opened = Opened::text(&matrix(&rows), "csv");
        let mut turned = Opened::text(&matrix(&rows), "csv");
        turned.decision.candidates.reverse();
        let (one, other) = (run(&opened.plan(), 700), run(&turned.plan(), 700));
        let n = rows.len();
        for i in 0..n {
            for r in 0..n {
                prop_assert!((one.rank[i][r] - other.rank[n - 1 - i][r]).abs() < 1e-9);
            }
        }
        prop_assert!((one.choice_entropy - other.choice_entropy).abs() < 1e-9);
        prop_assert!((one.ranking_entropy - other.ranking_entropy).abs() < 1e-9);
    }
}
