//! Best-worst: the best criterion against all, and all against the worst.
//!
//! With `a_Bj` the importance of the best relative to `j`, and `a_jW` that of `j` relative to the worst:
//!
//! - nonlinear: minimise the largest of `|w_B / w_j - a_Bj|` and `|w_j / w_W - a_jW|`;
//! - linear: minimise the largest of `|w_B - a_Bj w_j|` and `|w_j - a_jW w_W|`.
//!
//! Source: Rezaei, J. (2015). Best-worst multi-criteria decision-making method. Omega 53, 49-57 (nonlinear, and the
//! consistency indices); Rezaei, J. (2016). Best-worst multi-criteria decision-making method: Some properties and a linear
//! model. Omega 64, 126-130 (linear, and intervals).
//!
//! The nonlinear model needs no general solver. Let `t = w_B / w_W`. At a deviation `e` each `j` requires
//! `(a_Bj - e)(a_jW - e) <= t <= (a_Bj + e)(a_jW + e)`, so the least deviation is where the highest lower bound meets the
//! lowest upper bound. There `w_j / w_W` may lie anywhere in its interval: with more than three criteria and inconsistent
//! judgements many weights are equally good. The result contains the intervals and their centres.

use super::simplex::LinearProgram;
use super::{
    JudgementConsistency, WeightError, Weights, WorstJudgement, check_distinct, check_ratio,
};
use crate::tr;

/// The deviation that is minimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BestWorstModel {
    /// Deviation of ratios.
    #[default]
    Nonlinear,
    /// Deviation of differences: a linear program with a unique solution.
    Linear,
}

/// The judgements: best to others, and others to worst.
#[derive(Debug, Clone, PartialEq)]
pub struct BestWorst {
    /// The most important criterion.
    pub best: String,
    /// The least important criterion.
    pub worst: String,
    /// Importance of the best relative to each criterion; the best itself may be left out.
    pub best_to_others: Vec<(String, f64)>,
    /// Importance of each criterion relative to the worst; the worst itself may be left out.
    pub others_to_worst: Vec<(String, f64)>,
}

/// Consistency indices for a best over worst of 1..9: the largest deviation possible, rounded as published (Rezaei 2015,
/// table 1).
const CONSISTENCY_INDEX: [f64; 9] = [0.0, 0.44, 1.0, 1.63, 2.3, 3.0, 3.73, 4.47, 5.23];

/// Intervals narrower than this are treated as a point.
const POINT: f64 = 1e-9;

/// Returns the weights of all criteria, in the order in which they are first named.
///
/// # Errors
/// [`WeightError`] for a judgement that is missing (all are listed), repeated or below 1, or if best and worst coincide.
pub fn weights(judgements: &BestWorst, model: BestWorstModel) -> Result<Weights, WeightError> {
    let table = JudgementTable::from_judgements(judgements)?;
    match model {
        BestWorstModel::Nonlinear => Ok(nonlinear_weights(&table)),
        BestWorstModel::Linear => Ok(linear_weights(&table)),
    }
}

/// The judgements by item.
struct JudgementTable {
    items: Vec<String>,
    best: usize,
    worst: usize,
    /// `a_Bj`
    from_best: Vec<f64>,
    /// `a_jW`
    to_worst: Vec<f64>,
}

impl JudgementTable {
    fn from_judgements(given: &BestWorst) -> Result<Self, WeightError> {
        let rows = [&given.best_to_others, &given.others_to_worst];
        for row in rows {
            check_distinct(
                &row.iter()
                    .map(|(item, _)| item.as_str())
                    .collect::<Vec<_>>(),
            )?;
        }
        let mut items: Vec<String> = Vec::new();
        let named = rows
            .into_iter()
            .flatten()
            .map(|(item, _)| item)
            .chain([&given.best, &given.worst]);
        for item in named {
            if !items.contains(item) {
                items.push(item.clone());
            }
        }
        let place = |item: &String| {
            items
                .iter()
                .position(|known| known == item)
                .expect("the ends were added above")
        };
        let (best, worst) = (place(&given.best), place(&given.worst));
        if best == worst && items.len() > 1 {
            let item = &given.best;
            return Err(WeightError::Contradiction(tr!(
                "`{item}` cannot be both the best and the worst",
                "`{item}` 不能同时是最佳和最差"
            )));
        }
        let mut missing = Vec::new();
        let mut find = |row: &[(String, f64)],
                        item: &String,
                        own: &String,
                        pair: (&String, &String)| match row
            .iter()
            .find(|(name, _)| name == item)
        {
            Some(&(_, ratio)) => Some(ratio),
            None if item == own => Some(1.0),
            None => {
                missing.push((pair.0.clone(), pair.1.clone()));
                None
            }
        };
        let from_best: Vec<Option<f64>> = items
            .iter()
            .map(|item| {
                find(
                    &given.best_to_others,
                    item,
                    &given.best,
                    (&given.best, item),
                )
            })
            .collect();
        let to_worst: Vec<Option<f64>> = items
            .iter()
            .map(|item| {
                find(
                    &given.others_to_worst,
                    item,
                    &given.worst,
                    (item, &given.worst),
                )
            })
            .collect();
        if !missing.is_empty() {
            let pairs = missing
                .iter()
                .map(|(of, over)| format!("{of}/{over}"))
                .collect::<Vec<_>>()
                .join(", ");
            return Err(WeightError::Missing {
                text: tr!(
                    "these judgements are missing: {pairs}",
                    "缺少以下判断：{pairs}"
                ),
                pairs: missing,
            });
        }
        let table = Self {
            best,
            worst,
            from_best: from_best.into_iter().flatten().collect(),
            to_worst: to_worst.into_iter().flatten().collect(),
            items,
        };
        table.check_ratios()?;
        Ok(table)
    }

