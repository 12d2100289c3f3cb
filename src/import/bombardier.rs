//! Imports bombardier: `--print result --format json`.
//!
//! - Latencies are in microseconds.
//! - Its `stddev` is wrong, so it is not read.
//! - Percentiles need `--latencies`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::ContentFault;
use super::figure::{Figure, sum};
use super::result::{Imported, ImportedCell};
use super::source::ResultFile;
use super::{ImportTool, object_with};
use super::{LatencyBasis, WorkloadKind};

pub(super) const JSON: &str = "JSON";

pub(super) fn is_json(head: &str) -> bool {
    object_with(head, &["spec", "numberOfConnections", "result"])
}

#[derive(Deserialize)]
struct BombardierReport {
    spec: Spec,
    result: BombardierResult,
}

#[derive(Deserialize)]
struct Spec {
    #[serde(rename = "numberOfConnections")]
    connections: Figure,
    /// Requests/s, with `--rate` only.
    #[serde(default)]
    rate: Option<Figure>,
}

#[derive(Deserialize)]
struct BombardierResult {
    #[serde(rename = "timeTakenSeconds")]
    seconds: Figure,
    req1xx: Figure,
    req2xx: Figure,
    req3xx: Figure,
    req4xx: Figure,
    req5xx: Figure,
    /// Requests without a response.
    others: Figure,
    latency: Latency,
}

#[derive(Deserialize)]
struct Latency {
    mean: Figure,
    max: Figure,
    #[serde(default)]
    percentiles: BTreeMap<String, Figure>,
}

pub(super) fn read(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let BombardierReport { spec, result } = source.document()?;
    let non_2xx = sum([result.req1xx, result.req3xx, result.req4xx, result.req5xx].map(Some));
    let mut cell = ImportedCell {
        // A rate limits the connections, but each still waits for its response.
        model: Some(WorkloadKind::Closed),
        basis: Some(LatencyBasis::Send),
        connections: Some(spec.connections),
        duration_s: result.seconds.positive(),
        offered_rps: spec.rate,
        ok_count: Some(result.req2xx),
        non_2xx_count: non_2xx,
        transport_error_count: Some(result.others),
        ..ImportedCell::default()
    };
    cell.rates();
    if sum([cell.ok_count, non_2xx])
        .and_then(Figure::positive)
        .is_some()
    {
        (cell.mean_us, cell.max_us) = (Some(result.latency.mean), Some(result.latency.max));
        result
            .latency
            .percentiles
            .iter()
            .for_each(|(rank, us)| cell.put_percentile(rank, *us));
    }
    Ok(vec![Imported::single(
        ImportTool::Bombardier,
        JSON,
        vec![cell],
        Vec::new(),
    )])
}
