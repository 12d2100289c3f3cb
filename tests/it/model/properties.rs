//! What must hold for every team and every candidate.

use proptest::prelude::*;
use weigh::eval::Plan;
use weigh::model::evidence::FactValue;
use weigh::quantity::distribution::Distribution;

use super::Case;
use crate::sensitivity::world::World;

const LANGUAGES: [&str; 4] = ["go", "python", "typescript", "javascript"];
const SKILLS: [&str; 8] = [
    "go",
    "python",
    "typescript",
    "javascript",
    "gin",
    "flask",
    "postgresql",
    "this-domain",
];
const MONTH: f64 = 365.25 * 86_400.0 / 12.0;

/// Candidates in several languages, and a stack; one person, whose skills are all listed.
fn world() -> World {
    Case {
        candidates: "
  - {id: go-web, facts: {language: go, platform: gin, coupling: 0.6, learning_weeks: 2 week, breaking_majors: 2, support_end: 2026-07-01, exit_sites: 40 %, effort_factor: 1}}
  - {id: python-web, facts: {language: python, platform: flask, coupling: 0.6, learning_weeks: 2 week, breaking_majors: 2, support_end: 2026-07-01, exit_sites: 40 %, effort_factor: 1}}
  - {id: typescript-web, facts: {language: typescript, platform: nest, coupling: 0.6, learning_weeks: 2 week, breaking_majors: 2, support_end: 2026-07-01, exit_sites: 40 %, effort_factor: 1}}
  - {id: stack, parts: [go-web, store]}
  - {id: store, facts: {language: {not_applicable: none}, platform: postgresql, coupling: 0.3, learning_weeks: 1 week, breaking_majors: 5, support_end: 2030-01-01, exit_sites: 10 %, effort_factor: {not_applicable: none}}}",
        criteria: "{use: team_fit, points: 1}, {use: learning_cost, points: 1}, {use: tech_debt, points: 1}, {use: delivery, points: 1}, {use: exit_cost, points: 1}, {id: leaving, expr: exit_effort, unit: person-day, value: {worst: 100, best: 0}, points: 1}",
        team: "    - {id: a, skill: {go: 0 month, python: 0 month, typescript: 0 month, javascript: 0 month, gin: 0 month, flask: 0 month, postgresql: 0 month, this-domain: 0 month}}",
        context: "",
    }
    .world()
}

/// The values of a node by candidate, for one person with these months of experience.
fn of_person(world: &mut World, months: &[f64], node: &str) -> Vec<f64> {
    let team = world
        .decision
        .team
        .as_mut()
        .expect("the decision has a team");
    for (skill, months) in SKILLS.iter().zip(months) {
        let fact = team.members[0]
            .skill
            .get_mut(*skill)
            .expect("all are listed");
        fact.value = FactValue::Number(Distribution::Certain(months * MONTH));
    }
    values(world, node)
}

fn values(world: &World, node: &str) -> Vec<f64> {
    let plan = Plan::new(&world.decision, &world.graph);
    let at = plan
        .graph
        .find(node)
        .unwrap_or_else(|| panic!("there is no node {node}"));
    (0..plan.candidates())
        .map(|c| plan.point[at].of(c))
        .collect()
}

fn set_input(world: &mut World, name: &str, base: f64) {
    let fact = world
        .decision
        .context
        .get_mut(name)
        .expect("an input of the library");
    fact.value = FactValue::Number(Distribution::Certain(base));
}

const GO: usize = 0;
const PYTHON: usize = 1;
const STACK: usize = 3;

#[test]
fn no_skill_ever_makes_work_or_learning_dearer() {
    let world = std::cell::RefCell::new(world());
    let case = (
        prop::collection::vec(0.0..100.0_f64, 8),
        0..8_usize,
        0.0..60.0_f64,
        0.0..2.0_f64,
    );
    runner()
        .run(&case, |(months, raised, by, strength)| {
            set_input(&mut world.borrow_mut(), "transfer.strength", strength);
            let mut more = months.clone();
            more[raised] += by;
            for node in [
                "experience_multiplier",
                "learning_effort",
                "debt_effort",
                "time_to_release",
            ] {
                let before = of_person(&mut world.borrow_mut(), &months, node);
                let after = of_person(&mut world.borrow_mut(), &more, node);
                for (before, after) in before.iter().zip(&after) {
                    prop_assert!(
                        after <= &(before * (1.0 + 1e-12)),
                        "{node}: {} from {before} to {after}",
                        SKILLS[raised]
                    );
                }
            }
            Ok(())
        })
        .expect("holds for all");
}

#[test]
fn a_year_of_a_language_beats_any_years_of_others() {
    let world = std::cell::RefCell::new(world());
    let case = (prop::collection::vec(0.0..1_000.0_f64, 4), 0.0..10.0_f64);
    for (at, candidate) in [(0, GO), (1, PYTHON), (2, 2)] {
        runner()
            .run(&case, |(others, strength)| {
                set_input(&mut world.borrow_mut(), "transfer.strength", strength);
                let mut veteran = [0.0; 8];
                veteran[..4].copy_from_slice(&others);
                veteran[at] = 0.0;
                let mut beginner = [0.0; 8];
                beginner[at] = 12.0;
                let own = of_person(&mut world.borrow_mut(), &beginner, "experience_multiplier")
                    [candidate];
                let other = of_person(&mut world.borrow_mut(), &veteran, "experience_multiplier")
                    [candidate];
                prop_assert!(own < other, "{}: {own} against {other}", LANGUAGES[at]);
                Ok(())
            })
            .expect("holds for all");
    }
}

