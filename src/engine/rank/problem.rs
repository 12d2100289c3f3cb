//! The decision matrix that the methods rank: complete and finite, in criterion-major layout.

use std::sync::Arc;

use rayon::prelude::*;

use super::RankError;
use crate::lang::Text;
pub use crate::quantity::value_function::Direction;
use crate::tr;

/// Nonzero magnitudes outside `SMALLEST..=LARGEST` are rejected, so that squares, reciprocals and ratios of any two numbers
/// of a problem stay finite in `f64`. A different unit brings such a value back into range.
const LARGEST: f64 = 1e150;
const SMALLEST: f64 = 1e-150;

/// The last bits of a computed value. Below the tolerance of comparisons, because it changes values: a user may mean 1 m in
/// 1,000,000 km.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// A criterion of a [`Problem`].
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Used in messages and in parameters such as `shape.CRITERION`.
    pub id: String,
    pub direction: Direction,
    /// Declared `(worst, best)`, in the measure's unit.
    pub anchors: Option<(f64, f64)>,
}

impl Axis {
    /// Creates a criterion without declared anchors.
    #[must_use]
    pub fn new(id: &str, direction: Direction) -> Self {
        Self {
            id: id.to_owned(),
            direction,
            anchors: None,
        }
    }

    /// Sets the anchors, in the measure's unit.
    #[must_use]
    pub fn anchored(mut self, worst: f64, best: f64) -> Self {
        self.anchors = Some((worst, best));
        self
    }
}

/// A complete decision matrix with weights. Criterion-major: column `k` is `values[k * n..(k + 1) * n]` for `n`
/// candidates. A `Problem` is always valid: no infinite or NaN value, no negative weight, not all weights zero. Clones share
/// the matrix.
#[derive(Debug, Clone)]
pub struct Problem {
    axes: Arc<[Axis]>,
    candidates: usize,
    values: Arc<Vec<f64>>,
    ranges: Arc<[(f64, f64)]>,
    weights: Vec<f64>,
}

impl Problem {
    /// Creates a problem from a matrix. `values` is criterion-major, in each measure's unit; `weights` are raw, on any scale.
    ///
    /// # Errors
    /// [`RankError::Data`] for no candidate or criterion, wrong lengths, a value that is not finite or of a magnitude
    /// beyond 1e±150, a negative weight, weights that are all zero, or anchors that are equal or contradict the direction.
    pub fn new(
        axes: Vec<Axis>,
        candidates: usize,
        mut values: Vec<f64>,
        weights: Vec<f64>,
    ) -> Result<Self, RankError> {
        if candidates == 0 {
            return Err(RankError::data(tr!(
                "there is no candidate to rank",
                "没有可排序的候选项"
            )));
        }
        if axes.is_empty() {
            return Err(RankError::data(tr!(
                "there is no criterion to rank by",
                "没有可用于排序的准则"
            )));
        }
        let (given, wanted) = (values.len(), axes.len() * candidates);
        if given != wanted {
            return Err(RankError::data(tr!(
                "the matrix has {given} values, {wanted} are needed",
                "矩阵有 {given} 个值，需要 {wanted} 个"
            )));
        }
        for axis in &axes {
            check_anchors(axis)?;
        }
        check_weights(&axes, &weights)?;
        let ranges: Vec<Result<(f64, f64), RankError>> = values
            .par_chunks(candidates)
            .zip(&axes)
            .map(|(column, axis)| checked_range(column, axis))
            .collect();
        // Of several errors the first criterion's is reported, whichever thread met its own first.
        let mut ranges = ranges.into_iter().collect::<Result<Vec<_>, _>>()?;
        values
            .par_chunks_mut(candidates)
            .zip(&axes)
            .zip(&mut ranges)
            .for_each(|((column, axis), range)| snap_to_ends(column, axis, range));
        Ok(Self {
            axes: axes.into(),
            candidates,
            values: Arc::new(values),
            ranges: ranges.into(),
            weights,
        })
    }

    /// Returns the same matrix with other raw weights.
    ///
    /// # Errors
    /// [`RankError::Data`] as in [`Problem::new`].
    pub fn with_weights(&self, weights: Vec<f64>) -> Result<Self, RankError> {
        check_weights(&self.axes, &weights)?;
        Ok(Self {
            weights,
            ..self.clone()
        })
    }

