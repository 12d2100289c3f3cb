//! Python packages from the simple repository API: PEP 691 (JSON), PEP 700 (upload times), PEP 658 (metadata next
//! to a file). Works with every mirror that implements them.

use serde::Deserialize;

use super::base::resolve_link;
use super::release::{self, Release, day_of};
use super::{FactSource, Findings, FoundValue, RefreshError, SourceFinding, SourceRequest};
use crate::schema::criteria::FindingDoc;

pub(super) const SOURCE: FactSource = FactSource {
    id: "pypi",
    title: "PyPI",
    ask,
};

const ACCEPT: &str = "application/vnd.pypi.simple.v1+json";

#[derive(Deserialize)]
struct Page {
    files: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    filename: String,
    url: String,
    upload_time: Option<String>,
    /// `false`, or why it was yanked.
    #[serde(default)]
    yanked: serde_json::Value,
    /// `false`, `true` or hashes: whether `url` + `.metadata` exists.
    #[serde(default)]
    core_metadata: serde_json::Value,
}

fn ask(request: &SourceRequest<'_>) -> Result<Findings, RefreshError> {
    let path = format!("{}/", request.name.to_lowercase().replace(['_', '.'], "-"));
    let page: Page = serde_json::from_value(request.json(&path, ACCEPT)?).map_err(|error| {
        RefreshError::Garbled {
            place: request.base.place(&path),
            said: error.to_string(),
        }
    })?;
    let mut releases: Vec<Release> = Vec::new();
    for file in page.files.iter().filter(|f| !is_true(&f.yanked)) {
        let Some(version) = version(&file.filename) else {
            continue;
        };
        let day = file.upload_time.as_deref().and_then(day_of);
        match releases.iter_mut().find(|r| r.version == version) {
            // A wheel may be added years later, so the first file counts.
            Some(known) => known.day = known.day.min(day).or(known.day).or(day),
            None => releases.push(Release {
                version: version.to_owned(),
                day,
            }),
        }
    }
    let newest = release::newest_release(&releases).map(|r| r.version.clone());
    let said = |version: &str| format!("PyPI {} {version}", request.name);
    let title = newest
        .as_deref()
        .map_or_else(|| SOURCE.title.to_owned(), said);
    let mut found = release::release_findings(&releases, &title, request.today);
    let with_metadata =
        |f: &&File| is_true(&f.core_metadata) && version(&f.filename) == newest.as_deref();
    if let Some(file) = page.files.iter().find(with_metadata)
        && let Ok(answer) = request.client.get(
            &resolve_link(
                &request.base.place(&path),
                &format!("{}.metadata", file.url),
            ),
            "*/*",
        )
        && let Some(licence) = licence(&String::from_utf8_lossy(&answer.body))
    {
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

fn is_true(value: &serde_json::Value) -> bool {
    !matches!(
        value,
        serde_json::Value::Null | serde_json::Value::Bool(false)
    )
}

/// Returns the version in the name of a wheel (`name-VERSION-tags.whl`) or source archive (`name-VERSION.tar.gz`).
fn version(filename: &str) -> Option<&str> {
    if let Some(wheel) = filename.strip_suffix(".whl") {
        return wheel.split('-').nth(1);
    }
    let bare = filename
        .strip_suffix(".tar.gz")
        .or_else(|| filename.strip_suffix(".zip"))?;
    bare.rsplit_once('-').map(|(_, version)| version)
}

/// Returns the SPDX expression of core metadata 2.4 (PEP 639); the free text of older metadata cannot be mapped
/// reliably.
fn licence(metadata: &str) -> Option<String> {
    let head = metadata.lines().take_while(|line| !line.is_empty());
    head.into_iter()
        .find_map(|line| line.strip_prefix("License-Expression:"))
        .map(|value| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_stand_in_file_names() {
        assert_eq!(version("flask-3.1.3-py3-none-any.whl"), Some("3.1.3"));
        assert_eq!(version("Flask-SQLAlchemy-2.0.tar.gz"), Some("2.0"));
        assert_eq!(version("flask-0.1.win32.exe"), None);
    }
}