#[test]
fn more_of_the_only_language_helps_its_own_candidates_most() {
    let world = std::cell::RefCell::new(world());
    let case = (
        0..4_usize,
        0.0..120.0_f64,
        0.0..60.0_f64,
        prop::collection::vec(0.0..80.0_f64, 4),
    );
    runner()
        .run(&case, |(language, months, by, others)| {
            let mut before = [0.0; 8];
            before[4..].copy_from_slice(&others);
            let mut after = before;
            (before[language], after[language]) = (months, months + by);
            let before = of_person(&mut world.borrow_mut(), &before, "experience_multiplier");
            let after = of_person(&mut world.borrow_mut(), &after, "experience_multiplier");
            let saved: Vec<f64> = before.iter().zip(&after).map(|(a, b)| a - b).collect();
            if language < 3 {
                for other in (0..3).filter(|&other| other != language) {
                    prop_assert!(saved[language] >= saved[other] - 1e-12, "{saved:?}");
                }
            }
            Ok(())
        })
        .expect("holds for all");
}

/// The second part of a stack counts: its platform skill moves the stack's multiplier, learning and debt, and nobody else's.
#[test]
fn the_skill_of_every_part_counts() {
    let world = std::cell::RefCell::new(world());
    let months = [24.0, 0.0, 0.0, 0.0, 12.0, 0.0, 0.0, 12.0];
    let mut with_store = months;
    with_store[6] = 72.0;
    for node in [
        "experience_multiplier",
        "learning_effort",
        "time_to_release",
        "debt_effort",
    ] {
        let before = of_person(&mut world.borrow_mut(), &months, node);
        let after = of_person(&mut world.borrow_mut(), &with_store, node);
        assert!(
            after[STACK] < before[STACK] - 1e-6 * before[STACK],
            "{node}: {} {}",
            before[STACK],
            after[STACK]
        );
        assert_eq!(after[GO].to_bits(), before[GO].to_bits(), "{node}");
    }
}

#[test]
fn a_part_more_is_never_learnt_for_nothing() {
    let world = std::cell::RefCell::new(world());
    runner()
        .run(&prop::collection::vec(0.0..24.0_f64, 8), |months| {
            let learning = of_person(&mut world.borrow_mut(), &months, "learning_effort");
            prop_assert!(learning[STACK] >= learning[GO], "{learning:?}");
            Ok(())
        })
        .expect("holds for all");
}

/// A team scales principal and interest and cannot make them vanish; a longer horizon never costs less, and no step comes at whole years.
#[test]
fn debt_grows_with_the_horizon_and_veterans_still_pay() {
    let world = std::cell::RefCell::new(world());
    let years = |y: f64| y * 365.25 * 86_400.0;
    let veteran = [100.0; 8];
    let novice = [0.0; 8];
    let case = (0.1..6.0_f64, 0.0..2.0_f64);
    runner()
        .run(&case, |(horizon, more)| {
            let debt = |months: &[f64; 8], horizon: f64| {
                set_input(&mut world.borrow_mut(), "horizon", years(horizon));
                of_person(&mut world.borrow_mut(), months, "debt_effort")[GO]
            };
            let (now, later) = (debt(&veteran, horizon), debt(&veteran, horizon + more));
            prop_assert!(later >= now && now > 0.0, "{now} {later}");
            let ratio = debt(&novice, horizon) / now;
            prop_assert!(
                (ratio - (1.20 * 1.19 * 1.22) / (0.84 * 0.85 * 0.81)).abs() < 1e-9,
                "{ratio}"
            );
            let whole = horizon.ceil();
            prop_assert!(
                (debt(&veteran, whole + 1e-6) - debt(&veteran, whole)).abs()
                    < 1e-3 * debt(&veteran, whole)
            );
            Ok(())
        })
        .expect("holds for all");
}

/// Leaving rewrites no more than was built, and dearer the likelier it is.
#[test]
fn leaving_costs_at_most_building_it_again() {
    let world = std::cell::RefCell::new(world());
    let case = (0.0..3.0_f64, 0.0..1.0_f64, 0.0..1.0_f64);
    runner()
        .run(&case, |(rework, hazard, more)| {
            set_input(&mut world.borrow_mut(), "exit.rework", rework);
            set_input(&mut world.borrow_mut(), "exit.hazard", hazard);
            let built: f64 = values(&world.borrow(), "work.effort")[0];
            for (effort, coupling) in values(&world.borrow(), "exit_effort")
                .iter()
                .zip([0.6, 0.6, 0.6, 0.9])
            {
                prop_assert!(
                    *effort <= built * coupling * 1.1 * (1.0 + 1e-9),
                    "{effort} of {built}"
                );
            }
            let once = values(&world.borrow(), "exit_expected")[GO];
            let most = values(&world.borrow(), "exit_effort")[GO]
                * values(&world.borrow(), "rate.engineer")[0];
            prop_assert!(once <= most * (1.0 + 1e-9));
            set_input(
                &mut world.borrow_mut(),
                "exit.hazard",
                hazard + (1.0 - hazard) * more,
            );
            let likelier = values(&world.borrow(), "exit_expected")[GO];
            prop_assert!(likelier >= once * (1.0 - 1e-9), "{once} {likelier}");
            Ok(())
        })
        .expect("holds for all");
}

fn runner() -> proptest::test_runner::TestRunner {
    proptest::test_runner::TestRunner::deterministic()
}
