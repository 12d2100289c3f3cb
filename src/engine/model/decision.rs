//! One decision to evaluate: candidates, goals, context and team, with a scenario already applied.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evidence::{Fact, FactValue};
use super::library::Library;
use super::outcome::{Outcome, RadarEntry};
use crate::lang::Text;
use crate::quantity::date::Date;
use crate::source::Span;

/// A candidate with its facts.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: String,
    pub name: Text,
    /// The concrete variant that the facts describe.
    pub variant: Option<Text>,
    pub about: Option<Text>,
    pub facts: BTreeMap<std::sync::Arc<str>, Fact>,
    /// Ids of the candidates it is composed of.
    pub parts: Vec<String>,
    /// Ids of the [parts](Decision::parts) that it comes down to, parts of parts included, each once; empty unless it is composite.
    pub basic_parts: Vec<String>,
    /// Requirements met neither by existing systems nor by its parts.
    pub unmet: Vec<String>,
    /// The file in which a missing fact can be added; `None` if the candidate is built in.
    pub file: Option<Arc<str>>,
    pub span: Span,
}

impl Candidate {
    /// Whether this is the part, or a whole that comes down to it among others.
    #[must_use]
    pub fn contains_part(&self, part: &str) -> bool {
        self.id == part || self.basic_parts.iter().any(|own| own == part)
    }

    /// Whether a whole of one part states a fact itself, instead of having that of its part.
    #[must_use]
    pub fn states_itself(&self, measure: &str, part: &Part) -> bool {
        let own = self.facts.get(measure).map(|fact| &fact.value);
        let is_combined = matches!(own, Some(FactValue::Combined { .. }));
        self.basic_parts.len() == 1
            && !is_combined
            && own != part.facts.get(measure).map(|fact| &fact.value)
    }
}

/// A part of a composite that is not itself composite.
#[derive(Clone, Debug)]
pub struct Part {
    pub name: Text,
    pub facts: BTreeMap<Arc<str>, Fact>,
}

/// A weighted criterion of a decision, or a group of them.
#[derive(Clone, Debug)]
pub enum Goal {
    /// A criterion of the library.
    Criterion {
        id: String,
        /// Swing weight within its group.
        points: f64,
        span: Span,
    },
    /// An objective: a weighted group.
    Objective {
        id: String,
        title: Text,
        /// Swing weight within its group.
        points: f64,
        goals: Vec<Goal>,
        span: Span,
    },
}

/// A team member, or several with the same profile.
#[derive(Clone, Debug)]
pub struct TeamMember {
    pub id: String,
    pub name: Text,
    /// Number of people with this profile.
    pub count: Fact,
    /// Share of the working time spent on this service.
    pub share: Fact,
    /// Experience by language, platform and domain, in seconds.
    pub skill: BTreeMap<String, Fact>,
}

/// The people who would build and run what is chosen.
#[derive(Clone, Debug, Default)]
pub struct Team {
    pub title: Text,
    pub members: Vec<TeamMember>,
}

/// A stakeholder with weights of their own.
#[derive(Clone, Debug)]
pub struct Stakeholder {
    pub id: String,
    pub title: Text,
    pub points: BTreeMap<String, f64>,
    /// Normalised share in the group.
    pub share: f64,
}

/// A scenario declared by the decision.
#[derive(Clone, Debug)]
pub struct ScenarioName {
    pub id: String,
    pub title: Text,
    pub about: Option<Text>,
}

impl Decision {
    /// Returns the number of parts of the candidate that has the most; a candidate that is not composite is its own only part.
    #[must_use]
    pub fn most_parts(&self) -> usize {
        let parts = self.candidates.iter().map(|c| c.basic_parts.len());
        parts.max().unwrap_or(0).max(1)
    }

    /// Returns a decision without candidates that uses every criterion and input of a library, to check the library alone.
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
            parts: BTreeMap::new(),
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
            outcome: None,
            radar: None,
            matrix: false,
            library,
        }
    }
}

/// One decision with a scenario, a stakeholder and settings applied.
#[derive(Clone, Debug)]
pub struct Decision {
    pub id: String,
    pub title: Text,
    pub question: Option<Text>,
    /// Remarks shown at the top of reports.
    pub about: Option<Text>,
    /// Remarks on the evidence.
    pub notes: Vec<Text>,
    /// The reference date for staleness.
    pub as_of: Date,
    pub seed: u64,
    pub library: Library,
    pub candidates: Vec<Candidate>,
    /// Everything that composites come down to, by id. A candidate may be a part too.
    pub parts: BTreeMap<String, Part>,
    pub goals: Vec<Goal>,
    pub gates: Vec<String>,
    /// Including defaults.
    pub context: BTreeMap<String, Fact>,
    pub team: Option<Team>,
    pub scenario: Option<String>,
    pub stakeholder: Option<String>,
    pub scenarios: Vec<ScenarioName>,
    pub stakeholders: Vec<Stakeholder>,
    /// What people decided; `None` if the decision says nothing.
    pub outcome: Option<Outcome>,
    /// How a technology radar shows it; `None` if it does not.
    pub radar: Option<RadarEntry>,
    /// Whether it was read from a matrix CSV.
    pub matrix: bool,
}
