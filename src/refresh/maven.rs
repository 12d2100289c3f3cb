//! Java artifacts from a Maven repository: `maven-metadata.xml` lists the versions, the POM of the newest has
//! licence and date.

use super::release::{self, Release};
use super::{FactSource, Findings, FoundValue, RefreshError, SourceFinding, SourceRequest};
use crate::schema::criteria::FindingDoc;

pub(super) const SOURCE: FactSource = FactSource {
    id: "maven",
    title: "Maven Central",
    ask,
};

/// Licence names used in POMs, and their SPDX identifiers.
const LICENCES: &[(&str, &str)] = &[
    ("Apache License, Version 2.0", "Apache-2.0"),
    ("The Apache License, Version 2.0", "Apache-2.0"),
    ("The Apache Software License, Version 2.0", "Apache-2.0"),
    ("Apache License 2.0", "Apache-2.0"),
    ("Apache 2.0", "Apache-2.0"),
    ("Apache-2.0", "Apache-2.0"),
    ("MIT License", "MIT"),
    ("The MIT License", "MIT"),
    ("MIT", "MIT"),
    ("Eclipse Public License - v 2.0", "EPL-2.0"),
];

/// The name is `group:artifact`.
fn ask(request: &SourceRequest<'_>) -> Result<Findings, RefreshError> {
    let garbled = |place: String, said: &str| RefreshError::Garbled {
        place,
        said: said.to_owned(),
    };
    let (group, artifact) = request
        .name
        .split_once(':')
        .ok_or_else(|| garbled(request.name.to_owned(), "a name is `group:artifact`"))?;
    let folder = format!("{}/{artifact}", group.replace('.', "/"));
    let answer = request.get(&format!("{folder}/maven-metadata.xml"), "text/xml")?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let releases: Vec<Release> = elements(&text, "version")
        .map(|v| Release {
            version: v.to_owned(),
            day: None,
        })
        .collect();
    if releases.is_empty() {
        return Err(garbled(answer.place, "no `<version>`"));
    }
    let Some(newest) = release::newest_release(&releases).map(|r| r.version.clone()) else {
        return Ok(Findings::new());
    };
    let title = format!("Maven Central {} {newest}", request.name);
    let mut found = release::release_findings(&releases, &title, request.today);
    let pom = request.get(
        &format!("{folder}/{newest}/{artifact}-{newest}.pom"),
        "text/xml",
    )?;
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
    if let Some(day) = pom.modified {
        add(FindingDoc::NewestRelease, FoundValue::Day(day));
    }
    let text = String::from_utf8_lossy(&pom.body).into_owned();
    let known = |name: &str| {
        LICENCES
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, id)| (*id).to_owned())
    };
    let licences: Option<Vec<String>> = elements(&text, "license")
        .map(|l| known(elements(l, "name").next()?))
        .collect();
    // Unknown licence names need a person's judgement.
    if let Some(licences) = licences.filter(|l| !l.is_empty()) {
        add(FindingDoc::Licence, FoundValue::Text(licences.join(" OR ")));
    }
    Ok(found)
}

/// Returns the text of each `<name>` element, in order. Repository files use neither namespaces nor attributes on
/// these.
pub(super) fn elements<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, behind) = rest.split_once(begin.as_str())?;
        let (inside, further) = behind.split_once(end.as_str())?;
        rest = further;
        Some(inside.trim())
    })
}
