//! Divides the total weight among goals, and returns a graph under other weights.

use super::DecisionGraph;
use crate::model::decision::Goal;

/// Each goal with its part of a share that all of them divide by their points.
pub(super) fn parts(goals: &[Goal], share: f64) -> impl Iterator<Item = (&Goal, f64)> {
    let points = |goal: &Goal| match goal {
        Goal::Criterion { points, .. } | Goal::Objective { points, .. } => *points,
    };
    let total: f64 = goals.iter().map(points).sum();
    goals.iter().map(move |goal| {
        (
            goal,
            if total > 0.0 {
                share * points(goal) / total
            } else {
                0.0
            },
        )
    })
}

impl DecisionGraph {
    /// The same graph under other weights: the goals are those it was made of, with other points.
    #[must_use]
    pub fn weighed(mut self, goals: &[Goal]) -> Self {
        self.weigh(goals, 1.0);
        self
    }

    fn weigh(&mut self, goals: &[Goal], share: f64) {
        for (goal, part) in parts(goals, share) {
            match goal {
                Goal::Objective { goals, .. } => self.weigh(goals, part),
                Goal::Criterion { id, points, .. } => {
                    for slot in self.criteria.iter_mut().filter(|slot| slot.id == *id) {
                        (slot.points, slot.share) = (*points, part);
                    }
                }
            }
        }
    }
}
