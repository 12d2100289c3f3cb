//! What changed between two states of a decision, and how that affects the scores.
//!
//! The change of a score splits exactly over the criteria: with shares `w` and values `v` before and after,
//! `w' v' - w v = (w' - w) (v + v') / 2 + (v' - v) (w + w') / 2`, a part by weight and a part by value.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::pin::{PinnedInput, PinnedPlacement, Record};
use crate::lang::Text;
use crate::tr;

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum RecordChange {
    /// A candidate was added or removed, or its status changed.
    Candidate {
        id: String,
        /// `None` if it is new.
        before: Option<String>,
        /// `None` if it was removed.
        after: Option<String>,
    },
    /// A criterion's share of the total weight; 0 if the criterion does not exist.
    Weight {
        criterion: String,
        before: f64,
        after: f64,
    },
    /// A criterion's anchors, shape, unit or formula.
    Anchors {
        criterion: String,
        before: String,
        after: String,
    },
    /// A fact, an input of the context, or a figure of the team.
    Input {
        /// The name that `--set` takes.
        name: String,
        /// `None` if there was no value.
        before: Option<String>,
        after: Option<String>,
        /// Whether only the evidence changed, not the value.
        evidence: bool,
        /// The criteria that depend on it.
        criteria: Vec<String>,
    },
    /// Method, parameters, scenario or stakeholder.
    Question {
        /// `method`, `scenario` or `stakeholder`.
        what: String,
        before: String,
        after: String,
    },
}

/// How the changes affect one candidate.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ScoreShift {
    pub candidate: String,
    /// Rank before and after.
    pub rank: [Option<usize>; 2],
    /// Score before and after.
    pub score: [Option<f64>; 2],
    /// The part of the score change that comes from weights.
    pub by_weights: Option<f64>,
    /// The part of the score change that comes from values.
    pub by_values: Option<f64>,
    /// The score change by criterion, largest first.
    pub by_criterion: Vec<(String, f64)>,
}

/// The differences between two states of a decision.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RecordDifference {
    pub decision: String,
    /// The winner before and after.
    pub winner: [Option<String>; 2],
    pub changes: Vec<RecordChange>,
    /// How the changes affect each candidate.
    pub ranking: Vec<ScoreShift>,
}

/// Compares two states of a decision.
#[must_use]
pub fn diff(old: &Record, new: &Record) -> RecordDifference {
    let mut changes = questions(old, new);
    changes.extend(candidates(old, new));
    changes.extend(criteria(old, new));
    let names: BTreeSet<&String> = old.inputs.keys().chain(new.inputs.keys()).collect();
    changes.extend(
        names
            .into_iter()
            .filter_map(|name| input(name, old.inputs.get(name), new.inputs.get(name))),
    );
    RecordDifference {
        decision: new.decision.clone(),
        winner: [old.winner.clone(), new.winner.clone()],
        changes,
        ranking: new
            .ranking
            .iter()
            .map(|place| shift(old, new, place))
            .collect(),
    }
}

