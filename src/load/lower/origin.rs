//! Maps the text of a scalar back to the bytes of its file, whether it is plain, quoted, escaped, folded or a
//! block.
//!
//! The parser gives the text and the place where the scalar begins. In between it folds line breaks, removes
//! indentation and quotes, and resolves escapes, but the visible characters stay in order. So the text and the file
//! are walked in parallel, and every visible character of the text gets its place in the file.

use crate::formula::{Expr, ExprKind, ExprSpan, IterationSource};
use crate::source::{Sources, Span};

/// Returns the place of a scalar's text if the file contains it verbatim, as on one line without escapes.
pub(crate) fn verbatim(sources: &Sources, span: Span, text: &str) -> Option<Span> {
    let shift = sources.slice(span).find(text)?;
    Some(span.slice(shift, shift + text.len()))
}

/// The place in the file of each byte of a scalar's text.
pub(crate) struct TextOrigin {
    whole: Span,
    /// For each byte of the text, where its character begins and ends in the file.
    places: Vec<(u32, u32)>,
}

impl TextOrigin {
    /// Walks the text and the file in parallel; `None` if they differ, as after an alias.
    pub(crate) fn of(sources: &Sources, span: Span, text: &str) -> Option<Self> {
        let file = sources.get(span.source).text();
        let mut written = Written::begin(file, span.start as usize)?;
        let mut places = Vec::with_capacity(text.len());
        let mut end = None;
        for c in text.chars() {
            let place = if c.is_whitespace() {
                // White space may have been folded, so it is placed after the last visible character.
                let at = end.unwrap_or(written.at);
                (at, at)
            } else {
                written.next_seen(c)?
            };
            end = Some(place.1);
            places.extend(std::iter::repeat_n(place, c.len_utf8()));
        }
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let places = places
            .into_iter()
            .map(|(from, to)| (byte(from), byte(to)))
            .collect();
        Some(Self {
            whole: span,
            places,
        })
    }

    /// Returns the place of bytes `start..end` of the text.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let behind = self.places.last().map_or(self.whole.start, |p| p.1);
        let from = self.places.get(start).map_or(behind, |p| p.0);
        let to = end
            .checked_sub(1)
            .and_then(|last| self.places.get(last))
            .map_or(from, |p| p.1);
        Span {
            source: self.whole.source,
            start: from,
            end: to.max(from),
        }
    }
}

/// A scalar as written in the file, read one visible character at a time.
struct Written<'f> {
    file: &'f str,
    at: usize,
    quote: Option<char>,
}

impl<'f> Written<'f> {
    fn begin(file: &'f str, start: usize) -> Option<Self> {
        let rest = file.get(start..)?;
        let first = rest.chars().next()?;
        Some(match first {
            '\'' | '"' => Self {
                file,
                at: start + 1,
                quote: Some(first),
            },
            // The header of a block scalar, such as `>-` or `|2`, ends with its line.
            '|' | '>' => Self {
                file,
                at: start + rest.find('\n').map_or(rest.len(), |i| i + 1),
                quote: None,
            },
            _ => Self {
                file,
                at: start,
                quote: None,
            },
        })
    }

    /// Returns the place of the next visible character, which must equal `wanted`.
    fn next_seen(&mut self, wanted: char) -> Option<(usize, usize)> {
        loop {
            let from = self.at;
            let (seen, length) = self.step()?;
            self.at += length;
            match seen {
                Some(c) if c == wanted => return Some((from, self.at)),
                Some(c) if !c.is_whitespace() => return None,
                _ => {}
            }
        }
    }

    /// Returns the next character after unescaping and its length in bytes; nothing for an escaped line break.
    fn step(&self) -> Option<(Option<char>, usize)> {
        let mut rest = self.file[self.at..].chars();
        let c = rest.next()?;
        match (self.quote, c) {
            (Some('\''), '\'') => (rest.next()? == '\'').then_some((Some('\''), 2)),
            (Some('"'), '"') => None,
            (Some('"'), '\\') => {
                let escape = rest.next()?;
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    '\r' | '\n' => return Some((None, 2)),
                    // Of the short escapes, only those that stand for themselves are visible characters.
                    '"' | '\\' | '/' => return Some((Some(escape), 2)),
                    other => return Some((Some(' '), 1 + other.len_utf8())),
                };
                let code =
                    u32::from_str_radix(self.file.get(self.at + 2..self.at + 2 + digits)?, 16)
                        .ok()?;
                Some((char::from_u32(code), 2 + digits))
            }
            _ => Some((Some(c), c.len_utf8())),
        }
    }
}

