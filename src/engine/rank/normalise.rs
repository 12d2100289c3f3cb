//! Normalisation: makes columns in different units comparable.
//!
//! | word | max criterion | min criterion | needs |
//! |---|---|---|---|
//! | `max` | x / max | min / x | x >= 0; x > 0 for min |
//! | `minmax` | (x - min) / (max - min) | (max - x) / (max - min) | - |
//! | `sum` | x / sum x | (1/x) / sum (1/x) | x >= 0; x > 0 for min |
//! | `vector` | x / \|\|x\|\| | 1 - x / \|\|x\|\| | - |
//! | `none` | x | -x | - |
//!
//! After normalisation more is better. All but `none` depend on the set of candidates, so adding or removing a candidate can
//! reverse the order of the others. Source of the table: Jahan, A., Edwards, K. L. (2015). A
//! state-of-the-art survey on the influence of normalization techniques in ranking. Materials & Design 65, 335-342.

use rayon::prelude::*;

use super::{Axis, Direction, ParameterDomain, Problem, RankError};
use crate::tr;

/// A normalisation; see the table in the module documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Normalisation {
    /// Ratio to the best value.
    Max,
    /// Position between the observed worst and best.
    MinMax,
    /// Share of the column's sum.
    Sum,
    /// Share of the column's Euclidean length.
    Vector,
    /// Values as measured.
    None,
}

impl Normalisation {
    pub(super) const ALL: ParameterDomain =
        ParameterDomain::Word(&["max", "minmax", "sum", "vector", "none"]);

    pub(super) fn of(word: &str) -> Self {
        match word {
            "max" => Self::Max,
            "minmax" => Self::MinMax,
            "sum" => Self::Sum,
            "vector" => Self::Vector,
            _ => Self::None,
        }
    }

    /// Returns the map of each column; more is better afterwards.
    pub(super) fn column_maps(self, problem: &Problem) -> Result<Vec<ColumnMap>, RankError> {
        let maps: Vec<Result<ColumnMap, RankError>> = (0..problem.criteria())
            .into_par_iter()
            .map(|k| {
                match self.column_map(&problem.axes()[k], problem.column(k), problem.range(k)) {
                    // A criterion of weight 0 cannot make the result undefined.
                    Err(_) if problem.weights()[k] == 0.0 => Ok(ColumnMap::linear(0.0, 0.0)),
                    map => map,
                }
            })
            .collect();
        // Collecting in order reports the error of the first criterion, independent of threads.
        maps.into_iter().collect()
    }

    fn column_map(
        self,
        axis: &Axis,
        column: &[f64],
        (low, high): (f64, f64),
    ) -> Result<ColumnMap, RankError> {
        if matches!(self, Self::Max | Self::Sum) {
            self.check_sign(axis, low)?;
        }
        // A divisor of 0 means a constant column, which contributes 0 to every candidate.
        let over = |divisor: f64| if divisor == 0.0 { 0.0 } else { divisor.recip() };
        Ok(match (self, axis.direction) {
            (Self::None, Direction::Max) => ColumnMap::linear(1.0, 0.0),
            (Self::None, Direction::Min) => ColumnMap::linear(-1.0, 0.0),
            (Self::Max, Direction::Max) => ColumnMap::linear(over(high), 0.0),
            (Self::Max, Direction::Min) => ColumnMap::Reciprocal { numerator: low },
            (Self::MinMax, Direction::Max) => ColumnMap::linear(over(high - low), low),
            (Self::MinMax, Direction::Min) => ColumnMap::linear(-over(high - low), high),
            (Self::Sum, Direction::Max) => ColumnMap::linear(over(column.iter().sum()), 0.0),
            (Self::Sum, Direction::Min) => ColumnMap::Reciprocal {
                numerator: over(column.iter().map(|value| value.recip()).sum()),
            },
            (Self::Vector, Direction::Max) => {
                ColumnMap::linear(over(euclidean_length(column)), 0.0)
            }
            (Self::Vector, Direction::Min) => {
                let length = euclidean_length(column);
                ColumnMap::Linear {
                    factor: -over(length),
                    origin: length,
                }
            }
        })
    }

    /// Returns the divisor that scales a column without changing its direction; never 0.
    pub(super) fn divisor(
        self,
        id: &str,
        column: &[f64],
        (low, high): (f64, f64),
    ) -> Result<f64, RankError> {
        let divisor = match self {
            Self::None => 1.0,
            Self::Max => high.abs().max(low.abs()),
            Self::MinMax => high - low,
            Self::Vector => euclidean_length(column),
            Self::Sum if low < 0.0 => {
                return Err(RankError::of(
                    id,
                    tr!(
                        "normalisation `sum` needs values of `{id}` of at least 0; the smallest is {low}",
                        "归一化 `sum` 要求 `{id}` 的值不小于 0；最小值为 {low}"
                    ),
                ));
            }
            Self::Sum => column.iter().sum(),
        };
        Ok(if divisor == 0.0 { 1.0 } else { divisor })
    }

    fn check_sign(self, axis: &Axis, low: f64) -> Result<(), RankError> {
        let id = &axis.id;
        let (word, positive_needed) = (
            if self == Self::Max { "max" } else { "sum" },
            axis.direction == Direction::Min,
        );
        if low > 0.0 || (low == 0.0 && !positive_needed) {
            return Ok(());
        }
        let need = if positive_needed {
            tr!(
                "above 0, because it divides by them",
                "大于 0，因为要用作除数"
            )
        } else {
            tr!("of at least 0", "不小于 0")
        };
        Err(RankError::of(
            id,
            tr!(
                "normalisation `{word}` needs values of `{id}` {need}; the smallest is {low}. Use normalisation=minmax, or a method with declared anchors",
                "归一化 `{word}` 要求 `{id}` 的值{need}；最小值为 {low}。请用 normalisation=minmax，或采用有声明锚点的方法"
            ),
        ))
    }
}

/// The map of one column to a scale on which more is better.
#[derive(Debug, Clone, Copy)]
pub(super) enum ColumnMap {
    /// `factor * (x - origin)`
    Linear { factor: f64, origin: f64 },
    /// `numerator / x`
    Reciprocal { numerator: f64 },
}

impl ColumnMap {
    pub(super) fn linear(factor: f64, origin: f64) -> Self {
        Self::Linear { factor, origin }
    }

    #[inline]
    pub(super) fn apply(self, x: f64) -> f64 {
        match self {
            Self::Linear { factor, origin } => factor * (x - origin),
            Self::Reciprocal { numerator } => numerator / x,
        }
    }
}

/// Returns the Euclidean length of a column. Squares cannot overflow, because magnitudes are at most 1e150; columns whose
/// squares would underflow are scaled first.
pub(super) fn euclidean_length(column: &[f64]) -> f64 {
    let squares = sum_of(column, |x| x * x);
    if squares > 1e-200 {
        return squares.sqrt();
    }
    let largest = column
        .iter()
        .fold(0.0_f64, |largest, x| largest.max(x.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    largest * sum_of(column, |x| (x / largest) * (x / largest)).sqrt()
}

/// Sums in eight lanes, which vectorises; a plain sum is one chain of dependent additions.
fn sum_of(column: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; 8];
    let blocks = column.chunks_exact(8);
    let rest: f64 = blocks.remainder().iter().map(|&x| term(x)).sum();
    for block in blocks {
        for (lane, &x) in lanes.iter_mut().zip(block) {
            *lane += term(x);
        }
    }
    lanes.iter().sum::<f64>() + rest
}
