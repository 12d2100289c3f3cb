//! npm packages: the full package document has the date of every version.

use super::release::{self, Release, day_of};
use super::{FactSource, Findings, FoundValue, RefreshError, SourceFinding, SourceRequest};
use crate::schema::criteria::FindingDoc;

pub(super) const SOURCE: FactSource = FactSource {
    id: "npm",
    title: "npm",
    ask,
};

fn ask(request: &SourceRequest<'_>) -> Result<Findings, RefreshError> {
    let path = request.name.replace('/', "%2F");
    let doc = request.json(&path, "application/json")?;
    let versions = doc
        .get("versions")
        .and_then(|v| v.as_object())
        .ok_or_else(|| RefreshError::Garbled {
            place: request.base.place(&path),
            said: "no `versions`".to_owned(),
        })?;
    let day = |version: &str| doc.get("time")?.get(version)?.as_str().and_then(day_of);
    let releases: Vec<Release> = versions
        .keys()
        .map(|v| Release {
            version: v.clone(),
            day: day(v),
        })
        .collect();
    // The version that `npm install` picks; the highest number may not be recommended yet.
    let latest = doc
        .get("dist-tags")
        .and_then(|t| t.get("latest"))
        .and_then(|v| v.as_str());
    let latest = latest.or_else(|| release::newest_release(&releases).map(|r| r.version.as_str()));
    let title = format!("npm {} {}", request.name, latest.unwrap_or_default())
        .trim_end()
        .to_owned();
    let mut found = release::release_findings(&releases, &title, request.today);
    let mut add = |what, value| {
        _ = found.insert(
            what,
            SourceFinding {
                value,
                source: title.clone(),
                as_of: request.today,
            },
        )
    };
    if let Some(latest) = latest {
        add(
            FindingDoc::NewestVersion,
            FoundValue::Text(latest.to_owned()),
        );
        if let Some(day) = day(latest) {
            add(FindingDoc::NewestRelease, FoundValue::Day(day));
        }
        if let Some(licence) = versions
            .get(latest)
            .and_then(|v| v.get("license"))
            .and_then(|v| v.as_str())
        {
            add(FindingDoc::Licence, FoundValue::Text(licence.to_owned()));
        }
    }
    Ok(found)
}
