//! Audits published figures: checks them against Little's law and lists what they omit.
//!
//! By Little's law, the number of requests in flight N is the rate X times the mean time R of each, N = X R, whatever the distribution
//! (J. D. C. Little, "A proof for the queuing formula L = λW", Operations Research 9, 1961). In a closed loop without think time, N is
//! the number of connections, so three figures of one table can be checked against each other.

use super::result::{Imported, ImportedCell};
use super::{LatencyBasis, WorkloadKind};
use crate::lang::Text;
use crate::tr;

/// Plausible range of N / (X R) of a closed loop.
const SOUND: std::ops::RangeInclusive<f64> = 0.9..=1.1;

/// An open loop that reached less than this share of its offered rate fell behind.
const REACHED: f64 = 0.99;

/// Minimum number of slower requests, n (1 - q), for a meaningful percentile q of n requests.
const SLOWER: f64 = 10.0;

/// Returns the number of requests in flight: rate (requests/s) times mean latency (s).
///
/// ```
/// use weigh::import::audit::in_flight;
/// // The article's table of a test at "5,000 QPS": 1,240 requests/s at 186 ms.
/// assert_eq!(in_flight(1240.0, 0.186).unwrap().round(), 231.0);
/// assert!(in_flight(f64::NAN, 1.0).is_none() && in_flight(0.0, 1.0).is_none());
/// ```
#[must_use]
pub fn in_flight(rate_rps: f64, mean_s: f64) -> Option<f64> {
    let inside = rate_rps * mean_s;
    (rate_rps > 0.0 && mean_s > 0.0 && inside > 0.0 && inside.is_finite()).then_some(inside)
}

/// Returns N / (X R), connections over requests in flight: 1 where Little's law holds (Little 1961).
///
/// ```
/// use weigh::import::audit::little_ratio;
/// assert!((little_ratio(4.0, 1839.593, 0.002174).unwrap() - 1.0).abs() < 0.001);
/// // The article's table: 1,240 requests/s at 186 ms need 231 connections, not "5,000 QPS".
/// assert!((little_ratio(231.0, 1240.0, 0.186).unwrap() - 1.0).abs() < 0.01);
/// ```
#[must_use]
pub fn little_ratio(connections: f64, rate_rps: f64, mean_s: f64) -> Option<f64> {
    let ratio = connections / in_flight(rate_rps, mean_s)?;
    (connections > 0.0 && ratio.is_finite()).then_some(ratio)
}

/// A published claim. What it does not say is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Claim {
    /// Rate reached (requests/s).
    pub rate_rps: Option<f64>,
    /// Offered rate, or the rate that the text claims (requests/s).
    pub offered_rps: Option<f64>,
    /// Mean latency (s).
    pub mean_s: Option<f64>,
    /// Concurrent connections, threads or users.
    pub connections: Option<f64>,
    /// Closed or open workload model.
    pub model: Option<WorkloadKind>,
}

/// A finding of the audit.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditFinding {
    /// The word used in evidence files: `littles-law`, `offered-not-reached`, `no-percentiles` and so on.
    pub word: &'static str,
    /// The sentence.
    pub text: Text,
}

impl AuditFinding {
    /// Whether it contradicts the figures. What is merely missing, or holds for every closed loop, does not.
    #[must_use]
    pub fn is_against(&self) -> bool {
        !self.word.starts_with("no-") && self.word != CLOSED_LOOP
    }
}

const LITTLE: &str = "littles-law";
const CLOSED_LOOP: &str = "closed-loop";

fn new_finding(word: &'static str, text: Text) -> AuditFinding {
    AuditFinding { word, text }
}

