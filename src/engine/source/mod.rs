//! Source texts with names, spans and positions, and suggestions for misspelt names.
//!
//! Start with [`Sources`]: every text gets a [`SourceId`]; a [`Span`] is a byte range in one of them.

mod suggest;

pub use suggest::{did_you_mean, did_you_mean_clause, did_you_mean_or_list, nearest, suggest};

use std::collections::BTreeMap;
use std::sync::Arc;

/// Identifies a text of [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

impl SourceId {
    /// Returns the id that [`index`](Self::index) was called on, for a span that passed through a format without this type.
    #[must_use]
    pub fn from_index(index: u32) -> Self {
        Self(index)
    }

    /// Returns the position of the text among all.
    #[must_use]
    pub fn index(self) -> u32 {
        self.0
    }
}

/// A byte range `start..end` of one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    /// Exclusive.
    pub end: u32,
}

impl Span {
    /// Returns the span of the bytes `from..to`, relative to the start of this span.
    #[must_use]
    pub fn slice(self, from: usize, to: usize) -> Self {
        let at = |offset: usize| {
            self.start
                .saturating_add(u32::try_from(offset).unwrap_or(u32::MAX))
        };
        Self {
            source: self.source,
            start: at(from).min(self.end),
            end: at(to).min(self.end).max(at(from).min(self.end)),
        }
    }

    /// Returns the smallest span that covers both. Both must lie in the same text.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// A text with its display name. Clones share the text.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    line_starts: Arc<[u32]>,
}

impl Source {
    /// Returns the name, usually the path as the user would type it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Returns the line and column of a byte; those of the end for a byte past the end.
    #[must_use]
    pub fn position(&self, byte: u32) -> Position {
        let line = self
            .line_starts
            .partition_point(|&start| start <= byte)
            .max(1);
        let start = self.line_starts[line - 1] as usize;
        let end = (byte as usize).min(self.text.len()).max(start);
        let column = self
            .text
            .get(start..end)
            .map_or(end - start, |head| head.chars().count())
            + 1;
        Position { line, column }
    }

    /// Returns the byte range of a line (counted from 1), without its line break.
    #[must_use]
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self
            .line_starts
            .get(line - 1)
            .map_or(self.text.len(), |&s| s as usize);
        let end = self
            .line_starts
            .get(line)
            .map_or(self.text.len(), |&s| s as usize);
        let body = self.text.get(start..end).unwrap_or_default();
        start..start + body.trim_end_matches(['\n', '\r']).len()
    }
}

/// The texts of one run. Clones share the texts.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
    by_name: BTreeMap<String, SourceId>,
}

impl Sources {
    /// Adds a text under its display name.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let text: Arc<str> = text.into();
        let breaks = text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
        let line_starts = std::iter::once(0)
            .chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)))
            .collect();
        self.put(Source {
            name: name.into(),
            text,
            line_starts,
        })
    }

    /// Adds a text that was read in another run.
    pub fn put(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.all.len()).expect("fewer than 2^32 files are opened"));
        self.by_name.entry(source.name.clone()).or_insert(id);
        self.all.push(source);
        id
    }

    /// Returns the first text with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<SourceId> {
        self.by_name.get(name).copied()
    }

    /// Makes [`find`](Self::find) skip a text.
    pub fn forget(&mut self, id: SourceId) {
        let name = self.get(id).name().to_owned();
        if self.by_name.get(&name) == Some(&id) {
            self.by_name.remove(&name);
        }
    }

    /// Returns the text with this id.
    ///
    /// # Panics
    /// If the id came from another `Sources`.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[id.0 as usize]
    }

    /// Returns the text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source)
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// Returns all texts in insertion order.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.all.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "标题: x\nb: y\n");
        let at = |byte| sources.get(id).position(byte);
        assert_eq!(at(8), Position { line: 1, column: 5 });
        assert_eq!(at(10), Position { line: 2, column: 1 });
        assert_eq!(at(999).line, 3);
        assert_eq!(
            &sources.get(id).text()[sources.get(id).line_range(2)],
            "b: y"
        );
    }
}
