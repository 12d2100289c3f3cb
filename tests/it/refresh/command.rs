//! The command: the diff, what is written, what is not, and what a failure leaves behind.

use std::path::Path;
use std::process::{Command, Output};

use super::registry::Registry;

const CATALOG: &str = "\
# A framework of ours.
candidate: small
name: Small
defaults: {kind: registry, source: read by hand, as_of: 2026-01-01, expires: 2026-06-01}
refresh: {pypi: flask, npm: nobody-has-this}
facts:
  # --- what it is ---
  licence: {value: MIT, source: a file, note: {en: \"as read, once\", zh: 读过一次}}   # look again
  language: python
  newest_version: \"3.0.0\"   # bare
  newest_release:
    value: 2023-09-30   # that day
    source: a tag
  first_release: 2010-04-16
  authors: {missing: nobody counted}
  # Nobody but us can say these.
  releases_per_year: {value: 2..4, kind: judged, scale: releases, source: us, as_of: 2026-01-01, expires: 2027-12-31}
  support_end: {missing: no policy}
";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let domain = folder.path().join("catalogs/demo");
    std::fs::create_dir_all(&domain).expect("a folder can be made");
    std::fs::write(domain.join("small.yaml"), CATALOG).expect("a file can be written");
    folder
}

fn text(project: &Path) -> String {
    std::fs::read_to_string(project.join("catalogs/demo/small.yaml")).expect("the catalog is there")
}

fn weigh(project: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
    command
        .current_dir(project)
        .args([
            "catalog",
            "refresh",
            "small",
            "--as-of",
            "2026-11-22",
            "--lang",
            "en",
            "--retries",
            "0",
        ])
        .args(arguments);
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
    ] {
        command.env_remove(name);
    }
    command
        .envs(environment.iter().copied())
        .output()
        .expect("the program runs")
}

fn bases(registry: &Registry) -> [String; 2] {
    [
        format!("pypi={}", registry.url("pypi")),
        format!("npm={}", registry.url("npm")),
    ]
}

#[test]
fn a_diff_is_shown_and_nothing_written() {
    let (project, registry) = (project(), Registry::start());
    let [pypi, _] = bases(&registry);
    let output = weigh(project.path(), &["--source", "pypi", "--base", &pypi], &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for line in [
        "+++ b/catalogs/demo/small.yaml",
        "-  newest_version: \"3.0.0\"   # bare",
        "nothing was written: --write does",
    ] {
        assert!(said.contains(line), "no `{line}` in\n{said}");
    }
    assert_eq!(text(project.path()), CATALOG);
}

#[test]
fn what_is_known_is_written_though_another_source_fails() {
    let (project, registry) = (project(), Registry::start());
    let [pypi, npm] = bases(&registry);
    let output = weigh(
        project.path(),
        &["--base", &pypi, "--base", &npm, "--write"],
        &[],
    );
    assert_eq!(
        output.status.code(),
        Some(3),
        "a source failed, and that is told"
    );
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("small npm:") && said.contains("does not exist"),
        "{said}"
    );
    let expected = CATALOG
        .replace(
            "{value: MIT, source: a file, note: {en: \"as read, once\", zh: 读过一次}}",
            "{value: BSD-3-Clause, source: PyPI flask 3.1.3, as_of: 2026-11-22, expires: 2027-11-22, note: {en: \"as read, once\", zh: 读过一次}}",
        )
        .replace(
            "newest_version: \"3.0.0\"",
            "newest_version: {value: \"3.1.3\", source: PyPI flask 3.1.3, as_of: 2026-11-22, expires: 2027-05-21}",
        )
        .replace(
            "    value: 2023-09-30   # that day\n    source: a tag\n",
            "    value: 2026-02-19   # that day\n    source: PyPI flask 3.1.3\n    as_of: 2026-11-22\n    expires: 2027-05-21\n",
        );
    assert_eq!(
        text(project.path()),
        expected,
        "judged, missing and unexpiring facts, comments and order stay"
    );

    let again = weigh(
        project.path(),
        &["--source", "pypi", "--base", &pypi, "--write"],
        &[],
    );
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(
        again.status.success() && said.contains("0 facts in 0 files"),
        "{said}"
    );
    assert_eq!(text(project.path()), expected);
}

#[test]
fn changes_and_failures_are_one_json_document() {
    let (project, registry) = (project(), Registry::start());
    let [pypi, npm] = bases(&registry);
    let output = weigh(
        project.path(),
        &["--base", &pypi, "--base", &npm, "--format", "json"],
        &[],
    );
    let said: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    assert_eq!(
        (&said["written"], &said["asked"]),
        (&false.into(), &2.into())
    );
    assert_eq!(said["failures"][0]["source"], "npm");
    let version = said["changes"]
        .as_array()
        .and_then(|all| all.iter().find(|c| c["fact"] == "newest_version"))
        .expect("a change");
    assert_eq!(
        (&version["old"], &version["new"]),
        (&"3.0.0".into(), &"3.1.3".into())
    );
}

#[test]
fn registry_and_proxy_of_the_user_are_honoured() {
    let (project, registry) = (project(), Registry::start());
    let index = registry.url("pypi");
    let output = weigh(
        project.path(),
        &["--source", "pypi"],
        &[("PIP_INDEX_URL", &index)],
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let proxy = registry.url("");
    let base = "pypi=http://registry.invalid/pypi";
    let output = weigh(
        project.path(),
        &["--source", "pypi", "--base", base],
        &[("HTTP_PROXY", &proxy)],
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        registry
            .seen()
            .iter()
            .any(|line| line.contains("registry.invalid")),
        "{:?}",
        registry.seen()
    );
    let output = weigh(
        project.path(),
        &["--source", "pypi", "--base", base],
        &[("HTTP_PROXY", &proxy), ("NO_PROXY", "registry.invalid")],
    );
    assert_eq!(
        output.status.code(),
        Some(3),
        "past the proxy there is no such host"
    );
}

#[test]
fn an_unknown_source_is_a_usage_error() {
    let project = project();
    let output = weigh(project.path(), &["--base", "pipy=http://127.0.0.1:9"], &[]);
    assert_eq!(output.status.code(), Some(2));
}
