//! Speed of the aggregation methods, at the sizes that are promised.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use weigh::rank::{Axis, Direction, Params, Problem, find, ranks};

/// A matrix of `n x k` values in 1..101 from a fixed linear congruential generator; every third criterion is min.
fn matrix(n: usize, k: usize) -> (Vec<Axis>, Vec<f64>, Vec<f64>) {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let axes = (0..k)
        .map(|k| {
            if k % 3 == 2 {
                Axis::new(&format!("c{k}"), Direction::Min).anchored(101.0, 1.0)
            } else {
                Axis::new(&format!("c{k}"), Direction::Max).anchored(1.0, 101.0)
            }
        })
        .collect();
    let values = (0..n * k).map(|_| 1.0 + 100.0 * draw()).collect();
    let weights = (0..k).map(|_| 0.1 + draw()).collect();
    (axes, values, weights)
}

fn methods(criterion: &mut Criterion) {
    let cases = [
        ("value", 100_000, 20, Params::none()),
        ("topsis", 100_000, 20, Params::none()),
        ("vikor", 100_000, 20, Params::none()),
        ("weighted-product", 100_000, 20, Params::none()),
        (
            "promethee",
            10_000,
            20,
            Params::parse(["shape=linear", "q=2", "p=20"]).expect("the parameters are well formed"),
        ),
        ("electre-1", 2_000, 20, Params::none()),
    ];
    for (id, n, k, params) in cases {
        let (axes, values, weights) = matrix(n, k);
        let problem = Problem::new(axes, n, values, weights).expect("the matrix is legal");
        let method = find(id).expect("the method exists");
        criterion.bench_function(&format!("{id} {n}x{k} scores and ranks"), |bencher| {
            bencher.iter(|| {
                let outcome = method
                    .run(black_box(&problem), &params)
                    .expect("the method is defined here");
                ranks(&outcome.scores, outcome.higher_is_better)
            });
        });
    }
    let (axes, values, weights) = matrix(100_000, 20);
    criterion.bench_function("problem 100000x20 checked", |bencher| {
        bencher.iter_batched(
            || (axes.clone(), values.clone(), weights.clone()),
            |(axes, values, weights)| Problem::new(axes, 100_000, values, weights),
            criterion::BatchSize::LargeInput,
        );
    });
}

criterion_group!(benches, methods);
criterion_main!(benches);
