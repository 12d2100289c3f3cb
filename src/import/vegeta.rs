//! Imports vegeta: `vegeta report -type json`.
//!
//! - Times are nanoseconds.
//! - `rate` counts requests sent, `throughput` those that succeeded.
//! - Status `0` is a request without a response. The time until it failed is included in the latencies.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::ContentFault;
use super::figure::{Figure, sum};
use super::result::{Imported, ImportedCell};
use super::source::ResultFile;
use super::{ImportTool, object_with};
use super::{LatencyBasis, WorkloadKind};
use crate::tr;

pub(super) const JSON: &str = "JSON report";

pub(super) fn is_json(head: &str) -> bool {
    object_with(head, &["latencies", "status_codes", "throughput"])
}

#[derive(Deserialize)]
struct VegetaReport {
    latencies: VegetaLatencies,
    /// Duration of the attack without the wait for the last response (ns).
    duration: Figure,
    /// Wait for the last response (ns).
    wait: Figure,
    requests: Figure,
    rate: Figure,
    status_codes: BTreeMap<String, Figure>,
    #[serde(default)]
    earliest: Option<String>,
}

#[derive(Deserialize)]
struct VegetaLatencies {
    mean: Figure,
    max: Figure,
    #[serde(default)]
    min: Option<Figure>,
    #[serde(rename = "50th")]
    p50: Figure,
    #[serde(rename = "90th", default)]
    p90: Option<Figure>,
    #[serde(rename = "95th")]
    p95: Figure,
    #[serde(rename = "99th")]
    p99: Figure,
}

pub(super) fn read(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let report: VegetaReport = source.document()?;
    let counted = sum(report.status_codes.values().copied().map(Some)).unwrap_or(Figure::count(0));
    if counted != report.requests {
        let (counted, requests) = (counted.get(), report.requests.get());
        return Err(ContentFault::whole(tr!(
            "the status codes add up to {counted}, the requests are {requests}",
            "各状态码合计 {counted}，而请求数为 {requests}"
        )));
    }
    let of = |range: fn(&str) -> bool| {
        sum(report
            .status_codes
            .iter()
            .filter(|(code, _)| range(code))
            .map(|(_, n)| Some(*n)))
        .or(Some(Figure::count(0)))
    };
    let mut cell = ImportedCell {
        model: Some(WorkloadKind::Open),
        basis: Some(LatencyBasis::Send),
        duration_s: report.duration.plus(report.wait).times(1e-9).positive(),
        offered_rps: report.rate.positive(),
        ok_count: of(|code| code.starts_with('2')),
        non_2xx_count: of(|code| code != "0" && !code.starts_with('2')),
        transport_error_count: of(|code| code == "0"),
        ..ImportedCell::default()
    };
    cell.rates();
    let broken = cell.transport_error_count.and_then(Figure::positive);
    let mut notes = vec![tr!(
        "vegeta counts latency from the send",
        "vegeta 从发送时刻起计算延迟"
    )];
    let answered = sum([cell.ok_count, cell.non_2xx_count]).and_then(Figure::positive);
    if answered.is_some() {
        let latencies = report.latencies;
        (cell.min_us, cell.mean_us, cell.max_us) = (
            latencies.min.map(ns_to_us),
            Some(ns_to_us(latencies.mean)),
            Some(ns_to_us(latencies.max)),
        );
        let ranks = [
            ("50", Some(latencies.p50)),
            ("90", latencies.p90),
            ("95", Some(latencies.p95)),
            ("99", Some(latencies.p99)),
        ];
        ranks
            .into_iter()
            .filter_map(|(rank, ns)| Some((rank, ns?)))
            .for_each(|(rank, ns)| cell.put_percentile(rank, ns_to_us(ns)));
        if let Some(broken) = broken.map(Figure::get) {
            notes.push(tr!(
                "the latencies include the times of {broken} requests without a response",
                "{broken} 个无应答请求的耗时也计入了延迟"
            ));
        }
    } else {
        notes.push(tr!(
            "there was no response: the times are those of failures, not latencies",
            "没有任何请求得到应答：这些时间是失败耗时，不是延迟"
        ));
    }
    let mut imported = Imported::single(ImportTool::Vegeta, JSON, vec![cell], notes);
    imported.date = report
        .earliest
        .and_then(|time| time.get(..10).map(str::to_owned));
    Ok(vec![imported])
}

fn ns_to_us(ns: Figure) -> Figure {
    ns.times(1e-3)
}
