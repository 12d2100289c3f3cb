//! Measures beyond the anchors of their criterion, whose value is held at 0 or 1.

use crate::eval::{Evaluation, Plan, Status};

/// A criterion that holds the values of some candidates.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldCriterion {
    /// Index of the criterion.
    pub criterion: usize,
    /// The candidates that are better than its best measure.
    pub above: Vec<usize>,
    /// The candidates that are worse than its worst measure.
    pub below: Vec<usize>,
}

/// The criteria with weight whose anchors some candidates exceed at the point; empty where values are not clipped.
#[must_use]
pub fn held_criteria(plan: &Plan<'_>, evaluation: &Evaluation) -> Vec<HeldCriterion> {
    let mut all = Vec::new();
    if !plan.clip {
        return all;
    }
    let rows = &evaluation.rows;
    for (k, slot) in plan.graph.criteria.iter().enumerate() {
        let mut held = HeldCriterion {
            criterion: k,
            above: Vec::new(),
            below: Vec::new(),
        };
        let in_play = (0..plan.candidates()).filter(|&c| rows[c].status != Status::Screened);
        for c in in_play {
            match plan.functions[k].held(plan.point[slot.node].of(c)) {
                Some(free) if free > 0.5 => held.above.push(c),
                Some(_) => held.below.push(c),
                None => {}
            }
        }
        if slot.share > 0.0 && !(held.above.is_empty() && held.below.is_empty()) {
            all.push(held);
        }
    }
    all
}
