//! The kinds of project files and their JSON Schemas.

use std::sync::LazyLock;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value as Json;

use super::shape::DocumentShape;
use super::{bench, catalog, criteria, decision, evidence};

/// The kind of a project file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// Facts about candidates.
    Catalog,
    /// Criteria, formulas, gates.
    Criteria,
    /// A decision.
    Decision,
    /// A team.
    Team,
    /// A scenario.
    Scenario,
    /// A weight profile, or judgements to derive weights from.
    Weights,
    /// The figures of a run.
    Evidence,
    /// A reference service.
    Service,
    /// A contract of reference services.
    Contract,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Catalog,
        Self::Criteria,
        Self::Decision,
        Self::Team,
        Self::Scenario,
        Self::Weights,
        Self::Evidence,
        Self::Service,
        Self::Contract,
    ];

    /// The name on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Criteria => "criteria",
            Self::Decision => "decision",
            Self::Team => "team",
            Self::Scenario => "scenario",
            Self::Weights => "weights",
            Self::Evidence => "evidence",
            Self::Service => "service",
            Self::Contract => "contract",
        }
    }

    /// Returns the kind with this name.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The JSON Schema that editors use and [`super::validate()`] checks against.
    #[must_use]
    pub fn json_schema(self) -> Json {
        match self {
            Self::Catalog => generate::<catalog::CatalogDoc>(),
            Self::Criteria => generate::<criteria::CriteriaDoc>(),
            Self::Decision => generate::<decision::DecisionDoc>(),
            Self::Team => generate::<decision::TeamDoc>(),
            Self::Scenario => generate::<decision::ScenarioDoc>(),
            Self::Weights => generate::<criteria::WeightsDoc>(),
            Self::Evidence => generate::<evidence::EvidenceDoc>(),
            Self::Service => generate::<bench::ServiceDoc>(),
            Self::Contract => generate::<bench::ContractDoc>(),
        }
    }

    /// The compiled schema.
    #[must_use]
    pub fn shape(self) -> &'static DocumentShape {
        static SHAPES: [LazyLock<DocumentShape>; 9] = [
            LazyLock::new(|| DocumentShape::compile(&FileKind::Catalog.json_schema())),
            LazyLock::new(|| DocumentShape::compile(&FileKind::Criteria.json_schema())),
            LazyLock::new(|| DocumentShape::compile(&FileKind::Decision.json_schema())),
            LazyLock::new(|| DocumentShape::compile(&FileKind::Team.json_schema())),
            LazyLock::new(|| DocumentShape::compile(&FileKind::Scenario.json_schema())),
            LazyLock::new(|| DocumentShape::compile(&FileKind::Weights.json_schema())),
            LazyLock::new(|| DocumentShape::compile(&FileKind::Evidence.json_schema())),
            LazyLock::new(|| DocumentShape::compile(&FileKind::Service.json_schema())),
            LazyLock::new(|| DocumentShape::compile(&FileKind::Contract.json_schema())),
        ];
        &SHAPES[self as usize]
    }
}

fn generate<T: JsonSchema>() -> Json {
    let schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>();
    serde_json::to_value(schema).expect("a schema is plain JSON")
}
