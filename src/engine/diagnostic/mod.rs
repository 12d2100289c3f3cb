//! Diagnostics for the author of a file: what is wrong, where, why, and how to fix it.
//!
//! Every module pushes [`Diagnostic`]s into a [`Diagnostics`] sink and continues, so one run reports every problem.
//! [`Code`] lists the kinds of problems; only [`render()`] draws source lines and carets. To add a diagnostic: a
//! row in `code.rs`, the check that reports it, a folder in `examples/broken/`.

mod code;
mod render;

pub use code::Code;
pub use render::{Style, render, summary};

use crate::lang::Text;
use crate::source::Span;

/// Whether a problem is an error or a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The decision cannot be evaluated until this is fixed.
    Error,
    /// The decision can be evaluated, but the result needs review.
    Warning,
}

impl Severity {
    /// Returns `error` or `warning`, as the JSON output spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A secondary label: another relevant place, with a note.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub span: Span,
    pub text: Text,
}

/// A problem at a place in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// The kind of problem; `weigh explain CODE` explains it.
    pub code: Code,
    /// `None` for a file that could not be opened.
    pub span: Option<Span>,
    /// The file, if there is no span.
    pub file: Option<String>,
    /// One short sentence.
    pub message: Text,
    /// Secondary labels.
    pub labels: Vec<Label>,
    /// How to fix it.
    pub hint: Option<Text>,
}

impl Diagnostic {
    /// Creates a diagnostic about a place in a text.
    #[must_use]
    pub fn new(code: Code, span: Span, message: Text) -> Self {
        Self {
            code,
            span: Some(span),
            file: None,
            message,
            labels: Vec::new(),
            hint: None,
        }
    }

    /// Creates a diagnostic about a file whose text is not available.
    #[must_use]
    pub fn about_file(code: Code, file: impl Into<String>, message: Text) -> Self {
        Self {
            code,
            span: None,
            file: Some(file.into()),
            message,
            labels: Vec::new(),
            hint: None,
        }
    }

    /// Adds a hint on how to fix it.
    #[must_use]
    pub fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Adds a hint, if there is one.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<Text>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    /// Adds a secondary label.
    #[must_use]
    pub fn label(mut self, span: Span, text: Text) -> Self {
        self.labels.push(Label { span, text });
        self
    }

    /// Whether another one reports the same problem, whatever help it offers.
    fn is_same(&self, other: &Self) -> bool {
        let problem = |d: &Self| (d.code, d.span);
        problem(self) == problem(other) && self.file == other.file && self.message == other.message
    }

    /// The severity of the code.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// The sink to which every module reports.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    suppressed: usize,
}

/// Limit on the stored diagnostics of one severity, so that a malicious file cannot exhaust memory.
const MOST: usize = 1_000;

impl Diagnostics {
    /// Reports one problem. Warnings never displace errors.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let reported = match diagnostic.severity() {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if *reported >= MOST {
            self.suppressed += 1;
        } else if !self.all.iter().any(|known| known.is_same(&diagnostic)) {
            *reported += 1;
            self.all.push(diagnostic);
        }
    }

    /// Whether a further error would be kept. If not, skip work that only serves the message, such as a suggestion.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.errors < MOST
    }

    /// Returns how many problems were reported beyond the limit.
    #[must_use]
    pub fn suppressed(&self) -> usize {
        self.suppressed
    }

    /// Maps every span, for a text that was parsed apart from its file.
    pub fn relocate(&mut self, to: impl Fn(Span) -> Span) {
        for diagnostic in &mut self.all {
            diagnostic.span = diagnostic.span.map(&to);
            for label in &mut diagnostic.labels {
                label.span = to(label.span);
            }
        }
    }

    /// Whether there is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Returns the first error, in the order of files and places.
    #[must_use]
    pub fn first_error(&self) -> Option<&Diagnostic> {
        self.sorted()
            .into_iter()
            .find(|d| d.severity() == Severity::Error)
    }

    /// Returns errors and warnings together, sorted by file and place.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.all.iter().collect();
        all.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
        all
    }

    /// Returns the diagnostics without those of one code.
    #[must_use]
    pub fn without(&self, code: Code) -> Self {
        let mut rest = Self {
            suppressed: self.suppressed,
            ..Self::default()
        };
        self.all
            .iter()
            .filter(|d| d.code != code)
            .for_each(|d| rest.push(d.clone()));
        rest
    }

    /// Returns the number of diagnostics.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are no diagnostics.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Appends another sink's diagnostics.
    pub fn append(&mut self, other: Self) {
        self.suppressed += other.suppressed;
        for diagnostic in other.all {
            self.push(diagnostic);
        }
    }
}
