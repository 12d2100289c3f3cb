//! Value of information against closed forms: two candidates whose scores differ by a normal number.

use weigh::analysis::value_of_information::{ValueOfInformation, value_of_information};
use weigh::eval::Plan;
use weigh::graph::{self, DecisionGraph};
use weigh::load::{self, Choice};
use weigh::model::decision::Decision;
use weigh::quantity::date::Date;

struct World {
    decision: Decision,
    graph: DecisionGraph,
}

impl World {
    fn yaml(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("decision.yaml");
        std::fs::write(&file, text).expect("the folder is writable");
        let mut loaded = load::decision(
            &file,
            &Choice::plain(Date::parse("2026-11-22").expect("a day")),
        );
        let graph = loaded
            .decision
            .as_ref()
            .and_then(|d| graph::compile(d, &mut loaded.diagnostics));
        let errors: Vec<String> = loaded
            .diagnostics
            .sorted()
            .iter()
            .map(|d| d.message.en.clone())
            .collect();
        assert!(!loaded.diagnostics.has_errors(), "{errors:#?}");
        Self {
            decision: loaded.decision.expect("it was read"),
            graph: graph.expect("it compiles"),
        }
    }

    fn ask(&self, samples: usize, seed: u64) -> ValueOfInformation {
        let mut plan = Plan::new(&self.decision, &self.graph);
        // The total comes from the common draws.
        plan.draws = samples.max(weigh::eval::DRAWS);
        plan.seed = seed;
        value_of_information(
            &plan,
            &weigh::analysis::standing::Standing::of(&plan, &plan.shares()),
            samples,
            seed,
        )
    }

    fn named(
        &self,
        found: &ValueOfInformation,
        name: &str,
    ) -> weigh::analysis::value_of_information::UnknownInput {
        let plan = Plan::new(&self.decision, &self.graph);
        found
            .unknowns
            .iter()
            .find(|u| plan.input_name(u.input) == name)
            .unwrap_or_else(|| panic!("{name} is not uncertain"))
            .clone()
    }
}

