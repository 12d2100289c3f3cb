//! Who leads where inputs are known: the leader and the lead in each lane of [`Pinning::scores`].

use super::race::TIE;
use crate::eval::Pinning;

/// The candidates of a pinning and the present first.
#[derive(Clone, Copy)]
pub(super) struct KnownRace<'s> {
    candidates: &'s [usize],
    present: Option<usize>,
}

impl<'s> KnownRace<'s> {
    pub(super) fn new(pinning: &'s Pinning<'_>, present: Option<usize>) -> Self {
        Self {
            candidates: pinning.candidates(),
            present,
        }
    }

    fn place(&self, candidate: Option<usize>) -> Option<usize> {
        self.candidates.binary_search(&candidate?).ok()
    }

    /// The leader in a lane; among equals the one before, then the present first, then the first in the decision's order.
    pub(super) fn leader(
        &self,
        scores: &[Vec<f64>],
        lane: usize,
        before: Option<usize>,
    ) -> Option<usize> {
        let own = || scores.iter().map(|column| column[lane]);
        let best = own().fold(f64::NEG_INFINITY, f64::max);
        if best == f64::NEG_INFINITY {
            return None;
        }
        let leads = |wanted: Option<usize>| {
            wanted.filter(|_| {
                self.place(wanted)
                    .is_some_and(|i| scores[i][lane] >= best - TIE)
            })
        };
        leads(before).or_else(|| leads(self.present)).or_else(|| {
            let first = own().position(|score| score >= best - TIE)?;
            Some(self.candidates[first])
        })
    }

    /// How far candidate `a` is ahead of `b` in a lane; NaN where either is not ranked.
    pub(super) fn ahead(
        &self,
        scores: &[Vec<f64>],
        lane: usize,
        a: Option<usize>,
        b: Option<usize>,
    ) -> f64 {
        match (self.place(a), self.place(b)) {
            (Some(a), Some(b)) => scores[a][lane] - scores[b][lane],
            _ => f64::NAN,
        }
    }

    /// The present first's score in a lane; NaN if it is not ranked.
    pub(super) fn score(&self, scores: &[Vec<f64>], lane: usize) -> f64 {
        self.place(self.present)
            .map_or(f64::NAN, |own| scores[own][lane])
    }

    /// The present first's lead over its best rival in a lane; NaN if either is missing.
    pub(super) fn lead(&self, scores: &[Vec<f64>], lane: usize) -> f64 {
        let own = self.place(self.present);
        let rivals = scores.iter().enumerate().filter(|(i, _)| Some(*i) != own);
        let best = rivals
            .map(|(_, column)| column[lane])
            .fold(f64::NEG_INFINITY, f64::max);
        if best.is_finite() {
            self.score(scores, lane) - best
        } else {
            f64::NAN
        }
    }
}
