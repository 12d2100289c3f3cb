//! Catalog files to candidates: only the files that a decision names are opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::archive::{Archive, Listing};
use super::document;
use super::fact::{FactReader, did_you_mean};
use super::files::{Layers, Place};
use super::library::{first_definition, rollup};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::model::evidence::{Fact, FactValue, Provenance};
use crate::model::library::{Measure, Rollup, Syntax};
use crate::schema::catalog::{CandidateDoc, CatalogDoc};
use crate::schema::fact::FactDoc;
use crate::schema::{Entries, FileKind, Spanned};
use crate::source::{Sources, Span};
use crate::tr;

/// A candidate as its file gives it: parts not yet combined, measurements not yet looked up.
#[derive(Clone, Debug)]
pub(super) struct RawCandidate {
    pub id: String,
    pub name: Text,
    pub variant: Option<Text>,
    pub about: Option<Text>,
    pub facts: BTreeMap<Arc<str>, Fact>,
    /// Facts that refer to a measurement: `contract.operation.metric` and what narrows it.
    pub measured: BTreeMap<Arc<str>, Measured>,
    /// Such references that a stated fact replaces: a measurement could still tell.
    pub replaced: BTreeMap<Arc<str>, Measured>,
    pub parts: Vec<Spanned<String>>,
    pub requires: Vec<Spanned<String>>,
    pub rollup: BTreeMap<String, Rollup>,
    pub span: Span,
}

/// A reference to a measurement.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    pub address: Spanned<String>,
    /// Whose run it is; without it, the candidate's own.
    pub of: Option<String>,
    pub variant: Option<String>,
    pub at: Option<String>,
    pub span: Span,
}

impl Measured {
    /// The contract: the address's first word.
    pub(super) fn contract(&self) -> &str {
        self.address.value.split('.').next().unwrap_or_default()
    }
}

/// The catalogs within reach, by the name of their files.
pub(super) struct Shelf {
    by_stem: BTreeMap<String, Place>,
    lists: Vec<Place>,
    archive: Archive,
    opened: BTreeMap<String, Shelved>,
    lists_read: bool,
}

/// A candidate of a file that was opened.
struct Shelved {
    /// Its document, until somebody takes it.
    doc: Option<CandidateDoc>,
    domain: String,
    /// Where it is named.
    at: Span,
}

impl Shelf {
    pub(super) fn new(layers: &Layers) -> Self {
        let (mut by_stem, mut lists) = (BTreeMap::new(), Vec::new());
        for (path, place) in layers.list("catalogs").iter() {
            if path.starts_with("evidence/") || place.stem() == "domain" {
                continue;
            }
            by_stem.insert(place.stem().to_owned(), place.clone());
            lists.push(place.clone());
        }
        Self {
            by_stem,
            lists,
            archive: layers.archive.clone(),
            opened: BTreeMap::new(),
            lists_read: false,
        }
    }

    /// The `domain.yaml` files.
    pub(super) fn domains(catalogs: &Listing) -> impl Iterator<Item = &Place> {
        let domain = |(path, place): &(&String, &Place)| {
            !path.starts_with("evidence/") && place.stem() == "domain"
        };
        catalogs.iter().filter(domain).map(|(_, place)| place)
    }

    /// The files in which these candidates stand, as far as their names tell; all of them for a whole domain.
    pub(super) fn places<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Vec<&Place> {
        let ids: Vec<&str> = ids.collect();
        if ids.iter().any(|id| id.ends_with('*')) {
            return self.lists.iter().collect();
        }
        ids.iter().filter_map(|id| self.by_stem.get(*id)).collect()
    }

