//! Results that are computed beside the drawing thread, with the generation of the session they belong to.

use crate::view::explore::board::SpreadPanel;
use crate::view::explore::information::Information;
use crate::view::explore::robustness::RobustnessPanel;
use crate::view::explore::sensitivity::SensitivityPanel;
use crate::view::explore::tradeoff::DominancePanel;

/// A result that may be older than the session.
///
/// An outdated result stays visible (dimmed) until the worker delivers the new one.
#[derive(Clone, Debug)]
pub struct Cached<T> {
    /// The newest result that arrived.
    pub value: Option<T>,
    answered: Option<u64>,
    asked: Option<u64>,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self {
            value: None,
            answered: None,
            asked: None,
        }
    }
}

impl<T> Cached<T> {
    /// Whether the value belongs to this generation.
    #[must_use]
    pub fn is_fresh(&self, generation: u64) -> bool {
        self.answered == Some(generation)
    }

    /// Marks the value of this generation as requested; returns whether it has to be computed.
    pub(super) fn request(&mut self, generation: u64) -> bool {
        let is_needed = self.asked != Some(generation) && self.answered != Some(generation);
        if is_needed {
            self.asked = Some(generation);
        }
        is_needed
    }

    /// Stores a value unless a later generation was requested meanwhile.
    pub(super) fn store(&mut self, generation: u64, value: T) {
        if self.asked == Some(generation) {
            (self.value, self.answered) = (Some(value), Some(generation));
        }
    }

    /// Keeps the value for display but has it computed again.
    pub fn invalidate(&mut self) {
        (self.answered, self.asked) = (None, None);
    }
}

/// The results of the questions that take longer than a frame.
#[derive(Clone, Debug, Default)]
pub struct CachedAnswers {
    /// The 5 % and 95 % quantiles of the scores.
    pub spread: Cached<SpreadPanel>,
    /// Tornado and break-evens.
    pub sensitivity: Cached<SensitivityPanel>,
    /// Rank acceptability.
    pub robustness: Cached<RobustnessPanel>,
    /// Dominance on all criteria.
    pub dominance: Cached<DominancePanel>,
    /// EVPPI of each unknown.
    pub information: Cached<Information>,
}

impl CachedAnswers {
    /// Has everything computed again, for example because the language changed.
    pub fn invalidate(&mut self) {
        self.spread.invalidate();
        self.sensitivity.invalidate();
        self.robustness.invalidate();
        self.dominance.invalidate();
        self.information.invalidate();
    }
}
