//! The state of one reading: every text so far, and every problem.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Sources;

/// Reads project files; keeps each text and collects each problem.
///
/// A file that was read before is not read again. Reading goes on after a problem, so that one run reports all of them.
#[derive(Debug, Default)]
pub struct Reader {
    /// Every text that was read.
    pub sources: Sources,
    /// Every problem that was found.
    pub diagnostics: Diagnostics,
}

impl Reader {
    /// Reports one problem.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
