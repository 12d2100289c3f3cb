//! Pairwise comparisons (the analytic hierarchy process).
//!
//! The weights are the principal eigenvector of the matrix of ratios, `A w = lambda_max w`. The consistency index is
//! `CI = (lambda_max - n) / (n - 1)` and the ratio `CR = CI / RI` with a named table of random indices; 0.1 is the usual
//! limit. In a hierarchy an item's children divide its weight; a leaf below several items gets the sum of its parts.
//!
//! Source: Saaty, T. L. (1977). A scaling method for priorities in hierarchical structures. Journal of Mathematical
//! Psychology 15(3), 234-281; Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.

use super::random_index::RandomIndex;
use super::{
    JudgementConsistency, WeightError, Weights, WorstJudgement, check_distinct, check_items,
    check_ratio,
};
use crate::lang::Text;
use crate::tr;

/// One judgement: `of` is `ratio` times as important as `over`.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub of: String,
    pub over: String,
    pub ratio: f64,
}

/// Judgements of all pairs, as a list or as a matrix.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgements {
    /// One entry per pair; the reciprocal is implied.
    List(Vec<Comparison>),
    /// Row over column. One entry per pair is enough, and the diagonal may be left out.
    Matrix(Vec<Vec<Option<f64>>>),
}

/// One level of a hierarchy: items compared in pairs, with their children.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairwise {
    pub items: Vec<String>,
    pub judgements: Judgements,
    /// Levels below, by parent item.
    pub children: Vec<(String, Pairwise)>,
}

/// Relative tolerance for reciprocal entries, such as 1/3 written as 0.33.
const RECIPROCITY: f64 = 0.02;

/// Judgements within this relative distance of the implied ratio are not reported.
const AGREES: f64 = 1e-9;

/// The usual limit of the consistency ratio.
const LIMIT: f64 = 0.1;

/// Returns the global weights of the leaves, with the consistency of every level.
///
/// # Errors
/// [`WeightError`] for unknown or repeated items, ratios not above 0, entries that are not reciprocal, and pairs that were
/// not compared (all are listed).
pub fn weights(comparisons: &Pairwise, random_index: RandomIndex) -> Result<Weights, WeightError> {
    let mut leaves: Vec<(String, f64)> = Vec::new();
    let mut levels = Vec::new();
    let mut notes = Vec::new();
    let root = weigh_level(
        comparisons,
        random_index,
        None,
        1.0,
        &mut leaves,
        &mut levels,
        &mut notes,
    )?;
    let mut weights = Weights::from_amounts(leaves);
    weights.consistency = Some(root);
    weights.levels = levels;
    weights.notes = notes;
    Ok(weights)
}

fn weigh_level(
    level: &Pairwise,
    random_index: RandomIndex,
    name: Option<&str>,
    share: f64,
    leaves: &mut Vec<(String, f64)>,
    levels: &mut Vec<(String, JudgementConsistency)>,
    notes: &mut Vec<Text>,
) -> Result<JudgementConsistency, WeightError> {
    check_items(level.items.iter().map(String::as_str))?;
    check_items(
        level
            .children
            .iter()
            .map(|(item, _)| item.as_str())
            .chain([""]),
    )?;
    check_distinct(
        &level
            .children
            .iter()
            .map(|(item, _)| item.as_str())
            .collect::<Vec<_>>(),
    )?;
    for (item, _) in &level.children {
        index_of(&level.items, item)?;
    }
    let matrix = judgement_matrix(level)?;
    let (priorities, lambda_max) = principal_eigenvector(&matrix);
    let consistency = measure_consistency(level, &matrix, &priorities, lambda_max, random_index);
    notes.extend(consistency_remark(name, &consistency, level.items.len()));
    for (item, priority) in level.items.iter().zip(&priorities) {
        let part = share * priority;
        if let Some((_, below)) = level.children.iter().find(|(parent, _)| parent == item) {
            let found = weigh_level(below, random_index, Some(item), part, leaves, levels, notes)?;
            levels.push((item.clone(), found));
        } else if let Some((_, total)) = leaves.iter_mut().find(|(leaf, _)| leaf == item) {
            *total += part;
        } else {
            leaves.push((item.clone(), part));
        }
    }
    Ok(consistency)
}

