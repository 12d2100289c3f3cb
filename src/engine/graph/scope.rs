//! The names that the formulas of a decision may use.

use std::collections::BTreeMap;

use crate::formula::{Collection, CollectionField, CollectionMember, LookupTable, Scope, Type};
use crate::model::decision::Team;
use crate::model::library::Library;
use crate::quantity::unit::{Dimension, Units};

/// The name under which the team is gone through.
pub(super) const TEAM: &str = "team";
/// The name of the decision's day.
pub(super) const TODAY: &str = "today";

/// Names with their types, tables, the team.
pub(super) struct Names<'a> {
    library: &'a Library,
    team: Collection,
    /// Types of the formulas and joins that were built so far.
    pub known: BTreeMap<String, Type>,
}

impl<'a> Names<'a> {
    pub(super) fn new(library: &'a Library, team: Option<&Team>) -> Self {
        let fields = BTreeMap::from([
            (
                "count".to_owned(),
                CollectionField::Value(Type::Number(Dimension::people())),
            ),
            ("share".to_owned(), CollectionField::Value(Type::PLAIN)),
            (
                "skill".to_owned(),
                CollectionField::Map {
                    value: Type::Number(Dimension::time()),
                    absent: 0.0,
                },
            ),
        ]);
        let members = team
            .into_iter()
            .flat_map(|t| &t.members)
            .map(|m| CollectionMember {
                id: m.id.clone(),
                keys: BTreeMap::from([("skill".to_owned(), m.skill.keys().cloned().collect())]),
            });
        Self {
            library,
            team: Collection {
                fields,
                members: members.collect(),
            },
            known: BTreeMap::new(),
        }
    }
}

impl Scope for Names<'_> {
    fn type_of(&self, name: &str) -> Option<Type> {
        if name == TODAY {
            return Some(Type::Date);
        }
        let leaf = || {
            let input = self.library.inputs.get(name).map(|i| i.form.kind());
            input.or_else(|| self.library.measures.get(name).map(|m| m.form.kind()))
        };
        self.known.get(name).cloned().or_else(leaf)
    }

    fn names(&self) -> Vec<&str> {
        let library = self.library;
        let names = library
            .inputs
            .keys()
            .chain(library.measures.keys())
            .chain(library.formulas.keys())
            .map(String::as_str);
        names
            .chain(library.tables.keys().map(String::as_str))
            .chain([TODAY, TEAM])
            .collect()
    }

    fn table(&self, name: &str) -> Option<&LookupTable> {
        self.library.tables.get(name).map(|(_, table)| table)
    }

    fn collection(&self, name: &str) -> Option<&Collection> {
        (name == TEAM).then_some(&self.team)
    }

    fn units(&self) -> &Units {
        &self.library.units
    }
}
