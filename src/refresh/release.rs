//! Versions and their dates: the newest one, how many per year, how many majors in five years.

use super::{Findings, FoundValue, SourceFinding};
use crate::quantity::date::Date;
use crate::schema::criteria::FindingDoc;

const DAY: f64 = 86_400.0;
const YEAR: f64 = 365.0 * DAY;

/// A released version, with its date if known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Release {
    pub version: String,
    pub day: Option<Date>,
}

/// Parses the date at the start of a timestamp such as `2026-02-18T20:14:07Z`.
pub(super) fn day_of(stamp: &str) -> Option<Date> {
    Date::parse(stamp.get(..10)?)
}

/// Parses the numbers of a stable version; `None` for previews such as `1.0.0-rc.1`, `5.0b2` and `4.2.0-M1`.
/// `1.0.0.RELEASE` and `.Final` are stable.
pub(super) fn version_numbers(version: &str) -> Option<Vec<u64>> {
    let bare = version.strip_prefix('v').unwrap_or(version);
    let bare = bare.split('+').next().unwrap_or(bare);
    let bare = bare
        .strip_suffix(".RELEASE")
        .or_else(|| bare.strip_suffix(".Final"))
        .unwrap_or(bare);
    let (bare, post) = bare
        .split_once(".post")
        .map_or((bare, None), |(b, p)| (b, Some(p)));
    bare.split('.')
        .chain(post)
        .map(|part| part.parse().ok())
        .collect()
}

/// Returns the newest stable version.
pub(super) fn newest_release(releases: &[Release]) -> Option<&Release> {
    releases
        .iter()
        .filter_map(|release| Some((version_numbers(&release.version)?, release)))
        .max_by(|a, b| a.0.cmp(&b.0))
        .map(|(_, release)| release)
}

/// Derives findings from a list of releases, as of a day. Findings that need a missing date are left out.
pub(super) fn release_findings(releases: &[Release], source: &str, today: Date) -> Findings {
    let mut found = Findings::new();
    let mut add = |what, value| {
        _ = found.insert(
            what,
            SourceFinding {
                value,
                source: source.to_owned(),
                as_of: today,
            },
        )
    };
    if let Some(newest) = newest_release(releases) {
        add(
            FindingDoc::NewestVersion,
            FoundValue::Text(
                newest
                    .version
                    .strip_prefix('v')
                    .unwrap_or(&newest.version)
                    .to_owned(),
            ),
        );
        if let Some(day) = newest.day {
            add(FindingDoc::NewestRelease, FoundValue::Day(day));
        }
    }
    if let Some(first) = releases.iter().filter_map(|r| r.day).min() {
        add(FindingDoc::FirstRelease, FoundValue::Day(first));
    }
    let stable: Vec<(Vec<u64>, Option<Date>)> = releases
        .iter()
        .filter_map(|r| Some((version_numbers(&r.version)?, r.day)))
        .collect();
    if stable.is_empty() || stable.iter().any(|(_, day)| day.is_none()) {
        return found;
    }
    let within = |day: Option<Date>, span: f64| {
        day.is_some_and(|d| d <= today && today.seconds() - d.seconds() < span)
    };
    let in_a_year = stable.iter().filter(|(_, day)| within(*day, YEAR)).count();
    add(
        FindingDoc::ReleasesPerYear,
        FoundValue::Number(in_a_year as f64),
    );
    // Below 1.0 there is no common rule for breaking changes.
    let mut majors: Vec<u64> = stable
        .iter()
        .filter_map(|(numbers, _)| numbers.first().copied())
        .filter(|major| *major > 0)
        .collect();
    majors.sort_unstable();
    majors.dedup();
    let begun = |major: &u64| {
        stable
            .iter()
            .filter(|(numbers, _)| numbers.first() == Some(major))
            .filter_map(|(_, day)| *day)
            .min()
    };
    let first = stable.iter().filter_map(|(_, day)| *day).min();
    if !majors.is_empty() {
        // The first major version broke nothing.
        let recent = majors
            .iter()
            .map(begun)
            .filter(|day| *day != first && within(*day, 5.0 * YEAR + DAY))
            .count();
        add(FindingDoc::Majors, FoundValue::Number(recent as f64));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(version: &str, day: &str) -> Release {
        Release {
            version: version.to_owned(),
            day: Date::parse(day),
        }
    }

    #[test]
    fn previews_are_not_stable() {
        for preview in ["1.0.0-rc.1", "5.0b2", "4.2.0-M1", "2.0.dev1", "1.0a1", ""] {
            assert_eq!(version_numbers(preview), None, "{preview}");
        }
        assert_eq!(version_numbers("v1.12.0"), Some(vec![1, 12, 0]));
        assert_eq!(version_numbers("1.0.2.RELEASE"), Some(vec![1, 0, 2]));
        assert!(version_numbers("1.0.post1") > version_numbers("1.0"));
    }

    #[test]
    fn a_year_and_five_are_counted_back_from_today() {
        let all = [
            release("0.9", "2018-01-01"),
            release("1.0", "2019-01-01"),
            release("2.0", "2022-05-11"),
            release("3.0", "2025-12-01"),
            release("3.1", "2026-02-18"),
            release("3.2rc1", "2026-11-01"),
            release("2.9", "2025-11-21"),
        ];
        let found = release_findings(&all, "here", Date::parse("2026-11-22").expect("a day"));
        let value = |what| found.get(&what).map(|f| f.value.clone());
        assert_eq!(
            value(FindingDoc::NewestVersion),
            Some(FoundValue::Text("3.1".into()))
        );
        assert_eq!(
            value(FindingDoc::NewestRelease),
            Date::parse("2026-02-18").map(FoundValue::Day)
        );
        assert_eq!(
            value(FindingDoc::FirstRelease),
            Date::parse("2018-01-01").map(FoundValue::Day)
        );
        assert_eq!(
            value(FindingDoc::ReleasesPerYear),
            Some(FoundValue::Number(2.0))
        );
        assert_eq!(value(FindingDoc::Majors), Some(FoundValue::Number(2.0)));
    }

    #[test]
    fn without_days_only_the_version_is_known() {
        let found = release_findings(
            &[
                Release {
                    version: "1.10".into(),
                    day: None,
                },
                Release {
                    version: "1.9".into(),
                    day: None,
                },
            ],
            "here",
            Date::EPOCH,
        );
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[&FindingDoc::NewestVersion].value,
            FoundValue::Text("1.10".into())
        );
    }
}