/// Formats a number with three significant digits, the most that benchmarks support.
fn format_short(x: f64) -> String {
    let digits = if x >= 100.0 || x == 0.0 {
        0.0
    } else {
        (2.0 - x.abs().log10().floor()).clamp(0.0, 6.0)
    };
    let text = format!("{x:.*}", digits as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Checks rate, mean latency and concurrency of one claim against each other.
///
/// ```
/// use weigh::import::audit::{Claim, claim};
/// // The article's "5,000 QPS": by Little's law a closed loop of about 231.
/// let article = Claim { rate_rps: Some(1240.0), offered_rps: Some(5000.0), mean_s: Some(0.186), ..Claim::default() };
/// let found = claim(&article);
/// assert_eq!(found[0].word, "offered-not-reached");
/// assert!(found[0].text.en.contains("231"));
/// ```
#[must_use]
pub fn claim(claim: &Claim) -> Vec<AuditFinding> {
    let mut found = Vec::new();
    let (Some(rate), Some(mean)) = (claim.rate_rps, claim.mean_s) else {
        return found;
    };
    let Some(inside) = in_flight(rate, mean) else {
        return found;
    };
    let [x, r, n] = [
        format_short(rate),
        format_short(mean * 1e3),
        format_short(inside),
    ];
    if let Some(offered) = claim.offered_rps.filter(|offered| rate < REACHED * offered) {
        let (offered, share) = (format_short(offered), format_short(100.0 * rate / offered));
        found.push(new_finding(
            "offered-not-reached",
            tr!(
                "{share} % of {offered} requests/s were reached; {x}/s at {r} ms are {n} requests in flight: a closed loop of about {n}, not a load of {offered}/s",
                "只达到 {offered} 请求/秒的 {share}%；{x}/秒、{r} 毫秒意味着在途请求 {n} 个：这是约 {n} 个并发的闭环，而不是 {offered}/秒的负载"
            ),
        ));
    }
    if claim.model == Some(WorkloadKind::Open) {
        return found;
    }
    if let Some(connections) = claim.connections
        && let Some(ratio) = little_ratio(connections, rate, mean)
        && !SOUND.contains(&ratio)
    {
        let (connections, ratio) = (format_short(connections), format_short(ratio));
        found.push(new_finding(
            LITTLE,
            tr!(
                "{x}/s at {r} ms are {n} requests in flight, but there were {connections} connections (ratio {ratio}, plausible is 0.9 to 1.1): think time, pipelining, a ramp, or figures of different runs",
                "{x}/秒、{r} 毫秒意味着在途请求 {n} 个，但连接数为 {connections}（比值 {ratio}，合理范围 0.9 至 1.1）：存在思考时间、流水线、加压阶段，或这些数字并不相配"
            ),
        ));
    }
    found
}

/// Returns what contradicts the figures of a cell, and what is missing from it.
#[must_use]
pub fn cell(cell: &ImportedCell) -> Vec<AuditFinding> {
    let get = |figure: Option<super::Figure>| figure.map(super::Figure::get);
    let said = Claim {
        rate_rps: get(cell.achieved_rps.or(cell.goodput_rps)),
        offered_rps: get(cell.offered_rps),
        mean_s: get(cell.mean_us).map(|us| us * 1e-6),
        connections: get(cell.connections),
        model: cell.model,
    };
    let mut found = claim(&said);
    if cell.basis == Some(LatencyBasis::Corrected) {
        for little in found.iter_mut().filter(|found| found.word == LITTLE) {
            little.text.push(&tr!(
                "; wrk's correction for coordinated omission alone can cause this",
                "；仅 wrk 对协同遗漏的事后修正就可能导致这一点"
            ));
        }
    }
    if cell.percentiles.is_empty() {
        found.push(new_finding(
            "no-percentiles",
            tr!(
                "there are no percentiles, so the slow responses are unknown",
                "没有百分位数：对慢响应一无所知"
            ),
        ));
    } else if !cell
        .percentiles
        .iter()
        .any(|(rank, _)| rank.parse().is_ok_and(|rank: f64| rank >= 99.0))
    {
        found.push(new_finding("no-p99", tr!("there is no p99", "没有 p99")));
    }
    if let Some(requests) = get(cell.requests()) {
        let thin = cell.percentiles.iter().find(|(rank, _)| {
            rank.parse()
                .is_ok_and(|rank: f64| requests * (1.0 - rank / 100.0) + 1e-3 < SLOWER)
        });
        if let Some((rank, _)) = thin {
            let requests = format_short(requests);
            found.push(new_finding(
                "few-requests",
                tr!(
                    "fewer than ten of {requests} requests are slower than p{rank}",
                    "{requests} 个请求的 p{rank} 只依据不到十个更慢的请求"
                ),
            ));
        }
    }
    match get(cell.error_ratio()) {
        None => found.push(new_finding(
            "no-errors",
            tr!("errors are not reported", "未给出错误数"),
        )),
        Some(share) if share > 0.001 => {
            let percent = format_short(100.0 * share);
            found.push(new_finding(
                "errors",
                tr!(
                    "{percent} % of the requests failed",
                    "{percent}% 的请求失败"
                ),
            ));
        }
        Some(_) => {}
    }
    if cell.duration_s.is_none() {
        found.push(new_finding(
            "no-duration",
            tr!("the duration is not reported", "未给出时长"),
        ));
    } else if let Some(seconds) = get(cell.duration_s).filter(|s| *s < 10.0) {
        let seconds = format_short(seconds);
        found.push(new_finding(
            "short",
            tr!(
                "{seconds} s are too short to warm up a server",
                "{seconds} 秒太短，服务尚未预热"
            ),
        ));
    }
    if cell.connections.is_none() && cell.model != Some(WorkloadKind::Open) {
        found.push(new_finding(
            "no-concurrency",
            tr!(
                "the concurrency is not reported, so Little's law cannot be applied",
                "未给出并发数：无法应用利特尔法则"
            ),
        ));
    }
    if cell.mean_us.is_none() {
        found.push(new_finding(
            "no-mean",
            tr!("the mean latency is not reported", "未给出平均延迟"),
        ));
    }
    if cell.model == Some(WorkloadKind::Closed) && !cell.percentiles.is_empty() {
        found.push(new_finding(
            CLOSED_LOOP,
            tr!(
                "percentiles of a closed loop are subject to coordinated omission: it sends nothing while the server stalls",
                "闭环的百分位数受协同遗漏（coordinated omission）影响：服务停顿时它不发送请求"
            ),
        ));
    }
    found
}

/// Audits an imported result. Each finding is listed once, in order.
#[must_use]
pub fn imported(imported: &Imported, hardware: Option<&str>) -> Vec<AuditFinding> {
    let mut found: Vec<AuditFinding> = Vec::new();
    for measured in &imported.cells {
        for mut new in cell(measured) {
            if found.iter().any(|old| old.word == new.word) {
                continue;
            }
            let place = [measured.operation.as_deref(), measured.load.as_deref()];
            let place: Vec<&str> = place.into_iter().flatten().collect();
            if imported.cells.len() > 1 && !place.is_empty() {
                let place = place.join(", ");
                let text = &new.text;
                new.text = tr!("{place}: {text}", "{place}：{text}");
            }
            found.push(new);
        }
    }
    if hardware.or(imported.hardware.as_deref()).is_none() {
        found.push(new_finding(
            "no-hardware",
            tr!(
                "the hardware is unknown: compare only rows of the same source",
                "硬件未知：只能与同一来源的行比较"
            ),
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its table: 1,240 requests/s at 186 ms and 4,860 at 43 ms, under an offered load of 5,000/s.
    #[test]
    fn the_articles_high_concurrency_test() {
        let monolith = Claim {
            rate_rps: Some(1240.0),
            offered_rps: Some(5000.0),
            mean_s: Some(0.186),
            ..Claim::default()
        };
        let found = claim(&monolith);
        assert_eq!(
            found.iter().map(|f| f.word).collect::<Vec<_>>(),
            ["offered-not-reached"]
        );
        assert!(
            found[0]
                .text
                .en
                .starts_with("24.8 % of 5000 requests/s were reached; 1240/s at 186 ms are 231"),
            "{}",
            found[0].text.en
        );
        assert!(found[0].text.zh.contains("231"));
        assert_eq!(in_flight(4860.0, 0.043).map(f64::round), Some(209.0));
    }

    /// Its migration: 1,200/s at 42 ms and 9,800/s at 6 ms are 50 and 59 in flight: plausible for 50 to 60 connections, not for 200.
    #[test]
    fn the_articles_migration() {
        let flask = Claim {
            rate_rps: Some(1200.0),
            mean_s: Some(0.042),
            connections: Some(50.0),
            ..Claim::default()
        };
        assert_eq!(claim(&flask), []);
        let wrong = Claim {
            connections: Some(200.0),
            ..flask
        };
        assert_eq!(claim(&wrong)[0].word, "littles-law");
        // An open loop has no fixed number in flight.
        assert_eq!(
            claim(&Claim {
                model: Some(WorkloadKind::Open),
                ..wrong
            }),
            []
        );
    }

    #[test]
    fn nothing_is_said_of_what_is_not_known() {
        assert_eq!(claim(&Claim::default()), []);
        let broken = Claim {
            rate_rps: Some(f64::INFINITY),
            mean_s: Some(1.0),
            connections: Some(1.0),
            ..Claim::default()
        };
        assert_eq!(claim(&broken), []);
        assert_eq!(
            claim(&Claim {
                rate_rps: Some(0.0),
                ..broken
            }),
            []
        );
    }

    #[test]
    fn three_digits() {
        for (x, text) in [
            (0.0, "0"),
            (1240.0, "1240"),
            (24.8, "24.8"),
            (0.186, "0.186"),
            (43.0, "43"),
            (0.000_001, "0.000001"),
        ] {
            assert_eq!(format_short(x), text);
        }
    }
}