    fn check_ratios(&self) -> Result<(), WeightError> {
        let (best, worst) = (&self.items[self.best], &self.items[self.worst]);
        for (j, item) in self.items.iter().enumerate() {
            for (of, over, ratio) in [
                (best, item, self.from_best[j]),
                (item, worst, self.to_worst[j]),
            ] {
                check_ratio(of, over, ratio)?;
                if ratio < 1.0 {
                    return Err(WeightError::Contradiction(tr!(
                        "`{of}` over `{over}` is {ratio}, below 1: then `{best}` is not the best or `{worst}` not the worst",
                        "`{of}` 比 `{over}` 为 {ratio}，小于 1：那么 `{best}` 不是最佳或 `{worst}` 不是最差"
                    )));
                }
                if of == over && ratio != 1.0 {
                    return Err(WeightError::Contradiction(tr!(
                        "`{of}` over itself is {ratio}, not 1",
                        "`{of}` 与自身之比为 {ratio}，应为 1"
                    )));
                }
            }
        }
        Ok(())
    }

    /// Returns `a_BW`.
    fn best_over_worst(&self) -> f64 {
        self.from_best[self.worst]
    }

    /// Returns the criterion whose product `a_Bj a_jW` deviates most from `a_BW`.
    fn least_consistent(&self) -> Option<WorstJudgement> {
        let whole = self.best_over_worst();
        let off = |j: usize| (self.from_best[j] * self.to_worst[j] / whole).ln().abs();
        let j = (0..self.items.len()).max_by(|&a, &b| off(a).total_cmp(&off(b)))?;
        (off(j) > POINT).then(|| WorstJudgement {
            of: self.items[self.best].clone(),
            over: self.items[j].clone(),
            ratio: self.from_best[j],
            consistent: whole / self.to_worst[j],
        })
    }
}

fn nonlinear_weights(table: &JudgementTable) -> Weights {
    let epsilon = least_deviation(table);
    let (floor, ceiling) = ratio_bounds(table, epsilon);
    let t = (floor + ceiling) / 2.0;
    // `w_j / w_W`, lowest and highest.
    let boxes: Vec<(f64, f64)> = (0..table.items.len())
        .map(|j| {
            if j == table.worst {
                return (1.0, 1.0);
            }
            if j == table.best {
                return (t, t);
            }
            let low = (t / (table.from_best[j] + epsilon)).max(table.to_worst[j] - epsilon);
            let high =
                (t / (table.from_best[j] - epsilon).max(0.0)).min(table.to_worst[j] + epsilon);
            // The interval of the binding criterion is a point; rounding can swap its ends.
            if low < high {
                (low, high)
            } else {
                ((low + high) / 2.0, (low + high) / 2.0)
            }
        })
        .collect();
    let (lowest, highest): (f64, f64) = boxes
        .iter()
        .fold((0.0, 0.0), |(low, high), (l, h)| (low + l, high + h));
    let shares: Vec<(f64, f64)> = boxes
        .iter()
        .map(|(low, high)| (low / (low + highest - high), high / (high + lowest - low)))
        .collect();

    let centres = table
        .items
        .iter()
        .zip(&shares)
        .map(|(item, (low, high))| (item.clone(), (low + high) / 2.0))
        .collect();
    let mut weights = Weights::from_amounts(centres);
    weights.epsilon = Some(epsilon);
    let index = consistency_index(table.best_over_worst());
    weights.consistency = Some(JudgementConsistency {
        // If `a_BW` is 1, all judgements are 1 and no deviation is possible.
        ratio: if index > 0.0 {
            Some(epsilon / index)
        } else {
            (epsilon == 0.0).then_some(0.0)
        },
        index,
        lambda_max: None,
        random_index: None,
        table: "rezaei2015".to_owned(),
        worst: table.least_consistent(),
    });
    if shares.iter().any(|(low, high)| high - low > POINT) {
        weights.intervals = table
            .items
            .iter()
            .zip(&shares)
            .map(|(item, &(low, high))| (item.clone(), low, high))
            .collect();
        return weights.with_note(tr!(
            "several weights fit the judgements equally well: the result is the centres of their intervals, scaled to sum to 1",
            "多组权重与判断同样相符：给出各区间的中点，并缩放使其和为 1"
        ));
    }
    weights
}

