//! Published cases of the aggregation methods, a method a file; what several share is here. Each test names its source; figures
//! are as printed there, tolerances half a unit of the last printed digit unless the source rounds intermediate steps.

mod electre_1;
mod marcos;
mod promethee;
mod spotis;
mod topsis;
mod value;
mod vikor;
mod waspas;
mod weighted_product;
mod weighted_sum;

use crate::data::{ERSOY, TUS_ADALI};
use weigh::rank::{Axis, Direction, MethodDetail, MethodResult, Params, Problem, find, ranks};

/// `directions` holds `+` for max and `-` for min; `rows` are candidates.
fn problem<const K: usize>(directions: &str, rows: &[[f64; K]], weights: [f64; K]) -> Problem {
    bounded(directions, rows, weights, None)
}

fn bounded<const K: usize>(
    directions: &str,
    rows: &[[f64; K]],
    weights: [f64; K],
    bounds: Option<[[f64; 2]; K]>,
) -> Problem {
    let axes = directions.chars().enumerate().map(|(k, sign)| {
        let direction = if sign == '+' {
            Direction::Max
        } else {
            Direction::Min
        };
        let axis = Axis::new(&format!("C{}", k + 1), direction);
        match (bounds.map(|bounds| bounds[k]), direction) {
            (None, _) => axis,
            (Some([low, high]), Direction::Max) => axis.anchored(low, high),
            (Some([low, high]), Direction::Min) => axis.anchored(high, low),
        }
    });
    let values = (0..K)
        .flat_map(|k| rows.iter().map(move |row| row[k]))
        .collect();
    Problem::new(axes.collect(), rows.len(), values, weights.to_vec())
        .expect("published matrices are legal")
}

fn run(method: &str, problem: &Problem, params: &[&str]) -> MethodResult {
    let params = Params::parse(params).expect("the pairs are well formed");
    find(method)
        .expect("the method exists")
        .run(problem, &params)
        .expect("the method is defined on published data")
}

fn output<'a>(outcome: &'a MethodResult, name: &str) -> &'a [f64] {
    let found = outcome.outputs.iter().find(|(known, _)| *known == name);
    &found
        .unwrap_or_else(|| panic!("there is no output {name}"))
        .1
}

#[track_caller]
fn near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, wanted) in found.iter().zip(expected) {
        assert!(
            (found - wanted).abs() <= tolerance,
            "{found} is not {wanted} +- {tolerance}"
        );
    }
}

/// Criteria printed as rows become candidates as rows.
fn transposed<const K: usize, const N: usize>(columns: [[f64; N]; K]) -> [[f64; K]; N] {
    std::array::from_fn(|i| std::array::from_fn(|k| columns[k][i]))
}

#[track_caller]
fn ranked(outcome: &MethodResult, expected: &[usize]) {
    assert_eq!(ranks(&outcome.scores, outcome.higher_is_better), expected);
}

const ZAVADSKAS: [[f64; 6]; 5] = [
    [3.0, 12.5, 2.0, 120.0, 14.0, 3.0],
    [5.0, 15.0, 3.0, 110.0, 38.0, 4.0],
    [3.0, 13.0, 2.0, 120.0, 19.0, 3.0],
    [4.0, 14.0, 2.0, 100.0, 31.0, 4.0],
    [3.0, 15.0, 1.5, 125.0, 40.0, 4.0],
];
const ZAVADSKAS_WEIGHTS: [f64; 6] = [0.221, 0.159, 0.175, 0.127, 0.117, 0.201];

const TZENG: [[f64; 3]; 4] = [
    [5.0, 8.0, 4.0],
    [7.0, 6.0, 8.0],
    [8.0, 8.0, 6.0],
    [7.0, 4.0, 6.0],
];
const TZENG_WEIGHTS: [f64; 3] = [0.3, 0.4, 0.3];

const CLIMBER: [[f64; 2]; 3] = [[1.0, 3000.0], [2.0, 3750.0], [5.0, 4500.0]];

/// Papathanasiou, J., Ploskas, N. (2018). Multiple Criteria Decision Aid. Springer, chapters 2 and 3.
const PAPATHANASIOU: [[f64; 4]; 6] = [
    [8.0, 7.0, 2.0, 1.0],
    [5.0, 3.0, 7.0, 5.0],
    [7.0, 5.0, 6.0, 4.0],
    [9.0, 9.0, 7.0, 3.0],
    [11.0, 10.0, 3.0, 7.0],
    [6.0, 9.0, 5.0, 4.0],
];
const PAPATHANASIOU_WEIGHTS: [f64; 4] = [0.4, 0.3, 0.1, 0.2];
