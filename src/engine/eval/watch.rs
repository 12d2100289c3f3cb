//! Progress of a long computation, for display.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the steps of one or more passes across threads. Nothing synchronizes on the counters, so they are relaxed.
#[derive(Debug)]
pub struct Watch {
    passes: usize,
    begun: AtomicUsize,
    steps: AtomicUsize,
    done: AtomicUsize,
}

impl Watch {
    /// Creates a watch for work of this many passes.
    #[must_use]
    pub fn new(passes: usize) -> Self {
        Self {
            passes: passes.max(1),
            begun: AtomicUsize::new(0),
            steps: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
        }
    }

    /// Records that the next pass begins and has this many steps.
    pub fn begin(&self, steps: usize) {
        self.steps.store(steps, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.begun.fetch_add(1, Ordering::Relaxed);
    }

    /// Records that one step is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the fraction done, 0 to 1. Each pass counts the same, however long it takes.
    ///
    /// ```
    /// let watch = weigh_engine::eval::Watch::new(2);
    /// watch.begin(4);
    /// watch.step();
    /// assert_eq!(watch.part(), 0.125);
    /// watch.begin(1);
    /// assert_eq!(watch.part(), 0.5);
    /// ```
    #[must_use]
    pub fn part(&self) -> f64 {
        let begun = self.begun.load(Ordering::Relaxed).min(self.passes);
        let steps = self.steps.load(Ordering::Relaxed).max(1);
        let own = (self.done.load(Ordering::Relaxed) as f64 / steps as f64).min(1.0);
        if begun == 0 {
            0.0
        } else {
            ((begun - 1) as f64 + own) / self.passes as f64
        }
    }
}
