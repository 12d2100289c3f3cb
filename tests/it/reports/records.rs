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
        old.starts_with("---\nstatus: \"superseded by ADR-0002\"\ndate: 2026-11-22\n"),
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
