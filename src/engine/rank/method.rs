//! The interface of an aggregation method: citation, parameters and a result of finite numbers.

use std::fmt;

use super::{Parameter, Params, Problem};
use crate::lang::Text;
use crate::tr;

/// An aggregation method. Methods hold no state: the same problem and parameters give the same result.
pub trait Method: Send + Sync {
    /// Returns the id, as used with `--method`.
    fn id(&self) -> &'static str;
    /// Returns the display name.
    fn title(&self) -> Text;
    /// Returns the citation of the source.
    fn citation(&self) -> &'static str;
    /// Returns the assumptions under which the result is meaningful.
    fn assumptions(&self) -> Text;
    /// Returns the declared parameters.
    fn parameters(&self) -> &'static [Parameter];
    /// Scores all candidates.
    ///
    /// # Errors
    /// [`RankError`] where a parameter is wrong or the formula is not defined on the data.
    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError>;
    /// Returns the contributions that each score is the sum of; `None` for methods that are not additive.
    ///
    /// # Errors
    /// As [`Method::run`].
    fn contributions(
        &self,
        _problem: &Problem,
        _params: &Params,
    ) -> Result<Option<Contributions>, RankError> {
        Ok(None)
    }
}

/// The result of a method. All numbers are finite.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodResult {
    /// One per candidate.
    pub scores: Vec<f64>,
    /// Whether a larger score is better.
    pub higher_is_better: bool,
    /// Intermediate results under their names in the literature, each with one value per candidate.
    pub outputs: Vec<(&'static str, Vec<f64>)>,
    /// Results beyond one value per candidate.
    pub detail: MethodDetail,
    /// Violations of the method's assumptions that do not prevent a result.
    pub warnings: Vec<Text>,
    /// All effective parameters, including defaults.
    pub params: Vec<(String, String)>,
}

impl MethodResult {
    /// Returns an error if a score or output has overflowed.
    pub(super) fn finite(self) -> Result<Self, RankError> {
        let figures = self.outputs.iter().map(|(_, figures)| figures);
        if std::iter::once(&self.scores)
            .chain(figures)
            .flatten()
            .all(|figure| figure.is_finite())
        {
            return Ok(self);
        }
        Err(RankError::data(tr!(
            "the result overflows: rescale the values or the weights",
            "结果过大，无法表示为数：请缩放数值或权重"
        )))
    }
}

/// Results of a method beyond one value per candidate.
#[derive(Debug, Clone, PartialEq)]
pub enum MethodDetail {
    None,
    /// The compromise of VIKOR.
    Vikor {
        /// Indices of the candidates in the compromise solution, best `Q` first.
        compromise_set: Vec<usize>,
        /// C1: the first leads the second by at least 1 / (candidates - 1) in `Q`.
        acceptable_advantage: bool,
        /// C2: the first in `Q` is also first in `S` or in `R`.
        acceptable_stability: bool,
    },
    /// The relations behind the kernel of ELECTRE I; row `a`, column `b` is "a outranks b".
    Electre {
        /// Share of the weights for which `a` is at least as good as `b`, row-major; the diagonal is `None`.
        concordance: Vec<Option<f64>>,
        /// Discordance with "a outranks b", 0..1, row-major; the diagonal is `None`.
        discordance: Vec<Option<f64>>,
        /// Indices of the candidates in the kernel.
        kernel: Vec<usize>,
    },
}

/// The parts of an additive score: `contribution = share x score`.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    candidates: usize,
    shares: Vec<f64>,
    scores: Vec<f64>,
}

impl Contributions {
    /// Creates contributions from criterion-major `scores`, laid out like the matrix of a [`Problem`].
    pub(super) fn new(candidates: usize, shares: Vec<f64>, scores: Vec<f64>) -> Self {
        Self {
            candidates,
            shares,
            scores,
        }
    }

    /// Returns the effective weight of criterion `k`.
    #[must_use]
    pub fn share(&self, k: usize) -> f64 {
        self.shares[k]
    }

    /// Returns the score of candidate `i` on criterion `k`, on the method's normalised scale.
    #[must_use]
    pub fn score(&self, k: usize, i: usize) -> f64 {
        self.scores[k * self.candidates + i]
    }

    /// Returns the contribution `share x score` of criterion `k` to the score of candidate `i`.
    #[must_use]
    pub fn contribution(&self, k: usize, i: usize) -> f64 {
        self.share(k) * self.score(k, i)
    }
}

/// The reason why a problem cannot be ranked.
#[derive(Debug, Clone, PartialEq)]
pub enum RankError {
    /// No method has this id.
    UnknownMethod { id: String, text: Text },
    /// A parameter is unknown, misspelt or out of its range.
    Parameter { name: String, text: Text },
    /// The matrix is invalid, or the formula is undefined on it.
    Data {
        /// The criterion at fault, if the error concerns a single one.
        criterion: Option<String>,
        text: Text,
    },
    /// Too many candidates for a method that compares all pairs.
    TooMany {
        /// Maximum number of candidates.
        limit: usize,
        text: Text,
    },
}

impl RankError {
    pub(super) fn data(text: Text) -> Self {
        Self::Data {
            criterion: None,
            text,
        }
    }

    pub(super) fn of(criterion: &str, text: Text) -> Self {
        Self::Data {
            criterion: Some(criterion.to_owned()),
            text,
        }
    }

    pub(super) fn too_many(method: &str, candidates: usize, limit: usize) -> Self {
        Self::TooMany {
            limit,
            text: tr!(
                "{method} compares all pairs and accepts at most {limit} candidates; there are {candidates}",
                "{method} 要比较所有候选项对，最多接受 {limit} 个候选项；现有 {candidates} 个"
            ),
        }
    }

    /// Returns the message.
    #[must_use]
    pub fn text(&self) -> &Text {
        match self {
            Self::UnknownMethod { text, .. }
            | Self::Parameter { text, .. }
            | Self::Data { text, .. }
            | Self::TooMany { text, .. } => text,
        }
    }
}

impl fmt::Display for RankError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for RankError {}
