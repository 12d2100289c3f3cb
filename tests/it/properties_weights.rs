//! Properties of elicited weights, on random judgements.

use proptest::prelude::*;
use weigh::weighting::best_worst::{self, BestWorst, BestWorstModel};
use weigh::weighting::pairwise::{self, Judgements, Pairwise};
use weigh::weighting::random_index::RandomIndex;

fn items(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("c{i}")).collect()
}

fn judged(n: usize, ratio: impl Fn(usize, usize) -> f64) -> Pairwise {
    let row = |i: usize| (0..n).map(|j| (i < j).then(|| ratio(i, j))).collect();
    Pairwise {
        items: items(n),
        judgements: Judgements::Matrix((0..n).map(row).collect()),
        children: Vec::new(),
    }
}

fn best_and_worst(from_best: &[f64], to_worst: &[f64]) -> BestWorst {
    let n = from_best.len();
    let row = |ratios: &[f64]| items(n).into_iter().zip(ratios.iter().copied()).collect();
    BestWorst {
        best: "c0".to_owned(),
        worst: format!("c{}", n - 1),
        best_to_others: row(from_best),
        others_to_worst: row(to_worst),
    }
}

/// Judgements of 1..=9 with the best first and the worst last.
fn rows() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (2_usize..=7).prop_flat_map(|n| {
        let ratios = || prop::collection::vec((1_u8..=9).prop_map(f64::from), n);
        (ratios(), ratios()).prop_map(move |(mut from_best, mut to_worst)| {
            from_best[0] = 1.0;
            to_worst[n - 1] = 1.0;
            (from_best, to_worst)
        })
    })
}

fn deviation(model: BestWorstModel, from_best: &[f64], to_worst: &[f64], w: &[f64]) -> f64 {
    let (best, worst) = (w[0], w[w.len() - 1]);
    let of = |j: usize| match model {
        BestWorstModel::Nonlinear => (best / w[j] - from_best[j])
            .abs()
            .max((w[j] / worst - to_worst[j]).abs()),
        BestWorstModel::Linear => (best - from_best[j] * w[j])
            .abs()
            .max((w[j] - to_worst[j] * worst).abs()),
    };
    (0..w.len()).map(of).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn consistent_comparisons_give_back_their_weights(raw in prop::collection::vec(0.05_f64..20.0, 1..10)) {
        let sum: f64 = raw.iter().sum();
        let weights = pairwise::weights(&judged(raw.len(), |i, j| raw[i] / raw[j]), RandomIndex::default()).expect("complete");
        for ((_, share), amount) in weights.weights.iter().zip(&raw) {
            prop_assert!((share - amount / sum).abs() < 1e-12);
        }
        let consistency = weights.consistency.expect("judged");
        prop_assert!(consistency.ratio.expect("the table reaches 15") < 1e-10);
        prop_assert_eq!(consistency.worst, None);
    }

    /// `A w = lambda w`, whatever the judgements.
    #[test]
    fn weights_are_the_principal_eigenvector(n in 3_usize..9, steps in prop::collection::vec(-8_i32..=8, 36)) {
        let saaty = |step: i32| if step >= 0 { f64::from(step + 1) } else { f64::from(1 - step).recip() };
        let ratio = |i: usize, j: usize| if i == j { 1.0 } else if i < j { saaty(steps[i * (2 * n - i - 1) / 2 + j - i - 1]) } else { saaty(steps[j * (2 * n - j - 1) / 2 + i - j - 1]).recip() };
        let weights = pairwise::weights(&judged(n, ratio), RandomIndex::default()).expect("complete");
        let w: Vec<f64> = weights.weights.iter().map(|&(_, share)| share).collect();
        let consistency = weights.consistency.expect("judged");
        let lambda = consistency.lambda_max.expect("an eigenvalue");
        prop_assert!(lambda >= n as f64 - 1e-9 && consistency.ratio.is_some_and(|ratio| ratio >= 0.0));
        for i in 0..n {
            let product: f64 = (0..n).map(|j| ratio(i, j) * w[j]).sum();
            prop_assert!((product - lambda * w[i]).abs() < 1e-10 * lambda, "{product} {}", lambda * w[i]);
        }
    }

    #[test]
    fn best_worst_linear_deviates_by_epsilon_and_nothing_deviates_less(
        (from_best, to_worst) in rows(),
        others in prop::collection::vec(prop::collection::vec(0.01_f64..1.0, 7), 40),
    ) {
        let weights = best_worst::weights(&best_and_worst(&from_best, &to_worst), BestWorstModel::Linear).expect("legal");
        let w: Vec<f64> = weights.weights.iter().map(|&(_, share)| share).collect();
        let epsilon = weights.epsilon.expect("a deviation");
        let found = deviation(BestWorstModel::Linear, &from_best, &to_worst, &w);
        prop_assert!((found - epsilon).abs() < 1e-9, "{found} {epsilon}");
        for other in others {
            // Between the optimum and a random point: close enough to find a better neighbour, were there one.
            let sum: f64 = other[..w.len()].iter().sum();
            let near: Vec<f64> = w.iter().zip(&other).map(|(w, o)| 0.95 * w + 0.05 * o / sum).collect();
            prop_assert!(deviation(BestWorstModel::Linear, &from_best, &to_worst, &near) >= epsilon - 1e-9);
        }
    }

    #[test]
    fn best_worst_nonlinear_reaches_epsilon_and_nothing_deviates_less(
        (from_best, to_worst) in rows(),
        others in prop::collection::vec(prop::collection::vec(0.8_f64..1.25, 7), 40),
    ) {
        let weights = best_worst::weights(&best_and_worst(&from_best, &to_worst), BestWorstModel::Nonlinear).expect("legal");
        let w: Vec<f64> = weights.weights.iter().map(|&(_, share)| share).collect();
        let epsilon = weights.epsilon.expect("a deviation");
        let found = deviation(BestWorstModel::Nonlinear, &from_best, &to_worst, &w);
        prop_assert!(found >= epsilon - 1e-9);
        if weights.intervals.is_empty() {
            prop_assert!((found - epsilon).abs() < 1e-6, "{found} {epsilon}");
        }
        for other in others {
            let near: Vec<f64> = w.iter().zip(&other).map(|(w, o)| w * o).collect();
            prop_assert!(deviation(BestWorstModel::Nonlinear, &from_best, &to_worst, &near) >= epsilon - 1e-9);
        }
    }
}
