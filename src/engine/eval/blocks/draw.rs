//! Draws a leaf: from its own random stream, by combining the draws of its parts, or not at all if it is certain.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::eval::leaf::Leaf;
use crate::model::evidence::{EvidenceKind, Fact, FactValue};
use crate::model::library::Rollup;
use crate::quantity::distribution::Distribution;
use crate::quantity::sampler::Sampler;

/// How a leaf is drawn.
pub(super) enum Draw {
    /// From its own random stream.
    Own {
        name: String,
        sampler: Arc<Sampler>,
        spread: Option<Spread>,
    },
    /// By combining the draws of a composite's parts.
    Parts { rule: Rollup, parts: Vec<Draw> },
    /// It is certain.
    Fixed(f64),
}

/// How draws of a judged number are spread further around its mean.
pub(super) struct Spread {
    mean: f64,
    factor: f64,
    /// What the number cannot leave, such as 0 for a cost.
    bounds: (f64, f64),
}

impl Spread {
    /// Judgements are spread by a factor, evidence is not: repetitions of a measurement and published figures stay as they are.
    fn of(fact: &Fact, distribution: &Distribution, factor: f64, is_part: bool) -> Option<Self> {
        let is_judged = matches!(fact.provenance.kind, None | Some(EvidenceKind::Judged));
        let is_list = matches!(
            distribution,
            Distribution::Discrete(_) | Distribution::Samples { .. }
        );
        if factor == 1.0 || !is_judged || is_list {
            return None;
        }
        let (low, high) = distribution.support();
        Some(Self {
            mean: distribution.mean(),
            factor,
            bounds: (
                if low >= 0.0 { 0.0 } else { f64::NEG_INFINITY },
                if is_part && high <= 1.0 {
                    1.0
                } else {
                    f64::INFINITY
                },
            ),
        })
    }

    fn apply(&self, column: &mut [f64]) {
        let (low, high) = self.bounds;
        for x in column {
            *x = (self.mean + self.factor * (*x - self.mean)).clamp(low, high);
        }
    }
}

/// How a leaf is drawn; judged numbers with `spread` times their stated spread.
pub(super) fn draw(
    leaf: &Leaf<'_>,
    name: String,
    measure: &str,
    (spread, is_part): (f64, bool),
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
                    (spread, is_part),
                    samplers,
                )
            };
            Draw::Parts {
                rule: *rule,
                parts: parts.iter().map(own).collect(),
            }
        }
        FactValue::Number(distribution)
        | FactValue::Assumed {
            date: distribution, ..
        } if !distribution.is_certain() => {
            let sampler = samplers
                .entry(name.clone())
                .or_insert_with(|| Arc::new(Sampler::new(distribution)))
                .clone();
            Draw::Own {
                name,
                sampler,
                spread: Spread::of(fact, distribution, spread, is_part),
            }
        }
        other => Draw::Fixed(other.point()),
    }
}

pub(super) fn fill(draw: &Draw, seed: u64, number: usize, out: &mut [f64]) {
    match draw {
        Draw::Fixed(x) => out.fill(*x),
        Draw::Own {
            name,
            sampler,
            spread,
        } => {
            sampler.fill(seed, name, number, out);
            if let Some(spread) = spread {
                spread.apply(out);
            }
        }
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
