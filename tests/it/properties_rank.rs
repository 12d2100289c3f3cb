//! Properties every aggregation method keeps, on random matrices.

use proptest::prelude::*;
use weigh::rank::{
    Axis, Contributions, Direction, MethodDetail, MethodResult, Params, Problem, find, order, ranks,
};

/// Every method with parameters for which it is monotone: better on a criterion is never worse in the result.
const MONOTONE: &[(&str, &[&str])] = &[
    ("value", &[]),
    ("weighted-sum", &[]),
    ("weighted-sum", &["normalisation=minmax"]),
    ("weighted-sum", &["normalisation=sum"]),
    ("weighted-sum", &["normalisation=vector"]),
    ("weighted-sum", &["normalisation=none"]),
    ("weighted-product", &[]),
    ("weighted-product", &["normalisation=none"]),
    ("waspas", &["lambda=0.3"]),
    ("topsis", &[]),
    ("topsis", &["normalisation=minmax"]),
    ("topsis", &["normalisation=max"]),
    ("vikor", &[]),
    ("promethee", &[]),
    ("promethee", &["shape=linear", "q=5", "p=30"]),
    ("promethee", &["shape=gaussian", "s=20"]),
    ("marcos", &[]),
    ("spotis", &[]),
];

#[derive(Debug, Clone)]
struct Matrix {
    maxima: Vec<bool>,
    rows: Vec<Vec<f64>>,
    weights: Vec<f64>,
}

impl Matrix {
    fn problem(&self) -> Problem {
        let axes = self.maxima.iter().enumerate().map(|(k, &max)| {
            let id = format!("c{k}");
            if max {
                Axis::new(&id, Direction::Max).anchored(0.0, 101.0)
            } else {
                Axis::new(&id, Direction::Min).anchored(101.0, 0.0)
            }
        });
        let values = (0..self.maxima.len())
            .flat_map(|k| self.rows.iter().map(move |row| row[k]))
            .collect();
        Problem::new(
            axes.collect(),
            self.rows.len(),
            values,
            self.weights.clone(),
        )
        .expect("the strategy makes legal matrices")
    }
}

/// 1..=12 candidates on 1..=5 criteria, values 1..=100 in halves so that ties happen, weights with some zeros.
fn matrices() -> impl Strategy<Value = Matrix> {
    (1_usize..=5, 1_usize..=12).prop_flat_map(|(k, n)| {
        let value = (2_u32..=200).prop_map(|half| f64::from(half) / 2.0);
        let weight = prop_oneof![1 => Just(0.0), 6 => 0.01..10.0];
        (
            prop::collection::vec(any::<bool>(), k),
            prop::collection::vec(prop::collection::vec(value, k), n),
            prop::collection::vec(weight, k),
        )
            .prop_map(|(maxima, rows, mut weights): (_, _, Vec<f64>)| {
                weights[0] += 0.5;
                Matrix {
                    maxima,
                    rows,
                    weights,
                }
            })
    })
}