fn questions(old: &Record, new: &Record) -> Vec<RecordChange> {
    let or = |x: &Option<String>| x.clone().unwrap_or_else(|| "-".to_owned());
    let method = |r: &Record| {
        std::iter::once(r.method.clone())
            .chain(r.params.iter().cloned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    [
        ("method", method(old), method(new)),
        ("scenario", or(&old.scenario), or(&new.scenario)),
        ("stakeholder", or(&old.stakeholder), or(&new.stakeholder)),
    ]
    .into_iter()
    .filter(|(_, a, b)| a != b)
    .map(|(what, before, after)| RecordChange::Question {
        what: what.to_owned(),
        before,
        after,
    })
    .collect()
}

fn candidates(old: &Record, new: &Record) -> Vec<RecordChange> {
    let status = |r: &Record| {
        r.ranking
            .iter()
            .map(|p| (p.candidate.clone(), p.status.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let (before, after) = (status(old), status(new));
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |id: &String| RecordChange::Candidate {
        id: id.clone(),
        before: before.get(id).cloned(),
        after: after.get(id).cloned(),
    };
    ids.into_iter()
        .filter(|id| before.get(*id) != after.get(*id))
        .map(change)
        .collect()
}

fn criteria(old: &Record, new: &Record) -> Vec<RecordChange> {
    let mut changes = Vec::new();
    let ids: BTreeSet<&String> = old
        .criteria
        .iter()
        .chain(&new.criteria)
        .map(|c| &c.id)
        .collect();
    for id in ids {
        let find = |r: &'_ Record| r.criteria.iter().find(|c| &c.id == id).cloned();
        let (before, after) = (find(old), find(new));
        let share = |c: &Option<super::pin::PinnedCriterion>| c.as_ref().map_or(0.0, |c| c.share);
        // Shares are ratios of points, so differences within rounding are ignored.
        if (share(&before) - share(&after)).abs() > 1e-9 {
            changes.push(RecordChange::Weight {
                criterion: id.clone(),
                before: share(&before),
                after: share(&after),
            });
        }
        if let (Some(a), Some(b)) = (&before, &after) {
            let swing = |c: &super::pin::PinnedCriterion| {
                let end = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |x| x.to_string());
                format!("{} {}..{} {}", c.shape, end(c.worst), end(c.best), c.unit)
                    .trim_end()
                    .to_owned()
            };
            if swing(a) != swing(b) {
                changes.push(RecordChange::Anchors {
                    criterion: id.clone(),
                    before: swing(a),
                    after: swing(b),
                });
            }
            if a.formula != b.formula {
                changes.push(RecordChange::Anchors {
                    criterion: id.clone(),
                    before: a.formula.clone(),
                    after: b.formula.clone(),
                });
            }
        }
    }
    changes
}

fn input(name: &str, old: Option<&PinnedInput>, new: Option<&PinnedInput>) -> Option<RecordChange> {
    let value = |i: Option<&PinnedInput>| i.map(|i| i.value.clone());
    let criteria = new.or(old).map(|i| i.criteria.clone()).unwrap_or_default();
    if value(old) != value(new) {
        return Some(RecordChange::Input {
            name: name.to_owned(),
            before: value(old),
            after: value(new),
            evidence: false,
            criteria,
        });
    }
    let evidence = |i: Option<&PinnedInput>| {
        i.map(|i| {
            let parts = [Some(i.source.clone()), i.as_of.clone(), i.run.clone()];
            parts
                .into_iter()
                .flatten()
                .filter(|s| !s.is_empty())
                .collect::<Vec<_>>()
                .join(", ")
        })
    };
    let (before, after) = (evidence(old), evidence(new));
    (before != after).then(|| RecordChange::Input {
        name: name.to_owned(),
        before,
        after,
        evidence: true,
        criteria,
    })
}

fn shift(old: &Record, new: &Record, place: &PinnedPlacement) -> ScoreShift {
    let before = old.ranking.iter().find(|p| p.candidate == place.candidate);
    let share = |r: &Record, id: &str| {
        r.criteria
            .iter()
            .find(|c| c.id == id)
            .map_or(0.0, |c| c.share)
    };
    let mut by_criterion = Vec::new();
    let (mut by_weights, mut by_values) = (0.0, 0.0);
    let both = before.filter(|b| b.rank.is_some() && place.rank.is_some());
    if let Some(before) = both {
        let ids: BTreeSet<&String> = before
            .contributions
            .keys()
            .chain(place.contributions.keys())
            .collect();
        for id in ids {
            let (w0, w1) = (share(old, id), share(new, id));
            let (c0, c1) = (
                before.contributions.get(id).copied().unwrap_or(0.0),
                place.contributions.get(id).copied().unwrap_or(0.0),
            );
            // A criterion without weight has no recorded value, so the value of the other side is used for both.
            let v0 = if w0 > 0.0 { c0 / w0 } else { c1 / w1 };
            let v1 = if w1 > 0.0 { c1 / w1 } else { v0 };
            if v0.is_finite() && v1.is_finite() {
                by_weights += (w1 - w0) * f64::midpoint(v0, v1);
                by_values += (v1 - v0) * f64::midpoint(w0, w1);
            }
            if (c1 - c0).abs() > 1e-12 {
                by_criterion.push((id.clone(), c1 - c0));
            }
        }
        by_criterion.sort_by(|a: &(String, f64), b| {
            b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0))
        });
    }
    ScoreShift {
        candidate: place.candidate.clone(),
        rank: [before.and_then(|b| b.rank), place.rank],
        score: [before.and_then(|b| b.score), place.score],
        by_weights: both.map(|_| by_weights),
        by_values: both.map(|_| by_values),
        by_criterion,
    }
}

impl RecordChange {
    /// Describes the change in one sentence.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Candidate { id, before, after } => {
                match (
                    before.as_deref().map(status_name),
                    after.as_deref().map(status_name),
                ) {
                    (None, Some(now)) => tr!("{id} is new: {now}", "新增 {id}：{now}"),
                    (Some(was), Some(now)) => {
                        tr!("{id} was {was}, now it is {now}", "{id} 曾{was}，现{now}")
                    }
                    (_, None) => tr!("{id} is gone", "{id} 已移除"),
                }
            }
            Self::Weight {
                criterion,
                before,
                after,
            } => {
                let percent = |x: f64| format!("{:.1} %", x * 100.0);
                let (a, b) = (percent(*before), percent(*after));
                tr!(
                    "weight of {criterion}: {a} -> {b}",
                    "{criterion} 的权重：{a} -> {b}"
                )
            }
            Self::Anchors {
                criterion,
                before,
                after,
            } => {
                tr!(
                    "criterion {criterion}: {before} -> {after}",
                    "准则 {criterion}：{before} -> {after}"
                )
            }
            Self::Input {
                name,
                before,
                after,
                evidence,
                ..
            } => {
                let or_dash = |x: &Option<String>| x.clone().unwrap_or_else(|| "-".to_owned());
                let (a, b) = (or_dash(before), or_dash(after));
                if *evidence {
                    tr!(
                        "evidence of {name}: {a} -> {b}",
                        "{name} 的证据：{a} -> {b}"
                    )
                } else {
                    tr!("{name}: {a} -> {b}", "{name}：{a} -> {b}")
                }
            }
            Self::Question {
                what,
                before,
                after,
            } => {
                let what = match what.as_str() {
                    "method" => tr!("method", "方法"),
                    "scenario" => tr!("scenario", "情景"),
                    _ => tr!("{what}", "相关方"),
                };
                tr!("{what}: {before} -> {after}", "{what}：{before} -> {after}")
            }
        }
    }
}

/// Returns the name of a recorded status.
fn status_name(status: &str) -> Text {
    match status {
        "ranked" => tr!("{status}", "已排名"),
        "screened" => tr!("{status}", "被筛除"),
        _ => tr!("{status}", "信息不全"),
    }
}
