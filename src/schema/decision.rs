//! Decision files, and what stands beside them: teams and scenarios.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize};

use super::catalog::{CandidateDoc, DefaultsDoc};
use super::criteria::{
    FactSettings, FormulaDoc, InputDoc, MeasureDoc, MissingDoc, ScreenDoc, TableDoc, ValueDoc,
};
use super::scalar::{Scalar, Words};
use super::spanned::{Entries, Spanned};

/// A decision.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh decision file")]
pub struct DecisionDoc {
    /// The decision's id.
    pub decision: Option<Spanned<String>>,
    /// What it is called.
    pub title: Option<Words>,
    /// The question it answers.
    pub question: Option<Words>,
    /// What a reader should know first.
    pub about: Option<Words>,
    /// What to remember about its evidence: inconsistencies, gaps, what does not follow.
    pub notes: Vec<Words>,
    /// "Today" for this decision, so that its outcome does not change with the calendar.
    pub as_of: Option<Spanned<String>>,
    /// Who may be chosen: ids, `domain/*`, or candidates described here.
    pub candidates: Vec<Spanned<OrId<CandidateDoc>>>,
    /// What counts, with points.
    pub criteria: Vec<Spanned<OrId<UseDoc>>>,
    /// Values of the inputs.
    pub context: FactSettings,
    /// The team: a file beside the decision, or the team itself.
    pub team: Option<Spanned<OrId<TeamDoc>>>,
    /// What already runs here: a requirement met by it is free.
    pub existing: Vec<Spanned<String>>,
    /// Hard requirements: ids, or gates described here.
    pub gates: Vec<Spanned<OrId<GateUseDoc>>>,
    /// Named changes of the inputs.
    pub scenarios: Entries<ScenarioDoc>,
    /// Named weight profiles with the share each has in the group.
    pub stakeholders: Entries<StakeholderDoc>,
    /// What the facts of candidates described here inherit.
    pub defaults: Option<DefaultsDoc>,
    /// Counted nouns that serve as units.
    pub units: Vec<Spanned<String>>,
    /// Inputs beyond those of the criteria files.
    pub inputs: Entries<InputDoc>,
    /// Measures beyond those of the criteria files.
    pub facts: Entries<MeasureDoc>,
    /// Tables beyond those of the criteria files.
    pub tables: Entries<TableDoc>,
    /// Formulas beyond those of the criteria files.
    pub formulas: Entries<FormulaDoc>,
    /// Seed of every random draw.
    #[schemars(range(min = 0, max = 9_000_000_000_000_000_i64))]
    pub seed: Option<u64>,
}

/// A criterion as a decision uses it: one of the criteria files (`use`), one described here (`id`, `expr`, `value`), or an
/// objective that groups criteria (`objective`, `criteria`).
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "use")]
pub struct UseDoc {
    /// Id of a criterion of the criteria files.
    #[serde(rename = "use")]
    pub uses: Option<Spanned<String>>,
    /// Id of a criterion described here.
    pub id: Option<Spanned<String>>,
    /// Id of an objective.
    pub objective: Option<Spanned<String>>,
    /// Swing weight: what the step from worst to best is worth.
    pub points: Option<Spanned<f64>>,
    /// The criteria of an objective.
    pub criteria: Vec<Spanned<OrId<UseDoc>>>,
    /// What it is called.
    pub title: Option<Words>,
    /// What it means.
    pub about: Option<Words>,
    /// How it is computed.
    pub expr: Option<Spanned<String>>,
    /// Its unit.
    pub unit: Option<Spanned<String>>,
    /// Anchors of this decision.
    pub value: Option<Spanned<ValueDoc>>,
    /// What becomes of a candidate that lacks a fact.
    pub missing: Option<MissingDoc>,
    /// Paper, standard or document it comes from.
    pub source: Option<String>,
    /// What it takes for granted.
    pub assumptions: Option<Words>,
    /// Where it misleads.
    pub pitfalls: Option<Words>,
}

/// A gate described in a decision.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "gate-use")]
pub struct GateUseDoc {
    /// Its id.
    pub gate: Option<Spanned<String>>,
    /// What it is called.
    pub title: Option<Words>,
    /// What it means.
    pub about: Option<Words>,
    /// The question, answered with yes or no.
    pub ask: Option<Spanned<String>>,
    /// Which answer screens a candidate out, and why.
    pub screen: Option<ScreenDoc>,
    /// What is computed on either branch.
    pub fork: Option<super::criteria::ForkDoc>,
    /// The measure in which the branches join.
    pub gives: Option<Spanned<String>>,
    /// Its unit.
    pub unit: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<String>,
}

/// A scenario: in a decision by name, or a file of its own.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh scenario file", rename = "scenario")]
pub struct ScenarioDoc {
    /// Its id, in a file of its own.
    pub scenario: Option<String>,
    /// What it is called.
    pub title: Option<Words>,
    /// What it stands for.
    pub about: Option<Words>,
    /// Inputs, parameters and facts it changes.
    pub set: FactSettings,
    /// Another team.
    pub team: Option<Spanned<OrId<TeamDoc>>>,
    /// Another weight profile.
    pub profile: Option<Spanned<ProfileDoc>>,
    /// Another list of what already runs here.
    pub existing: Option<Vec<Spanned<String>>>,
}

/// Somebody with weights of their own.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "stakeholder")]
pub struct StakeholderDoc {
    /// What they are called.
    pub title: Option<Words>,
    /// Their weights: a profile's id, or points by criterion.
    pub profile: Spanned<ProfileDoc>,
    /// Their share in the group.
    pub share: Option<Spanned<f64>>,
}

/// A weight profile: an id, or points by criterion.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum ProfileDoc {
    /// A profile's id.
    Id(String),
    /// Points by criterion.
    Points(Entries<f64>),
}

/// A team.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh team file", rename = "team")]
pub struct TeamDoc {
    /// Its id.
    pub team: Option<String>,
    /// What it is called.
    pub title: Option<Words>,
    /// Who is in it.
    pub members: Vec<Spanned<MemberDoc>>,
}

/// One person, or several alike.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "member")]
pub struct MemberDoc {
    /// Id.
    pub id: Spanned<String>,
    /// What they are called.
    pub name: Option<Words>,
    /// How many alike; 1 where it is left out.
    pub count: Option<Spanned<f64>>,
    /// Part of the working time that goes into this service, 0..1; 1 where it is left out.
    pub share: Option<Spanned<Scalar>>,
    /// Experience by language, platform and domain: a time such as `36 month`, or `8 of 10` on the skill scale.
    #[serde(default)]
    pub skill: Entries<Spanned<Scalar>>,
}

/// An id, or the thing itself.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum OrId<T> {
    /// An id or a path.
    Id(String),
    /// The thing itself.
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
