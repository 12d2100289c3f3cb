//! Files as text: what they are called, where a byte of them is, and which known word a misspelt one meant.
//!
//! Start with [`Sources`]: every text that is read gets a [`SourceId`]; a [`Span`] names a byte range in one of them.

mod suggest;

pub use suggest::{did_you_mean, did_you_mean_clause, did_you_mean_or_list, nearest, suggest};

use std::collections::BTreeMap;
use std::sync::Arc;

/// Which text a [`Span`] lies in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

impl SourceId {
    pub(crate) fn from_index(index: u32) -> Self {
        Self(index)
    }

    pub(crate) fn index(self) -> u32 {
        self.0
    }
}

/// A byte range `start..end` of one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of the bytes `from..to` counted from this span's start: for positions inside a scalar.
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

    /// The smallest span that covers both; both lie in the same text.
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
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One text and the name a user knows it by; clones share the text.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    line_starts: Arc<[u32]>,
}

impl Source {
    /// The path as the user would type it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Line and column of a byte; a byte past the end gives the end.
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

    /// The byte range of a line (counted from 1), without its line break.
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

/// All texts of one run; clones share the texts.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
    by_name: BTreeMap<String, SourceId>,
}

impl Sources {
    /// Adds a text under the name a user knows it by.
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

    /// Adds a text that another run had read.
    pub fn put(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.all.len()).expect("fewer than 2^32 files are opened"));
        self.by_name.entry(source.name.clone()).or_insert(id);
        self.all.push(source);
        id
    }

    /// The text that was added first under a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<SourceId> {
        self.by_name.get(name).copied()
    }

    /// No longer gives a text to those who ask by its name.
    pub fn forget(&mut self, id: SourceId) {
        let name = self.get(id).name().to_owned();
        if self.by_name.get(&name) == Some(&id) {
            self.by_name.remove(&name);
        }
    }

    /// The text behind an id.
    ///
    /// # Panics
    /// When the id came from another `Sources`.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[id.0 as usize]
    }

    /// The written words under a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source)
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// Every text, in the order it was added.
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
