//! Go modules from a module proxy: a list of versions, and the time of each.

use super::release::{self, Release, day_of, version_numbers};
use super::{FactSource, Findings, RefreshError, SourceRequest};
use crate::schema::criteria::FindingDoc;

pub(super) const SOURCE: FactSource = FactSource {
    id: "go",
    title: "Go module proxy",
    ask,
};

/// Limit on the versions whose time is requested: each needs a request.
const MOST_TIMES: usize = 30;

fn ask(request: &SourceRequest<'_>) -> Result<Findings, RefreshError> {
    let module = escape(request.name);
    let answer = request.get(&format!("{module}/@v/list"), "text/plain")?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let mut versions: Vec<(Vec<u64>, &str)> = text
        .lines()
        .filter_map(|line| Some((version_numbers(line.trim())?, line.trim())))
        .collect();
    versions.sort();
    versions.reverse();
    let time = |version: &str| -> Result<Option<crate::quantity::date::Date>, RefreshError> {
        let info = request.json(&format!("{module}/@v/{version}.info"), "application/json")?;
        Ok(info.get("Time").and_then(|t| t.as_str()).and_then(day_of))
    };
    let mut releases = Vec::new();
    // Several release lines may be maintained at once, so one old version does not end the year; three in a row do.
    let (mut old, year_ago) = (0, request.today.seconds() - 365.0 * 86_400.0);
    let mut whole = true;
    for (_, version) in &versions {
        if old >= 3 {
            break;
        }
        if releases.len() >= MOST_TIMES {
            whole = false;
            break;
        }
        let day = time(version)?;
        old = if day.is_some_and(|d| d.seconds() < year_ago) {
            old + 1
        } else {
            0
        };
        releases.push(Release {
            version: (*version).to_owned(),
            day,
        });
    }
    if let Some((_, first)) = versions.last()
        && !releases.iter().any(|r| r.version == *first)
    {
        releases.push(Release {
            version: (*first).to_owned(),
            day: time(first)?,
        });
    }
    let newest = release::newest_release(&releases)
        .map(|r| r.version.clone())
        .unwrap_or_default();
    let title = format!("Go module proxy {} {newest}", request.name)
        .trim_end()
        .to_owned();
    let mut found = release::release_findings(&releases, &title, request.today);
    // A new major version is another module.
    found.remove(&FindingDoc::Majors);
    if !whole {
        found.remove(&FindingDoc::ReleasesPerYear);
    }
    Ok(found)
}

/// Escapes a module path for the proxy: upper case becomes `!` and lower case.
fn escape(module: &str) -> String {
    module
        .chars()
        .flat_map(|c| {
            if c.is_ascii_uppercase() {
                vec!['!', c.to_ascii_lowercase()]
            } else {
                vec![c]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn capitals_are_escaped() {
        assert_eq!(
            escape("github.com/BurntSushi/toml"),
            "github.com/!burnt!sushi/toml"
        );
    }
}