    /// Returns the problem restricted to `candidates`, in this order. A repeated index duplicates a candidate: removing one and
    /// duplicating one are the two checks for rank reversal.
    ///
    /// # Errors
    /// [`RankError::Data`] if `candidates` is empty.
    ///
    /// # Panics
    /// If an index is not below [`Problem::candidates`].
    pub fn select(&self, candidates: &[usize]) -> Result<Self, RankError> {
        let values = (0..self.axes.len())
            .flat_map(|k| {
                let column = self.column(k);
                candidates.iter().map(|&i| column[i])
            })
            .collect();
        Self::new(
            self.axes.to_vec(),
            candidates.len(),
            values,
            self.weights.clone(),
        )
    }

    /// Returns the criteria in order.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// Returns the number of candidates.
    #[must_use]
    pub fn candidates(&self) -> usize {
        self.candidates
    }

    /// Returns the number of criteria.
    #[must_use]
    pub fn criteria(&self) -> usize {
        self.axes.len()
    }

    /// Returns the values of criterion `k`, one per candidate, in the measure's unit.
    #[must_use]
    pub fn column(&self, k: usize) -> &[f64] {
        &self.values[k * self.candidates..(k + 1) * self.candidates]
    }

    /// Returns the smallest and largest value of criterion `k`.
    #[must_use]
    pub fn range(&self, k: usize) -> (f64, f64) {
        self.ranges[k]
    }

    /// Returns the weights as given.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Returns the weights divided by their sum.
    #[must_use]
    pub fn shares(&self) -> Vec<f64> {
        let sum: f64 = self.weights.iter().sum();
        self.weights.iter().map(|weight| weight / sum).collect()
    }

    /// Returns warnings that hold for any method: criteria that do not discriminate, weights of zero, a single
    /// candidate.
    #[must_use]
    pub fn remarks(&self) -> Vec<Text> {
        let mut remarks = Vec::new();
        if self.candidates == 1 {
            remarks.push(tr!(
                "only one candidate: it is first because no other was ranked",
                "只有一个候选项：它排第一只因没有其他候选项参与排序"
            ));
        }
        if self.criteria() == 1 {
            let id = &self.axes[0].id;
            remarks.push(tr!(
                "only one criterion: the ranking is the order of `{id}` and the weight has no effect",
                "只有一个准则：排序就是 `{id}` 的次序，权重不起作用"
            ));
        }
        let constant = |k: usize| self.ranges[k].0 == self.ranges[k].1;
        if self.candidates > 1 && (0..self.criteria()).all(constant) {
            remarks.push(tr!(
                "all candidates are identical on every criterion: they tie",
                "所有候选在每个准则上都相同：并列"
            ));
            return remarks;
        }
        for (k, axis) in self.axes.iter().enumerate() {
            let id = &axis.id;
            if self.weights[k] == 0.0 {
                remarks.push(tr!(
                    "`{id}` has weight 0 and no effect",
                    "`{id}` 的权重为 0：不计入"
                ));
            } else if self.candidates > 1 && constant(k) {
                remarks.push(tr!(
                    "every candidate has the same value on `{id}`: it does not discriminate between them",
                    "所有候选在 `{id}` 上取值相同：无法区分它们"
                ));
            }
        }
        remarks
    }
}

/// Returns whether a number is 0 or within the supported magnitudes.
#[must_use]
pub fn is_supported_magnitude(number: f64) -> bool {
    number == 0.0 || (SMALLEST..=LARGEST).contains(&number.abs())
}

/// Sets values that are an anchor or an end of their column's range up to rounding to it. Methods subtract these, and what
/// rounding leaves of a difference of 0 is level with nothing.
fn snap_to_ends(column: &mut [f64], axis: &Axis, range: &mut (f64, f64)) {
    let (worst, best) = axis.anchors.unwrap_or(*range);
    let snap = |x: f64, end: f64| {
        let is_rounding = (x - end).abs() <= ROUNDING * end.abs();
        if is_rounding { end } else { x }
    };
    let to_anchor = |x: f64| snap(snap(x, best), worst);
    let low = to_anchor(range.0);
    let high = snap(to_anchor(range.1), low);
    for x in column {
        *x = snap(snap(to_anchor(*x), high), low);
    }
    *range = (low, high);
}

