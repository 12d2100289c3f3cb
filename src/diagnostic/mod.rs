//! Messages for the author of a file: what is wrong, where, why, and what to type.
//!
//! Every module pushes [`Diagnostic`]s into a [`Diagnostics`] sink and goes on; nothing is thrown, so one run reports every
//! problem. [`Code`] lists what can be said; [`render()`] is the one place that draws the source line and the caret.
//! To add a diagnostic: a line in `code.rs`, one push, one folder in `examples/broken/`.

mod code;
mod render;

pub use code::Code;
pub use render::{Style, render, summary};

use crate::lang::Text;
use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The decision cannot be trusted as it stands.
    Error,
    /// It can, but the author should know.
    Warning,
}

impl Severity {
    /// `error` or `warning`, the word of the JSON contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A second place that matters, with a word about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What about it.
    pub text: Text,
}

/// One message about one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// What kind of problem: `weigh explain CODE` tells more.
    pub code: Code,
    /// Where; `None` for a file that could not be opened.
    pub span: Option<Span>,
    /// The file, where there is no span to tell it.
    pub file: Option<String>,
    /// One terse sentence.
    pub message: Text,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// What to type.
    pub hint: Option<Text>,
}

impl Diagnostic {
    /// A message about a place in a text.
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

    /// A message about a file whose text could not be had.
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

    /// Adds what to type.
    #[must_use]
    pub fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Adds what to type, where there is something to say.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<Text>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn label(mut self, span: Span, text: Text) -> Self {
        self.labels.push(Label { span, text });
        self
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// The sink into which every module reports.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    untold: usize,
}

/// More messages of one severity than anyone reads; beyond it a hostile file would cost memory without bound.
const MOST: usize = 1_000;

impl Diagnostics {
    /// Reports one problem. Warnings never displace errors.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let told = match diagnostic.severity() {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if *told >= MOST {
            self.untold += 1;
        } else if !self.all.contains(&diagnostic) {
            *told += 1;
            self.all.push(diagnostic);
        }
    }

    /// Whether a further error would be told: what costs time to word, such as a suggestion, need not be worded otherwise.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.errors < MOST
    }

    /// How many were reported beyond those that are told.
    #[must_use]
    pub fn untold(&self) -> usize {
        self.untold
    }

    /// Moves every place, as where a text was read apart from its file.
    pub(crate) fn relocate(&mut self, to: impl Fn(Span) -> Span) {
        for diagnostic in &mut self.all {
            diagnostic.span = diagnostic.span.map(&to);
            for label in &mut diagnostic.labels {
                label.span = to(label.span);
            }
        }
    }

    /// Whether one of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// All of them, by file and place, errors and warnings together.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.all.iter().collect();
        all.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
        all
    }

    /// The same messages without those of one code: where something else already says it.
    #[must_use]
    pub fn without(&self, code: Code) -> Self {
        let mut rest = Self {
            untold: self.untold,
            ..Self::default()
        };
        self.all
            .iter()
            .filter(|d| d.code != code)
            .for_each(|d| rest.push(d.clone()));
        rest
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Takes over another sink's messages.
    pub fn append(&mut self, other: Self) {
        self.untold += other.untold;
        for diagnostic in other.all {
            self.push(diagnostic);
        }
    }
}
