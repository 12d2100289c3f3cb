//! Compares a record with the current state of the decision, as of today.

use serde::Serialize;

use super::diff::{RecordChange, diff};
use super::pin::Record;
use crate::lang::Text;
use crate::quantity::date::Date;
use crate::tr;

/// What a recheck finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriftKind {
    /// Another candidate wins, or none does.
    Flip,
    /// Support of a candidate has ended.
    SupportEnded,
    /// The lead is smaller than its noise.
    GapBelowNoise,
    /// Anchors, shape, unit or formula of a criterion changed, so its weight was elicited for a different swing.
    AnchorsMoved,
    /// A weight changed.
    WeightChanged,
    /// A fact has expired.
    Expired,
    /// A candidate was added or removed, or its status changed.
    CandidateChanged,
    /// The ranking below the winner changed.
    OrderChanged,
    /// A fact or an input of the context has another value.
    FactChanged,
    /// A measured fact comes from another run.
    EvidenceChanged,
    /// The record was written by another version of weigh.
    VersionChanged,
}

/// A difference between the record and the current state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecheckFinding {
    pub kind: DriftKind,
    /// Whether it concerns the winner.
    pub winner: bool,
    #[serde(serialize_with = "english")]
    pub message: Text,
}

fn english<S: serde::Serializer>(text: &Text, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text.en)
}

/// The result of a recheck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecheckStatus {
    /// Nothing has changed.
    Holds,
    /// The winner is the same, but there are findings to review.
    Warns,
    /// The winner has changed.
    Flipped,
}

/// A record compared with the current state of the decision.
#[derive(Clone, Debug, Serialize)]
pub struct Recheck {
    pub decision: String,
    /// The date of the recheck.
    pub as_of: String,
    pub verdict: RecheckStatus,
    /// The winner then and now.
    pub winner: [Option<String>; 2],
    /// The differences, most severe first.
    pub findings: Vec<RecheckFinding>,
}

/// The fact that holds the end of a candidate's support.
const SUPPORT_END: &str = "support_end";

/// Compares a record with the same decision as recorded today.
#[must_use]
pub fn recheck(old: &Record, new: &Record, today: Date) -> Recheck {
    let mut findings = Vec::new();
    let flipped = old.winner != new.winner;
    if flipped {
        let name = |winner: &Option<String>| {
            winner
                .clone()
                .map_or_else(|| tr!("none", "无人"), Text::name)
        };
        let (was, is) = (name(&old.winner), name(&new.winner));
        let why = new
            .ranking
            .iter()
            .find(|p| Some(&p.candidate) == old.winner.as_ref())
            .map(|p| p.status.as_str());
        let reason = match why {
            Some("screened") => tr!(": a gate screens out {was}", "：{was} 被关卡筛除"),
            Some("incomplete") => tr!(": {was} lacks a fact", "：{was} 缺少事实"),
            None if old.winner.is_some() => {
                tr!(": {was} is no longer a candidate", "：{was} 已不是候选")
            }
            _ => Text::default(),
        };
        let message = tr!(
            "the winner was {was}, now it is {is}{reason}",
            "首位曾是 {was}，现为 {is}{reason}"
        );
        findings.push(RecheckFinding {
            kind: DriftKind::Flip,
            winner: true,
            message,
        });
    }
    findings.extend(date_findings(old, new, today));
    findings.extend(lead_finding(old, new));
    let difference = diff(old, new);
    findings.extend(
        difference
            .changes
            .iter()
            .filter_map(|change| change_finding(change, old)),
    );
    if old.weigh != new.weigh {
        let (a, b) = (&old.weigh, &new.weigh);
        findings.push(RecheckFinding {
            kind: DriftKind::VersionChanged,
            winner: false,
            message: tr!(
                "recorded by weigh {a}, read by {b}",
                "由 weigh {a} 记录，由 {b} 读取"
            ),
        });
    }
    let order = |r: &Record| {
        r.ranking
            .iter()
            .filter(|p| p.rank.is_some())
            .map(|p| p.candidate.clone())
            .collect::<Vec<_>>()
    };
    let (before, after) = (order(old), order(new));
    if !flipped && before != after {
        let (a, b) = (before.join(" > "), after.join(" > "));
        findings.push(RecheckFinding {
            kind: DriftKind::OrderChanged,
            winner: false,
            message: tr!("the order was {a}, now it is {b}", "次序曾为 {a}，现为 {b}"),
        });
    }
    findings.sort_by_key(|f| (f.kind, !f.winner));
    // A new version of weigh alone is not a reason to review.
    let weighty = findings.iter().any(|f| f.kind != DriftKind::VersionChanged);
    Recheck {
        decision: new.decision.clone(),
        as_of: today.to_string(),
        verdict: if flipped {
            RecheckStatus::Flipped
        } else if weighty {
            RecheckStatus::Warns
        } else {
            RecheckStatus::Holds
        },
        winner: [old.winner.clone(), new.winner.clone()],
        findings,
    }
}

