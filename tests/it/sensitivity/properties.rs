//! Break-evens and stability intervals against brute force: every value is set in the decision itself and ranked again.

use proptest::prelude::*;
use weigh::analysis::break_even::{BreakEven, break_evens};
use weigh::analysis::stability::stability;
use weigh::eval::Plan;
use weigh::rank::{Params, find};

use super::world::{World, input};

const SHAPES: [&str; 4] = [
    "{shape: linear, worst: 30, best: 0}",
    "{shape: target, worst: 0, target: 8, best: 25}",
    "{shape: piecewise, points: {0: 0.2, 5: 1, 12: 0.1, 30: 0.6}}",
    "{shape: step, points: {0: 0, 4: 0.5, 9: 1, 15: 0.3}}",
];
const EXPRESSIONS: [&str; 6] = [
    "ceil(x / f) * g",
    "g + f * x / 4",
    "max(f, x) - min(g, x)",
    "abs(x - f * g)",
    "if(x > f, g + x, g * 2)",
    "if(x > f, x, g)",
];

#[derive(Clone, Debug)]
struct Case {
    facts: Vec<(f64, f64)>,
    criteria: Vec<(usize, usize, u32)>,
    x: f64,
    gate: bool,
    /// Whether nobody knows `g` of the last candidate.
    gap: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let fact = (1_u32..80, 1_u32..80).prop_map(|(f, g)| (f64::from(f) / 8.0, f64::from(g) / 8.0));
    let criterion = (0..EXPRESSIONS.len(), 0..SHAPES.len(), 1_u32..9);
    (
        prop::collection::vec(fact, 1..5),
        prop::collection::vec(criterion, 1..4),
        1_u32..120,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(facts, criteria, x, gate, gap)| Case {
            facts,
            criteria,
            x: f64::from(x) / 8.0,
            gate,
            gap,
        })
}

impl Case {
    fn yaml(&self) -> String {
        let mut text = "decision: random\nas_of: 2026-11-22\ninputs:\n".to_owned();
        text += &format!(
            "  x: {{title: {{en: X, zh: 变量}}, unit: '1', value: {}, range: 0.125..16}}\n",
            self.x
        );
        text += "facts:\n  f: {title: {en: F, zh: 甲}, unit: '1'}\n  g: {title: {en: G, zh: 乙}, unit: '1'}\ncriteria:\n";
        for (k, (expr, shape, points)) in self.criteria.iter().enumerate() {
            text += &format!(
                "  - {{id: k{k}, expr: \"{}\", points: {points}, value: {}}}\n",
                EXPRESSIONS[*expr], SHAPES[*shape]
            );
        }
        if self.gate {
            text += "gates:\n  - {gate: enough, ask: \"x <= f + g\", screen: {when: false, reason: {en: no, zh: 否}}}\n";
        }
        text += "candidates:\n";
        for (c, (f, g)) in self.facts.iter().enumerate() {
            let g = if self.gap && c + 1 == self.facts.len() {
                "{missing: nobody knows}".to_owned()
            } else {
                g.to_string()
            };
            text += &format!("  - {{id: c{c}, facts: {{f: {f}, g: {g}}}}}\n");
        }
        text
    }
}