/// Score of a candidate: `(f + g + x h) / 10 + 0.5`, straight in every input.
fn linear(x: &str, candidates: &str) -> World {
    World::yaml(&format!(
        "
decision: linear
as_of: 2026-11-22
inputs:
  x: {{title: {{en: X, zh: 变量}}, unit: '1', value: \"{x}\"}}
facts:
  f: {{title: {{en: F, zh: 甲}}, unit: '1'}}
  g: {{title: {{en: G, zh: 乙}}, unit: '1'}}
  h: {{title: {{en: H, zh: 丙}}, unit: '1'}}
criteria:
  - {{id: k, expr: 'f + g + x * h', points: 1, value: {{shape: linear, worst: -5, best: 5}}}}
candidates: {candidates}
"
    ))
}

/// Density and distribution function of the standard normal (Abramowitz and Stegun 26.2.17 is not needed: a fine sum serves).
fn phi(z: f64) -> f64 {
    (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

fn capital_phi(z: f64) -> f64 {
    let steps = 20_000;
    let width = (z + 12.0) / f64::from(steps);
    (0..steps)
        .map(|i| phi(-12.0 + (f64::from(i) + 0.5) * width) * width)
        .sum()
}

/// `E[max(0, N(-m, s))] = s phi(m / s) - m (1 - Phi(m / s))`: what somebody gains who is behind by `m` on average.
fn gain(m: f64, s: f64) -> f64 {
    s * phi(m / s) - m * (1.0 - capital_phi(m / s))
}

#[track_caller]
fn near(found: f64, error: f64, expected: f64) {
    // Four standard errors, and half a percent for what the regression misses.
    assert!(
        (found - expected).abs() < 4.0 * error + 0.005 * expected,
        "{found} ± {error}, expected {expected}"
    );
}

#[test]
fn evpi_of_a_normal_difference_is_the_unit_normal_loss() {
    for (mean, sd) in [(0.0, 0.5), (0.2, 0.5), (0.5, 0.4), (1.0, 0.4)] {
        let world = linear(
            "1",
            &format!(
                "[{{id: a, facts: {{f: {mean}, g: 0, h: 0}}}}, {{id: b, facts: {{f: 'normal(0,{sd})', g: 0, h: 0}}}}]"
            ),
        );
        let found = world.ask(65_536, 11);
        let expected = gain(mean, sd) / 10.0;
        near(found.total.value, found.total.error, expected);
        // One unknown: knowing it is knowing everything.
        let own = world.named(&found, "candidates.b.f");
        near(own.value.value, own.value.error, expected);
        let chance = 1.0 - capital_phi(mean / sd);
        let choice_is_a = found.choice == Some(0);
        let expected = if choice_is_a { chance } else { 1.0 - chance };
        assert!(
            (found.chance - expected).abs() < 0.01,
            "{} is not {expected}",
            found.chance
        );
        assert!(
            (own.chance - expected).abs() < 0.02,
            "{} is not {expected}",
            own.chance
        );
    }
}

/// The difference is `m + N(0, 0.5) + N(0, 0.3)`: knowing one part leaves the other, so its worth is that of its own spread.
#[test]
fn evppi_of_a_sum_of_normals_is_that_of_each_part() {
    let world = linear(
        "1",
        "[{id: a, facts: {f: 0.15, g: 0, h: 0}}, {id: b, facts: {f: 'normal(0,0.5)', g: 'normal(0,0.3)', h: 0}}]",
    );
    let found = world.ask(131_072, 5);
    near(
        found.total.value,
        found.total.error,
        gain(0.15, (0.25_f64 + 0.09).sqrt()) / 10.0,
    );
    for (name, sd) in [("candidates.b.f", 0.5), ("candidates.b.g", 0.3)] {
        let own = world.named(&found, name);
        near(own.value.value, own.value.error, gain(0.15, sd) / 10.0);
        assert!(
            own.value.error < 0.1 * own.value.value,
            "the error is of use"
        );
    }
    assert!(found.unknowns[0].value.value > found.unknowns[1].value.value);
}

/// A shared input that moves both candidates alike is worth nothing, one that moves them apart is worth its spread of the difference.
#[test]
fn what_all_share_alike_is_worth_nothing() {
    let alike = linear(
        "normal(1,0.3)",
        "[{id: a, facts: {f: 0.1, g: 0, h: 1}}, {id: b, facts: {f: 0, g: 'normal(0,0.2)', h: 1}}]",
    );
    let found = alike.ask(32_768, 3);
    let shared = alike.named(&found, "x");
    assert_eq!((shared.value.value, shared.chance), (0.0, 0.0));
    let apart = linear(
        "normal(0,0.3)",
        "[{id: a, facts: {f: 0.1, g: 0, h: 1}}, {id: b, facts: {f: 0, g: 'normal(0,0.2)', h: -1}}]",
    );
    let found = apart.ask(65_536, 3);
    let shared = apart.named(&found, "x");
    near(
        shared.value.value,
        shared.value.error,
        gain(0.1, 0.6) / 10.0,
    );
}

/// Two values, 0.9 and -0.9 with even chances, against a certain 0.1: knowing it gains half of 0.8.
#[test]
fn a_discrete_input_is_regressed_value_by_value() {
    let world = linear(
        "1",
        "[{id: a, facts: {f: 0.1, g: 0, h: 0}}, {id: b, facts: {f: 'discrete(0.9:0.5,-0.9:0.5)', g: 'normal(0,0.1)', h: 0}}]",
    );
    let found = world.ask(65_536, 9);
    let own = world.named(&found, "candidates.b.f");
    near(own.value.value, own.value.error, 0.04);
    assert!((own.chance - 0.5).abs() < 0.01);
}

/// The score jumps at 0.3 of a uniform input: b is worth 0.6 above it, -0.6 below; E = 0.24; a is certain at 0.3.
#[test]
fn a_jump_is_found() {
    let world = World::yaml(
        "
decision: jump
as_of: 2026-11-22
facts:
  f: {title: {en: F, zh: 甲}, unit: '1'}
  g: {title: {en: G, zh: 乙}, unit: '1'}
criteria:
  - {id: k, expr: 'if(f > 0.3, g, -1 * g)', points: 1, value: {shape: linear, worst: -1, best: 1}}
candidates: [{id: a, facts: {f: 1, g: 0.3}}, {id: b, facts: {f: '0..1', g: 0.6}}]
",
    );
    let found = world.ask(65_536, 2);
    let own = world.named(&found, "candidates.b.f");
    // Knowing it: 0.7 of the time b gains 0.3, in score half of that.
    near(own.value.value, own.value.error, 0.7 * 0.15);
    assert!((own.value.value - found.total.value).abs() < 0.005 * found.total.value);
}

#[test]
fn a_certain_decision_a_single_candidate_and_nobody_are_defined() {
    let certain = linear(
        "1",
        "[{id: a, facts: {f: 1, g: 0, h: 0}}, {id: b, facts: {f: 0, g: 0, h: 0}}]",
    )
    .ask(4_096, 1);
    assert_eq!(
        (
            certain.choice,
            certain.total.value,
            certain.total.error,
            certain.unknowns.len()
        ),
        (Some(0), 0.0, 0.0, 0)
    );
    let single = linear("normal(0,1)", "[{id: a, facts: {f: 1, g: 0, h: 1}}]").ask(4_096, 1);
    assert_eq!(
        (
            single.choice,
            single.total.value,
            single.unknowns[0].value.value
        ),
        (Some(0), 0.0, 0.0)
    );
    let nobody = linear(
        "normal(0,1)",
        "[{id: a, facts: {f: 1, g: 0, h: {missing: nobody measured it}}}]",
    )
    .ask(4_096, 1);
    assert_eq!(
        (
            nobody.choice,
            nobody.total.value,
            nobody.unknowns.len(),
            nobody.gaps.len()
        ),
        (None, 0.0, 0, 1)
    );
    assert!(nobody.expected.iter().all(|e| e.is_nan()));
}

/// The incomplete candidate's only criterion lies anywhere in 0..1; the present choice stands at 0.6: E[max(0, u - 0.6)] = 0.08.
#[test]
fn what_is_missing_is_worth_what_it_might_bring() {
    let world = linear(
        "1",
        "[{id: a, facts: {f: 1, g: 0, h: 0}}, {id: b, facts: {f: 0, g: 0, h: {missing: not measured}}}]",
    );
    let found = world.ask(65_536, 4);
    let gap = &found.gaps[0];
    assert_eq!(
        (
            gap.candidate,
            gap.facts.len(),
            gap.criteria.as_slice(),
            gap.possible,
            gap.best_score
        ),
        (1, 1, [0].as_slice(), true, 1.0)
    );
    near(gap.value.value, gap.value.error, 0.08);
    assert!((gap.chance - 0.4).abs() < 0.01);
}

/// The score of a candidate that fails a gate in half of the samples ignores the gate; where it fails it cannot be the better choice.
#[test]
fn a_sample_that_is_screened_out_counts_as_the_worst() {
    let world = World::yaml(
        "
decision: gate
as_of: 2026-11-22
facts:
  f: {title: {en: F, zh: 甲}, unit: '1'}
  g: {title: {en: G, zh: 乙}, unit: '1'}
criteria:
  - {id: k, expr: g, points: 1, value: {shape: linear, worst: 0, best: 1}}
gates:
  - {gate: enough, ask: 'f >= 0.5', screen: {when: false, reason: {en: not enough, zh: 不足}}}
candidates: [{id: a, facts: {f: 1, g: 0.3}}, {id: b, facts: {f: '0.5..0.5..1', g: 0.9}}, {id: c, facts: {f: '0..1', g: 0.8}}]
",
    );
    let found = world.ask(65_536, 6);
    assert!(
        found.expected[2].is_nan() || (found.expected[2] - 0.8).abs() < 1e-9,
        "{:?}",
        found.expected
    );
    assert_eq!(found.choice, Some(1));
    // b is never screened out, so c is never better: nothing to gain.
    assert_eq!(found.total.value, 0.0);
}

#[test]
fn the_result_depends_on_the_seed_alone() {
    let world = linear(
        "normal(0,0.3)",
        "[{id: a, facts: {f: '0..0.4', g: 0, h: 1}}, {id: b, facts: {f: 0, g: 'normal(0.2,0.2)', h: -1}}]",
    );
    let on = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        let found = pool.install(|| world.ask(8_192, seed));
        (found.total, found.unknowns)
    };
    assert_eq!(on(1, 3), on(5, 3));
    assert_ne!(on(2, 3), on(2, 4));
}
