//! Scores, contributions and status at the point estimate.

use super::plan::Plan;
use crate::lang::Text;
use crate::model::library::MissingPolicy;

/// Whether a candidate is ranked, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It has a score.
    Ranked,
    /// A gate screened it out.
    Screened,
    /// A value that its score or a gate needs is missing.
    Incomplete,
}

impl Status {
    /// Returns the name used in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ranked => "ranked",
            Self::Screened => "screened",
            Self::Incomplete => "incomplete",
        }
    }
}

/// The score of one candidate and what it is made of.
#[derive(Clone, Debug)]
pub struct CandidateScore {
    /// Whether it has a score.
    pub status: Status,
    /// Why it is screened out or incomplete, or what its score assumes.
    pub reasons: Vec<Text>,
    /// The measure of each criterion, base units; NaN where missing.
    pub measures: Vec<f64>,
    /// The value of each criterion, 0..1; NaN where missing.
    pub values: Vec<f64>,
    /// Share times value of each criterion; NaN where missing.
    pub contributions: Vec<f64>,
    /// The sum of the contributions, for a ranked candidate.
    pub score: Option<f64>,
}

/// The scores of all candidates.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// One per candidate, in the decision's order.
    pub rows: Vec<CandidateScore>,
    /// The shares that were used, one per criterion.
    pub shares: Vec<f64>,
}

impl Plan<'_> {
    /// Returns the declared shares of the criteria.
    #[must_use]
    pub fn shares(&self) -> Vec<f64> {
        self.graph.criteria.iter().map(|slot| slot.share).collect()
    }

    /// Scores every candidate at the point estimate with the declared shares.
    #[must_use]
    pub fn evaluate(&self) -> Evaluation {
        self.evaluate_with(&self.shares())
    }

    /// Scores every candidate at the point estimate with these shares.
    #[must_use]
    pub fn evaluate_with(&self, shares: &[f64]) -> Evaluation {
        let rows = (0..self.candidates())
            .map(|c| self.row(c, shares))
            .collect();
        Evaluation {
            rows,
            shares: shares.to_vec(),
        }
    }

    fn row(&self, c: usize, shares: &[f64]) -> CandidateScore {
        let mut reasons = Vec::new();
        let mut status = Status::Ranked;
        for gate in &self.graph.gates {
            let answer = self.point[gate.node].of(c);
            if let Some((when, reason)) = &gate.screen {
                if answer.is_nan() {
                    status = status.max(Status::Incomplete);
                    reasons.extend(self.why_missing(gate.node, c));
                } else if (answer != 0.0) == *when {
                    // Once a candidate is screened out, its other missing values no longer matter.
                    if status != Status::Screened {
                        reasons.clear();
                    }
                    status = Status::Screened;
                    reasons.push(self.screened(gate, reason, c));
                }
            }
            if status == Status::Screened {
                break;
            }
        }
        let criteria = &self.graph.criteria;
        let measures: Vec<f64> = criteria
            .iter()
            .map(|slot| self.point[slot.node].of(c))
            .collect();
        let mut values: Vec<f64> = measures
            .iter()
            .zip(self.functions.iter())
            .map(|(x, f)| f.value(*x, self.clip))
            .collect();
        for (k, slot) in criteria
            .iter()
            .enumerate()
            .filter(|(k, _)| shares[*k] > 0.0)
        {
            if !values[k].is_nan() || status == Status::Screened {
                continue;
            }
            let why = self.why_missing(slot.node, c);
            match slot.missing {
                MissingPolicy::Exclude => status = status.max(Status::Incomplete),
                MissingPolicy::Pessimistic => values[k] = 0.0,
                MissingPolicy::Range => values[k] = 0.5,
            }
            let assumed = match slot.missing {
                MissingPolicy::Exclude => None,
                MissingPolicy::Pessimistic => {
                    Some(crate::tr!(" (counted as the worst)", "（按最差计）"))
                }
                MissingPolicy::Range => Some(crate::tr!(
                    " (anywhere between the anchors)",
                    "（按锚点之间任意取值计）"
                )),
            };
            reasons.extend(why.into_iter().map(|text| match &assumed {
                Some(how) => crate::tr!("{text}{how}", "{text}{how}"),
                None => text,
            }));
        }
        reasons.dedup();
        let mut seen = std::collections::BTreeSet::new();
        reasons.retain(|reason| seen.insert(reason.clone()));
        let contributions: Vec<f64> = values
            .iter()
            .zip(shares)
            .map(|(v, w)| if *w == 0.0 { 0.0 } else { v * w })
            .collect();
        let score = (status == Status::Ranked).then(|| contributions.iter().sum());
        CandidateScore {
            status,
            reasons,
            measures,
            values,
            contributions,
            score,
        }
    }

    fn screened(&self, gate: &crate::graph::GateNode, reason: &Text, c: usize) -> Text {
        if gate.id != "requirements" {
            return reason.clone();
        }
        let open = self.decision.candidates[c].unmet.join(", ");
        crate::tr!(
            "needs {open}, which is neither here already nor a part of it",
            "需要 {open}，但其既非现有设施也非其组成部分"
        )
    }
}
