//! Compares a record with the decision as it reads today, on today's date.

use serde::Serialize;

use super::diff::{RecordChange, diff};
use super::pin::Record;
use crate::lang::Text;
use crate::quantity::date::Date;
use crate::tr;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriftKind {
    /// Another candidate comes first, or nobody does.
    Flip,
    /// Support of the winner, or of another candidate, has ended.
    SupportEnded,
    /// The lead is smaller than what is not known.
    GapBelowNoise,
    /// Anchors, shape, unit or formula of a criterion moved: its weight was asked for another swing.
    AnchorsMoved,
    /// A weight changed.
    WeightChanged,
    /// A fact is past its date.
    Expired,
    /// A candidate came, went, or has another status.
    CandidateChanged,
    /// The order behind the winner changed.
    OrderChanged,
    /// A fact, or an input of the context, says something else.
    FactChanged,
    /// A measured fact comes from another run.
    EvidenceChanged,
    /// The program has another version.
    VersionChanged,
}

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecheckFinding {
    /// What it is about.
    pub kind: DriftKind,
    /// Whether the winner is concerned.
    pub winner: bool,
    /// The sentence.
    #[serde(serialize_with = "english")]
    pub message: Text,
}

fn english<S: serde::Serializer>(text: &Text, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text.en)
}

/// How a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecheckStatus {
    /// Nothing to say.
    Holds,
    /// It holds, but look.
    Warns,
    /// The outcome is another one today.
    Flipped,
}

/// A record held against today.
#[derive(Clone, Debug, Serialize)]
pub struct Recheck {
    /// The decision's id.
    pub decision: String,
    /// The day it was held against.
    pub as_of: String,
    /// How it stands.
    pub verdict: RecheckStatus,
    /// Who came first, and who does.
    pub winner: [Option<String>; 2],
    /// What is not as it was, gravest first.
    pub findings: Vec<RecheckFinding>,
}

/// Fact that tells until when a candidate is supported.
const SUPPORT_END: &str = "support_end";

/// Holds a record against the same decision as it was pinned today.
#[must_use]
pub fn recheck(old: &Record, new: &Record, today: Date) -> Recheck {
    let mut findings = Vec::new();
    let flipped = old.winner != new.winner;
    if flipped {
        let name = |winner: &Option<String>| {
            winner
                .clone()
                .map_or_else(|| tr!("nobody", "无人"), Text::name)
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
    findings.extend(dates(old, new, today));
    findings.extend(lead(old, new));
    let difference = diff(old, new);
    findings.extend(
        difference
            .changes
            .iter()
            .filter_map(|change| finding(change, old)),
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
    // A new version alone is no reason to look again.
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

/// Facts past their date, support that has ended.
fn dates(old: &Record, new: &Record, today: Date) -> Vec<RecheckFinding> {
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
            // As the gates ask: on its last day support is over.
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

/// A lead that has fallen below what is not known, where it was above.
fn lead(old: &Record, new: &Record) -> Option<RecheckFinding> {
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

fn finding(change: &RecordChange, old: &Record) -> Option<RecheckFinding> {
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
