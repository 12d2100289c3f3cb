//! Expected scores, contributions and status.
//!
//! A candidate's score is the mean over *all* common draws, whether a gate is passed or not: draws stay paired between
//! candidates, and mean contributions add up to the score. It is ranked if it passes every gate in at least half of the draws,
//! or as often as a gate asks for.

use super::expectation::GatePass;
use super::plan::Plan;
use crate::graph::GateNode;
use crate::lang::Text;
use crate::model::library::{MissingPolicy, Screen};

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
    /// The measure of each criterion at the point, base units; NaN where missing.
    pub measures: Vec<f64>,
    /// The mean value of each criterion over the common draws, 0..1; NaN where missing.
    pub values: Vec<f64>,
    /// Share times mean value of each criterion; NaN where missing.
    pub contributions: Vec<f64>,
    /// The expected score of a ranked candidate: the sum of the contributions.
    pub score: Option<f64>,
    /// The value of each criterion at the point; NaN where missing.
    pub point_values: Vec<f64>,
    /// The score of a ranked candidate at the point, where every input takes its mean.
    pub point: Option<f64>,
    /// The share of the draws in which it passes every gate.
    pub passes: f64,
}

/// The scores of all candidates.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// One per candidate, in the decision's order.
    pub rows: Vec<CandidateScore>,
    /// The shares that were used, one per criterion.
    pub shares: Vec<f64>,
}

impl Evaluation {
    /// Whether no criterion has weight, so that no candidate can win.
    #[must_use]
    pub fn is_weightless(&self) -> bool {
        self.shares.iter().all(|share| *share <= 0.0)
    }
}

impl Plan<'_> {
    /// Returns the declared shares of the criteria.
    #[must_use]
    pub fn shares(&self) -> Vec<f64> {
        self.graph.criteria.iter().map(|slot| slot.share).collect()
    }

    /// Scores every candidate with the declared shares.
    #[must_use]
    pub fn evaluate(&self) -> Evaluation {
        self.evaluate_with(&self.shares())
    }

    /// Scores every candidate with these shares.
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

    /// Whether a gate lets a candidate pass in as many draws as it asks for.
    pub(super) fn gate_status(&self, g: usize, screen: &Screen, c: usize) -> Status {
        let GatePass { passed, unknown } = self.gate_pass(g, c);
        // Shares of draws are sums of whole numbers: a hair decides nothing.
        let asked = screen.at_least - 1e-9;
        if passed >= asked {
            Status::Ranked
        } else if passed + unknown >= asked {
            Status::Incomplete
        } else {
            Status::Screened
        }
    }

    /// A candidate's status by its gates, with the reasons.
    fn screening(&self, c: usize) -> (Status, Vec<Text>) {
        let (mut status, mut reasons) = (Status::Ranked, Vec::new());
        let screens = || {
            let all = self.graph.gates.iter().enumerate();
            all.filter_map(|(g, gate)| Some((g, gate, gate.screen.as_ref()?)))
        };
        for (g, gate, screen) in screens() {
            match self.gate_status(g, screen, c) {
                Status::Ranked => {}
                Status::Incomplete => {
                    status = status.max(Status::Incomplete);
                    let title = &self.graph.nodes[gate.node].title;
                    let why = self.why_missing(gate.node, c).into_iter();
                    reasons.extend(why.map(|why| {
                        crate::tr!(
                            "the gate \"{title}\" cannot be answered: {why}",
                            "无法判定关卡“{title}”：{why}"
                        )
                    }));
                }
                Status::Screened => {
                    // Once a candidate is screened out, its missing values no longer matter.
                    return (
                        Status::Screened,
                        vec![self.screened(g, gate, &screen.reason, c)],
                    );
                }
            }
        }
        if status == Status::Ranked && self.pass_share(c) < Screen::USUAL_SHARE - 1e-9 {
            let fails = screens().filter(|(g, ..)| self.gate_pass(*g, c).passed < 1.0);
            let reasons = fails
                .map(|(g, gate, screen)| self.screened(g, gate, &screen.reason, c))
                .collect();
            return (Status::Screened, reasons);
        }
        (status, reasons)
    }

    fn row(&self, c: usize, shares: &[f64]) -> CandidateScore {
        let (mut status, mut reasons) = self.screening(c);
        let criteria = &self.graph.criteria;
        let measures: Vec<f64> = criteria
            .iter()
            .map(|slot| self.point[slot.node].of(c))
            .collect();
        let values: Vec<f64> = (0..criteria.len()).map(|k| self.mean_value(k, c)).collect();
        let weighed = criteria
            .iter()
            .enumerate()
            .filter(|(k, _)| shares[*k] > 0.0);
        for (k, slot) in weighed {
            let policy = self.policy(k, c);
            let is_assumed = measures[k].is_nan() && policy != MissingPolicy::Exclude;
            if !(values[k].is_nan() || is_assumed) || status == Status::Screened {
                continue;
            }
            let why = self.why_missing(slot.node, c);
            let assumed = match policy {
                MissingPolicy::Exclude => {
                    status = status.max(Status::Incomplete);
                    None
                }
                MissingPolicy::Pessimistic => {
                    Some(crate::tr!(" (counted as the worst)", "（按最差计）"))
                }
                MissingPolicy::Fixed(value) => Some(crate::tr!(
                    " (counted as {value}, as the criterion says)",
                    "（按准则规定计为 {value}）"
                )),
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
        let mut seen = std::collections::BTreeSet::new();
        reasons.retain(|reason| seen.insert(reason.clone()));
        let weigh = |values: &[f64]| -> Vec<f64> {
            let weighed = values.iter().zip(shares);
            weighed
                .map(|(v, w)| if *w == 0.0 { 0.0 } else { v * w })
                .collect()
        };
        let point_values: Vec<f64> = (0..criteria.len())
            .map(|k| self.point_value(k, c))
            .collect();
        let point: f64 = weigh(&point_values).iter().sum();
        let contributions = weigh(&values);
        let ranked = status == Status::Ranked;
        let score = ranked.then(|| contributions.iter().sum());
        CandidateScore {
            status,
            reasons,
            measures,
            values,
            contributions,
            score,
            point_values,
            point: Some(point).filter(|point| ranked && !point.is_nan()),
            passes: self.pass_share(c),
        }
    }

    /// Why a gate screens a candidate out.
    fn screened(&self, g: usize, gate: &GateNode, reason: &Text, c: usize) -> Text {
        if gate.id == "requirements" {
            let open = self.decision.candidates[c].unmet.join(", ");
            return crate::tr!(
                "needs {open}, which is neither here already nor a part of it",
                "需要 {open}，但其既非现有设施也非其组成部分"
            );
        }
        let passed = self.gate_pass(g, c).passed;
        if passed == 0.0 {
            return reason.clone();
        }
        let percent = (passed * 100.0).round();
        crate::tr!(
            "{reason} (passes in {percent} % of the draws)",
            "{reason}（仅 {percent} % 的抽样通过）"
        )
    }
}