    /// Ids of the candidates of a domain (`web-frameworks/*`), or of all (`*`).
    pub(super) fn of_domain(
        &mut self,
        domain: &str,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Vec<String> {
        self.read_all(sources, sink);
        self.opened
            .iter()
            .filter(|(_, shelved)| domain == "*" || shelved.domain == domain)
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// The domain of a candidate whose file was opened.
    pub(super) fn domain(&self, id: &str) -> Option<&str> {
        self.opened.get(id).map(|shelved| shelved.domain.as_str())
    }

    /// Takes the document of a candidate; each is there once.
    pub(super) fn take(
        &mut self,
        id: &str,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Option<CandidateDoc> {
        if !self.opened.contains_key(id) {
            match self.by_stem.get(id).cloned() {
                Some(place) => self.open(&place, sources, sink),
                // The file may be a list of candidates under another name.
                None => self.read_all(sources, sink),
            }
        }
        self.opened.get_mut(id)?.doc.take()
    }

    /// Every id within reach, for suggestions.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.by_stem
            .keys()
            .map(String::as_str)
            .chain(self.opened.keys().map(String::as_str))
    }

    /// Opens every file.
    pub(super) fn read_all(&mut self, sources: &mut Sources, sink: &mut Diagnostics) {
        if self.lists_read {
            return;
        }
        self.lists_read = true;
        for place in self.lists.clone() {
            if !self.opened.contains_key(place.stem()) {
                self.open(&place, sources, sink);
            }
        }
    }

    fn open(&mut self, place: &Place, sources: &mut Sources, sink: &mut Diagnostics) {
        let Some((doc, _)) =
            document::shared::<CatalogDoc>(place, FileKind::Catalog, &self.archive, sources, sink)
        else {
            return;
        };
        for candidate in split(doc, sink) {
            let Some(Spanned {
                value: id,
                span: at,
            }) = candidate.id.clone()
            else {
                continue;
            };
            if let Some(first) = self.opened.get(&id) {
                let first = first_definition(first.at, sources);
                let message = tr!(
                    "the candidate `{id}` is defined twice",
                    "候选 `{id}` 被定义了两次"
                );
                sink.push(Diagnostic::new(Code::DefinedTwice, at, message).hint(first));
                continue;
            }
            self.opened.insert(
                id,
                Shelved {
                    doc: Some(candidate),
                    domain: place.folder().to_owned(),
                    at,
                },
            );
        }
    }
}

/// The candidates of one file, each with the file's defaults where it has none of its own.
pub(super) fn split(doc: CatalogDoc, sink: &mut Diagnostics) -> Vec<CandidateDoc> {
    let mut all = Vec::new();
    for mut candidate in doc.candidates {
        candidate.id = candidate.id.or(candidate.candidate.take());
        if candidate.defaults.is_none() {
            candidate.defaults.clone_from(&doc.defaults);
        }
        match (&candidate.id, candidate.facts.iter().next()) {
            (Some(_), _) => all.push(candidate),
            (None, Some((fact, _))) => {
                let message = tr!(
                    "the candidate with this fact has no `id`",
                    "含此事实的候选没有 `id`"
                );
                sink.push(
                    Diagnostic::new(Code::MissingKey, fact.span, message)
                        .hint(tr!("`- id: NAME`", "`- id: NAME`")),
                );
            }
            (None, None) => {}
        }
    }
    if let Some(id) = doc.candidate {
        all.push(CandidateDoc {
            id: Some(id),
            candidate: None,
            name: doc.name,
            variant: doc.variant,
            about: doc.about,
            defaults: doc.defaults,
            facts: doc.facts,
            parts: doc.parts,
            requires: doc.requires,
            rollup: doc.rollup,
            refresh: doc.refresh,
        });
    } else if let Some((key, _)) = doc.facts.iter().next() {
        let message = tr!(
            "this file has facts but no `candidate:`",
            "该文件有事实却没有 `candidate:`"
        );
        sink.push(Diagnostic::new(Code::MissingKey, key.span, message));
    }
    all
}

/// Reads a candidate's document; `base` is what its catalog says, over which a decision's own words win.
pub(super) fn candidate(
    id: &str,
    doc: &CandidateDoc,
    base: Option<RawCandidate>,
    measures: &BTreeMap<String, Measure>,
    reader: &mut FactReader<'_>,
    outer: &Arc<Provenance>,
    span: Span,
) -> RawCandidate {
    let mut raw = base.unwrap_or_else(|| RawCandidate {
        id: id.to_owned(),
        name: Text::name(id),
        variant: None,
        about: None,
        facts: BTreeMap::new(),
        measured: BTreeMap::new(),
        replaced: BTreeMap::new(),
        parts: Vec::new(),
        requires: Vec::new(),
        rollup: BTreeMap::new(),
        span,
    });
    let text = |words: &Option<crate::schema::Words>| words.as_ref().map(|w| w.0.clone());
    raw.name = text(&doc.name).unwrap_or(raw.name);
    raw.variant = text(&doc.variant).or(raw.variant);
    raw.about = text(&doc.about).or(raw.about);
    if !doc.parts.is_empty() {
        raw.parts.clone_from(&doc.parts);
    }
    raw.requires.extend(doc.requires.iter().cloned());
    raw.rollup.extend(
        doc.rollup
            .iter()
            .map(|(measure, rule)| (measure.value.clone(), rollup(*rule))),
    );
    let inherited = reader.defaults(doc.defaults.as_ref(), outer);
    facts(&mut raw, &doc.facts, measures, reader, &inherited);
    raw
}

fn facts(
    raw: &mut RawCandidate,
    facts: &Entries<Spanned<FactDoc>>,
    measures: &BTreeMap<String, Measure>,
    reader: &mut FactReader<'_>,
    inherited: &Arc<Provenance>,
) {
    for (name, doc) in facts {
        let Some((key, measure)) = measures.get_key_value(&name.value) else {
            let word = &name.value;
            if !reader.sink.has_room() {
                continue;
            }
            let hint = did_you_mean(word, measures.keys().map(String::as_str));
            let message = tr!("there is no fact `{word}`", "没有名为 `{word}` 的事实");
            reader
                .sink
                .push(Diagnostic::new(Code::UnknownReference, name.span, message).maybe_hint(hint));
            continue;
        };
        let key: Arc<str> = key.as_str().into();
        if let FactDoc::Full(full) = &doc.value
            && let Some(address) = &full.measured
        {
            raw.facts.remove(&key);
            let measured = Measured {
                address: address.clone(),
                of: full.of.as_ref().map(|id| id.value.clone()),
                variant: full.variant.as_ref().map(|v| v.value.clone()),
                at: full.at.as_ref().map(|a| a.value.clone()),
                span: doc.span,
            };
            raw.measured.insert(key, measured);
            continue;
        }
        if let Some(fact) = reader.fact(doc, &measure.form, inherited) {
            if let (Some(Syntax::Spdx), FactValue::Word(_, text)) = (measure.syntax, &fact.value)
                && reader.in_catalog
                && !is_spdx(&text.en)
            {
                let text = &text.en;
                let message = tr!(
                    "`{text}` is not an SPDX expression",
                    "`{text}` 不是 SPDX 表达式"
                );
                let hint = tr!(
                    "as in `MIT OR Apache-2.0`, or `LicenseRef-NAME`",
                    "例如 `MIT OR Apache-2.0`，或 `LicenseRef-名称`"
                );
                reader
                    .sink
                    .push(Diagnostic::new(Code::ContradictoryFact, fact.span, message).hint(hint));
            }
            if let Some(measured) = raw.measured.remove(&key) {
                raw.replaced.insert(key.clone(), measured);
            }
            raw.facts.insert(key, fact);
        }
    }
}

/// Whether a text has the form of an SPDX licence expression (SPDX 3.0, annex B): identifiers joined by `AND`, `OR` and `WITH`, in
/// brackets where that matters. Which identifiers exist is not asked: the list grows every month.
fn is_spdx(text: &str) -> bool {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let (mut open, mut wants_name) = (0_usize, true);
    for word in spaced.split_whitespace() {
        match (word, wants_name) {
            ("(", true) => open += 1,
            (")", false) if open > 0 => open -= 1,
            ("AND" | "OR" | "WITH", false) => wants_name = true,
            ("AND" | "OR" | "WITH" | "(" | ")", _) | (_, false) => return false,
            (name, true) => {
                let sound = |c: char| c.is_ascii_alphanumeric() || "-.+:".contains(c);
                if !name.starts_with(|c: char| c.is_ascii_alphanumeric())
                    || !name.chars().all(sound)
                {
                    return false;
                }
                wants_name = false;
            }
        }
    }
    open == 0 && !wants_name
}

#[cfg(test)]
mod tests {
    use super::is_spdx;

    #[test]
    fn spdx_expressions_are_known_by_their_form() {
        for sound in [
            "MIT",
            "MIT OR Apache-2.0",
            "(GPL-2.0-only WITH Classpath-exception-2.0) AND MIT",
            "LicenseRef-Elastic-2.0",
        ] {
            assert!(is_spdx(sound), "{sound}");
        }
        for unsound in [
            "",
            "BSD 3-Clause",
            "MIT OR",
            "Apache License, Version 2.0",
            "(MIT",
            "MIT)",
            "AND MIT",
        ] {
            assert!(!is_spdx(unsound), "{unsound}");
        }
    }
}