/// Moves the spans of a formula.
pub(crate) fn relocate(expr: &mut Expr, to: &impl Fn(Span) -> Span) {
    let shift = |place: &mut ExprSpan| *place = ExprSpan(to(place.0));
    shift(&mut expr.place);
    match &mut expr.kind {
        ExprKind::Number { unit, .. } => {
            if let Some(unit) = unit {
                shift(&mut unit.place);
            }
        }
        ExprKind::Flag(_) | ExprKind::Text(_) | ExprKind::Date(_) | ExprKind::Name(_) => {}
        ExprKind::Negate(inner) | ExprKind::Not(inner) => relocate(inner, to),
        ExprKind::Among { value, .. } => relocate(value, to),
        ExprKind::Chain { first, rest } => {
            relocate(first, to);
            for link in rest {
                shift(&mut link.place);
                relocate(&mut link.right, to);
            }
        }
        ExprKind::Call { arguments, .. } => arguments.iter_mut().for_each(|a| relocate(a, to)),
        ExprKind::Curve {
            table,
            arguments: inner,
        }
        | ExprKind::Keyed { table, keys: inner } => {
            shift(&mut table.place);
            inner.iter_mut().for_each(|a| relocate(a, to));
        }
        ExprKind::Each(each) => {
            shift(&mut each.variable.place);
            match &mut each.over {
                IterationSource::Named(name) => shift(&mut name.place),
                IterationSource::Range { first, last } => {
                    relocate(first, to);
                    relocate(last, to);
                }
            }
            relocate(&mut each.body, to);
            if let Some(weight) = &mut each.weight {
                relocate(weight, to);
            }
        }
    }
}

/// Gives the values and tables that a formula names the names that `to` returns for them. Loop variables and these variables keep
/// theirs.
pub(crate) fn rename(expr: &mut Expr, variables: &[String], to: &impl Fn(&str) -> Option<String>) {
    rename_free(expr, to, &mut variables.to_vec());
}

fn rename_free(expr: &mut Expr, to: &impl Fn(&str) -> Option<String>, variables: &mut Vec<String>) {
    let change = |name: &mut String, variables: &[String]| {
        let head = name.split('.').next().unwrap_or_default();
        if !variables.iter().any(|variable| variable == head)
            && let Some(new) = to(name)
        {
            *name = new;
        }
    };
    match &mut expr.kind {
        ExprKind::Name(name) => change(name, variables),
        ExprKind::Number { .. } | ExprKind::Flag(_) | ExprKind::Text(_) | ExprKind::Date(_) => {}
        ExprKind::Negate(inner) | ExprKind::Not(inner) => rename_free(inner, to, variables),
        ExprKind::Among { value, .. } => rename_free(value, to, variables),
        ExprKind::Chain { first, rest } => {
            rename_free(first, to, variables);
            for link in rest {
                rename_free(&mut link.right, to, variables);
            }
        }
        ExprKind::Call { arguments, .. } => {
            for argument in arguments {
                rename_free(argument, to, variables);
            }
        }
        ExprKind::Curve {
            table,
            arguments: inner,
        }
        | ExprKind::Keyed { table, keys: inner } => {
            change(&mut table.text, variables);
            for argument in inner {
                rename_free(argument, to, variables);
            }
        }
        ExprKind::Each(each) => {
            if let IterationSource::Range { first, last } = &mut each.over {
                rename_free(first, to, variables);
                rename_free(last, to, variables);
            }
            variables.push(each.variable.text.clone());
            rename_free(&mut each.body, to, variables);
            if let Some(weight) = &mut each.weight {
                rename_free(weight, to, variables);
            }
            variables.pop();
        }
    }
}
