//! Derived weights as plain data.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::figure;
use crate::lang::Lang;
use crate::weighting::{JudgementConsistency, Weights};

/// The JSON of `weigh weights`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WeightsView {
    /// How they were derived.
    pub method: String,
    /// Share of each criterion.
    pub weights: Map<String, Json>,
    /// How far the judgements agree with each other; null if none is redundant.
    pub consistency: Option<ConsistencyView>,
    /// Best-worst: the largest deviation of the weights from a judgement.
    pub epsilon: Option<f64>,
    /// The consistency below each item of a hierarchy.
    pub levels: Map<String, Json>,
    /// Best-worst: lowest and highest share in an equally good solution.
    pub intervals: Map<String, Json>,
    pub notes: Vec<String>,
}

/// How far judgements contradict each other.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConsistencyView {
    /// 0 is perfect, 0.1 the usual limit.
    pub ratio: Option<f64>,
    /// What the ratio is made from.
    pub index: Option<f64>,
    /// The principal eigenvalue.
    pub lambda_max: Option<f64>,
    /// What the index is divided by.
    pub random_index: Option<f64>,
    /// The table it is taken from.
    pub table: String,
    /// The judgement furthest from the others.
    pub worst: Option<WorstView>,
}

/// The judgement furthest from what the others imply.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WorstView {
    /// The item judged.
    pub of: String,
    /// Over this one.
    pub over: String,
    /// As given.
    pub ratio: Option<f64>,
    /// What the weights imply.
    pub consistent: Option<f64>,
}

/// Builds the view of derived weights.
#[must_use]
pub fn view(method: &str, found: &Weights, lang: Lang) -> WeightsView {
    let number = |x: f64| figure::json(x).map_or(Json::Null, Json::from);
    let level = |(item, own): &(String, JudgementConsistency)| {
        (
            item.clone(),
            serde_json::to_value(consistency(own)).expect("a view is plain data"),
        )
    };
    WeightsView {
        method: method.to_owned(),
        weights: found
            .weights
            .iter()
            .map(|(item, share)| (item.clone(), number(*share)))
            .collect(),
        consistency: found.consistency.as_ref().map(consistency),
        epsilon: found.epsilon.and_then(figure::json),
        levels: found.levels.iter().map(level).collect(),
        intervals: found
            .intervals
            .iter()
            .map(|(item, low, high)| (item.clone(), Json::Array(vec![number(*low), number(*high)])))
            .collect(),
        notes: found
            .notes
            .iter()
            .map(|note| note.get(lang).to_owned())
            .collect(),
    }
}

fn consistency(own: &JudgementConsistency) -> ConsistencyView {
    ConsistencyView {
        ratio: own.ratio.and_then(figure::json),
        index: figure::json(own.index),
        lambda_max: own.lambda_max.and_then(figure::json),
        random_index: own.random_index.and_then(figure::json),
        table: own.table.clone(),
        worst: own.worst.as_ref().map(|w| WorstView {
            of: w.of.clone(),
            over: w.over.clone(),
            ratio: figure::json(w.ratio),
            consistent: figure::json(w.consistent),
        }),
    }
}