/// Returns the highest lower bound and the lowest upper bound of `t = w_B / w_W` at a deviation.
fn ratio_bounds(table: &JudgementTable, deviation: f64) -> (f64, f64) {
    let ends = [table.from_best[table.worst], table.to_worst[table.best]];
    let ends = ends
        .into_iter()
        .map(|ratio| (ratio - deviation, ratio + deviation));
    let middle = (0..table.items.len())
        .filter(|&j| j != table.best && j != table.worst)
        .map(|j| {
            let (a, b) = (table.from_best[j], table.to_worst[j]);
            (
                (a - deviation).max(0.0) * (b - deviation).max(0.0),
                (a + deviation) * (b + deviation),
            )
        });
    ends.chain(middle)
        .fold((0.0_f64, f64::INFINITY), |(floor, ceiling), (low, high)| {
            (floor.max(low), ceiling.min(high))
        })
}

/// Returns the least deviation at which every lower bound is at most every upper bound, by bisection to full precision:
/// lower bounds fall and upper bounds rise with the deviation.
fn least_deviation(table: &JudgementTable) -> f64 {
    let fits = |deviation: f64| {
        let (floor, ceiling) = ratio_bounds(table, deviation);
        floor <= ceiling * (1.0 + 4.0 * f64::EPSILON)
    };
    if fits(0.0) {
        return 0.0;
    }
    let largest = table
        .from_best
        .iter()
        .chain(&table.to_worst)
        .fold(1.0_f64, |largest, &ratio| largest.max(ratio));
    let (mut too_small, mut enough) = (0.0, largest);
    loop {
        let middle = f64::midpoint(too_small, enough);
        if middle <= too_small || middle >= enough {
            return enough;
        }
        if fits(middle) {
            enough = middle;
        } else {
            too_small = middle;
        }
    }
}

/// Returns the published value for 1..9; otherwise the smaller root of `e^2 - (1 + 2a) e + (a^2 - a) = 0`, from which the
/// table was computed.
fn consistency_index(best_over_worst: f64) -> f64 {
    let a = best_over_worst;
    CONSISTENCY_INDEX
        .iter()
        .zip(1_u8..)
        .find(|&(_, whole)| f64::from(whole) == a)
        .map_or_else(
            || f64::midpoint(1.0 + 2.0 * a, -(1.0 + 8.0 * a).sqrt()),
            |(&index, _)| index,
        )
}

fn linear_weights(table: &JudgementTable) -> Weights {
    let n = table.items.len();
    // Variables: the weights, the deviation, and one slack for each one-sided bound.
    let mut bounds: Vec<Vec<f64>> = Vec::new();
    let mut bound = |over: usize, factor: f64, under: usize| {
        if over == under {
            return;
        }
        for sign in [1.0, -1.0] {
            let mut row = vec![0.0; n + 1];
            row[over] = sign;
            row[under] = -sign * factor;
            row[n] = -1.0;
            bounds.push(row);
        }
    };
    for j in 0..n {
        bound(table.best, table.from_best[j], j);
        bound(j, table.to_worst[j], table.worst);
    }
    let slacks = bounds.len();
    let mut rows: Vec<Vec<f64>> = bounds
        .into_iter()
        .enumerate()
        .map(|(number, row)| {
            row.into_iter()
                .chain((0..slacks).map(|slack| f64::from(u8::from(slack == number))))
                .collect()
        })
        .collect();
    rows.push(
        (0..n + 1 + slacks)
            .map(|column| f64::from(u8::from(column < n)))
            .collect(),
    );
    let sides = (0..=slacks)
        .map(|row| f64::from(u8::from(row == slacks)))
        .collect();
    let costs = (0..n + 1 + slacks)
        .map(|column| f64::from(u8::from(column == n)))
        .collect();
    let optimum = LinearProgram { rows, sides, costs }.minimise().expect(
        "equal weights with a large deviation meet all bounds, and a deviation is at least 0",
    );
    let mut weights = Weights::from_amounts(
        table
            .items
            .iter()
            .cloned()
            .zip(optimum[..n].iter().copied())
            .collect(),
    );
    weights.epsilon = Some(optimum[n]);
    weights.with_note(tr!(
        "linear model: epsilon itself measures consistency, 0 is perfect; it is not divided by an index",
        "线性模型：epsilon 本身即一致性度量，0 为完全一致；不再除以指标"
    ))
}
