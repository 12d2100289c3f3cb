//! Turns an operation of a contract into a load: its requests as bytes, and a check of the responses.

use std::sync::Arc;
use std::time::Duration;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use super::contract::Contract;
use super::driver::{BodyCheck, LoadPlan, PreparedRequest, WorkloadModel};
use super::error::BenchError;
use super::http::HttpClient;
use super::pattern::{self, Variables, fill_value};
use super::process::Instance;
use super::token;
use crate::lang::Text;
use crate::schema::bench::{ExpectDoc, OperationDoc, RequestDoc};
use crate::tr;

/// Placeholder for the 16 digits that the driver writes, different in every request.
const MARK: &str = "<16 new digits!>";
/// Maximum number of different requests of an operation.
const MOST: u64 = 10_000;
/// How long a response under load may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An operation prepared against a running service.
#[derive(Clone)]
pub(crate) struct OperationLoad {
    pub(crate) operation: String,
    plan: LoadPlan,
}

impl OperationLoad {
    /// Makes the requests, after fetching what they need, such as a token.
    pub(crate) fn prepare(
        contract: &Contract,
        operation: &OperationDoc,
        instance: &Instance,
        seed: u64,
        core: Option<usize>,
    ) -> Result<Self, BenchError> {
        let refused = |what: Text| BenchError::Prepare {
            operation: operation.operation.clone(),
            what,
        };
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let mut variables = token::forgeries(
            "user7",
            i64::try_from(since.as_secs()).unwrap_or(0),
            &instance.secret,
        );
        let mut parts = Vec::new();
        for (doc, share) in contract.parts(operation) {
            fetch(contract, doc, instance, &mut variables).map_err(refused)?;
            parts.extend(RequestShare::new(doc, share));
        }
        variables.insert("unique".to_owned(), MARK.into());
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        // A mix needs enough requests for its smallest share to appear.
        let size = if parts.len() > 1 {
            MOST
        } else {
            parts
                .iter()
                .map(RequestShare::values)
                .max()
                .unwrap_or(1)
                .min(MOST)
        };
        let mut order: Vec<u64> = (0..size).collect();
        shuffle(&mut order, &mut random);
        let (mut requests, mut bodies) = (Vec::new(), Vec::new());
        for k in order {
            let Some(part) = choose(&parts, &mut random) else {
                continue;
            };
            for (name, draw) in &part.draws {
                variables.insert((*name).clone(), draw.value(k, &mut random).into());
            }
            contract.derive(&mut variables);
            let request = contract
                .request(part.request, &variables)
                .map_err(refused)?;
            let bytes = request.bytes(instance.address);
            let unique = bytes
                .windows(MARK.len())
                .position(|piece| piece == MARK.as_bytes());
            requests.push(PreparedRequest {
                bytes,
                status: part.expect.status,
                unique,
            });
            let body = part
                .expect
                .json
                .as_ref()
                .map(|json| fill_value(json, &variables))
                .transpose();
            bodies.push(body.map_err(refused)?);
        }
        let plan = LoadPlan {
            address: instance.address,
            connections: 1,
            model: WorkloadModel::Closed,
            requests: requests.into(),
            judge: judge_bodies(bodies),
            seed,
            core,
            limit: Duration::from_secs(600),
            timeout: TIMEOUT,
        };
        Ok(Self {
            operation: operation.operation.clone(),
            plan,
        })
    }

    /// Returns the plan with this workload model and number of connections.
    pub(crate) fn plan(&self, model: WorkloadModel, connections: usize) -> LoadPlan {
        LoadPlan {
            model,
            connections,
            ..self.plan.clone()
        }
    }
}

/// One of an operation's requests with its share.
struct RequestShare<'a> {
    share: f64,
    request: &'a RequestDoc,
    expect: &'a ExpectDoc,
    draws: Vec<(&'a String, VariableDraw)>,
}

impl<'a> RequestShare<'a> {
    /// Returns `None` for an operation without a request, which a contract never holds.
    fn new(doc: &'a OperationDoc, share: f64) -> Option<Self> {
        let draws = doc
            .vary
            .iter()
            .map(|(name, ends)| (name, VariableDraw::new(*ends, doc.zipf.get(name))))
            .collect();
        Some(Self {
            share,
            request: doc.request.as_ref()?,
            expect: doc.expect.as_ref()?,
            draws,
        })
    }

    /// Returns the number of different requests.
    fn values(&self) -> u64 {
        self.draws
            .iter()
            .map(|(_, draw)| draw.span())
            .max()
            .unwrap_or(1)
    }
}

/// Draws one by its share; where there is only one, draws nothing.
fn choose<'a, 'b>(
    parts: &'b [RequestShare<'a>],
    random: &mut Xoshiro256PlusPlus,
) -> Option<&'b RequestShare<'a>> {
    let [first, _, ..] = parts else {
        return parts.first();
    };
    let mut u = random.next_u64() as f64 / 2f64.powi(64);
    let chosen = parts.iter().find(|part| {
        u -= part.share;
        u < 0.0
    });
    // The shares add up to 1 except for rounding.
    chosen.or(Some(first))
}