fn checked_range(column: &[f64], axis: &Axis) -> Result<(f64, f64), RankError> {
    // `legal` is folded over the whole column without an early exit so that the loop vectorises.
    let mut legal = true;
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for &value in column {
        legal &= (value == 0.0) | ((value.abs() >= SMALLEST) & (value.abs() <= LARGEST));
        low = if value < low { value } else { low };
        high = if value > high { value } else { high };
    }
    if legal {
        return Ok((low, high));
    }
    let row = column
        .iter()
        .position(|&value| !is_supported_magnitude(value))
        .expect("the fold above met such a value");
    let (id, value, place) = (&axis.id, column[row], row + 1);
    Err(RankError::Data {
        criterion: Some(id.clone()),
        text: if value.is_finite() {
            tr!(
                "`{id}` of candidate number {place} is {value:e}, outside the supported magnitudes (1e-150 to 1e150): use another unit",
                "第 {place} 个候选项的 `{id}` 为 {value:e}，超出可计算范围（1e-150 至 1e150）：请换一个单位"
            )
        } else {
            tr!(
                "`{id}` of candidate number {place} is not a finite number",
                "第 {place} 个候选项的 `{id}` 不是有限数"
            )
        },
    })
}

fn check_weights(axes: &[Axis], weights: &[f64]) -> Result<(), RankError> {
    let (given, wanted) = (weights.len(), axes.len());
    if given != wanted {
        return Err(RankError::data(tr!(
            "there are {given} weights for {wanted} criteria",
            "{wanted} 个准则却有 {given} 个权重"
        )));
    }
    for (axis, &weight) in axes.iter().zip(weights) {
        let id = &axis.id;
        if !is_supported_magnitude(weight) {
            return Err(RankError::of(
                id,
                tr!(
                    "the weight of `{id}` is {weight:e}: it must be 0 or a number from 1e-150 to 1e150",
                    "`{id}` 的权重为 {weight:e}：必须是 0 或 1e-150 至 1e150 之间的数"
                ),
            ));
        }
        if weight < 0.0 {
            return Err(RankError::of(
                id,
                tr!(
                    "the weight of `{id}` is {weight}, below 0: to prefer smaller values, set its direction to min",
                    "`{id}` 的权重 {weight} 小于 0：若越小越好，请把方向设为 min"
                ),
            ));
        }
    }
    if weights.iter().all(|&weight| weight == 0.0) {
        return Err(RankError::data(tr!(
            "all weights are 0: nothing can be ranked",
            "所有权重都为 0：没有准则计入，无法排序"
        )));
    }
    Ok(())
}

fn check_anchors(axis: &Axis) -> Result<(), RankError> {
    let Some((worst, best)) = axis.anchors else {
        return Ok(());
    };
    let id = &axis.id;
    if !is_supported_magnitude(worst) || !is_supported_magnitude(best) {
        return Err(RankError::of(
            id,
            tr!(
                "the anchors of `{id}` are {worst:e} and {best:e}: both must be finite with a magnitude from 1e-150 to 1e150",
                "`{id}` 的锚点为 {worst:e} 与 {best:e}：两者都必须是有限数，大小在 1e-150 至 1e150 之间"
            ),
        ));
    }
    let agrees = match axis.direction {
        Direction::Max => best > worst,
        Direction::Min => best < worst,
    };
    if agrees {
        return Ok(());
    }
    let (direction, relation) = match axis.direction {
        Direction::Max => ("max", tr!("above", "大于")),
        Direction::Min => ("min", tr!("below", "小于")),
    };
    Err(RankError::of(
        id,
        tr!(
            "`{id}` is a {direction} criterion, so its best anchor ({best}) must be {relation} its worst ({worst})",
            "`{id}` 是 {direction} 准则，最佳锚点（{best}）必须{relation}最差锚点（{worst}）"
        ),
    ))
}
