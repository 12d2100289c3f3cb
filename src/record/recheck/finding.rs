//! The findings of a recheck.

use super::{
    DriftKind, PinnedChoice, RecheckFinding, RecheckStatus, Record, despite, diff, recorded_choice,
    shown,
};
use crate::analysis::choice::ChoiceRank;
use crate::lang::Text;
use crate::model::outcome::OutcomeStatus;
use crate::quantity::date::Date;
use crate::record::diff::RecordChange;
use crate::tr;

/// The fact that holds the end of a candidate's support.
const SUPPORT_END: &str = "support_end";

/// Returns all findings, unsorted.
pub(super) fn all(
    old: &Record,
    new: &Record,
    status: RecheckStatus,
    today: Date,
) -> Vec<RecheckFinding> {
    let choice = new.choice.as_ref().map(|choice| choice.candidate.as_str());
    let choice = choice.or(recorded_choice(old));
    let mut findings = Vec::new();
    findings.extend(match status {
        RecheckStatus::Flipped => Some(flip(old, new)),
        RecheckStatus::Level => new.choice.as_ref().map(|choice| level(old, new, choice)),
        _ => None,
    });
    findings.extend(review_due(new, today));
    findings.extend(outcome_changed(old, new));
    findings.extend(dates(new, choice, today));
    findings.extend(
        diff(old, new)
            .changes
            .iter()
            .map(|change| changed(change, choice)),
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
    if status != RecheckStatus::Flipped {
        findings.extend(order_changed(old, new));
    }
    findings
}

/// Another candidate is clearly ahead of the choice, or the choice is not ranked.
fn flip(old: &Record, new: &Record) -> RecheckFinding {
    let name = |id: Option<&str>| id.map_or_else(|| tr!("none", "无人"), Text::name);
    let (recorded, is) = (recorded_choice(old), name(new.winner.as_deref()));
    let choice = new.choice.as_ref();
    let own = choice.map(|choice| choice.candidate.as_str());
    let status = |id: Option<&str>| {
        let place = new
            .ranking
            .iter()
            .find(|p| Some(p.candidate.as_str()) == id);
        place.map(|p| p.status.as_str())
    };
    let mut message = if recorded == old.winner.as_deref()
        && (own.is_none() || own == recorded || status(recorded).is_none())
    {
        let was = name(recorded);
        tr!(
            "the winner was {was}, now it is {is}",
            "首位曾是 {was}，现为 {is}"
        )
    } else {
        let chosen = name(own);
        tr!(
            "{chosen} was chosen, and {is} is first",
            "选定的是 {chosen}，而居首的是 {is}"
        )
    };
    let subject = if status(recorded).is_none() {
        recorded
    } else {
        own.or(recorded)
    };
    let who = name(subject);
    message.push(&match status(subject) {
        Some("screened") => tr!(": a gate screens out {who}", "：{who} 被关卡筛除"),
        Some("incomplete") => tr!(": {who} lacks a fact", "：{who} 缺少事实"),
        None if subject.is_some() => {
            tr!(": {who} is no longer a candidate", "：{who} 已不是候选")
        }
        _ => behind(old, choice),
    });
    RecheckFinding {
        kind: DriftKind::Flip,
        winner: true,
        message,
    }
}

/// By how much the choice is behind, now and when it was recorded.
fn behind(old: &Record, choice: Option<&PinnedChoice>) -> Text {
    let Some(gap) = choice.and_then(|choice| choice.lead).map(shown) else {
        return Text::default();
    };
    let before = old
        .choice
        .as_ref()
        .filter(|before| before.standing == ChoiceRank::Behind)
        .and_then(|before| before.lead)
        .map(shown);
    match before {
        Some(before) => tr!(
            " and leads by {gap} (by {before} when recorded)",
            "，领先 {gap}（记录时为 {before}）"
        ),
        None => tr!(" and leads by {gap}", "，领先 {gap}"),
    }
}

/// The choice and another candidate cannot be told apart.
fn level(old: &Record, new: &Record, choice: &PinnedChoice) -> RecheckFinding {
    let own = &choice.candidate;
    let other = choice.against.as_deref().unwrap_or_default();
    let percent = (choice.first_share * 100.0).round();
    let mut message = tr!(
        "{own} is level with {other}: it is first in {percent} of 100 simulated cases",
        "{own} 与 {other} 不相上下：每 100 种模拟情形中约 {percent} 种居首"
    );
    if let Some(lead) = choice.lead {
        let gap = shown(lead);
        message.push(&if lead < 0.0 {
            tr!(" and {gap} behind", "，落后 {gap}")
        } else {
            tr!(" and {gap} ahead", "，领先 {gap}")
        });
    }
    let was_level = old
        .choice
        .as_ref()
        .is_some_and(|before| before.standing == ChoiceRank::Level);
    message.push(&if was_level {
        tr!("; it was when recorded", "；记录时即如此")
    } else {
        tr!("; it was not when recorded", "；记录时并非如此")
    });
    if was_level {
        message.push(&despite(new));
    }
    RecheckFinding {
        kind: DriftKind::Level,
        winner: true,
        message,
    }
}

fn review_due(new: &Record, today: Date) -> Option<RecheckFinding> {
    let outcome = new.outcome.as_ref()?;
    let day = outcome.review_by.as_deref().and_then(Date::parse)?;
    (day < today).then(|| RecheckFinding {
        kind: DriftKind::ReviewDue,
        winner: true,
        message: tr!(
            "the decision was to be reviewed by {day}",
            "该决策应在 {day} 之前复审"
        ),
    })
}

fn outcome_changed(old: &Record, new: &Record) -> Option<RecheckFinding> {
    let say = |record: &Record| match &record.outcome {
        None => tr!("no outcome", "没有结论"),
        Some(outcome) => OutcomeStatus::of_word(&outcome.status)
            .unwrap_or_default()
            .of_choice(outcome.chosen.as_deref()),
    };
    let (was, is) = (say(old), say(new));
    (was != is).then(|| RecheckFinding {
        kind: DriftKind::OutcomeChanged,
        winner: true,
        message: tr!(
            "recorded: {was}; now: {is}. `weigh record` records it anew",
            "记录为：{was}；现为：{is}。`weigh record` 可重新记录"
        ),
    })
}

fn order_changed(old: &Record, new: &Record) -> Option<RecheckFinding> {
    let order = |r: &Record| {
        r.ranking
            .iter()
            .filter(|p| p.rank.is_some())
            .map(|p| p.candidate.clone())
            .collect::<Vec<_>>()
    };
    let (before, after) = (order(old), order(new));
    (before != after).then(|| {
        let (a, b) = (before.join(" > "), after.join(" > "));
        RecheckFinding {
            kind: DriftKind::OrderChanged,
            winner: false,
            message: tr!("the order was {a}, now it is {b}", "次序曾为 {a}，现为 {b}"),
        }
    })
}

/// Reports expired facts and ended support.
fn dates(new: &Record, choice: Option<&str>, today: Date) -> Vec<RecheckFinding> {
    let mut found = Vec::new();
    for (name, input) in &new.inputs {
        let mut parts = name.splitn(3, '.');
        let candidate = if parts.next() == Some("candidates") {
            parts.next()
        } else {
            None
        };
        let fact = candidate.and(parts.next());
        let winner = candidate.is_some() && candidate == choice;
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

fn changed(change: &RecordChange, choice: Option<&str>) -> RecheckFinding {
    let own = |name: &str| choice.is_some_and(|id| name.starts_with(&format!("candidates.{id}.")));
    let (kind, winner) = match change {
        RecordChange::Weight { .. } => (DriftKind::WeightChanged, false),
        RecordChange::Anchors { .. } => (DriftKind::AnchorsMoved, false),
        RecordChange::Candidate { id, .. } => {
            (DriftKind::CandidateChanged, Some(id.as_str()) == choice)
        }
        RecordChange::Input {
            name,
            evidence: false,
            ..
        } => (DriftKind::FactChanged, own(name)),
        RecordChange::Input { name, .. } => (DriftKind::EvidenceChanged, own(name)),
        RecordChange::Question { .. } => (DriftKind::FactChanged, false),
    };
    RecheckFinding {
        kind,
        winner,
        message: change.text(),
    }
}