/// How a variable varies from request to request.
enum VariableDraw {
    /// Each value in turn.
    All { first: i64, span: u64 },
    /// Uniformly at random, because there are more values than requests.
    Even { first: i64, span: u64 },
    /// By Zipf's law, with the cumulative shares of the ranks.
    Zipf { first: i64, shares: Vec<f64> },
}

impl VariableDraw {
    fn new((first, last): (i64, i64), exponent: Option<&f64>) -> Self {
        let span = last.abs_diff(first) + 1;
        match exponent {
            Some(exponent) => {
                let mut total = 0.0;
                let mut shares: Vec<f64> = (1..=span.min(10_000_000))
                    .map(|rank| {
                        total += (rank as f64).powf(-exponent);
                        total
                    })
                    .collect();
                shares.iter_mut().for_each(|share| *share /= total);
                Self::Zipf { first, shares }
            }
            None if span > MOST => Self::Even { first, span },
            None => Self::All { first, span },
        }
    }

    /// Returns the number of values.
    fn span(&self) -> u64 {
        match self {
            Self::All { span, .. } | Self::Even { span, .. } => *span,
            Self::Zipf { shares, .. } => shares.len() as u64,
        }
    }

    fn value(&self, k: u64, random: &mut Xoshiro256PlusPlus) -> i64 {
        let (first, offset) = match self {
            Self::All { first, span } => (first, k % span),
            Self::Even { first, span } => (first, random.next_u64() % span),
            Self::Zipf { first, shares } => {
                let u = random.next_u64() as f64 / 2f64.powi(64);
                let rank = shares
                    .partition_point(|share| *share < u)
                    .min(shares.len() - 1) as u64;
                // Multiplying by Knuth's constant spreads neighbouring ranks over the keys.
                (
                    first,
                    rank.wrapping_mul(2_654_435_761) % shares.len() as u64,
                )
            }
        };
        first + i64::try_from(offset).unwrap_or(0)
    }
}

fn fetch(
    contract: &Contract,
    operation: &OperationDoc,
    instance: &Instance,
    variables: &mut Variables,
) -> Result<(), Text> {
    let mut client = HttpClient::new(instance.address, TIMEOUT);
    for prepare in &operation.prepare {
        let mut own = variables.clone();
        own.extend(
            prepare
                .with
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        contract.derive(&mut own);
        let request = contract.request(&prepare.request, &own)?;
        let answer = client.send(&request).map_err(|reason| reason.text())?;
        for (name, pointer) in &prepare.capture {
            let value = answer
                .json()
                .and_then(|body| body.pointer(pointer).cloned());
            let value = value.ok_or_else(|| {
                tr!(
                    "the response has no {pointer}: {answer}",
                    "应答中没有 {pointer}：{answer}"
                )
            })?;
            variables.insert(name.clone(), value);
        }
    }
    Ok(())
}

fn judge_bodies(bodies: Vec<Option<Value>>) -> BodyCheck {
    Arc::new(move |request, body| match &bodies[request] {
        None => true,
        Some(expected) => serde_json::from_slice(body)
            .is_ok_and(|given| pattern::compare(expected, &given, None).is_ok()),
    })
}

/// Shuffles in place (Fisher and Yates).
pub(crate) fn shuffle<T>(items: &mut [T], random: &mut Xoshiro256PlusPlus) {
    for i in (1..items.len()).rev() {
        let j = usize::try_from(random.next_u64() % (i as u64 + 1)).unwrap_or(0);
        items.swap(i, j);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zipf_gives_the_first_rank_its_share_and_stays_in_range() {
        let draw = VariableDraw::new((1, 1000), Some(&0.99));
        let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
        let drawn: Vec<i64> = (0..20_000).map(|k| draw.value(k, &mut random)).collect();
        assert!(drawn.iter().all(|key| (1..=1000).contains(key)));
        // 1 / sum of k^-0.99 for k up to 1000 is 0.1294; the deviation of 20,000 draws is 0.0024.
        let share = drawn.iter().filter(|key| **key == 1).count() as f64 / 20_000.0;
        assert!((share - 0.1294).abs() < 0.01, "{share}");
    }

    #[test]
    fn few_values_come_in_turn_and_many_are_drawn() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
        let all = VariableDraw::new((5, 7), None);
        assert_eq!(
            (0..4)
                .map(|k| all.value(k, &mut random))
                .collect::<Vec<_>>(),
            [5, 6, 7, 5]
        );
        let many = VariableDraw::new((1, 100_000), None);
        let mean = (0..10_000).map(|k| many.value(k, &mut random)).sum::<i64>() as f64 / 10_000.0;
        assert!(
            (mean - 50_000.5).abs() < 1500.0,
            "{mean}: the whole range is used"
        );
    }
}