/// Reports expired facts and ended support.
fn date_findings(old: &Record, new: &Record, today: Date) -> Vec<RecheckFinding> {
    let mut found = Vec::new();
    for (name, input) in &new.inputs {
        let mut parts = name.splitn(3, '.');
        let candidate = if parts.next() == Some("candidates") {
            parts.next()
        } else {
            None
        };
        let fact = candidate.and(parts.next());
        let winner = candidate.is_some() && candidate == old.winner.as_deref();
        if fact == Some(SUPPORT_END)
            && let (Some(who), Some(end)) = (candidate, Date::parse(&input.value))
            // As in the gates: on its last day, support is over.
            && end <= today
        {
            let message = tr!(
                "support of {who} ended on {end}",
                "{who} 的支持已于 {end} 结束"
            );
            found.push(RecheckFinding {
                kind: DriftKind::SupportEnded,
                winner,
                message,
            });
        }
        if let Some(day) = input.expires.as_deref().and_then(Date::parse)
            && day < today
        {
            found.push(RecheckFinding {
                kind: DriftKind::Expired,
                winner,
                message: tr!("{name} expired on {day}", "{name} 已于 {day} 过期"),
            });
        }
    }
    found
}

/// Reports a lead that has fallen below its noise.
fn lead_finding(old: &Record, new: &Record) -> Option<RecheckFinding> {
    let is = new.lead?;
    let was_above = old.lead.is_none_or(|l| l.gap >= l.noise);
    if is.gap >= is.noise || !was_above {
        return None;
    }
    let (gap, noise) = (format!("{:.3}", is.gap), format!("{:.3}", is.noise));
    let message = tr!(
        "the lead of {gap} is below the noise of {noise}",
        "领先 {gap}，低于噪声 {noise}"
    );
    Some(RecheckFinding {
        kind: DriftKind::GapBelowNoise,
        winner: true,
        message,
    })
}

fn change_finding(change: &RecordChange, old: &Record) -> Option<RecheckFinding> {
    let own = |name: &str| {
        old.winner
            .as_ref()
            .is_some_and(|w| name.starts_with(&format!("candidates.{w}.")))
    };
    let (kind, winner) = match change {
        RecordChange::Weight { .. } => (DriftKind::WeightChanged, false),
        RecordChange::Anchors { .. } => (DriftKind::AnchorsMoved, false),
        RecordChange::Candidate { id, .. } => {
            (DriftKind::CandidateChanged, Some(id) == old.winner.as_ref())
        }
        RecordChange::Input {
            name,
            evidence: false,
            ..
        } => (DriftKind::FactChanged, own(name)),
        RecordChange::Input { name, .. } => (DriftKind::EvidenceChanged, own(name)),
        RecordChange::Question { .. } => (DriftKind::FactChanged, false),
    };
    Some(RecheckFinding {
        kind,
        winner,
        message: change.text(),
    })
}
