//! The documentation stays true: both languages show the same commands and code, and the output shown is what the program prints.

use std::path::Path;
use std::process::Command;

/// Pages that exist in both languages, without `.md` and `.zh.md`.
const PAGES: &[&str] = &[
    "README",
    "benches/README",
    "catalogs/README",
    "criteria/README",
    "examples/README",
    "examples/services/README",
];

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

/// Fenced blocks of a kind, as they stand.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut open: Option<Vec<&str>> = None;
    for line in text.lines() {
        match (&mut open, line) {
            (None, l) if l == format!("```{kind}") => open = Some(Vec::new()),
            (Some(lines), "```") => {
                all.push(lines.join("\n"));
                open = None;
            }
            (Some(lines), l) => lines.push(l),
            (None, _) => {}
        }
    }
    all
}

/// The blocks of a kind without comments after `#`, which are in the page's own language.
fn code_blocks(text: &str, kind: &str) -> Vec<String> {
    let code = |line: &str| line.split('#').next().unwrap_or("").trim_end().to_owned();
    let strip = |block: String| block.lines().map(code).collect::<Vec<_>>().join("\n");
    blocks(text, kind).into_iter().map(strip).collect()
}

#[test]
fn both_languages_show_the_same_commands_and_files() {
    for page in PAGES {
        let (en, zh) = (read(&format!("{page}.md")), read(&format!("{page}.zh.md")));
        for kind in ["sh", "yaml", "csv"] {
            assert_eq!(
                code_blocks(&en, kind),
                code_blocks(&zh, kind),
                "{kind} blocks of {page} differ"
            );
        }
    }
    let readme = read("README.md");
    assert!(!blocks(&readme, "sh").is_empty() && !blocks(&readme, "yaml").is_empty());
}

#[test]
fn both_languages_have_the_same_headings_and_tables() {
    let prose = |text: &str| -> Vec<String> {
        let mut fenced = false;
        let outside = |line: &&str| {
            let fence = line.starts_with("```");
            fenced ^= fence;
            !fenced && !fence
        };
        text.lines().filter(outside).map(str::to_owned).collect()
    };
    let levels = |text: &str| -> Vec<usize> {
        let heads = prose(text).into_iter().filter(|l| l.starts_with('#'));
        heads
            .map(|l| l.chars().take_while(|c| *c == '#').count())
            .collect()
    };
    let rows = |text: &str| prose(text).iter().filter(|l| l.starts_with('|')).count();
    for page in PAGES {
        let (en, zh) = (read(&format!("{page}.md")), read(&format!("{page}.zh.md")));
        assert_eq!(levels(&en), levels(&zh), "headings of {page}");
        assert_eq!(rows(&en), rows(&zh), "tables of {page}");
    }
}

#[test]
fn the_readme_is_short() {
    let words = read("README.md").split_whitespace().count();
    assert!(words <= 1_200, "{words} words");
}

/// Runs each command of the `console` blocks and finds the lines below it in the output, in order; `...` stands for any lines.
#[test]
fn the_output_shown_is_what_the_program_prints() {
    for name in ["README.md", "README.zh.md"] {
        let shown = blocks(&read(name), "console");
        assert!(!shown.is_empty(), "{name} shows no output");
        for block in shown {
            let (command, output) = block.split_once('\n').expect("a command and its output");
            let words = command
                .strip_prefix("$ weigh ")
                .expect("a command of this program")
                .split_whitespace();
            let run = Command::new(env!("CARGO_BIN_EXE_weigh"))
                .args(words)
                .args(["--evidence", "repo", "--color", "never"])
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .env_remove("LANG")
                .output()
                .expect("the program was built");
            assert!(run.status.success(), "{command}");
            let printed = String::from_utf8(run.stdout).expect("UTF-8");
            let mut printed = printed.lines().map(str::trim_end);
            let mut skipping = false;
            for line in output.lines() {
                if line == "..." {
                    skipping = true;
                    continue;
                }
                let found = if skipping {
                    printed.any(|p| p == line)
                } else {
                    printed.next() == Some(line)
                };
                assert!(found, "{name}: `{command}` does not print:\n{line}");
                skipping = false;
            }
        }
    }
}

/// Every relative link of the pages names a file that exists.
#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let translated = PAGES.iter().map(|page| format!("{page}.zh.md"));
    let pages = PAGES
        .iter()
        .map(|page| format!("{page}.md"))
        .chain(translated)
        .chain(
            [
                "ARCHITECTURE.md",
                "CHANGELOG.md",
                "CONTRIBUTING.md",
                "SECURITY.md",
                "catalogs/README-other-domains.md",
                "catalogs/README-web-frameworks.md",
                "templates/README.md",
            ]
            .map(str::to_owned),
        );
    for page in pages {
        let folder = root.join(&page);
        let folder = folder.parent().expect("a page lies in a folder");
        for link in read(&page).split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                assert!(folder.join(target).exists(), "{page}: {target}");
            }
        }
    }
}

#[test]
fn the_first_two_commands_rank_and_test() {
    let first = &blocks(&read("README.md"), "sh")[0];
    assert_eq!(
        first.lines().collect::<Vec<_>>(),
        [
            "cargo run --release -- rank examples/auth-service",
            "cargo test"
        ]
    );
}

#[test]
fn the_yaml_of_the_readmes_is_yaml_and_the_ci_job_runs_commands_that_exist() {
    let mut runs = Vec::new();
    for name in ["README.md", "README.zh.md"] {
        for block in blocks(&read(name), "yaml") {
            let value: serde_json::Value =
                serde_yaml::from_str(&block).unwrap_or_else(|e| panic!("{name}: {e}\n{block}"));
            let steps = value["jobs"]["recheck"]["steps"]
                .as_array()
                .into_iter()
                .flatten();
            runs.extend(
                steps
                    .filter_map(|s| s["run"].as_str())
                    .filter(|run| run.starts_with("weigh "))
                    .map(str::to_owned),
            );
        }
    }
    assert_eq!(runs.len(), 2, "{runs:?}");
    for run in runs {
        let words = run.split_whitespace().map(|word| word.trim_matches('"'));
        let parsed = weigh::cli::command().try_get_matches_from(words);
        assert!(
            parsed.is_ok_and(|p| p.subcommand_name() == Some("recheck")),
            "{run}"
        );
    }
}
