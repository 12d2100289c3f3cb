//! Support windows from endoflife.date: a checkout (`products/NAME.md`, YAML front matter), or its API, version 1.
//!
//! The oldest listed cycle need not be the first, so there is no finding about the first release.
//!
//! A name is a product, or `product/cycle` if a candidate is one cycle; otherwise the newest cycle is used.

use super::release::day_of;
use super::{Base, FactSource, Findings, FoundValue, RefreshError, SourceFinding, SourceRequest};
use crate::quantity::date::Date;
use crate::schema::criteria::FindingDoc;

pub(super) const SOURCE: FactSource = FactSource {
    id: "endoflife",
    title: "endoflife.date",
    ask,
};

/// A release cycle in either format.
struct Cycle {
    name: String,
    begun: Option<Date>,
    end: Option<Date>,
    latest: Option<String>,
    latest_day: Option<Date>,
}

fn ask(request: &SourceRequest<'_>) -> Result<Findings, RefreshError> {
    let (product, wanted) = request
        .name
        .split_once('/')
        .map_or((request.name, None), |(p, c)| (p, Some(c)));
    let (cycles, place) = match request.base {
        Base::Folder(_) => checkout(request, product)?,
        Base::Url(_) => interface(request, product)?,
    };
    let cycle = match wanted {
        Some(wanted) => cycles.iter().find(|c| c.name == wanted),
        None => cycles.iter().max_by_key(|c| c.begun),
    };
    let cycle = cycle.ok_or_else(|| RefreshError::Garbled {
        place,
        said: format!("no cycle `{}`", wanted.unwrap_or_default()),
    })?;
    // A checkout is as of its newest commit, the API as of today.
    let head = match request.base {
        Base::Folder(folder) => super::git::head(folder),
        Base::Url(_) => None,
    };
    let as_of = head.as_ref().map_or(request.today, |(_, day)| *day);
    let commit = head.map_or_else(String::new, |(commit, _)| format!("@{commit}"));
    let source = format!("endoflife.date{commit} {product}, cycle {}", cycle.name);
    let mut found = Findings::new();
    let mut add = |what, value| {
        _ = found.insert(
            what,
            SourceFinding {
                value,
                source: source.clone(),
                as_of,
            },
        )
    };
    if let Some(day) = cycle.end {
        add(FindingDoc::SupportEnd, FoundValue::Day(day));
    }
    if let Some(version) = &cycle.latest {
        add(FindingDoc::NewestVersion, FoundValue::Text(version.clone()));
    }
    if let Some(day) = cycle.latest_day {
        add(FindingDoc::NewestRelease, FoundValue::Day(day));
    }
    Ok(found)
}

fn checkout(
    request: &SourceRequest<'_>,
    product: &str,
) -> Result<(Vec<Cycle>, String), RefreshError> {
    let answer = request.get(&format!("products/{product}.md"), "text/markdown")?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let garbled = |said: String| RefreshError::Garbled {
        place: answer.place.clone(),
        said,
    };
    let front = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---"))
        .map(|(front, _)| front);
    let front = front.ok_or_else(|| garbled("no YAML before the page".to_owned()))?;
    let doc: serde_json::Value =
        serde_yaml::from_str(front).map_err(|error| garbled(error.to_string()))?;
    let releases = doc
        .get("releases")
        .and_then(|r| r.as_array())
        .ok_or_else(|| garbled("no `releases`".to_owned()))?;
    let cycles = releases.iter().map(|r| Cycle {
        name: word(r.get("releaseCycle")).unwrap_or_default(),
        begun: day(r.get("releaseDate")),
        // A date, or a boolean if no date is known.
        end: day(r.get("eol")),
        latest: word(r.get("latest")),
        latest_day: day(r.get("latestReleaseDate")),
    });
    Ok((cycles.collect(), answer.place))
}

fn interface(
    request: &SourceRequest<'_>,
    product: &str,
) -> Result<(Vec<Cycle>, String), RefreshError> {
    let path = format!("products/{product}/");
    let place = request.base.place(&path);
    let doc = request.json(&path, "application/json")?;
    let releases = doc
        .get("result")
        .and_then(|r| r.get("releases"))
        .and_then(|r| r.as_array());
    let releases = releases.ok_or_else(|| RefreshError::Garbled {
        place: place.clone(),
        said: "no `result.releases`".to_owned(),
    })?;
    let cycles = releases.iter().map(|r| Cycle {
        name: word(r.get("name")).unwrap_or_default(),
        begun: day(r.get("releaseDate")),
        end: day(r.get("eolFrom")),
        latest: word(r.get("latest").and_then(|l| l.get("name"))),
        latest_day: day(r.get("latest").and_then(|l| l.get("date"))),
    });
    Ok((cycles.collect(), place))
}

fn day(value: Option<&serde_json::Value>) -> Option<Date> {
    value?.as_str().and_then(day_of)
}

fn word(value: Option<&serde_json::Value>) -> Option<String> {
    match value? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}
