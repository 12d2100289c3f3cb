//! Draws a leaf: from its own random stream, by combining the draws of its parts, or not at all if it is certain.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::eval::leaf::Leaf;
use crate::model::evidence::{Fact, FactValue};
use crate::model::library::Rollup;
use crate::quantity::sampler::Sampler;

/// How a leaf is drawn.
pub(super) enum Draw {
    /// From its own random stream.
    Own { name: String, sampler: Arc<Sampler> },
    /// By combining the draws of a composite's parts.
    Parts { rule: Rollup, parts: Vec<Draw> },
    /// It is certain.
    Fixed(f64),
}

pub(super) fn draw(
    leaf: &Leaf<'_>,
    name: String,
    measure: &str,
    samplers: &mut BTreeMap<String, Arc<Sampler>>,
) -> Draw {
    let Leaf::Fact(fact) = leaf else {
        return Draw::Fixed(leaf.point());
    };
    match &fact.value {
        FactValue::Combined { rule, parts } => {
            let own = |(id, part): &(Arc<str>, Fact)| {
                draw(
                    &Leaf::Fact(part),
                    format!("candidates.{id}.{measure}"),
                    measure,
                    samplers,
                )
            };
            Draw::Parts {
                rule: *rule,
                parts: parts.iter().map(own).collect(),
            }
        }
        FactValue::Number(distribution) if !distribution.is_certain() => {
            let sampler = samplers
                .entry(name.clone())
                .or_insert_with(|| Arc::new(Sampler::new(distribution)))
                .clone();
            Draw::Own { name, sampler }
        }
        other => Draw::Fixed(other.point()),
    }
}

pub(super) fn fill(draw: &Draw, seed: u64, number: usize, out: &mut [f64]) {
    match draw {
        Draw::Fixed(x) => out.fill(*x),
        Draw::Own { name, sampler } => sampler.fill(seed, name, number, out),
        Draw::Parts { rule, parts } => {
            let columns: Vec<Vec<f64>> = parts
                .iter()
                .map(|part| {
                    let mut column = vec![0.0; out.len()];
                    fill(part, seed, number, &mut column);
                    column
                })
                .collect();
            for (lane, x) in out.iter_mut().enumerate() {
                *x = rule.combine(columns.iter().map(|column| column[lane]));
            }
        }
    }
}
