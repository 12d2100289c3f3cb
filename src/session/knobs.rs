//! The knobs of a session: raw points of the criteria, locks on their shares, values of inputs.
//!
//! Weights are stored as raw points, and shares are computed. Sliders that hold shares would move each other and
//! get stuck at zero. A locked criterion keeps its share; the others divide the rest in proportion to their points.

use std::collections::BTreeMap;

use super::LoadedDecision;
use crate::graph::DecisionGraph;
use crate::lang::Text;
use crate::tr;

/// The upper end of a weight's slider, unless a file declares more points.
pub const MOST_POINTS: f64 = 100.0;

/// The state of all knobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knobs {
    pub points: Vec<f64>,
    /// The share a criterion is locked at.
    pub locked: Vec<Option<f64>>,
    /// Values of inputs by name, in base units.
    pub settings: BTreeMap<String, f64>,
}

/// A change of one knob.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Sets the points of a criterion.
    Points(usize, f64),
    /// Locks or unlocks a criterion's share.
    Lock(usize),
    /// Sets an input, in base units; `None` restores the file's value.
    Set(String, Option<f64>),
    /// Adopts these shares as points.
    Shares(Vec<f64>),
}

impl Turn {
    /// Returns the label of the undo step.
    pub(super) fn label(&self, model: &LoadedDecision) -> Text {
        let title = |k: &usize| {
            model
                .graph
                .criteria
                .get(*k)
                .map_or_else(Text::default, |slot| slot.title.clone())
        };
        match self {
            Self::Points(k, _) => tr!("weight of {}", "{}的权重", title(k)),
            Self::Lock(k) => tr!("lock of {}", "{}的锁定", title(k)),
            Self::Set(name, _) => tr!("value of {name}", "{name} 的值"),
            Self::Shares(_) => tr!("adopted weights", "采用的权重"),
        }
    }

    /// Whether both turn the same knob.
    pub(super) fn is_same_knob(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Points(a, _), Self::Points(b, _)) => a == b,
            (Self::Set(a, _), Self::Set(b, _)) => a == b,
            _ => false,
        }
    }

    /// Whether consecutive turns form one undo step.
    pub(super) fn extends_last_step(&self) -> bool {
        matches!(self, Self::Points(..) | Self::Set(..))
    }
}

impl Knobs {
    /// The state that the files declare.
    #[must_use]
    pub fn declared(graph: &DecisionGraph) -> Self {
        let flat = graph.criteria.iter().all(|slot| slot.objectives.is_empty());
        // With objectives, a criterion's points are relative to its group, so its share of the total is used
        // instead.
        let points = |slot: &crate::graph::CriterionNode| {
            if flat {
                slot.points
            } else {
                slot.share * 100.0
            }
        };
        Self {
            points: graph.criteria.iter().map(points).collect(),
            locked: vec![None; graph.criteria.len()],
            settings: BTreeMap::new(),
        }
    }

    /// Computes the shares: locked ones as they are, the rest by points. All are zero if no criterion has points.
    #[must_use]
    pub fn shares(&self) -> Vec<f64> {
        let held: f64 = self.locked.iter().flatten().sum();
        let free: f64 = self
            .points
            .iter()
            .zip(&self.locked)
            .filter(|(_, lock)| lock.is_none())
            .map(|(p, _)| *p)
            .sum();
        let rest = (1.0 - held).max(0.0);
        let share = |(p, lock): (&f64, &Option<f64>)| match lock {
            // There is no other criterion that could take the rest.
            Some(s) if free <= 0.0 && held > 0.0 => s / held,
            Some(s) => *s,
            None if free > 0.0 => rest * p / free,
            None => 0.0,
        };
        self.points.iter().zip(&self.locked).map(share).collect()
    }

    /// Converts the present shares to points without locks.
    #[must_use]
    pub fn effective_points(&self) -> Vec<f64> {
        if self.locked.iter().all(Option::is_none) {
            return self.points.clone();
        }
        self.shares()
            .iter()
            .map(|s| (s * 1e4).round() / 100.0)
            .collect()
    }

    pub(super) fn apply(
        &mut self,
        turn: &Turn,
        model: &LoadedDecision,
        declared: &Self,
    ) -> Result<(), Text> {
        match turn {
            Turn::Points(k, points) => {
                let most = declared.points.iter().copied().fold(MOST_POINTS, f64::max);
                let Some(own) = self.points.get_mut(*k) else {
                    return Ok(());
                };
                if self.locked[*k].is_some() {
                    return Err(tr!(
                        "the share is locked; press `*` to unlock it",
                        "份额已锁定：按 `*` 解锁"
                    ));
                }
                *own = if points.is_finite() {
                    points.clamp(0.0, most)
                } else {
                    *own
                };
            }
            Turn::Lock(k) => {
                let shares = self.shares();
                let Some(lock) = self.locked.get_mut(*k) else {
                    return Ok(());
                };
                if lock.take().is_some() {
                    return Ok(());
                }
                let held: f64 = self.locked.iter().flatten().sum();
                if held + shares[*k] > 1.0 - 1e-9 {
                    return Err(tr!(
                        "the locked shares would add up to 100 %",
                        "锁定的份额将占满 100 %"
                    ));
                }
                self.locked[*k] = Some(shares[*k]);
            }
            Turn::Set(name, None) => {
                self.settings.remove(name);
            }
            Turn::Set(name, Some(value)) => {
                if model.fact(name).is_none() {
                    return Err(tr!(
                        "there is no input `{name}`",
                        "没有名为 `{name}` 的输入"
                    ));
                }
                if !value.is_finite() {
                    return Err(tr!("not a number", "这不是一个数"));
                }
                self.settings.insert(name.clone(), *value);
            }
            Turn::Shares(shares) => {
                if shares.len() == self.points.len()
                    && shares.iter().all(|s| s.is_finite() && *s >= 0.0)
                {
                    self.points = shares.iter().map(|s| (s * 1e4).round() / 100.0).collect();
                    self.locked.fill(None);
                }
            }
        }
        Ok(())
    }

    /// Applies the same changes to another state of the files, matching them by name.
    pub(super) fn moved_to(
        &self,
        old: &DecisionGraph,
        model: &LoadedDecision,
        was: &Self,
        declared: &Self,
    ) -> Self {
        let mut next = declared.clone();
        for (at, slot) in model.graph.criteria.iter().enumerate() {
            let Some(before) = old.criteria.iter().position(|s| s.id == slot.id) else {
                continue;
            };
            if self.points[before] != was.points[before] {
                next.points[at] = self.points[before];
            }
            next.locked[at] = self.locked[before];
        }
        next.settings = self
            .settings
            .iter()
            .filter(|(name, _)| model.fact(name).is_some())
            .map(|(n, v)| (n.clone(), *v))
            .collect();
        next
    }
}

/// Rounds a number to the digits that a file would hold.
pub(super) fn plain(x: f64) -> String {
    let short: f64 = format!("{x:.10e}").parse().unwrap_or(x);
    short.to_string()
}
