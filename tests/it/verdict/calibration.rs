//! How often a verdict is right if the truth is drawn from the stated ranges, and from ranges 1.5 and 2 times as wide.

use std::fmt::Write as _;

use weigh::analysis::standing::Standing;
use weigh::analysis::study::{Study, StudyRequest};
use weigh::analysis::verdict::VerdictClass;
use weigh::quantity::sampler::RandomStream;

use crate::sensitivity::world::World;

/// Decisions per run.
const DECISIONS: usize = 160;
/// Truths are drawn with another seed than the verdict's draws.
const OTHER_SEED: u64 = 9_001;

/// A decision of 2 to 12 candidates on 3 to 7 criteria with skewed triangular ranges.
fn random_matrix(number: usize) -> String {
    let mut random = RandomStream::new(3, "calibration", number);
    let mut below = |n: f64| (random.uniform() * n).floor() as usize;
    let (candidates, criteria) = (2 + below(11.0), 3 + below(5.0));
    let width = 4.0 + below(36.0) as f64;
    let mut text = String::from("candidate");
    (0..criteria).for_each(|k| write!(text, ",k{k}").expect("memory"));
    text += "\n@weight";
    for _ in 0..criteria {
        write!(text, ",{}", 1 + below(9.0)).expect("memory");
    }
    text += "\n@worst";
    (0..criteria).for_each(|_| text += ",0");
    text += "\n@best";
    (0..criteria).for_each(|_| text += ",100");
    text.push('\n');
    for c in 0..candidates {
        write!(text, "c{c}").expect("memory");
        for _ in 0..criteria {
            let low = 20.0 + below(50.0) as f64;
            let mode = low + width * below(100.0) as f64 / 100.0;
            write!(text, ",{low}..{mode}..{}", low + width).expect("memory");
        }
        text.push('\n');
    }
    text
}

/// For each class the share of right choices, with the truth drawn from ranges 1, 1.5 and 2 times as wide.
fn right_by_class() -> Vec<(VerdictClass, usize, [f64; 3])> {
    let mut sums: Vec<(VerdictClass, usize, [f64; 3])> = [
        VerdictClass::Open,
        VerdictClass::Leaning,
        VerdictClass::Clear,
    ]
    .map(|class| (class, 0, [0.0; 3]))
    .to_vec();
    for number in 0..DECISIONS {
        let world = World::csv(&random_matrix(number));
        let plan = world.plan();
        let verdict = Study::new(&plan, StudyRequest::of(&world.decision))
            .verdict()
            .clone();
        let first = verdict.first.expect("everyone is ranked");
        let own = sums
            .iter_mut()
            .find(|(class, ..)| *class == verdict.class)
            .expect("somebody is first");
        own.1 += 1;
        for (sum, factor) in own.2.iter_mut().zip([1.0, 1.5, 2.0]) {
            let truth = plan.with_judged_spread(factor).seeded(OTHER_SEED);
            *sum += Standing::of(&truth, &plan.shares()).first_share[first];
        }
    }
    for (_, count, sum) in &mut sums {
        sum.iter_mut().for_each(|sum| *sum /= *count as f64);
    }
    sums
}

/// `cargo test --test it calibration -- --nocapture` prints the table of `benches/README.md`.
#[test]
#[allow(clippy::print_stdout)]
fn a_class_is_right_as_often_as_it_claims() {
    let found = right_by_class();
    let [open, leaning, clear] = found.as_slice() else {
        panic!("three classes");
    };
    for (class, count, right) in &found {
        let [as_stated, wider, twice] = right;
        println!(
            "| {} | {count} | {as_stated:.3} | {wider:.3} | {twice:.3} |",
            class.word()
        );
        assert!(*count >= 10, "{found:?}");
    }
    assert!(clear.2[0] >= 0.97, "{found:?}");
    assert!(clear.2[2] >= 0.90, "{found:?}");
    assert!((0.66..0.97).contains(&leaning.2[0]), "{found:?}");
    assert!(open.2[0] < 0.66, "{found:?}");
    // Wider truths make every claim less right, and never reverse the order of the classes.
    for (_, _, right) in &found {
        assert!(right[0] >= right[1] && right[1] >= right[2], "{found:?}");
    }
    for spread in 0..3 {
        assert!(open.2[spread] < leaning.2[spread] && leaning.2[spread] < clear.2[spread]);
    }
}
