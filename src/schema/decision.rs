//! Decision files, teams and scenarios.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize};

use super::catalog::{CandidateDoc, DefaultsDoc};
use super::criteria::{
    FactSettings, FormulaDoc, FunctionDoc, InputDoc, MeasureDoc, MissingDoc, ScreenDoc, TableDoc,
    ValueDoc,
};
use super::outcome::{OutcomeDoc, RadarDoc};
use super::scalar::{Scalar, Words};
use super::spanned::{Entries, Spanned};

/// A decision.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh decision file")]
pub struct DecisionDoc {
    /// Id of the decision.
    pub decision: Option<Spanned<String>>,
    /// Display name.
    pub title: Option<Words>,
    /// The question it answers.
    pub question: Option<Words>,
    /// Introduction for readers.
    pub about: Option<Words>,
    /// Notes on the evidence: inconsistencies, gaps, limits.
    pub notes: Vec<Words>,
    /// Date of the evaluation, so that the result does not change with the calendar.
    pub as_of: Option<Spanned<String>>,
    /// The candidates: ids, `domain/*`, or candidates defined here.
    pub candidates: Vec<Spanned<OrId<CandidateDoc>>>,
    /// The criteria with their points.
    pub criteria: Vec<Spanned<OrId<UseDoc>>>,
    /// Values of the inputs.
    pub context: FactSettings,
    /// The team: a file next to the decision, or the team itself.
    pub team: Option<Spanned<OrId<TeamDoc>>>,
    /// Components that already exist here: requirements that they meet cost nothing.
    pub existing: Vec<Spanned<String>>,
    /// Hard requirements: ids, or gates defined here.
    pub gates: Vec<Spanned<OrId<GateUseDoc>>>,
    /// Named changes to the inputs.
    pub scenarios: Entries<ScenarioDoc>,
    /// Stakeholders with their weights, and the share of each in the group.
    pub stakeholders: Entries<StakeholderDoc>,
    /// What people decided.
    pub outcome: Option<Spanned<OutcomeDoc>>,
    /// Shows the candidates on a technology radar.
    pub radar: Option<Spanned<RadarDoc>>,
    /// Provenance of facts of candidates defined here.
    pub defaults: Option<DefaultsDoc>,
    /// Counted nouns that serve as units.
    pub units: Vec<Spanned<String>>,
    /// Inputs in addition to those of the criteria files.
    pub inputs: Entries<InputDoc>,
    /// Measures in addition to those of the criteria files.
    pub facts: Entries<MeasureDoc>,
    /// Tables in addition to those of the criteria files.
    pub tables: Entries<TableDoc>,
    /// Formulas in addition to those of the criteria files.
    pub formulas: Entries<FormulaDoc>,
    /// Functions that only this decision has.
    #[serde(default)]
    pub functions: Entries<FunctionDoc>,
    /// Seed of all samples.
    #[schemars(range(min = 0, max = 9_000_000_000_000_000_i64))]
    pub seed: Option<u64>,
}

/// A criterion as a decision uses it: one of the criteria files (`use`), one defined here (`id`, `expr`, `value`),
/// or an objective that groups criteria (`objective`, `criteria`).
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "use")]
pub struct UseDoc {
    /// Id of a criterion in the criteria files.
    #[serde(rename = "use")]
    pub uses: Option<Spanned<String>>,
    /// Id of a criterion defined here.
    pub id: Option<Spanned<String>>,
    /// Id of an objective.
    pub objective: Option<Spanned<String>>,
    /// Swing weight: points for the step from worst to best.
    pub points: Option<Spanned<f64>>,
    /// The criteria of an objective.
    pub criteria: Vec<Spanned<OrId<UseDoc>>>,
    /// Display name.
    pub title: Option<Words>,
    /// Description.
    pub about: Option<Words>,
    /// Formula.
    pub expr: Option<Spanned<String>>,
    /// Unit.
    pub unit: Option<Spanned<String>>,
    /// Anchors in this decision.
    pub value: Option<Spanned<ValueDoc>>,
    /// How a candidate is treated that lacks a fact.
    pub missing: Option<MissingDoc>,
    /// The value, 0 to 1, `worst` or `best`, of a candidate to which a fact of the criterion does not apply; without it the
    /// candidate is incomplete.
    pub not_applicable: Option<Spanned<Scalar>>,
    /// Paper, standard or document it comes from.
    pub source: Option<String>,
    /// Assumptions.
    pub assumptions: Option<Words>,
    /// Where it misleads.
    pub pitfalls: Option<Words>,
}