fn run(method: &str, problem: &Problem, params: &[&str]) -> MethodResult {
    let params = Params::parse(params).expect("the pairs are well formed");
    find(method)
        .expect("the method exists")
        .run(problem, &params)
        .expect("values are above 0")
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.iter()
        .zip(b)
        .all(|(a, b)| (a - b).abs() <= 1e-9 * (1.0 + a.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn scaling_all_weights_changes_nothing(matrix in matrices(), factor in 0.001..1000.0) {
        let problem = matrix.problem();
        let scaled = problem.with_weights(matrix.weights.iter().map(|w| w * factor).collect()).expect("legal");
        for (method, params) in MONOTONE {
            prop_assert!(close(&run(method, &problem, params).scores, &run(method, &scaled, params).scores), "{method}");
        }
    }

    #[test]
    fn the_order_of_candidates_changes_nothing(matrix in matrices(), seed in any::<prop::sample::Index>()) {
        let n = matrix.rows.len();
        let shift = seed.index(n);
        let moved: Vec<usize> = (0..n).map(|i| (i + shift) % n).rev().collect();
        let problem = matrix.problem();
        let other = problem.select(&moved).expect("legal");
        for (method, params) in MONOTONE.iter().chain(&[("electre-1", &[] as &[&str])]) {
            let (a, b) = (run(method, &problem, params), run(method, &other, params));
            let back: Vec<f64> = moved.iter().map(|&i| a.scores[i]).collect();
            prop_assert!(close(&back, &b.scores), "{method}");
        }
    }

    #[test]
    fn the_dominated_never_outranks_its_dominator(matrix in matrices()) {
        let problem = matrix.problem();
        let better = |k: usize, a: f64, b: f64| if matrix.maxima[k] { a >= b } else { a <= b };
        for (method, params) in MONOTONE {
            let outcome = run(method, &problem, params);
            let ranks = ranks(&outcome.scores, outcome.higher_is_better);
            for (a, row) in matrix.rows.iter().enumerate() {
                for (b, other) in matrix.rows.iter().enumerate() {
                    if row.iter().zip(other).enumerate().all(|(k, (x, y))| better(k, *x, *y)) {
                        prop_assert!(ranks[a] <= ranks[b], "{method} {params:?}: {a} dominates {b}, ranks {ranks:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn contributions_sum_to_the_score(matrix in matrices()) {
        let problem = matrix.problem();
        for (method, params) in MONOTONE {
            let given = Params::parse(*params).expect("well formed");
            let found = find(method).expect("exists").contributions(&problem, &given).expect("defined");
            let additive = ["value", "weighted-sum", "spotis"].contains(method);
            prop_assert_eq!(found.is_some(), additive);
            let scores = run(method, &problem, params).scores;
            let sum = |parts: &Contributions, i: usize| (0..problem.criteria()).map(|k| parts.contribution(k, i)).sum::<f64>();
            if let Some(parts) = found {
                for (i, score) in scores.iter().enumerate() {
                    prop_assert!((sum(&parts, i) - score).abs() <= 1e-12 * (1.0 + score.abs()), "{method}");
                }
            }
        }
    }

    /// A candidate that joins or leaves moves nobody else under declared anchors.
    #[test]
    fn fixed_anchors_have_no_rank_reversal(matrix in matrices()) {
        let problem = matrix.problem();
        for method in ["value", "spotis"] {
            let all = run(method, &problem, &[]).scores;
            for left_out in 0..matrix.rows.len() {
                let rest: Vec<usize> = (0..matrix.rows.len()).filter(|&i| i != left_out).collect();
                if let Ok(fewer) = problem.select(&rest) {
                    let scores = run(method, &fewer, &[]).scores;
                    prop_assert!(rest.iter().zip(&scores).all(|(&i, score)| all[i] == *score), "{method}");
                }
            }
        }
    }

    #[test]
    fn fast_promethee_equals_the_pairwise_definition(
        matrix in matrices(),
        shape in prop::sample::select(vec!["usual", "u-shape", "v-shape", "level", "linear", "gaussian"]),
        q in (0_u32..40).prop_map(|half| f64::from(half) / 2.0),
        width in (0_u32..60).prop_map(|half| f64::from(half) / 2.0),
    ) {
        let p = q + width + f64::from(u8::from(q + width == 0.0));
        let params = [format!("shape={shape}"), format!("q={q}"), format!("p={p}"), format!("s={p}")];
        let params: Vec<&str> = params.iter().map(String::as_str).collect();
        let problem = matrix.problem();
        let outcome = run("promethee", &problem, &params);
        let preference = |d: f64| match shape {
            _ if d <= 0.0 => 0.0,
            "usual" => 1.0,
            "u-shape" => f64::from(u8::from(d > q)),
            "v-shape" => (d / p).min(1.0),
            "level" if d <= q => 0.0,
            "level" => if d <= p { 0.5 } else { 1.0 },
            "linear" if d <= q => 0.0,
            "linear" => if d <= p { (d - q) / (p - q) } else { 1.0 },
            _ => 1.0 - (-d * d / (2.0 * p * p)).exp(),
        };
        let shares = problem.shares();
        let n = matrix.rows.len();
        let pi = |a: usize, b: usize| -> f64 {
            (0..shares.len())
                .map(|k| {
                    let d = matrix.rows[a][k] - matrix.rows[b][k];
                    shares[k] * preference(if matrix.maxima[k] { d } else { -d })
                })
                .sum()
        };
        let others = (n - 1).max(1) as f64;
        let plus: Vec<f64> = (0..n).map(|a| (0..n).map(|b| pi(a, b)).sum::<f64>() / others).collect();
        let minus: Vec<f64> = (0..n).map(|a| (0..n).map(|b| pi(b, a)).sum::<f64>() / others).collect();
        for (found, wanted) in [(&outcome.outputs[0].1, plus), (&outcome.outputs[1].1, minus)] {
            prop_assert!(found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-13), "{found:?} {wanted:?}");
        }
    }

    /// Nobody in the kernel outranks a member of another circuit, and everyone outside is outranked by a member.
    #[test]
    fn electre_1_kernel_is_stable(matrix in matrices(), p in 0.3..1.0, q in 0.0..1.0) {
        let problem = matrix.problem();
        let outcome = run("electre-1", &problem, &[&format!("p={p}"), &format!("q={q}")]);
        let MethodDetail::Electre { concordance, discordance, kernel } = outcome.detail else { panic!("ELECTRE I has a kernel") };
        let n = matrix.rows.len();
        let outranks = |a: usize, b: usize| {
            let (agreed, objection) = (concordance[a * n + b], discordance[a * n + b]);
            agreed.is_some_and(|agreed| agreed >= p - 1e-12) && objection.is_some_and(|objection| objection <= q + 1e-12)
        };
        prop_assert!(!kernel.is_empty());
        let reach = |from: usize| {
            let mut seen = vec![from];
            let mut next = 0;
            while next < seen.len() {
                let a = seen[next];
                seen.extend((0..n).filter(|&b| outranks(a, b) && !seen.contains(&b)).collect::<Vec<_>>());
                next += 1;
            }
            seen
        };
        for b in 0..n {
            let by_member = kernel.iter().any(|&a| outranks(a, b) && !reach(b).contains(&a));
            if kernel.contains(&b) {
                prop_assert!(!by_member, "{b} is in the kernel and outranked from it");
            } else {
                let circuit: Vec<usize> = reach(b).into_iter().filter(|&c| reach(c).contains(&b)).collect();
                prop_assert!(
                    circuit.iter().any(|&c| kernel.iter().any(|&a| outranks(a, c))),
                    "{b} is outside and no member outranks its circuit"
                );
            }
        }
    }

    #[test]
    fn ranks_are_competition_ranks(scores in prop::collection::vec(-5_i32..5, 0..40), higher in any::<bool>()) {
        let scores: Vec<f64> = scores.into_iter().map(f64::from).collect();
        let found = ranks(&scores, higher);
        for (i, a) in scores.iter().enumerate() {
            let ahead = scores.iter().filter(|b| if higher { *b > a } else { *b < a }).count();
            prop_assert_eq!(found[i], ahead + 1);
        }
        let order = order(&found);
        prop_assert!(order.is_sorted_by_key(|&i| (found[i], i)));
    }
}

/// A run of the sorted column may be a sliver of its range: prefix sums must not lose it.
#[test]
fn promethee_keeps_its_digits_where_thresholds_are_a_sliver_of_the_range() {
    let n = 400;
    let column: Vec<f64> = (0..n)
        .map(|i| 1e9 * f64::from(i / 20) + 1e-3 * f64::from(i % 20))
        .collect();
    let axes = vec![Axis::new("a", Direction::Max)];
    let problem = Problem::new(axes, column.len(), column.clone(), vec![1.0]).expect("legal");
    let outcome = run(
        "promethee",
        &problem,
        &["shape=linear", "q=0.002", "p=0.012"],
    );
    for (i, a) in column.iter().enumerate() {
        let preference = |d: f64| {
            if d <= 0.002 {
                0.0
            } else {
                ((d - 0.002) / 0.01).min(1.0)
            }
        };
        let wanted = column.iter().map(|b| preference(a - b)).sum::<f64>() / f64::from(n - 1);
        assert!(
            (outcome.outputs[0].1[i] - wanted).abs() < 1e-9,
            "{i}: {} is not {wanted}",
            outcome.outputs[0].1[i]
        );
    }
}