fn index_of(items: &[String], item: &str) -> Result<usize, WeightError> {
    items.iter().position(|known| known == item).ok_or_else(|| {
        let list = items.join(", ");
        WeightError::Item(tr!(
            "`{item}` is not among the items ({list})",
            "`{item}` 不在对象之中（{list}）"
        ))
    })
}

/// Returns the complete matrix of ratios, row-major.
fn judgement_matrix(level: &Pairwise) -> Result<Vec<f64>, WeightError> {
    let items = &level.items;
    let n = items.len();
    let mut given = vec![None; n * n];
    match &level.judgements {
        Judgements::List(comparisons) => {
            for Comparison { of, over, ratio } in comparisons {
                let (row, column) = (index_of(items, of)?, index_of(items, over)?);
                if given[row * n + column].is_some() {
                    return Err(WeightError::Contradiction(tr!(
                        "`{of}` over `{over}` is judged twice",
                        "`{of}` 比 `{over}` 给出了两次"
                    )));
                }
                given[row * n + column] = Some(*ratio);
            }
        }
        Judgements::Matrix(rows) => {
            if rows.len() != n || rows.iter().any(|row| row.len() != n) {
                return Err(WeightError::Shape(tr!(
                    "{n} items need a matrix of {n} x {n}",
                    "{n} 个对象需要 {n} x {n} 的矩阵"
                )));
            }
            given = rows.concat();
        }
    }
    complete_matrix(items, &given)
}

fn complete_matrix(items: &[String], given: &[Option<f64>]) -> Result<Vec<f64>, WeightError> {
    let n = items.len();
    let mut matrix = vec![1.0; n * n];
    let mut missing = Vec::new();
    for i in 0..n {
        for j in i..n {
            let (forth, back) = (given[i * n + j], given[j * n + i]);
            let (of, over) = (&items[i], &items[j]);
            for (of, over, ratio) in [(of, over, forth), (over, of, back)] {
                ratio.map_or(Ok(()), |ratio| check_ratio(of, over, ratio))?;
            }
            let (forth, back) = match (forth, back) {
                (None, None) if i == j => (1.0, 1.0),
                (None, None) => {
                    missing.push((of.clone(), over.clone()));
                    continue;
                }
                (Some(forth), None) => (forth, forth.recip()),
                (None, Some(back)) => (back.recip(), back),
                (Some(forth), Some(back)) => (forth, back),
            };
            if (forth * back - 1.0).abs() > RECIPROCITY {
                return Err(WeightError::Contradiction(tr!(
                    "`{of}` over `{over}` is {forth}, but `{over}` over `{of}` is {back}: one must be 1 divided by the other",
                    "`{of}` 比 `{over}` 为 {forth}，而 `{over}` 比 `{of}` 为 {back}：两者必须互为倒数"
                )));
            }
            (matrix[i * n + j], matrix[j * n + i]) = (forth, back);
        }
    }
    if missing.is_empty() {
        return Ok(matrix);
    }
    let pairs = missing
        .iter()
        .map(|(of, over)| format!("{of}/{over}"))
        .collect::<Vec<_>>()
        .join(", ");
    Err(WeightError::Missing {
        text: tr!(
            "these pairs were not compared: {pairs}",
            "以下各对未作比较：{pairs}"
        ),
        pairs: missing,
    })
}

