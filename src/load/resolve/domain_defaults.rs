//! `defaults:` of a domain: facts that every candidate of the domain has unless it states them itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::load::lower::candidate::{RawCandidate, Vocabulary, lower_facts};
use crate::load::lower::fact::FactReader;
use crate::model::evidence::Provenance;
use crate::schema::criteria::FactSettings;
use crate::source::Span;
use crate::tr;

/// The default facts of each domain.
#[derive(Debug, Default)]
pub(crate) struct DomainDefaults {
    by_domain: BTreeMap<String, RawCandidate>,
}

impl DomainDefaults {
    /// Reads the defaults of all domains; those of any other file are an error.
    pub(crate) fn read<'d>(
        files: impl Iterator<Item = (&'d FactSettings, Option<&'d str>)>,
        vocabulary: Vocabulary<'_>,
        reader: &mut FactReader<'_>,
    ) -> Self {
        let mut by_domain = BTreeMap::new();
        let nothing = Arc::new(Provenance::default());
        for (defaults, domain) in files {
            let Some((first, _)) = defaults.iter().next() else {
                continue;
            };
            let Some(domain) = domain else {
                let message = tr!(
                    "only a domain's `domain.yaml` has `defaults:` for its candidates",
                    "只有领域的 `domain.yaml` 可用 `defaults:` 为其候选给出事实"
                );
                reader
                    .sink
                    .push(Diagnostic::new(Code::NotAllowed, first.span, message));
                continue;
            };
            let raw: &mut RawCandidate = by_domain
                .entry(domain.to_owned())
                .or_insert_with(|| RawCandidate::new(domain, first.span));
            let outside = std::mem::replace(&mut reader.in_catalog, true);
            let own = vocabulary.in_domain(Some(domain));
            lower_facts(raw, defaults, own, reader, &nothing);
            reader.in_catalog = outside;
        }
        Self { by_domain }
    }

    /// Returns a candidate that has only its domain's default facts.
    pub(crate) fn candidate(&self, domain: Option<&str>, id: &str, span: Span) -> RawCandidate {
        let defaults = domain.and_then(|domain| self.by_domain.get(domain));
        RawCandidate {
            id: id.to_owned(),
            span,
            name: crate::lang::Text::name(id),
            ..defaults.map_or_else(|| RawCandidate::new(id, span), Clone::clone)
        }
    }
}