/// The winner that the break-even names at a value.
fn named(found: &BreakEven, at: f64) -> Option<usize> {
    found
        .flips
        .iter()
        .rev()
        .find(|f| f.at <= at)
        .map_or(found.below, |f| f.winner)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 64, ..ProptestConfig::default() })]

    /// Away from a flip, whoever is named first has the best score when the decision is ranked anew with that value.
    #[test]
    fn the_named_winner_is_first_at_every_value(case in case()) {
        let world = World::yaml(&case.yaml());
        let plan = world.plan();
        for found in break_evens(&plan, &plan.shares()).inputs {
            let (id, name) = (found.input, plan.input_name(found.input));
            if !["x", "candidates.c0.f", "candidates.c0.g"].contains(&name.as_str()) {
                continue;
            }
            let (low, high) = (found.domain.low, found.domain.high);
            for i in 0..=40 {
                let at = low + (high - low) * f64::from(i) / 40.0;
                if found.flips.iter().any(|f| (f.at - at).abs() < 1e-6 * (high - low)) {
                    continue;
                }
                let again = world.with(id, at);
                let rows = Plan::new(&again, &world.graph).evaluate().rows;
                let best = rows.iter().filter_map(|r| r.score).fold(f64::NEG_INFINITY, f64::max);
                match named(&found, at) {
                    None => prop_assert!(best == f64::NEG_INFINITY, "{} = {}: somebody is ranked", name, at),
                    Some(winner) => {
                        let score = rows[winner].score;
                        prop_assert!(score.is_some_and(|s| best - s < 1e-9), "{} = {}: {:?}, best {}\n{:?}", name, at, score, best, found);
                    }
                }
            }
        }
    }

    /// The sweep of any input agrees with the evaluation of the decision set to that value.
    #[test]
    fn a_sweep_is_what_setting_the_value_gives(case in case(), part in 0.0..1.0_f64) {
        let world = World::yaml(&case.yaml());
        let plan = world.plan();
        for name in ["x", "candidates.c0.f"] {
            let Some(id) = plan.inputs().into_iter().find(|i| plan.input_name(*i) == name) else { continue };
            let at = 0.125 + part * 15.0;
            let sweep = plan.sweep(id, &[at], &plan.shares());
            let again = world.with(id, at);
            for (c, row) in Plan::new(&again, &world.graph).evaluate().rows.iter().enumerate() {
                let swept = sweep.scores[c][0];
                prop_assert!(row.score.map_or(swept.is_nan(), |s| (s - swept).abs() < 1e-12), "{}: {:?} {}", name, row.score, swept);
            }
        }
    }

    /// Inside its interval the winner is first, just outside it is not.
    #[test]
    fn stability_intervals_hold_on_a_grid(case in case()) {
        let world = World::yaml(&case.yaml());
        let plan = world.plan();
        let outcome = stability(&plan, find("value").expect("known"), &Params::none()).expect("always defined");
        let Some(winner) = outcome.winner else { return Ok(()) };
        let shares = plan.shares();
        for interval in &outcome.intervals {
            let k = interval.criterion;
            if shares[k] > 1.0 - 1e-12 {
                prop_assert_eq!(interval.keeps, (0.0, 1.0));
                continue;
            }
            for i in 0..=200 {
                let x = f64::from(i) / 200.0;
                let moved: Vec<f64> = (0..shares.len()).map(|j| if j == k { x } else { shares[j] * (1.0 - x) / (1.0 - shares[k]) }).collect();
                let rows = plan.evaluate_with(&moved).rows;
                let best = rows.iter().filter_map(|r| r.score).fold(f64::NEG_INFINITY, f64::max);
                let lead = rows[winner].score.expect("the winner is ranked") - best;
                if x > interval.keeps.0 + 1e-9 && x < interval.keeps.1 - 1e-9 {
                    prop_assert!(lead > -1e-9, "{:?} at {}", interval, x);
                }
                if x < interval.keeps.0 - 1e-9 || x > interval.keeps.1 + 1e-9 {
                    prop_assert!(lead < 1e-9, "{:?} at {}: leads by {}", interval, x, lead);
                }
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let case = Case {
        facts: vec![(2.0, 3.0), (4.0, 1.5), (1.0, 7.0)],
        criteria: vec![(0, 0, 3), (1, 1, 2), (3, 2, 4)],
        x: 6.0,
        gate: true,
        gap: false,
    };
    let world = World::yaml(&case.yaml());
    let plan = world.plan();
    assert!(plan.inputs().contains(&input(&plan, "x")));
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        pool.install(|| break_evens(&plan, &plan.shares()).inputs)
    };
    assert_eq!(on(1), on(4));
}
