//! A clone of the project's repository: releases from its tags, and contributors in the twelve months before its
//! newest commit.
//!
//! A name is `owner/name`, with `#PREFIX` if a repository tags several packages (`tokio-rs/axum#axum-v`). The clone
//! lies below the base as `owner/name`, `owner+name` or `name`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::release::{self, Release, day_of};
use super::{Base, FactSource, Findings, FoundValue, RefreshError, SourceFinding, SourceRequest};
use crate::quantity::date::Date;
use crate::schema::criteria::FindingDoc;

pub(super) const SOURCE: FactSource = FactSource {
    id: "git",
    title: "git",
    ask,
};

/// Bots that commit on behalf of people.
const BOTS: [&str; 5] = [
    "[bot]",
    "dependabot",
    "renovate",
    "github-actions",
    "pre-commit-ci",
];

fn ask(request: &SourceRequest<'_>) -> Result<Findings, RefreshError> {
    let (name, prefix) = request.name.split_once('#').unwrap_or((request.name, "v"));
    let Base::Folder(folder) = request.base else {
        return Err(RefreshError::Garbled {
            place: request.base.place(name),
            said: "clones lie in a folder".to_owned(),
        });
    };
    let clone = clone(folder, name).ok_or_else(|| RefreshError::Status {
        place: folder.join(name).display().to_string(),
        status: 404,
    })?;
    let head = run(&clone, &["log", "-1", "--format=%H %cs %ct"])?;
    let mut words = head.split_whitespace();
    let (commit, day, seconds) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let garbled = || RefreshError::Garbled {
        place: clone.display().to_string(),
        said: "no commit".to_owned(),
    };
    let as_of = day_of(day).ok_or_else(garbled)?;
    let seconds: i64 = seconds.parse().map_err(|_| garbled())?;
    let at = format!("{name}@{}", commit.get(..10).unwrap_or(commit));

    let tags = run(
        &clone,
        &[
            "for-each-ref",
            "--format=%(refname:strip=2) %(creatordate:short)",
            "refs/tags",
        ],
    )?;
    let bare = |tag: &str| tag.strip_prefix(prefix).unwrap_or(tag).to_owned();
    let releases: Vec<Release> = tags
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        // A package with a tag prefix of its own has only the tags with that prefix.
        .filter(|(tag, _)| prefix == "v" || tag.starts_with(prefix))
        .map(|(tag, day)| Release {
            version: bare(tag),
            day: day_of(day),
        })
        .collect();
    let mut found = release::release_findings(&releases, &format!("{at} tags"), as_of);

    let since = format!("--since=@{}", seconds - 31_536_000);
    let log = run(&clone, &["log", "--no-merges", &since, "--format=%aE|%aN"])?;
    let mut commits: BTreeMap<String, usize> = BTreeMap::new();
    for line in log
        .lines()
        .map(str::to_lowercase)
        .filter(|line| !BOTS.iter().any(|bot| line.contains(bot)))
    {
        *commits
            .entry(line.split('|').next().unwrap_or_default().to_owned())
            .or_default() += 1;
    }
    let mut add = |what, n: usize| {
        found.insert(
            what,
            SourceFinding {
                value: FoundValue::Number(n as f64),
                source: at.clone(),
                as_of,
            },
        );
    };
    add(FindingDoc::Authors, commits.len());
    add(
        FindingDoc::AbsenceFactor,
        absence_factor(commits.into_values().collect()),
    );
    Ok(found)
}

/// Returns the smallest number of authors who made half of the commits (CHAOSS, Contributor Absence Factor).
fn absence_factor(mut commits: Vec<usize>) -> usize {
    commits.sort_unstable_by(|a, b| b.cmp(a));
    let all: usize = commits.iter().sum();
    let mut made = 0;
    commits
        .iter()
        .take_while(|n| {
            let before = made;
            made += **n;
            before * 2 < all
        })
        .count()
}

/// Returns the newest commit of a clone: ten digits of its hash, and its date.
pub(super) fn head(folder: &Path) -> Option<(String, Date)> {
    // Only if the folder itself is a clone, not a folder inside another repository.
    folder.join(".git").exists().then_some(())?;
    let head = run(folder, &["log", "-1", "--format=%H %cs"]).ok()?;
    let (commit, day) = head.trim().split_once(' ')?;
    Some((commit.get(..10)?.to_owned(), day_of(day)?))
}

fn clone(folder: &Path, name: &str) -> Option<PathBuf> {
    let last = name.rsplit('/').next().unwrap_or(name);
    let all = [
        folder.join(name),
        folder.join(name.replace('/', "+")),
        folder.join(last),
        folder.join(format!("{last}.git")),
    ];
    all.into_iter()
        .find(|path| path.is_dir() && run(path, &["rev-parse", "--git-dir"]).is_ok())
}

fn run(clone: &Path, arguments: &[&str]) -> Result<String, RefreshError> {
    let place = || clone.display().to_string();
    let refused = |said: String| RefreshError::Garbled {
        place: place(),
        said,
    };
    let output = Command::new("git")
        .arg("-C")
        .arg(clone)
        .args(arguments)
        .output()
        .map_err(|error| refused(error.to_string()))?;
    if !output.status.success() {
        return Err(refused(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::absence_factor;

    #[test]
    fn half_of_the_commits() {
        assert_eq!(absence_factor(vec![10, 5, 5]), 1);
        assert_eq!(absence_factor(vec![4, 3, 3, 2]), 2);
        assert_eq!(absence_factor(Vec::new()), 0);
    }
}