/// Returns the principal eigenvector (sum 1) and eigenvalue by power iteration, until no share changes by more than 1e-14,
/// well below the documented 1e-12.
fn principal_eigenvector(matrix: &[f64]) -> (Vec<f64>, f64) {
    let n = matrix.len().isqrt();
    // The geometric means of the rows are exact for consistent judgements and close otherwise.
    let logs: Vec<f64> = matrix
        .chunks(n)
        .map(|row| row.iter().map(|ratio| ratio.ln()).sum::<f64>() / n as f64)
        .collect();
    let highest = logs
        .iter()
        .fold(f64::NEG_INFINITY, |highest, &log| highest.max(log));
    let mut vector = normalise(logs.iter().map(|log| (log - highest).exp()).collect()).0;
    let mut lambda_max = n as f64;
    // A positive matrix converges geometrically; the bound is for pathological matrices.
    for _ in 0..100_000 {
        let next = matrix
            .chunks(n)
            .map(|row| row.iter().zip(&vector).map(|(a, w)| a * w).sum())
            .collect();
        let moved;
        (moved, lambda_max) = normalise(next);
        let change = moved
            .iter()
            .zip(&vector)
            .fold(0.0_f64, |change, (a, b)| change.max((a - b).abs()));
        vector = moved;
        if change <= 1e-14 {
            break;
        }
    }
    (vector, lambda_max)
}

fn normalise(vector: Vec<f64>) -> (Vec<f64>, f64) {
    let sum: f64 = vector.iter().sum();
    (vector.iter().map(|entry| entry / sum).collect(), sum)
}

fn measure_consistency(
    level: &Pairwise,
    matrix: &[f64],
    priorities: &[f64],
    lambda_max: f64,
    random_index: RandomIndex,
) -> JudgementConsistency {
    let n = level.items.len();
    // lambda_max is at least n up to rounding.
    let index = if n <= 2 {
        0.0
    } else {
        ((lambda_max - n as f64) / (n - 1) as f64).max(0.0)
    };
    let divisor = random_index.of(n);
    JudgementConsistency {
        ratio: if n <= 2 {
            Some(0.0)
        } else {
            divisor.map(|divisor| index / divisor)
        },
        index,
        lambda_max: Some(lambda_max),
        random_index: divisor,
        table: random_index.to_string(),
        worst: most_inconsistent(&level.items, matrix, priorities),
    }
}

/// Returns the pair whose ratio deviates most, by factor, from the ratio of its weights.
fn most_inconsistent(
    items: &[String],
    matrix: &[f64],
    priorities: &[f64],
) -> Option<WorstJudgement> {
    let n = items.len();
    let off = |i: usize, j: usize| {
        (matrix[i * n + j] * priorities[j] / priorities[i])
            .ln()
            .abs()
    };
    let (i, j) = (0..n)
        .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
        .max_by(|&(a, b), &(c, d)| off(a, b).total_cmp(&off(c, d)))?;
    if off(i, j) < AGREES {
        return None;
    }
    // Reported in the direction in which the ratio is above 1, as judgements are elicited.
    let (i, j) = if matrix[i * n + j] >= 1.0 {
        (i, j)
    } else {
        (j, i)
    };
    Some(WorstJudgement {
        of: items[i].clone(),
        over: items[j].clone(),
        ratio: matrix[i * n + j],
        consistent: priorities[i] / priorities[j],
    })
}

fn consistency_remark(
    name: Option<&str>,
    consistency: &JudgementConsistency,
    n: usize,
) -> Option<Text> {
    let place = name.map_or_else(Text::default, |name| {
        tr!(" below `{name}`", "`{name}` 之下")
    });
    let table = &consistency.table;
    match (consistency.ratio, &consistency.worst) {
        (None, _) => Some(tr!(
            "table {table} has no random index for {n} items{place}: no consistency ratio",
            "{place}随机指标表 {table} 没有 {n} 个对象的值：无一致性比率"
        )),
        (
            Some(ratio),
            Some(WorstJudgement {
                of,
                over,
                ratio: given,
                consistent,
            }),
        ) if ratio > LIMIT => Some(tr!(
            "judgements{place} contradict each other (ratio {ratio:.3}, above {LIMIT}); the worst is `{of}` over `{over}` = {given:.2}, where the others imply {consistent:.2}",
            "{place}判断互相矛盾（比率 {ratio:.3}，高于 {LIMIT}）；最突出的是 `{of}` 比 `{over}` = {given:.2}，而其余判断意味着 {consistent:.2}"
        )),
        _ => None,
    }
}
