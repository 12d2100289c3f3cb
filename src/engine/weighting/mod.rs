//! Ways to derive weights.
//!
//! - Elicited from people: [`points`], [`swing`], [`rank_order`], [`pairwise`] comparisons, [`best_worst`].
//! - Computed from the data: [`entropy`], [`critic`], [`merec`]. These measure how much the candidates differ, not what the
//!   decision makers prefer; use them for diagnosis, not as the default.
//!
//! Each function takes plain data and returns [`Weights`], which are at least 0 and sum to 1. The module is independent of
//! files. Start with [`swing`].
//!
//! ```
//! use weigh_engine::weighting::swing;
//! let judged = [("cost".to_owned(), 100.0), ("speed".to_owned(), 60.0)];
//! let weights = swing::weights(&judged)?;
//! assert_eq!(weights.weights[0], ("cost".to_owned(), 0.625));
//! # Ok::<(), weigh_engine::weighting::WeightError>(())
//! ```

use std::fmt;

use crate::lang::Text;
use crate::tr;

pub mod best_worst;
pub mod critic;
pub mod entropy;
pub mod matrix;
pub mod merec;
pub mod pairwise;
pub mod points;
pub mod random_index;
pub mod rank_order;
pub(crate) mod simplex;
pub mod swing;

/// Weights with measures of their quality.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Share of each criterion, in the given order; they sum to 1.
    pub weights: Vec<(String, f64)>,
    /// Consistency of the judgements; `None` if they contain no redundancy.
    pub consistency: Option<JudgementConsistency>,
    /// Consistency of each level of a hierarchy, by parent item; empty without a hierarchy.
    pub levels: Vec<(String, JudgementConsistency)>,
    /// Best-worst: the largest deviation of the weights from a judgement.
    pub epsilon: Option<f64>,
    /// Best-worst: lowest and highest share of each criterion among equally good solutions; empty if the solution is unique.
    pub intervals: Vec<(String, f64, f64)>,
    pub notes: Vec<Text>,
}

/// The consistency of judgements.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgementConsistency {
    /// Consistency ratio: 0 is perfect, 0.1 the usual limit. `None` if the table has no entry for this size.
    pub ratio: Option<f64>,
    /// Consistency index, the numerator of the ratio.
    pub index: f64,
    /// Pairwise: the principal eigenvalue; equals the number of items if the judgements are consistent.
    pub lambda_max: Option<f64>,
    /// The random index, the denominator of the ratio.
    pub random_index: Option<f64>,
    /// The table of random indices.
    pub table: String,
    /// The most inconsistent judgement.
    pub worst: Option<WorstJudgement>,
}

/// The judgement that deviates most from what the others imply.
#[derive(Debug, Clone, PartialEq)]
pub struct WorstJudgement {
    /// First item of the pair.
    pub of: String,
    /// Second item of the pair.
    pub over: String,
    pub ratio: f64,
    /// The ratio that the weights imply.
    pub consistent: f64,
}

/// The reason why no weights can be derived.
#[derive(Debug, Clone, PartialEq)]
pub enum WeightError {
    /// An empty list, or a table of the wrong shape.
    Shape(Text),
    /// An invalid weight, ratio or value.
    Number(Text),
    /// An item that is unknown or repeated.
    Item(Text),
    /// Missing judgements.
    Missing {
        pairs: Vec<(String, String)>,
        text: Text,
    },
    /// Contradictory judgements.
    Contradiction(Text),
    /// Data in which the formula finds no difference.
    Uninformative(Text),
}

impl WeightError {
    /// Returns the message.
    #[must_use]
    pub fn text(&self) -> &Text {
        match self {
            Self::Shape(text)
            | Self::Number(text)
            | Self::Item(text)
            | Self::Missing { text, .. }
            | Self::Contradiction(text)
            | Self::Uninformative(text) => text,
        }
    }
}

impl fmt::Display for WeightError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for WeightError {}

impl Weights {
    /// Creates weights from raw amounts divided by their sum. None may be negative, and not all may be 0.
    fn from_amounts(raw: Vec<(String, f64)>) -> Self {
        let sum: f64 = raw.iter().map(|(_, amount)| amount).sum();
        Self {
            weights: raw
                .into_iter()
                .map(|(item, amount)| (item, amount / sum))
                .collect(),
            consistency: None,
            levels: Vec::new(),
            epsilon: None,
            intervals: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn with_note(mut self, note: Text) -> Self {
        self.notes.push(note);
        self
    }

    /// Returns the share of a criterion.
    #[must_use]
    pub fn get(&self, criterion: &str) -> Option<f64> {
        self.weights
            .iter()
            .find(|(item, _)| item == criterion)
            .map(|&(_, share)| share)
    }
}

/// Larger ratios, or smaller than the reciprocal, are typing errors whose products would overflow.
const LARGEST: f64 = 1e100;

/// Rejects an empty list and repeated items.
fn check_items<'a>(items: impl IntoIterator<Item = &'a str>) -> Result<(), WeightError> {
    let items: Vec<&str> = items.into_iter().collect();
    if items.is_empty() {
        return Err(WeightError::Shape(tr!(
            "there are no items to weight",
            "没有可赋权的对象"
        )));
    }
    check_distinct(&items)
}

/// Rejects repeated items.
fn check_distinct(items: &[&str]) -> Result<(), WeightError> {
    for (i, item) in items.iter().enumerate() {
        if items[..i].contains(item) {
            return Err(WeightError::Item(tr!(
                "`{item}` is listed twice",
                "`{item}` 列出了两次"
            )));
        }
    }
    Ok(())
}

/// Rejects amounts that are negative or not finite, and amounts that are all 0.
fn check_amounts(amounts: &[(String, f64)]) -> Result<(), WeightError> {
    check_items(amounts.iter().map(|(item, _)| item.as_str()))?;
    for (item, amount) in amounts {
        if !(0.0..=LARGEST).contains(amount) {
            return Err(WeightError::Number(tr!(
                "`{item}` has the amount {amount}, which must be at least 0",
                "`{item}` 为 {amount}：需要不小于 0 的数"
            )));
        }
    }
    if amounts.iter().all(|&(_, amount)| amount < LARGEST.recip()) {
        return Err(WeightError::Uninformative(tr!(
            "all amounts are 0",
            "所有数都为 0：没有任何对象计入"
        )));
    }
    Ok(())
}

/// Rejects a ratio that is not above 0.
fn check_ratio(of: &str, over: &str, ratio: f64) -> Result<(), WeightError> {
    if (LARGEST.recip()..=LARGEST).contains(&ratio) {
        return Ok(());
    }
    Err(WeightError::Number(tr!(
        "`{of}` over `{over}` is {ratio}: the ratio must be above 0, such as 3 or 1/3",
        "`{of}` 比 `{over}` 为 {ratio}：需要大于 0 的比率，例如 3 或 1/3"
    )))
}
