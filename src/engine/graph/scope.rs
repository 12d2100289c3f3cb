//! The names that the formulas of a decision may use.

use std::collections::BTreeMap;

use crate::formula::{
    Collection, CollectionField, CollectionMember, DefinedFunction, LookupTable, Scope, Type,
};
use crate::model::decision::{Decision, Team};
use crate::model::library::{Library, Measure};
use crate::quantity::unit::{Dimension, Unit, Units};

/// The name under which the team is gone through.
pub(super) const TEAM: &str = "team";
/// The name under which the parts of a candidate are gone through; a candidate that is not composite is its own only part.
pub(super) const PARTS: &str = "parts";
/// The name of the decision's day.
pub(super) const TODAY: &str = "today";

/// Names with their types, tables, the team.
pub(super) struct Names<'a> {
    library: &'a Library,
    team: Collection,
    parts: Collection,
    /// Types of the formulas and joins that were built so far.
    pub known: BTreeMap<String, Type>,
    /// Their units.
    pub units: BTreeMap<String, Unit>,
}

impl<'a> Names<'a> {
    pub(super) fn new(decision: &'a Decision) -> Self {
        let library = &decision.library;
        Self {
            library,
            team: team_collection(decision.team.as_ref()),
            parts: parts_collection(decision),
            known: BTreeMap::new(),
            units: BTreeMap::new(),
        }
    }
}

fn team_collection(team: Option<&Team>) -> Collection {
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
            optional: false,
        });
    Collection {
        fields,
        members: members.collect(),
    }
}

/// The parts by their place: the first is there for every candidate. Their fields are the facts of the library.
fn parts_collection(decision: &Decision) -> Collection {
    let field = |(name, measure): (&String, &Measure)| {
        (name.clone(), CollectionField::Value(measure.form.kind()))
    };
    let member = |at: usize| CollectionMember {
        id: at.to_string(),
        keys: BTreeMap::new(),
        optional: at > 0,
    };
    Collection {
        fields: decision.library.measures.iter().map(field).collect(),
        members: (0..decision.most_parts()).map(member).collect(),
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

    fn unit_of(&self, name: &str) -> Option<Unit> {
        let leaf = || {
            let input = self.library.inputs.get(name).map(|i| i.form.unit());
            input.or_else(|| self.library.measures.get(name).map(|m| m.form.unit()))
        };
        self.units.get(name).cloned().or_else(leaf)
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
            .chain(library.functions.keys().map(String::as_str))
            .chain([TODAY, TEAM, PARTS])
            .collect()
    }

    fn table(&self, name: &str) -> Option<&LookupTable> {
        self.library.tables.get(name).map(|(_, table)| table)
    }

    fn function(&self, name: &str) -> Option<&DefinedFunction> {
        self.library.functions.get(name).map(|f| &f.defined)
    }

    fn collection(&self, name: &str) -> Option<&Collection> {
        match name {
            TEAM => Some(&self.team),
            PARTS => Some(&self.parts),
            _ => None,
        }
    }

    fn units(&self) -> &Units {
        &self.library.units
    }
}
