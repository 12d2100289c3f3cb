//! deps.dev, API version 3, from files or from its address. `GetPackage` has the time of every version,
//! `GetVersion` the licences of one.
//!
//! A name is `system/package`, for example `npm/express`.

use super::release::{self, Release, day_of};
use super::{FactSource, Findings, FoundValue, RefreshError, SourceFinding, SourceRequest};
use crate::schema::criteria::FindingDoc;

pub(super) const SOURCE: FactSource = FactSource {
    id: "deps",
    title: "deps.dev",
    ask,
};

fn ask(request: &SourceRequest<'_>) -> Result<Findings, RefreshError> {
    let garbled = |said: &str| RefreshError::Garbled {
        place: request.base.place(request.name),
        said: said.to_owned(),
    };
    let (system, package) = request
        .name
        .split_once('/')
        .ok_or_else(|| garbled("a name is `system/package`"))?;
    let path = format!("systems/{system}/packages/{}", package.replace('/', "%2F"));
    let doc = request.json(&path, "application/json")?;
    let versions = doc
        .get("versions")
        .and_then(|v| v.as_array())
        .ok_or_else(|| garbled("no `versions`"))?;
    let release = |v: &serde_json::Value| {
        let version = v.get("versionKey")?.get("version")?.as_str()?.to_owned();
        Some(Release {
            version,
            day: v
                .get("publishedAt")
                .and_then(|t| t.as_str())
                .and_then(day_of),
        })
    };
    let releases: Vec<Release> = versions.iter().filter_map(release).collect();
    let Some(newest) = release::newest_release(&releases).map(|r| r.version.clone()) else {
        return Ok(Findings::new());
    };
    let title = format!("deps.dev {} {newest}", request.name);
    let mut found = release::release_findings(&releases, &title, request.today);
    // The licences of the newest version need a second request; if it fails, the dates are still used.
    if let Ok(version) = request.json(&format!("{path}/versions/{newest}"), "application/json")
        && let Some(licences) = version.get("licenses").and_then(|l| l.as_array())
    {
        let all: Vec<&str> = licences.iter().filter_map(|l| l.as_str()).collect();
        if !all.is_empty() && !all.contains(&"non-standard") {
            let licence = FoundValue::Text(all.join(" AND "));
            found.insert(
                FindingDoc::Licence,
                SourceFinding {
                    value: licence,
                    source: title,
                    as_of: request.today,
                },
            );
        }
    }
    Ok(found)
}
