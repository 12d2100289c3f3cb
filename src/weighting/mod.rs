//! Ways to derive weights.
//!
//! - Elicited from people: [`points`], [`swing`], [`rank_order`], [`pairwise`] comparisons, [`best_worst`].
//! - Computed from the data: [`entropy`], [`critic`], [`merec`]. These three measure how much the candidates differ, not what
//!   anyone wants; use them as a diagnosis, never as the default.
//!
//! Plain data in, [`Weights`] out: each weight is at least 0 and their sum is 1. The module knows nothing about files. Start
//! with [`swing`].
//!
//! ```
//! use weigh::weighting::swing;
//! let judged = [("cost".to_owned(), 100.0), ("speed".to_owned(), 60.0)];
//! let weights = swing::weights(&judged)?;
//! assert_eq!(weights.weights[0], ("cost".to_owned(), 0.625));
//! # Ok::<(), weigh::weighting::WeightError>(())
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

/// Weights and what is known of their quality.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Share of each criterion, in the given order; they sum to 1.
    pub weights: Vec<(String, f64)>,
    /// How far the judgements agree with each other; `None` where nothing was asked twice.
    pub consistency: Option<JudgementConsistency>,
    /// The consistency of each level of a hierarchy, by the item that was divided; empty without a hierarchy.
    pub levels: Vec<(String, JudgementConsistency)>,
    /// Best-worst: the largest deviation of the weights from a judgement.
    pub epsilon: Option<f64>,
    /// Best-worst: lowest and highest share each criterion has in an equally good solution; empty where there is one.
    pub intervals: Vec<(String, f64, f64)>,
    /// What the reader should know.
    pub notes: Vec<Text>,
}

/// How far judgements contradict each other.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgementConsistency {
    /// The consistency ratio: 0 is perfect, 0.1 the usual limit. `None` where the table has no entry for this size.
    pub ratio: Option<f64>,
    /// The consistency index the ratio is made from.
    pub index: f64,
    /// Pairwise: the principal eigenvalue; the number of items where judgements are consistent.
    pub lambda_max: Option<f64>,
    /// What the index is divided by.
    pub random_index: Option<f64>,
    /// The name of the table the divisor is taken from.
    pub table: String,
    /// The judgement furthest from the others.
    pub worst: Option<WorstJudgement>,
}

/// The judgement furthest from what the others imply.
#[derive(Debug, Clone, PartialEq)]
pub struct WorstJudgement {
    /// The item judged ...
    pub of: String,
    /// ... over this one.
    pub over: String,
    /// The ratio as given.
    pub ratio: f64,
    /// The ratio the weights imply.
    pub consistent: f64,
}

/// Why there are no weights.
#[derive(Debug, Clone, PartialEq)]
pub enum WeightError {
    /// Nothing to weigh, or a table of the wrong shape.
    Shape(Text),
    /// A number that cannot be a weight, a ratio or a value.
    Number(Text),
    /// An item that is not listed, or is listed twice.
    Item(Text),
    /// Judgements that were not given.
    Missing {
        /// The pairs.
        pairs: Vec<(String, String)>,
        /// The message.
        text: Text,
    },
    /// Two judgements that cannot both hold.
    Contradiction(Text),
    /// Data in which the formula sees no difference.
    Uninformative(Text),
}

impl WeightError {
    /// The message in both languages.
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
    /// Divides raw amounts, none negative and not all 0, by their sum.
    fn shares(raw: Vec<(String, f64)>) -> Self {
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

    fn noting(mut self, note: Text) -> Self {
        self.notes.push(note);
        self
    }

    /// The share of one criterion.
    #[must_use]
    pub fn get(&self, criterion: &str) -> Option<f64> {
        self.weights
            .iter()
            .find(|(item, _)| item == criterion)
            .map(|&(_, share)| share)
    }
}

/// Judgements beyond 1e±100 are slips of the keyboard, and their products would overflow.
const LARGEST: f64 = 1e100;

/// Refuses an empty list and items named twice.
fn check_items<'a>(items: impl IntoIterator<Item = &'a str>) -> Result<(), WeightError> {
    let items: Vec<&str> = items.into_iter().collect();
    if items.is_empty() {
        return Err(WeightError::Shape(tr!(
            "there is nothing to weigh",
            "没有可赋权的对象"
        )));
    }
    check_distinct(&items)
}

/// Refuses items named twice.
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

/// Refuses amounts that are negative or not finite, and amounts that are all 0.
fn check_amounts(amounts: &[(String, f64)]) -> Result<(), WeightError> {
    check_items(amounts.iter().map(|(item, _)| item.as_str()))?;
    for (item, amount) in amounts {
        if !(0.0..=LARGEST).contains(amount) {
            return Err(WeightError::Number(tr!(
                "`{item}` has {amount}: an amount of 0 or above is needed",
                "`{item}` 为 {amount}：需要不小于 0 的数"
            )));
        }
    }
    if amounts.iter().all(|&(_, amount)| amount < LARGEST.recip()) {
        return Err(WeightError::Uninformative(tr!(
            "all amounts are 0: nothing counts",
            "所有数都为 0：没有任何对象计入"
        )));
    }
    Ok(())
}

/// Refuses a ratio that is not above 0.
fn check_ratio(of: &str, over: &str, ratio: f64) -> Result<(), WeightError> {
    if (LARGEST.recip()..=LARGEST).contains(&ratio) {
        return Ok(());
    }
    Err(WeightError::Number(tr!(
        "`{of}` over `{over}` is {ratio}: a ratio above 0 is needed, such as 3 or 1/3",
        "`{of}` 比 `{over}` 为 {ratio}：需要大于 0 的比率，例如 3 或 1/3"
    )))
}
