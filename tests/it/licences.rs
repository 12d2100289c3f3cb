//! `deny.toml` is kept: licences, banned crates and sources of what is compiled, without cargo-deny being installed.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn policy() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml"))
        .expect("the policy is part of the repository")
}

/// Returns the quoted words of the lines between a line that begins with `from` and the next line that is `]`.
fn list(policy: &str, from: &str) -> BTreeSet<String> {
    policy
        .lines()
        .skip_while(|line| !line.starts_with(from))
        .take_while(|line| *line != "]")
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

/// Every package that is compiled on some target, for the program or its tests: name and licence.
fn packages() -> Vec<(String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--target", "all", "--edges"])
        .args(["normal,build,dev", "--prefix", "none"])
        .args(["--format", "{p}|{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs the tests");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .filter_map(|line| line.split_once('|'))
        .map(|(package, licence)| {
            let name = package.split(' ').next().unwrap_or_default();
            (
                name.to_owned(),
                licence.trim_end_matches(" (*)").trim().to_owned(),
            )
        })
        .collect()
}

/// Whether an SPDX expression is satisfied by the allowed licences. `/` is how old manifests write `OR`.
fn permits(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let expression = expression.trim();
    let split = |by: &str| -> Option<Vec<String>> {
        let (mut depth, mut parts, mut rest) = (0_usize, vec![String::new()], expression);
        while let Some(c) = rest.chars().next() {
            if depth == 0 && rest.starts_with(by) {
                parts.push(String::new());
                rest = &rest[by.len()..];
                continue;
            }
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            parts.last_mut().expect("never empty").push(c);
            rest = &rest[c.len_utf8()..];
        }
        (parts.len() > 1).then_some(parts)
    };
    if let Some(parts) = split(" OR ").or_else(|| split("/")) {
        return parts.iter().any(|part| permits(part, allowed));
    }
    if let Some(parts) = split(" AND ") {
        return parts.iter().all(|part| permits(part, allowed));
    }
    match expression
        .strip_prefix('(')
        .and_then(|e| e.strip_suffix(')'))
    {
        Some(inner) => permits(inner, allowed),
        None => allowed(expression),
    }
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let only_mit = |name: &str| name == "MIT";
    assert!(permits("MIT OR Apache-2.0", &only_mit));
    assert!(permits("Unlicense/MIT", &only_mit));
    assert!(permits("(GPL-3.0 OR MIT) AND MIT", &only_mit));
    assert!(!permits("MIT AND Unicode-3.0", &only_mit));
    assert!(!permits("(MIT OR Apache-2.0) AND Zlib", &only_mit));
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let policy = policy();
    let allowed = list(&policy, "allow = [");
    let exceptions: Vec<Vec<&str>> = policy
        .lines()
        .filter(|line| line.trim_start().starts_with("{ crate = ") && line.contains("allow"))
        .map(|line| line.split('"').skip(1).step_by(2).collect())
        .collect();
    assert!(allowed.contains("MIT") && !exceptions.is_empty());
    let packages = packages();
    assert!(packages.len() > 50, "{} packages", packages.len());
    for (name, licence) in packages {
        let fine = |one: &str| {
            allowed.contains(one)
                || exceptions
                    .iter()
                    .any(|e| e[0] == name && e[1..].contains(&one))
        };
        assert!(permits(&licence, &fine), "{name}: {licence}");
    }
}

#[test]
fn no_dependency_is_banned() {
    let banned = list(&policy(), "deny = [");
    assert!(!banned.is_empty());
    for (name, _) in packages() {
        assert!(!banned.contains(&name), "{name} is banned by deny.toml");
    }
}

#[test]
fn every_dependency_comes_from_the_registry() {
    let lock = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"))
        .expect("the lock file is part of the repository");
    let registries: BTreeSet<String> = policy()
        .lines()
        .filter(|line| line.starts_with("allow-registry"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .map(|url| format!("registry+{url}"))
        .collect();
    assert!(!registries.is_empty());
    for line in lock.lines().filter(|line| line.starts_with("source = ")) {
        let source = line.trim_start_matches("source = ").trim_matches('"');
        assert!(registries.contains(source), "{source}");
    }
}
