//! Diagnostics as plain data.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Diagnostics;
use crate::lang::Lang;
use crate::source::Sources;

/// The JSON of `weigh check`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckView {
    /// Every problem, by file and place.
    pub diagnostics: Vec<DiagnosticView>,
    /// What a sound decision may not mean to say: flat criteria, exceeded anchors, inputs that reach most of the weight.
    pub remarks: Vec<RemarkView>,
    /// With `--files`: the roots of the projects that the files belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<String>>,
    /// With `--files`: every file that was used, the built-in ones included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<String>>,
}

/// One remark.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RemarkView {
    /// The id of the decision.
    pub decision: String,
    pub message: String,
}

/// One problem.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiagnosticView {
    /// Its stable code.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    pub file: Option<String>,
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub hint: Option<String>,
}

/// Builds the view of diagnostics.
#[must_use]
pub fn check(diagnostics: &Diagnostics, sources: &Sources, lang: Lang) -> CheckView {
    let view = |d: &crate::diagnostic::Diagnostic| {
        let place = d.span.map(|span| {
            (
                sources.get(span.source),
                sources.get(span.source).position(span.start),
            )
        });
        DiagnosticView {
            code: d.code.id(),
            severity: d.severity().word(),
            file: place
                .map(|(source, _)| source.name().to_owned())
                .or_else(|| d.file.clone()),
            line: place.map(|(_, p)| p.line),
            column: place.map(|(_, p)| p.column),
            message: d.message.get(lang).to_owned(),
            hint: d.hint.as_ref().map(|h| h.get(lang).to_owned()),
        }
    };
    CheckView {
        diagnostics: diagnostics.sorted().into_iter().map(view).collect(),
        remarks: Vec::new(),
        projects: None,
        files: None,
    }
}