/// A gate defined in a decision.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "gate-use")]
pub struct GateUseDoc {
    /// Id of the gate.
    pub gate: Option<Spanned<String>>,
    /// Display name.
    pub title: Option<Words>,
    /// Description.
    pub about: Option<Words>,
    /// A yes-or-no expression.
    pub ask: Option<Spanned<String>>,
    /// Which answer screens a candidate out, and why.
    pub screen: Option<ScreenDoc>,
    /// The formula of each branch.
    pub fork: Option<super::criteria::ForkDoc>,
    /// The measure in which the branches join.
    pub gives: Option<Spanned<String>>,
    /// Unit.
    pub unit: Option<Spanned<String>>,
    /// Source of the requirement.
    pub source: Option<String>,
}

/// A scenario: by name in a decision, or a file.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh scenario file", rename = "scenario")]
pub struct ScenarioDoc {
    /// Id, in a file.
    pub scenario: Option<String>,
    /// Display name.
    pub title: Option<Words>,
    /// Description.
    pub about: Option<Words>,
    /// Inputs, parameters and facts that it changes.
    pub set: FactSettings,
    /// Another team for this scenario.
    pub team: Option<Spanned<OrId<TeamDoc>>>,
    /// Another weight profile for this scenario.
    pub profile: Option<Spanned<ProfileDoc>>,
    /// Another list of existing components for this scenario.
    pub existing: Option<Vec<Spanned<String>>>,
}

/// A stakeholder with weights of their own.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "stakeholder")]
pub struct StakeholderDoc {
    /// Display name.
    pub title: Option<Words>,
    /// Weights: the id of a profile, or points by criterion.
    pub profile: Spanned<ProfileDoc>,
    /// Share in the group.
    pub share: Option<Spanned<f64>>,
}

/// A weight profile: an id, or points by criterion.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum ProfileDoc {
    /// Id of a profile.
    Id(String),
    /// Points by criterion.
    Points(Entries<f64>),
}

/// A team.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh team file", rename = "team")]
pub struct TeamDoc {
    /// Id of the team.
    pub team: Option<String>,
    /// Display name.
    pub title: Option<Words>,
    /// Provenance of what the file says about its members.
    pub defaults: Option<DefaultsDoc>,
    /// Members of the team.
    pub members: Vec<Spanned<MemberDoc>>,
}

/// One person, or several with the same skills.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "member")]
pub struct MemberDoc {
    /// Id of the member.
    pub id: Spanned<String>,
    /// Display name.
    pub name: Option<Words>,
    /// The people by name; their number is the count.
    #[serde(default)]
    pub people: Vec<Spanned<String>>,
    /// Provenance of what is said about this member.
    pub defaults: Option<DefaultsDoc>,
    /// Number of people; 1 by default.
    pub count: Option<Spanned<f64>>,
    /// Share of working time spent on this service, 0..1; 1 by default.
    pub share: Option<Spanned<Scalar>>,
    /// Experience by language, platform and domain: a time such as `36 month`, or `8 of 10` on the skill scale.
    #[serde(default)]
    pub skill: Entries<Spanned<Scalar>>,
}

/// An id, or an inline definition.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum OrId<T> {
    /// An id or a path.
    Id(String),
    /// An inline definition.
    Inline(Box<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrId<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(IdOr(std::marker::PhantomData))
            .map(|either| match either {
                Either::Id(id) => Self::Id(id),
                Either::Map(value) => Self::Inline(Box::new(value)),
            })
    }
}

impl<'de> Deserialize<'de> for ProfileDoc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(IdOr(std::marker::PhantomData))
            .map(|either| match either {
                Either::Id(id) => Self::Id(id),
                Either::Map(points) => Self::Points(points),
            })
    }
}

enum Either<T> {
    Id(String),
    Map(T),
}

struct IdOr<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for IdOr<T> {
    type Value = Either<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id or a mapping")
    }

    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        Ok(Either::Id(v.to_owned()))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Self::Value, E> {
        Ok(Either::Id(v.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(serde::de::Error::custom("an id or a mapping was expected"))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Either::Map)
    }
}

impl<T: JsonSchema> JsonSchema for OrId<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Or_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inline = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [{ "type": "string" }, inline] })
    }
}

impl JsonSchema for ProfileDoc {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Profile".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "object", "additionalProperties": { "type": "number" } }] })
    }
}
