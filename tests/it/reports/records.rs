//! Architecture decision records: numbered once, superseded on request.

use super::*;

#[test]
fn records_are_numbered_once_and_superseded() {
    let dir = priced();
    let run = |more: &[&str]| {
        let words: Vec<&str> = [
            "report",
            "prices.csv",
            "--out",
            "adr",
            "--template",
            "adr",
            "--as-of",
            "2026-11-22",
        ]
        .iter()
        .chain(more)
        .copied()
        .collect();
        let output = weigh(dir.path(), &words);
        assert!(output.status.success(), "{}", said(&output));
        tree(&dir.path().join("adr"))
            .into_keys()
            .map(|p| p.display().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(run(&[]), ["0001-prices.md"]);
    assert_eq!(
        run(&[]),
        ["0001-prices.md"],
        "a second run renews the record"
    );
    assert_eq!(
        run(&["--supersedes", "1"]),
        ["0001-prices.md", "0002-prices.md"]
    );
    let old = fs::read_to_string(dir.path().join("adr/0001-prices.md")).expect("it is there");
    assert!(
        old.starts_with("---\n# weigh:begin status decision=\"prices\" status=\"proposed\" sum=\"")
            && old.contains("\nstatus: \"superseded by ADR-0002\"\ndate: 2026-11-22\nverdict: {"),
        "{old}"
    );
    let new = fs::read_to_string(dir.path().join("adr/0002-prices.md")).expect("it is there");
    assert!(new.contains("[ADR-0001](0001-prices.md)"), "{new}");
    let headings = parse(
        "adr",
        new.split("\n---\n").nth(1).expect("front matter ends"),
    );
    let wanted = [
        "Context and Problem Statement",
        "Decision Drivers",
        "Considered Options",
        "Decision Outcome",
        "Pros and Cons of the Options",
    ];
    assert!(
        wanted.iter().all(|w| headings.iter().any(|h| h == w)),
        "{headings:?}"
    );
}

#[test]
fn one_record_is_superseded_at_a_time_and_only_where_records_are_written() {
    let dir = folder();
    let decisions = many(dir.path(), 2);
    for words in [
        &[
            "report",
            &*decisions[0],
            &*decisions[1],
            "--out",
            "adr",
            "--template",
            "adr",
            "--supersedes",
            "1",
        ][..],
        &[
            "report",
            &*decisions[0],
            "--out",
            "adr",
            "--supersedes",
            "1",
        ][..],
    ] {
        let output = weigh(dir.path(), words);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(!dir.path().join("adr").exists(), "something was written");
    }
    // Nor is anything written where the record is not there, or has no status.
    fs::create_dir(dir.path().join("adr")).expect("a folder");
    fs::write(dir.path().join("adr/0003-old.md"), "# Old\n").expect("a file");
    for number in ["7", "3"] {
        let output = weigh(
            dir.path(),
            &[
                "report",
                &decisions[0],
                "--out",
                "adr",
                "--template",
                "adr",
                "--supersedes",
                number,
            ],
        );
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert_eq!(
            tree(&dir.path().join("adr")).len(),
            1,
            "a record was written"
        );
    }
    fs::write(
        dir.path().join("adr/0003-an old one (x).md"),
        "# Old\r\n\r\n* Status: accepted\r\n",
    )
    .expect("a file");
    fs::remove_file(dir.path().join("adr/0003-old.md")).expect("it is there");
    let output = weigh(
        dir.path(),
        &[
            "report",
            &decisions[0],
            "--out",
            "adr",
            "--template",
            "adr",
            "--supersedes",
            "3",
        ],
    );
    assert!(output.status.success(), "{}", said(&output));
    let old =
        fs::read_to_string(dir.path().join("adr/0003-an old one (x).md")).expect("it is there");
    assert_eq!(
        old,
        "# Old\r\n\r\n* Status: superseded by [ADR-0004](0004-d000.md)\r\n"
    );
    let new = fs::read_to_string(dir.path().join("adr/0004-d000.md")).expect("it is there");
    assert!(
        new.contains("[ADR-0003](0003-an%20old%20one%20%28x%29.md)"),
        "{new}"
    );
}

/// A decision with an outcome and a stakeholder who prefers the other candidate.
fn decided(outcome: &str) -> String {
    format!(
        "decision: queue\ntitle: {{en: Message queue, zh: 消息队列}}\nas_of: 2026-11-22\n\
         candidates: [{{id: kafka, name: Kafka, facts: {{price: 10}}}}, {{id: redis, name: Redis Streams, facts: {{price: 8}}}}]\n\
         facts: {{price: {{title: Price, unit: EUR}}}}\n\
         criteria: [{{id: cost, title: Cost, expr: price, unit: EUR, points: 1, value: {{worst: 100, best: 0}}}}]\n\
         stakeholders: {{ops: {{title: Operations, profile: {{cost: 1}}}}}}\n{outcome}"
    )
}

fn queue(outcome: &str) -> TempDir {
    let dir = folder();
    fs::write(dir.path().join("decision.yaml"), decided(outcome)).expect("a file");
    dir
}

/// Writes the record into `adr`: the exit code and what was said.
fn record(dir: &TempDir, more: &[&str]) -> (Option<i32>, String) {
    let words = ["report", ".", "--out", "adr", "--template", "adr"];
    let words: Vec<&str> = words.iter().chain(more).copied().collect();
    let output = weigh(dir.path(), &words);
    (output.status.code(), said(&output))
}

fn adr(dir: &TempDir, name: &str) -> String {
    fs::read_to_string(dir.path().join("adr").join(name)).expect("the record is there")
}

const KAFKA: &str = "outcome: {status: accepted, chosen: kafka, by: [Ada, Bo], on: 2026-11-20, because: it is what we run, \
     dissent: [{who: Cleo, prefers: redis, because: it leads}], review_by: 2027-05-01}\n";

#[test]
fn nobody_is_said_to_have_decided_who_did_not() {
    let dir = queue("");
    assert_eq!(record(&dir, &[]).0, Some(0));
    let text = adr(&dir, "0001-message-queue.md");
    assert!(
        text.contains("\nstatus: \"proposed\"\n")
            && text.contains("\nconsulted: \"Operations\"\n")
            && !text.contains("decision-makers")
            && text.contains("Nobody has decided yet."),
        "{text}"
    );
    let dir = queue(KAFKA);
    assert_eq!(record(&dir, &[]).0, Some(0));
    let text = adr(&dir, "0001-message-queue.md");
    for part in [
        "\nstatus: \"accepted\"\ndate: 2026-11-20\ndecision-makers: \"Ada, Bo\"\nconsulted: \"Operations\"\n",
        "Chosen: Kafka, although Redis Streams leads by 0.020, because it is what we run.",
        "Cleo prefers Redis Streams: it leads",
        // Consequences are those of the choice, not of the first.
        "* Bad, because Cost: 10 EUR against 8 EUR (-0.020)",
        "To be reviewed by 2027-05-01.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_people_write_around_a_record_survives_ten_runs() {
    let dir = queue(KAFKA);
    assert_eq!(record(&dir, &[]).0, Some(0));
    let path = dir.path().join("adr/0001-message-queue.md");
    let text = adr(&dir, "0001-message-queue.md")
        .replacen("---\n#", "---\ntags: [queue]\n#", 1)
        .replacen("# Message queue", "# Message queue, again", 1)
        .replacen(
            "<!-- weigh:begin outcome",
            "We met twice.\n\n<!-- weigh:begin outcome",
            1,
        )
        + "\n## Notes\n\nKafka was down on Tuesday.\n";
    fs::write(&path, &text).expect("a file");
    for run in 0..10 {
        // Every other run has other figures.
        let price = if run % 2 == 0 {
            "price: 9"
        } else {
            "price: 10"
        };
        let decision = decided(KAFKA).replacen("price: 10", price, 1);
        fs::write(dir.path().join("decision.yaml"), decision).expect("a file");
        let (code, told) = record(&dir, &[]);
        assert_eq!(code, Some(0), "{told}");
    }
    assert_eq!(adr(&dir, "0001-message-queue.md"), text);
}

#[test]
fn what_people_write_inside_a_record_is_not_overwritten() {
    let dir = queue("");
    assert_eq!(record(&dir, &[]).0, Some(0));
    let path = dir.path().join("adr/0001-message-queue.md");
    let ours = adr(&dir, "0001-message-queue.md");
    for (text, part) in [
        (
            ours.replacen("status: \"proposed\"", "status: \"rejected\"", 1),
            "the generated text of `status` was edited by hand",
        ),
        (
            ours.replacen("* Redis Streams", "* Redis", 1),
            "the generated text of `context` was edited by hand",
        ),
        (
            "# Message queue\n\n<!-- weigh: queue -->\n".to_owned(),
            "<!-- weigh:begin NAME -->",
        ),
        (ours.replacen("# weigh:end\n", "", 1), "has no counterpart"),
    ] {
        fs::write(&path, &text).expect("a file");
        let (code, told) = record(&dir, &[]);
        assert_eq!(code, Some(1), "{told}");
        assert!(
            told.contains(part) && told.contains("1 left as they are"),
            "{told}"
        );
        assert_eq!(
            tree(&dir.path().join("adr")).len(),
            1,
            "another record was written"
        );
        assert_eq!(adr(&dir, "0001-message-queue.md"), text);
    }
}

#[test]
fn a_settled_record_takes_another_outcome_only_by_being_superseded() {
    let dir = queue("");
    let names = || {
        tree(&dir.path().join("adr"))
            .into_keys()
            .map(|p| p.display().to_string())
            .collect::<Vec<_>>()
    };
    let decide = |outcome: &str| {
        fs::write(dir.path().join("decision.yaml"), decided(outcome)).expect("a file");
    };
    assert_eq!(record(&dir, &[]).0, Some(0));
    decide(KAFKA);
    assert_eq!(
        record(&dir, &[]).0,
        Some(0),
        "what was proposed may be accepted"
    );
    let before = adr(&dir, "0001-message-queue.md");
    decide(
        &KAFKA
            .replace("kafka", "redis")
            .replace("prefers: redis", "prefers: kafka"),
    );
    let (code, told) = record(&dir, &[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("kafka accepted; the decision file now says: redis accepted")
            && told.contains("`--supersedes 1`"),
        "{told}"
    );
    assert_eq!(adr(&dir, "0001-message-queue.md"), before);
    let (code, told) = record(&dir, &["--supersedes", "1"]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(names(), ["0001-message-queue.md", "0002-message-queue.md"]);
    let old = adr(&dir, "0001-message-queue.md");
    assert_eq!(
        old,
        before.replace(
            "status: \"accepted\"\n",
            "status: \"superseded by ADR-0002\"\n"
        )
    );
    // The link stays when the record is written again without the flag.
    let new = adr(&dir, "0002-message-queue.md");
    assert!(
        new.contains("Supersedes [ADR-0001](0001-message-queue.md)"),
        "{new}"
    );
    assert_eq!(record(&dir, &[]).0, Some(0));
    assert_eq!(adr(&dir, "0002-message-queue.md"), new);
    // A decision may also say itself what it supersedes.
    decide("outcome: {status: accepted, chosen: kafka, supersedes: 0002-message-queue.md}\n");
    for _ in 0..2 {
        let (code, told) = record(&dir, &[]);
        assert_eq!(code, Some(0), "{told}");
        assert_eq!(names().len(), 3, "{:?}", names());
    }
    let new = adr(&dir, "0003-message-queue.md");
    assert!(
        new.contains("Supersedes [ADR-0002](0002-message-queue.md)"),
        "{new}"
    );
}

#[test]
fn records_in_two_languages_share_a_number_and_no_file() {
    let dir = queue(KAFKA);
    assert_eq!(record(&dir, &["--lang", "zh"]).0, Some(0));
    let chinese = adr(&dir, "0001-message-queue.zh.md");
    assert!(
        chinese.contains("# 消息队列")
            && chinese.contains("选定：Kafka，尽管 Redis Streams 领先 0.020"),
        "{chinese}"
    );
    assert_eq!(record(&dir, &[]).0, Some(0));
    assert!(adr(&dir, "0001-message-queue.md").contains("# Message queue"));
    assert_eq!(record(&dir, &["--lang", "zh"]).0, Some(0));
    assert_eq!(adr(&dir, "0001-message-queue.zh.md"), chinese);
    assert_eq!(tree(&dir.path().join("adr")).len(), 2);
    fs::write(
        dir.path().join("decision.yaml"),
        decided("outcome: {status: accepted, chosen: redis}\n"),
    )
    .expect("a file");
    for lang in ["en", "zh"] {
        let (code, told) = record(&dir, &["--supersedes", "1", "--lang", lang]);
        assert_eq!(code, Some(0), "{told}");
    }
    let names: Vec<PathBuf> = tree(&dir.path().join("adr")).into_keys().collect();
    let names: Vec<&str> = names.iter().filter_map(|n| n.to_str()).collect();
    assert_eq!(
        names,
        [
            "0001-message-queue.md",
            "0001-message-queue.zh.md",
            "0002-message-queue.md",
            "0002-message-queue.zh.md"
        ]
    );
}

#[test]
fn the_other_conventions_have_markers_too() {
    for (name, text, part) in [
        (
            "0001-record-decisions.md",
            "# 1. Record decisions\n\nDate: 2020-01-01\n\n## Status\n\nAccepted\n",
            "\n## Status\n\nAccepted\n<!-- weigh:end -->",
        ),
        (
            "20200101-record-decisions.md",
            "# Record decisions\n\n- Status: accepted\n- Date: 2020-01-01\n",
            "- Status: accepted\n- Deciders: Ada, Bo\n- Consulted: Operations\n- Date: 2026-11-20\n<!-- weigh:end -->",
        ),
    ] {
        let dir = queue(KAFKA);
        fs::create_dir(dir.path().join("adr")).expect("a folder");
        fs::write(dir.path().join("adr").join(name), text).expect("a file");
        for _ in 0..2 {
            let (code, told) = record(&dir, &[]);
            assert_eq!(code, Some(0), "{told}");
        }
        let files = tree(&dir.path().join("adr"));
        let own = files
            .iter()
            .find(|(file, _)| file.to_str() != Some(name))
            .map(|(_, text)| String::from_utf8_lossy(text).into_owned())
            .expect("a record was written");
        assert_eq!(files.len(), 2);
        assert!(own.contains(part), "{own}");
    }
}

/// A template of a user's own need not know the markers.
#[test]
fn a_record_template_of_ones_own_gets_markers() {
    let dir = queue(KAFKA);
    fs::create_dir(dir.path().join("templates")).expect("a folder");
    fs::write(
        dir.path().join("templates/adr.md"),
        "---\nstatus: {{ adr.status }}\n---\n\n# {{ title }}\n",
    )
    .expect("a file");
    assert_eq!(record(&dir, &[]).0, Some(0));
    let text = adr(&dir, "0001-message-queue.md") + "\nMine.\n";
    assert!(text.contains("<!-- weigh:begin page sum=\""), "{text}");
    fs::write(dir.path().join("adr/0001-message-queue.md"), &text).expect("a file");
    assert_eq!(record(&dir, &[]).0, Some(0));
    assert_eq!(adr(&dir, "0001-message-queue.md"), text);
}
