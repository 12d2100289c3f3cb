//! Rust crates from Cargo's sparse index, which has one JSON line per version (`pubtime` is its time). The licence
//! comes from the registry's web API, whose address is part of the index.

use super::base::resolve_link;
use super::release::{self, Release, day_of};
use super::{Base, FactSource, Findings, FoundValue, RefreshError, SourceFinding, SourceRequest};
use crate::schema::criteria::FindingDoc;

pub(super) const SOURCE: FactSource = FactSource {
    id: "cargo",
    title: "crates.io",
    ask,
};

fn ask(request: &SourceRequest<'_>) -> Result<Findings, RefreshError> {
    let path = path(request.name);
    let answer = request.get(&path, "text/plain")?;
    let mut releases = Vec::new();
    for line in String::from_utf8_lossy(&answer.body)
        .lines()
        .filter(|line| !line.trim().is_empty())
    {
        let line: serde_json::Value =
            serde_json::from_str(line).map_err(|error| RefreshError::Garbled {
                place: answer.place.clone(),
                said: error.to_string(),
            })?;
        let taken_back = line
            .get("yanked")
            .and_then(serde_json::Value::as_bool)
            .unwrap_or(false);
        if let Some(version) = line
            .get("vers")
            .and_then(|v| v.as_str())
            .filter(|_| !taken_back)
        {
            let day = line
                .get("pubtime")
                .and_then(|t| t.as_str())
                .and_then(day_of);
            releases.push(Release {
                version: version.to_owned(),
                day,
            });
        }
    }
    let newest = release::newest_release(&releases)
        .map(|r| r.version.clone())
        .unwrap_or_default();
    let title = format!("crates.io {} {newest}", request.name)
        .trim_end()
        .to_owned();
    let mut found = release::release_findings(&releases, &title, request.today);
    if let Some(licence) = licence(request, &newest) {
        found.insert(
            FindingDoc::Licence,
            SourceFinding {
                value: FoundValue::Text(licence),
                source: title,
                as_of: request.today,
            },
        );
    }
    Ok(found)
}

/// Returns the path of a crate within the index.
fn path(name: &str) -> String {
    let name = name.to_lowercase();
    match name.len() {
        1 | 2 => format!("{}/{name}", name.len()),
        3 => format!("3/{}/{name}", &name[..1]),
        _ => format!(
            "{}/{}/{name}",
            name.get(..2).unwrap_or(&name),
            name.get(2..4).unwrap_or(&name)
        ),
    }
}

/// Returns the licence of a version; `None` for mirrors without a web API.
fn licence(request: &SourceRequest<'_>, version: &str) -> Option<String> {
    let Base::Url(_) = request.base else {
        return None;
    };
    let config = request.json("config.json", "application/json").ok()?;
    let interface = config.get("api")?.as_str()?;
    let interface = if interface.contains("://") {
        interface.to_owned()
    } else {
        resolve_link(&request.base.place("config.json"), interface)
    };
    let url = format!(
        "{}/api/v1/crates/{}/{version}",
        interface.trim_end_matches('/'),
        request.name
    );
    let answer = request.client.get(&url, "application/json").ok()?;
    let doc: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    // The older form `MIT/Apache-2.0` means the same as SPDX's `OR`.
    doc.get("version")?
        .get("license")?
        .as_str()
        .map(|text| text.replace('/', " OR "))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn short_names_have_folders_of_their_own() {
        assert_eq!(path("axum"), "ax/um/axum");
        assert_eq!(path("url"), "3/u/url");
        assert_eq!(path("me"), "2/me");
    }
}
