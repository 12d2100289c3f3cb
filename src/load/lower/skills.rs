//! Skills that nothing uses: misspelt, they would silently count as nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::LookupTable;
use crate::load::lower::candidate::RawCandidate;
use crate::model::evidence::{Fact, FactValue};
use crate::model::library::Library;
use crate::source::{Span, did_you_mean};
use crate::tr;

/// The fields of a team member that are not skills.
const FIELDS: [&str; 2] = ["count", "share"];

/// The words under which a skill may count: text facts and ids of candidates, rows of tables, text inputs.
pub(crate) struct KnownSkills<'a> {
    words: BTreeSet<&'a str>,
}

impl<'a> KnownSkills<'a> {
    pub(crate) fn new(
        library: &'a Library,
        candidates: &'a BTreeMap<String, RawCandidate>,
        context: &'a BTreeMap<String, Fact>,
        catalog_ids: &'a BTreeSet<String>,
    ) -> Self {
        let facts = candidates
            .values()
            .flat_map(|candidate| candidate.facts.values())
            .chain(context.values());
        let texts = facts.filter_map(|fact| match &fact.value {
            FactValue::Word(_, text) => Some(text.en.as_str()),
            _ => None,
        });
        let rows = library
            .tables
            .values()
            .filter_map(|(_, table)| match table {
                LookupTable::Keyed { rows, .. } => Some(rows.keys().flatten().map(String::as_str)),
                LookupTable::Curve { .. } => None,
            });
        Self {
            words: texts
                .chain(rows.flatten())
                .chain(candidates.keys().map(String::as_str))
                .chain(catalog_ids.iter().map(String::as_str))
                .collect(),
        }
    }

    /// Reports a skill that nothing uses. `may_be_field` says whether `count` or `share` could be meant.
    pub(crate) fn check(&self, skill: &str, at: Span, may_be_field: bool, sink: &mut Diagnostics) {
        if self.words.contains(skill) || !sink.has_room() {
            return;
        }
        let fields = FIELDS.into_iter().filter(|_| may_be_field);
        let hint = did_you_mean(skill, fields.chain(self.words.iter().copied()));
        let hint = hint.unwrap_or_else(|| {
            tr!(
                "a skill has the name of a language, a platform or the decision's domain (`work.domain`)",
                "技能名称应为语言、平台或本决策的业务领域（`work.domain`）"
            )
        });
        let message = tr!(
            "nothing uses the skill `{skill}`",
            "没有任何内容使用技能 `{skill}`"
        );
        sink.push(Diagnostic::new(Code::UnusedSkill, at, message).hint(hint));
    }
}
