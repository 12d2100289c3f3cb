//! `weigh catalog refresh` and its sources, against recorded answers on the loopback interface.
//!
//! One test asks real registries, where `WEIGH_LIVE` says that this may be done.

#![cfg(feature = "refresh")]

mod command;
mod registry;

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use registry::{Registry, recorded};
use weigh::quantity::date::Date;
use weigh::refresh::{self, Base, Client, Findings, FoundValue, RefreshError, SourceQuery};
use weigh::schema::criteria::FindingDoc;

fn today() -> Date {
    day("2026-11-22")
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn client() -> Client {
    Client::new(Duration::from_secs(2), 1).pausing(Duration::from_millis(10))
}

fn ask(source: &str, name: &str, base: Base) -> Result<Findings, RefreshError> {
    let question = SourceQuery {
        candidate: "it".into(),
        source: source.into(),
        name: name.into(),
    };
    let mut answers = refresh::query_sources(
        vec![question],
        &BTreeMap::from([(source.to_owned(), base)]),
        &client(),
        today(),
    );
    answers.remove(0).1
}

/// What was found, written as YAML would have it.
fn found(findings: &Findings) -> BTreeMap<FindingDoc, String> {
    findings
        .iter()
        .map(|(what, finding)| (*what, finding.value.yaml()))
        .collect()
}

fn expected(all: &[(FindingDoc, &str)]) -> BTreeMap<FindingDoc, String> {
    all.iter()
        .map(|(what, value)| (*what, (*value).to_owned()))
        .collect()
}

use FindingDoc::{
    AbsenceFactor, Authors, FirstRelease, Licence, Majors, NewestRelease, NewestVersion,
    ReleasesPerYear, Scorecard, SupportEnd,
};

#[test]
fn every_registry_is_read() {
    let registry = Registry::start();
    let over_http = |source: &str, name: &str| {
        let findings =
            ask(source, name, Base::parse(&registry.url(source))).expect("the answer was recorded");
        found(&findings)
    };
    let flask = [
        (Licence, "BSD-3-Clause"),
        (NewestVersion, "\"3.1.3\""),
        (NewestRelease, "2026-02-19"),
        (FirstRelease, "2010-04-16"),
        (ReleasesPerYear, "1"),
        (Majors, "1"),
    ];
    assert_eq!(over_http("pypi", "Flask"), expected(&flask));
    let fastify = [
        (Licence, "MIT"),
        (NewestVersion, "\"5.12.8\""),
        (NewestRelease, "2026-11-02"),
    ];
    let read = over_http("npm", "fastify");
    assert!(
        fastify.iter().all(|(what, value)| read[what] == *value),
        "{read:?}"
    );
    let axum = [
        (Licence, "MIT"),
        (NewestVersion, "\"0.8.9\""),
        (NewestRelease, "2026-04-14"),
        (FirstRelease, "2021-07-30"),
        (ReleasesPerYear, "2"),
    ];
    assert_eq!(over_http("cargo", "axum"), expected(&axum));
    let gin = [
        (NewestVersion, "\"1.12.0\""),
        (NewestRelease, "2026-02-28"),
        (FirstRelease, "2018-08-14"),
        (ReleasesPerYear, "1"),
    ];
    assert_eq!(over_http("go", "github.com/gin-gonic/gin"), expected(&gin));
    let boot = [
        (Licence, "Apache-2.0"),
        (NewestVersion, "\"4.1.2\""),
        (NewestRelease, "2026-09-24"),
    ];
    assert_eq!(
        over_http("maven", "org.springframework.boot:spring-boot"),
        expected(&boot)
    );
    let postgresql = [
        (NewestVersion, "\"18.6\""),
        (NewestRelease, "2026-08-11"),
        (SupportEnd, "2030-11-14"),
    ];
    assert_eq!(over_http("endoflife", "postgresql"), expected(&postgresql));
    assert_eq!(over_http("deps", "npm/express")[&Licence], "MIT");
}

#[test]
fn a_checkout_serves_as_well_as_an_address() {
    let from = |source: &str, name: &str| {
        let base = Base::Folder(recorded().join(source));
        found(&ask(source, name, base).expect("the answer was recorded"))
    };
    let cycle = [
        (NewestVersion, "\"14.24\""),
        (NewestRelease, "2026-08-10"),
        (SupportEnd, "2026-11-12"),
    ];
    assert_eq!(from("endoflife", "postgresql/14"), expected(&cycle));
    // `eol: true` says that it ended, not when.
    assert!(!from("endoflife", "postgresql/9.6").contains_key(&SupportEnd));
    assert_eq!(
        from("scorecard", "gin-gonic/gin"),
        expected(&[(Scorecard, "6.4")])
    );
    assert_eq!(from("deps", "npm/express")[&Majors], "1");
    assert_eq!(from("pypi", "flask")[&NewestVersion], "\"3.1.3\"");
}

#[test]
fn a_clone_tells_releases_and_people() {
    let folder = tempfile::tempdir().expect("a folder");
    let clone = folder.path().join("me/project");
    std::fs::create_dir_all(&clone).expect("a folder can be made");
    let git = |arguments: &[&str], who: &str, when: &str| {
        let status = Command::new("git")
            .arg("-C")
            .arg(&clone)
            .args([
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgsign=false",
                "-c",
                "tag.gpgsign=false",
            ])
            .args(arguments)
            .env("GIT_AUTHOR_NAME", who)
            .env("GIT_AUTHOR_EMAIL", format!("{who}@project.test"))
            .env("GIT_COMMITTER_NAME", who)
            .env("GIT_COMMITTER_EMAIL", format!("{who}@project.test"))
            .env("GIT_AUTHOR_DATE", format!("{when}T12:00:00Z"))
            .env("GIT_COMMITTER_DATE", format!("{when}T12:00:00Z"))
            .output()
            .expect("git is installed");
        assert!(
            status.status.success(),
            "{}",
            String::from_utf8_lossy(&status.stderr)
        );
    };
    git(&["init", "-q"], "ann", "2020-01-01");
    let work = [
        ("ann", "2020-01-01", "v1.0.0"),
        ("ann", "2026-01-05", "v2.0.0"),
        ("bo", "2026-02-01", "v2.1.0-rc.1"),
        ("ann", "2026-03-01", "v2.1.0"),
    ];
    for (who, when, tag) in work {
        git(&["commit", "-q", "--allow-empty", "-m", "work"], who, when);
        git(&["tag", "-a", tag, "-m", tag], who, when);
    }
    git(
        &["commit", "-q", "--allow-empty", "-m", "update"],
        "dependabot[bot]",
        "2026-03-02",
    );
    let findings =
        ask("git", "me/project", Base::Folder(folder.path().to_owned())).expect("a clone");
    let all = [
        (NewestVersion, "\"2.1.0\""),
        (NewestRelease, "2026-03-01"),
        (FirstRelease, "2020-01-01"),
        (ReleasesPerYear, "2"),
        (Majors, "1"),
        (Authors, "2"),
        (AbsenceFactor, "1"),
    ];
    assert_eq!(found(&findings), expected(&all));
    assert!(
        findings
            .values()
            .all(|f| f.as_of == day("2026-03-02") && f.source.starts_with("me/project@"))
    );
    let nowhere = ask("git", "me/other", Base::Folder(folder.path().to_owned()));
    assert!(
        matches!(nowhere, Err(RefreshError::Status { status: 404, .. })),
        "{nowhere:?}"
    );
}

#[test]
fn what_does_not_exist_is_not_asked_again() {
    let registry = Registry::start();
    let answer = ask(
        "pypi",
        "no-such-package",
        Base::parse(&registry.url("pypi")),
    );
    assert!(
        matches!(answer, Err(RefreshError::Status { status: 404, .. })),
        "{answer:?}"
    );
    assert_eq!(registry.seen().len(), 1);
}

#[test]
fn a_passing_failure_is_tried_again() {
    let registry = Registry::start();
    let answer = ask("npm", "fastify", Base::parse(&registry.url("shaky/npm")))
        .expect("the second try succeeds");
    assert_eq!(
        answer[&NewestVersion].value,
        FoundValue::Text("5.12.8".into())
    );
    assert_eq!(registry.seen().len(), 2);
}

#[test]
fn nobody_waits_for_ever() {
    let registry = Registry::start();
    let begun = Instant::now();
    let question = SourceQuery {
        candidate: "it".into(),
        source: "npm".into(),
        name: "fastify".into(),
    };
    let client = Client::new(Duration::from_millis(300), 0);
    let bases = BTreeMap::from([("npm".to_owned(), Base::parse(&registry.url("slow/npm")))]);
    let answers = refresh::query_sources(vec![question], &bases, &client, today());
    assert!(
        matches!(answers[0].1, Err(RefreshError::Unreachable { .. })),
        "{answers:?}"
    );
    assert!(
        begun.elapsed() < Duration::from_secs(4),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn garbage_and_floods_are_refused() {
    let registry = Registry::start();
    for source in ["pypi", "npm", "endoflife"] {
        let answer = ask(source, "it", Base::parse(&registry.url("garbage")));
        assert!(
            matches!(answer, Err(RefreshError::Garbled { .. })),
            "{source}: {answer:?}"
        );
    }
    let patient = Client::new(Duration::from_secs(60), 0);
    let question = SourceQuery {
        candidate: "it".into(),
        source: "pypi".into(),
        name: "it".into(),
    };
    let bases = BTreeMap::from([("pypi".to_owned(), Base::parse(&registry.url("huge")))]);
    let answer = refresh::query_sources(vec![question], &bases, &patient, today())
        .remove(0)
        .1;
    assert!(
        matches!(answer, Err(RefreshError::TooLarge { .. })),
        "{answer:?}"
    );
}

#[test]
fn a_source_without_an_address_says_so() {
    let question = SourceQuery {
        candidate: "it".into(),
        source: "maven".into(),
        name: "a:b".into(),
    };
    let answer = refresh::query_sources(vec![question], &BTreeMap::new(), &client(), today())
        .remove(0)
        .1;
    assert_eq!(answer, Err(RefreshError::Nowhere { id: "maven" }));
}

/// One package by the real registry that the user's own client is set to.
#[test]
#[expect(clippy::print_stderr, reason = "a test that was skipped says so aloud")]
fn a_live_registry_answers() {
    if std::env::var_os("WEIGH_LIVE").is_none() {
        eprintln!(
            "SKIPPED: no real registry was asked; WEIGH_LIVE=1 asks the one that npm is set to for one package"
        );
        return;
    }
    let variable = |name: &str| std::env::var(name).ok();
    let here = std::env::current_dir().expect("a working folder");
    let home = std::env::var_os("HOME").map(Into::into).unwrap_or_default();
    let settings = refresh::ClientSettings {
        variable: &variable,
        here,
        home,
        ask_clients: true,
    };
    let Some(base) = settings.base(refresh::find_source("npm").expect("a source")) else {
        eprintln!("SKIPPED: npm is not installed and names no registry");
        return;
    };
    let question = SourceQuery {
        candidate: "it".into(),
        source: "npm".into(),
        name: "fastify".into(),
    };
    let client = Client::new(Duration::from_secs(60), 1);
    match refresh::query_sources(
        vec![question],
        &BTreeMap::from([("npm".to_owned(), base)]),
        &client,
        today(),
    )
    .remove(0)
    .1
    {
        Err(RefreshError::Unreachable { place, said }) => {
            eprintln!("SKIPPED: {place} is not reachable: {said}")
        }
        Err(error) => panic!("{error}"),
        Ok(findings) => {
            assert!(findings.contains_key(&NewestVersion) && findings.contains_key(&NewestRelease))
        }
    }
}
