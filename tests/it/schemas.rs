//! The JSON Schemas under `src/schema/json/` are those of the program, and every file that ships names the right one and fits it.
//! `WEIGH_BLESS=1 cargo test --test it schemas` writes them anew.

use std::path::{Path, PathBuf};

use weigh::diagnostic::{Severity, Style, render};
use weigh::load::{self, Choice, Reader};
use weigh::quantity::date::Date;
use weigh::schema::FileKind;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn schemas_in_the_repository_are_the_programs_own() {
    let bless = std::env::var_os("WEIGH_BLESS").is_some();
    for kind in FileKind::ALL {
        let file = root()
            .join("src/schema/json")
            .join(format!("{}.json", kind.word()));
        let text = serde_json::to_string_pretty(&kind.json_schema())
            .expect("a schema is plain JSON")
            + "\n";
        if bless {
            std::fs::write(&file, &text).expect("the repository can be written to");
        }
        let known = std::fs::read_to_string(&file)
            .unwrap_or_default()
            .replace("\r\n", "\n");
        assert_eq!(
            known,
            text,
            "{} is not what the program says",
            file.display()
        );
    }
}

/// YAML files below a folder of the repository; build folders of the reference services left out.
fn files(folder: &str) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir()
                && !name.starts_with('.')
                && !["target", "node_modules", "expected"].contains(&name.as_str())
            {
                open.push(path);
            } else if name.ends_with(".yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The kind of a file by where it lies.
fn kind(path: &Path) -> Option<&'static str> {
    let parts: Vec<&str> = path
        .strip_prefix(root())
        .ok()?
        .iter()
        .filter_map(|p| p.to_str())
        .collect();
    let (name, above) = parts.split_last()?;
    let folder = above.last().copied().unwrap_or_default();
    Some(match (folder, *name) {
        ("weights", _) => "weights",
        ("scenarios", _) => "scenario",
        ("contracts", _) => "contract",
        (_, "service.yaml") => "service",
        (_, "decision.yaml") => "decision",
        (_, "domain.yaml") | ("criteria", _) => "criteria",
        (_, name) if name.starts_with("team") => "team",
        _ if above.contains(&"evidence") || *name == "run.yaml" => "evidence",
        _ if above.contains(&"catalogs") => "catalog",
        // Files of other programs beside a reference service.
        _ if above.contains(&"services") => return None,
        _ => "decision",
    })
}

#[test]
fn every_file_names_the_schema_of_its_kind() {
    let mut checked = 0;
    for path in ["criteria", "catalogs", "examples"]
        .iter()
        .flat_map(|f| files(f))
    {
        let Some(kind) = kind(&path) else { continue };
        let bytes = std::fs::read(&path).expect("it was listed");
        let text = String::from_utf8_lossy(&bytes);
        let first = text.lines().next().unwrap_or_default();
        let Some(named) = first.strip_prefix("# yaml-language-server: $schema=") else {
            panic!("{}: the first line names no schema", path.display());
        };
        let target = path.parent().expect("a file lies in a folder").join(named);
        assert!(target.is_file(), "{}: there is no {named}", path.display());
        let target = target.canonicalize().expect("it exists");
        assert_eq!(
            target.parent(),
            root()
                .join("src/schema/json")
                .canonicalize()
                .ok()
                .as_deref(),
            "{}",
            path.display()
        );
        assert_eq!(
            target.file_stem().and_then(|s| s.to_str()),
            Some(kind),
            "{}: another kind of file",
            path.display()
        );
        checked += 1;
    }
    assert!(checked > 70, "only {checked} files were found");
}

#[test]
fn every_file_that_ships_is_sound() {
    let choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
    let mut reader = Reader::default();
    let mut paths = vec![root().join("criteria"), root().join("catalogs")];
    for entry in std::fs::read_dir(root().join("examples"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name();
        // The broken ones are broken on purpose; services and contracts are the benchmark's.
        if entry.path().is_dir() && name != "broken" && name != "services" {
            paths.push(entry.path());
        }
    }
    let checked = load::check(&paths, &choice, &mut reader);
    let Reader {
        sources,
        diagnostics: sink,
    } = reader;
    assert!(checked.files > 70, "only {} files were read", checked.files);
    let errors: Vec<String> = sink
        .sorted()
        .into_iter()
        .filter(|d| d.severity() == Severity::Error)
        .map(|d| render(d, &sources, Style::default()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
