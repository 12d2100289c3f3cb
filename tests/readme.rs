//! The two READMEs stay in step: the same commands, the same number of headings, the same code.

use std::path::Path;

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

/// Fenced blocks of a kind, comments after `#` and what follows `--lang` left out, since those are in the file's own language.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut open: Option<Vec<&str>> = None;
    for line in text.lines() {
        match (&mut open, line) {
            (None, l) if l == format!("```{kind}") => open = Some(Vec::new()),
            (Some(lines), "```") => {
                all.push(
                    lines
                        .iter()
                        .map(|l| l.split('#').next().unwrap_or("").trim_end())
                        .collect::<Vec<_>>()
                        .join("\n"),
                );
                open = None;
            }
            (Some(lines), l) => lines.push(l),
            (None, _) => {}
        }
    }
    all
}

#[test]
fn both_readmes_show_the_same_commands_and_files() {
    let (en, zh) = (read("README.md"), read("README.zh.md"));
    for kind in ["sh", "yaml", "csv"] {
        assert_eq!(blocks(&en, kind), blocks(&zh, kind), "{kind} blocks differ");
        assert!(!blocks(&en, kind).is_empty(), "no {kind} block");
    }
}

#[test]
fn both_readmes_have_the_same_headings_and_tables() {
    let (en, zh) = (read("README.md"), read("README.zh.md"));
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
    assert_eq!(levels(&en), levels(&zh));
    let rows = |text: &str| prose(text).iter().filter(|l| l.starts_with('|')).count();
    assert_eq!(rows(&en), rows(&zh));
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
    assert_eq!(runs.len(), 4, "{runs:?}");
    for run in runs {
        let words = run.split_whitespace().map(|word| word.trim_matches('"'));
        let parsed = weigh::cli::command().try_get_matches_from(words);
        assert!(
            parsed.is_ok_and(|p| p.subcommand_name() == Some("recheck")),
            "{run}"
        );
    }
}
