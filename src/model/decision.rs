//! One decision to evaluate: candidates, goals, context and team, with a scenario already applied.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evidence::{Fact, FactValue};
use super::library::Library;
use crate::lang::Text;
use crate::quantity::date::Date;
use crate::source::Span;

/// A candidate with its facts.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: Text,
    /// Which concrete variant the facts are about.
    pub variant: Option<Text>,
    /// One sentence.
    pub about: Option<Text>,
    /// Facts by measure.
    pub facts: BTreeMap<std::sync::Arc<str>, Fact>,
    /// Candidates it is made of.
    pub parts: Vec<String>,
    /// Requirements that neither what exists nor a part of its own meets.
    pub unmet: Vec<String>,
    /// Where it was declared.
    pub span: Span,
}

/// A criterion as the decision uses it, or a group of them.
#[derive(Clone, Debug)]
pub enum Goal {
    /// A criterion of the library by id, with its points.
    Criterion {
        /// Its id.
        id: String,
        /// Swing weight within its group.
        points: f64,
        /// Where it was named.
        span: Span,
    },
    /// An objective: a group with points of its own.
    Objective {
        /// Its id.
        id: String,
        /// What it is called.
        title: Text,
        /// Swing weight within its group.
        points: f64,
        /// What it is made of.
        goals: Vec<Goal>,
        /// Where it was named.
        span: Span,
    },
}

/// A member of the team, or several alike.
#[derive(Clone, Debug)]
pub struct TeamMember {
    /// Id.
    pub id: String,
    /// What they are called.
    pub name: Text,
    /// How many alike.
    pub count: Fact,
    /// Part of the working time that goes into this service.
    pub share: Fact,
    /// Experience by language, platform and domain, in seconds.
    pub skill: BTreeMap<String, Fact>,
}

/// A team.
#[derive(Clone, Debug, Default)]
pub struct Team {
    /// What it is called.
    pub title: Text,
    /// Who is in it.
    pub members: Vec<TeamMember>,
}

/// Somebody with weights of their own.
#[derive(Clone, Debug)]
pub struct Stakeholder {
    /// Id.
    pub id: String,
    /// What they are called.
    pub title: Text,
    /// Points by criterion.
    pub points: BTreeMap<String, f64>,
    /// Share in the group, normalised.
    pub share: f64,
}

/// A scenario that the decision names.
#[derive(Clone, Debug)]
pub struct ScenarioName {
    /// Id.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// What it stands for.
    pub about: Option<Text>,
}

impl Decision {
    /// A decision without candidates that weighs every criterion of a library and gives every input a value: what a check of the
    /// library alone needs.
    #[must_use]
    pub fn of_library(library: Library) -> Self {
        let unknown = || Fact {
            value: FactValue::Missing {
                reason: Text::default(),
                command: None,
            },
            provenance: Arc::default(),
            domain: None,
            span: Span::default(),
            stale: false,
        };
        Self {
            id: String::new(),
            title: Text::default(),
            question: None,
            about: None,
            notes: Vec::new(),
            as_of: Date::EPOCH,
            seed: 0,
            candidates: Vec::new(),
            goals: library
                .criteria
                .iter()
                .map(|(id, c)| Goal::Criterion {
                    id: id.clone(),
                    points: 1.0,
                    span: c.span,
                })
                .collect(),
            gates: Vec::new(),
            context: library
                .inputs
                .keys()
                .map(|name| (name.clone(), unknown()))
                .collect(),
            team: Some(Team::default()),
            scenario: None,
            stakeholder: None,
            scenarios: Vec::new(),
            stakeholders: Vec::new(),
            matrix: false,
            library,
        }
    }
}

/// One decision with a scenario, a stakeholder and settings applied.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Id.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// The question it answers.
    pub question: Option<Text>,
    /// What a reader should know first.
    pub about: Option<Text>,
    /// What to remember about its evidence.
    pub notes: Vec<Text>,
    /// "Today".
    pub as_of: Date,
    /// Seed of every random draw.
    pub seed: u64,
    /// The yardsticks.
    pub library: Library,
    /// Who may be chosen.
    pub candidates: Vec<Candidate>,
    /// What counts.
    pub goals: Vec<Goal>,
    /// Ids of the gates, in order.
    pub gates: Vec<String>,
    /// Values of the inputs, defaults included.
    pub context: BTreeMap<String, Fact>,
    /// The team.
    pub team: Option<Team>,
    /// The scenario that was applied.
    pub scenario: Option<String>,
    /// The stakeholder whose weights were applied.
    pub stakeholder: Option<String>,
    /// The scenarios it names.
    pub scenarios: Vec<ScenarioName>,
    /// Its stakeholders.
    pub stakeholders: Vec<Stakeholder>,
    /// Whether it came from a matrix CSV.
    pub matrix: bool,
}
