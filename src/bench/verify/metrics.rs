//! Checks that the service's metrics are correct.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::{CheckError, CheckResult, Visit, count_variable};
use crate::bench::http::HttpRequest;
use crate::bench::pattern::Variables;
use crate::lang::Text;
use crate::tr;

const COUNTER: &str = "http_requests_total";
const HISTOGRAM: &str = "http_request_duration_seconds";

/// One line of Prometheus' text format.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

impl Series {
    fn read(line: &str) -> Option<Self> {
        if line.starts_with('#') {
            return None;
        }
        let (head, value) = line.trim().rsplit_once(' ')?;
        let (name, labels) = head.split_once('{').map_or((head, ""), |(name, labels)| {
            (name, labels.trim_end_matches('}'))
        });
        // A label's value may contain a comma or a brace (`/user/{id}`), so the text is split at its quotes.
        let mut pieces = labels.split('"');
        let mut found = BTreeMap::new();
        while let (Some(key), Some(value)) = (pieces.next(), pieces.next()) {
            found.insert(
                key.trim_matches([',', '=', ' ']).to_owned(),
                value.to_owned(),
            );
        }
        Some(Self {
            name: name.to_owned(),
            labels: found,
            value: value.parse().ok()?,
        })
    }

    /// Sums the 2xx responses of all routes.
    pub(super) fn good_answers(all: &[Self]) -> f64 {
        let good = |s: &&Self| {
            s.name == COUNTER
                && s.labels
                    .get("status")
                    .is_some_and(|status| status.starts_with('2'))
        };
        all.iter().filter(good).map(|s| s.value).sum()
    }

    fn has(&self, label: &str, value: &str) -> bool {
        self.labels.get(label).is_some_and(|given| given == value)
    }
}

impl Visit<'_> {
    pub(super) fn metrics(&mut self) -> Result<(String, Vec<Series>), CheckError> {
        // A counter may rise shortly after the last byte of its response was sent.
        thread::sleep(Duration::from_millis(30));
        let answer = self.send(&HttpRequest::get("/metrics"))?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let plain = answer.status == 200
            && answer
                .header("content-type")
                .is_some_and(|kind| kind.starts_with("text/plain"));
        if !plain {
            return Err(CheckError::new(
                "GET /metrics",
                Text::name("200 text/plain"),
                Text::name(answer.to_string()),
            ));
        }
        let series = text.lines().filter_map(Series::read).collect();
        Ok((text, series))
    }

    pub(super) fn metrics_shape(&mut self) -> CheckResult {
        self.send(&HttpRequest::get("/user/1"))?;
        let (text, series) = self.metrics()?;
        for (name, kind) in [(COUNTER, "counter"), (HISTOGRAM, "histogram")] {
            let line = format!("# TYPE {name} {kind}");
            if !text.contains(&line) {
                return Err(CheckError::new(
                    "GET /metrics",
                    Text::name(line),
                    tr!("no such line", "没有这一行"),
                ));
            }
        }
        let wanted = BTreeSet::from(["method", "route", "status"]);
        let odd = series
            .iter()
            .filter(|s| s.name == COUNTER)
            .find(|s| s.labels.keys().map(String::as_str).collect::<BTreeSet<_>>() != wanted);
        if let Some(odd) = odd {
            return Err(CheckError::new(
                "GET /metrics",
                Text::name(format!("{COUNTER}{{method, route, status}}")),
                Text::name(format!("{:?}", odd.labels)),
            ));
        }
        let buckets = series
            .iter()
            .any(|s| s.name == format!("{HISTOGRAM}_bucket") && s.has("le", "+Inf"));
        if buckets {
            Ok(())
        } else {
            Err(CheckError::new(
                "GET /metrics",
                Text::name(format!("{HISTOGRAM}_bucket{{le=\"+Inf\"}}")),
                tr!("no such series", "没有该序列"),
            ))
        }
    }

    /// Sends `requests` requests to `path` plus a number and checks that counter and histogram of `route` rise by exactly as many.
    pub(super) fn counters_rise(&mut self, variables: &Variables) -> CheckResult {
        let text_of = |name: &str| {
            variables
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or("/user/")
                .to_owned()
        };
        let (path, route, requests) = (
            text_of("path"),
            text_of("route"),
            count_variable(variables, "requests", 10),
        );
        let (_, before) = self.metrics()?;
        for i in 1..=requests {
            self.send(&HttpRequest::get(format!("{path}{i}")))?;
        }
        let (_, after) = self.metrics()?;
        let sum = |series: &[Series], name: &str, status: Option<&str>| -> f64 {
            let mine = series
                .iter()
                .filter(|s| s.name == name && s.has("route", &route) && s.has("method", "GET"));
            mine.filter(|s| status.is_none_or(|status| s.has("status", status)))
                .map(|s| s.value)
                .sum()
        };
        for (name, status) in [
            (COUNTER.to_owned(), Some("200")),
            (format!("{HISTOGRAM}_count"), None),
        ] {
            let rise = sum(&after, &name, status) - sum(&before, &name, status);
            if (rise - requests as f64).abs() > 1e-9 {
                let done = format!("{requests} x GET {path}N, GET /metrics");
                let expected = tr!(
                    "{name} of route {route} rises by {requests}",
                    "路由 {route} 的 {name} 增加 {requests}"
                );
                return Err(CheckError::new(
                    done,
                    expected,
                    tr!("it rose by {rise}", "增加了 {rise}"),
                ));
            }
        }
        Ok(())
    }

    /// A label with the raw path would let any client fill the memory.
    pub(super) fn series_bounded(&mut self) -> CheckResult {
        let counters = |series: &[Series]| series.iter().filter(|s| s.name == COUNTER).count();
        let (_, before) = self.metrics()?;
        for i in 0..12 {
            self.send(&HttpRequest::get(format!("/nothing/{i}/at/all")))?;
        }
        let (_, after) = self.metrics()?;
        let (before, after) = (counters(&before), counters(&after));
        // One for the unknown route and one for /metrics itself, which was just requested.
        if after <= before + 2 {
            return Ok(());
        }
        let expected = tr!(
            "at most one new series for unknown routes",
            "未知路由至多一个新序列"
        );
        Err(CheckError::new(
            "12 x GET /nothing/N/at/all, GET /metrics",
            expected,
            tr!(
                "{before} series became {after}",
                "序列由 {before} 增至 {after}"
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_template_keeps_its_braces() {
        let line = r#"http_requests_total{method="GET",route="/user/{id}",status="200"} 17"#;
        let series = Series::read(line).expect("a series");
        assert_eq!((series.name.as_str(), series.value), (COUNTER, 17.0));
        assert!(
            series.has("route", "/user/{id}")
                && series.has("method", "GET")
                && series.has("status", "200")
        );
        assert_eq!(Series::read("# HELP x y"), None);
        assert_eq!(Series::read("up 1").map(|s| s.value), Some(1.0));
    }
}
