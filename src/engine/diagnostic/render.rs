//! Draws diagnostics with annotate-snippets, which aligns carets under wide characters.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Severity};
use crate::lang::{Lang, Text};
use crate::source::{Source, Sources, Span};

/// How diagnostics look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    pub lang: Lang,
    /// Whether ANSI colours may be used.
    pub color: bool,
}

/// Longest source line that is shown in full; a longer one is cut around the caret.
const WIDEST: usize = 400;

/// Draws one diagnostic with its source lines.
#[must_use]
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let lang = style.lang;
    let (level, help) = match (diagnostic.severity(), lang) {
        (Severity::Error, Lang::En) => (Level::ERROR, "help"),
        (Severity::Warning, Lang::En) => (Level::WARNING, "help"),
        (Severity::Error, Lang::Zh) => (Level::ERROR.with_name("错误"), "建议"),
        (Severity::Warning, Lang::Zh) => (Level::WARNING.with_name("警告"), "建议"),
    };
    let title = level
        .primary_title(diagnostic.message.get(lang).to_owned())
        .id(diagnostic.code.id());
    let mut group = match (diagnostic.span, &diagnostic.file) {
        (Some(span), _) => title.element(snippet(span, diagnostic, sources, lang)),
        (None, Some(file)) => title.element(Origin::path(file.clone())),
        (None, None) => annotate_snippets::Group::with_title(title),
    };
    if let Some(hint) = &diagnostic.hint {
        group = group.element(
            Level::HELP
                .with_name(help)
                .message(hint.get(lang).to_owned()),
        );
    }
    let renderer = if style.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(&[group])
}

fn snippet<'a>(
    span: Span,
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
    lang: Lang,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source = sources.get(span.source);
    let here = diagnostic
        .labels
        .iter()
        .filter(|l| l.span.source == span.source)
        .map(|l| l.span);
    let (first, last) = here.chain([span]).fold((u32::MAX, 0), |(lo, hi), s| {
        (lo.min(s.start), hi.max(s.start))
    });
    let (window, first_line) = window(source, first, last, span);
    let within = |s: Span| {
        let clamp = |at: u32| (at as usize).clamp(window.start, window.end) - window.start;
        let start = boundary(&source.text()[window.clone()], clamp(s.start));
        let end = boundary(
            &source.text()[window.clone()],
            clamp(s.end.min(line_end(source, s.start))),
        );
        start..end.max(start)
    };
    let labels = diagnostic
        .labels
        .iter()
        .filter(|l| l.span.source == span.source && in_window(l.span, &window));
    let contexts = labels.map(|l| {
        AnnotationKind::Context
            .span(within(l.span))
            .label(l.text.get(lang).to_owned())
    });
    Snippet::source(Cow::Borrowed(&source.text()[window.clone()]))
        .line_start(first_line)
        .path(source.name())
        .annotation(AnnotationKind::Primary.span(within(span)))
        .annotations(contexts.collect::<Vec<_>>())
}

fn in_window(span: Span, window: &std::ops::Range<usize>) -> bool {
    window.contains(&(span.start as usize))
}

fn line_end(source: &Source, byte: u32) -> u32 {
    u32::try_from(source.line_range(source.position(byte).line).end).unwrap_or(u32::MAX)
}

fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Returns the lines from the first to the last label; only the primary line if the labels are far apart, and only
/// a part of that line if it is very long.
fn window(
    source: &Source,
    first: u32,
    last: u32,
    primary: Span,
) -> (std::ops::Range<usize>, usize) {
    let (from, to) = (source.position(first).line, source.position(last).line);
    let line = source.position(primary.start).line;
    let (from, to) = if to - from > 40 {
        (line, line)
    } else {
        (from, to)
    };
    let range = source.line_range(from).start..source.line_range(to).end;
    if range.len() <= WIDEST * (to - from + 1) {
        return (range, from);
    }
    let at = primary.start as usize;
    let start = boundary(
        source.text(),
        at.saturating_sub(WIDEST / 4)
            .max(source.line_range(line).start),
    );
    let end = boundary(
        source.text(),
        (at + WIDEST / 2).min(source.line_range(line).end),
    );
    (start..end.max(start), line)
}

/// Returns the closing line with the number of errors and warnings.
#[must_use]
pub fn summary(diagnostics: &Diagnostics) -> Text {
    let count = |s| {
        diagnostics
            .sorted()
            .iter()
            .filter(|d| d.severity() == s)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let (e, w) = (plural(errors), plural(warnings));
    let counts = crate::tr!(
        "{errors} error{e}, {warnings} warning{w}",
        "{errors} 个错误，{warnings} 个警告"
    );
    match diagnostics.suppressed() {
        0 => counts,
        more => crate::tr!(
            "{counts}, and {more} more not shown",
            "{counts}，另有 {more} 条未列出"
        ),
    }
}
