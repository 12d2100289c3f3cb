//! The state of reading: all texts so far, and all problems.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Sources;

/// Reads project files, stores their texts and collects problems.
///
/// A file is read only once. Reading continues after a problem, so that one run reports all of them.
#[derive(Debug, Default)]
pub struct Reader {
    pub sources: Sources,
    pub diagnostics: Diagnostics,
}

impl Reader {
    /// Reports one problem.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
