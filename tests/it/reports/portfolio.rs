//! Files about many decisions: a run over one of them keeps what the others and people wrote.

use super::*;

/// A decision of its own folder, with this outcome and radar entry.
fn write_decision(dir: &TempDir, name: &str, more: &str) {
    fs::create_dir_all(dir.path().join(name)).expect("a folder");
    fs::write(
        dir.path().join(name).join("decision.yaml"),
        format!(
            "decision: {name}\ntitle: {name}\nas_of: 2026-11-22\n\
             candidates: [{{id: kafka-x, name: Kafka, facts: {{price: 10}}}}, {{id: redis-x, name: Redis, facts: {{price: {{value: 8, source: list, as_of: 2026-01-01, expires: 2026-02-01}}}}}}]\n\
             facts: {{price: {{title: Price, unit: EUR}}}}\n\
             criteria: [{{id: cost, title: Cost, expr: price, unit: EUR, points: 1, value: {{worst: 100, best: 0}}}}]\n{more}"
        ),
    )
    .expect("a file");
}

fn report(dir: &TempDir, words: &[&str]) -> (Option<i32>, String) {
    let words: Vec<&str> = ["report", "--out", "out", "--no-charts"]
        .iter()
        .chain(words)
        .copied()
        .collect();
    let output = weigh(dir.path(), &words);
    (output.status.code(), said(&output))
}

fn read(dir: &TempDir, name: &str) -> String {
    fs::read_to_string(dir.path().join("out").join(name)).expect("it was written")
}

#[test]
fn one_decision_does_not_shrink_an_index_of_twenty() {
    let dir = folder();
    let names: Vec<String> = (0..20).map(|i| format!("d{i:02}")).collect();
    for name in &names {
        write_decision(&dir, name, "");
    }
    let mut words: Vec<&str> = names.iter().map(String::as_str).collect();
    words.extend(["--template", "index"]);
    let (code, told) = report(&dir, &words);
    assert_eq!(code, Some(0), "{told}");
    let rows = |text: &str| text.lines().filter(|l| l.starts_with("| d")).count();
    let all = read(&dir, "index.md");
    assert_eq!(rows(&all), 20, "{all}");
    let mine = format!("{all}\n\nAsk Ada before you add a row.\n");
    fs::write(dir.path().join("out/index.md"), &mine).expect("a file");
    assert_eq!(report(&dir, &["d07", "--template", "index"]).0, Some(0));
    assert_eq!(read(&dir, "index.md"), mine);
    write_decision(
        &dir,
        "d07",
        "outcome: {status: accepted, chosen: kafka-x, by: [Ada, Bo], review_by: 2026-01-01}\n",
    );
    assert_eq!(report(&dir, &["d07", "--template", "index"]).0, Some(0));
    let text = read(&dir, "index.md");
    assert_eq!(rows(&text), 20, "{text}");
    let row = text
        .lines()
        .find(|l| l.starts_with("| d07"))
        .expect("a row");
    for cell in [
        "Kafka",
        "accepted",
        "Redis",
        "Ada, Bo",
        "2026-01-01 (past)",
        "| 1 |",
    ] {
        assert!(row.contains(cell), "{cell}: {row}");
    }
    assert!(text.ends_with("Ask Ada before you add a row.\n"), "{text}");
    // Chinese has a page of its own, and a page without markers is not touched.
    assert_eq!(
        report(&dir, &["d07", "--template", "index", "--lang", "zh"]).0,
        Some(0)
    );
    assert!(read(&dir, "index.zh.md").contains("已采纳") && read(&dir, "index.md") == text);
    fs::write(dir.path().join("out/index.md"), "# Our decisions\n").expect("a file");
    let (code, told) = report(&dir, &["d07", "--template", "index"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("index.md has no text between"), "{told}");
    assert_eq!(read(&dir, "index.md"), "# Our decisions\n");
}

/// The entries of `radar.json`: name, ring, status.
fn radar(dir: &TempDir) -> Vec<(String, String, String)> {
    let all: serde_json::Value = serde_json::from_str(&read(dir, "radar.json")).expect("JSON");
    let text = |entry: &serde_json::Value, key: &str| entry[key].as_str().unwrap_or("").to_owned();
    all.as_array()
        .expect("a list")
        .iter()
        .map(|e| (text(e, "name"), text(e, "ring"), text(e, "status")))
        .collect()
}

fn blip(name: &str, ring: &str, status: &str) -> (String, String, String) {
    (name.to_owned(), ring.to_owned(), status.to_owned())
}

#[test]
fn rings_come_from_outcomes_and_move_between_editions() {
    let dir = folder();
    write_decision(&dir, "queue", "");
    write_decision(
        &dir,
        "cache",
        "outcome: {status: accepted, chosen: redis-x}\n",
    );
    let run = |names: &[&str]| {
        let words: Vec<&str> = names
            .iter()
            .copied()
            .chain(["--template", "radar"])
            .collect();
        let (code, told) = report(&dir, &words);
        assert_eq!(code, Some(0), "{told}");
        told
    };
    // Neither decision opts in, however it ranks and whatever people chose.
    assert!(run(&["queue", "cache"]).contains("no decision is on the radar"));
    assert!(!dir.path().join("out").exists());
    write_decision(
        &dir,
        "queue",
        "outcome: {status: proposed, chosen: kafka-x}\nradar: {quadrant: platforms}\n",
    );
    write_decision(
        &dir,
        "cache",
        "outcome: {status: accepted, chosen: redis-x}\nradar: {rings: {kafka-x: hold}}\n",
    );
    run(&["queue", "cache"]);
    // Both decisions are of one day: the inner ring counts.
    assert_eq!(
        radar(&dir),
        [
            blip("Kafka", "assess", "New"),
            blip("Redis", "trial", "New")
        ]
    );
    let before = read(&dir, "radar.csv");
    assert!(run(&["queue"]).contains("0 files written"));
    assert_eq!(read(&dir, "radar.csv"), before);
    // The next edition: accepted and in use.
    write_decision(
        &dir,
        "queue",
        "existing: [kafka-x]\noutcome: {status: accepted, chosen: kafka-x, on: 2027-03-01}\nradar: {quadrant: platforms}\n",
    );
    let (code, told) = report(
        &dir,
        &["queue", "--template", "radar", "--as-of", "2027-03-01"],
    );
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(
        radar(&dir),
        [
            blip("Kafka", "adopt", "Moved In"),
            blip("Redis", "trial", "No Change")
        ]
    );
    let zalando: serde_json::Value =
        serde_json::from_str(&read(&dir, "radar-zalando.json")).expect("JSON");
    assert_eq!(zalando["date"], "2027-03-01");
    assert_eq!(zalando["entries"][0]["moved"], 1, "{zalando}");
    assert_eq!(zalando["entries"][0]["quadrant"], 1, "{zalando}");
    // A decision that opts out takes its blips with it, and only its own.
    write_decision(
        &dir,
        "cache",
        "outcome: {status: accepted, chosen: redis-x}\n",
    );
    run(&["cache"]);
    assert_eq!(radar(&dir), [blip("Kafka", "adopt", "Moved In")]);
}

#[test]
fn what_people_write_on_a_radar_is_kept() {
    let dir = folder();
    write_decision(
        &dir,
        "queue",
        "outcome: {status: proposed, chosen: kafka-x}\nradar: {}\n",
    );
    let run = || {
        let (code, told) = report(&dir, &["queue", "--template", "radar"]);
        assert_eq!(code, Some(0), "{told}");
        told
    };
    run();
    let out = |name: &str| dir.path().join("out").join(name);
    let csv = read(&dir, "radar.csv") + "COBOL,hold,techniques,FALSE,,Ours since 1970\n";
    fs::write(out("radar.csv"), csv).expect("a file");
    let json = read(&dir, "radar.json").replacen("\"ring\": \"assess\"", "\"ring\": \"hold\"", 1);
    fs::write(out("radar.json"), &json).expect("a file");
    let zalando = read(&dir, "radar-zalando.json").replace(
        "\"active\": true,",
        "\"active\": true, \"link\": \"k.html\",",
    );
    fs::write(out("radar-zalando.json"), zalando).expect("a file");
    write_decision(
        &dir,
        "queue",
        "outcome: {status: accepted, chosen: kafka-x}\nradar: {in_use: true}\n",
    );
    let told = run();
    assert!(
        told.contains("radar.json: `Kafka` was written by hand and is kept"),
        "{told}"
    );
    let csv = read(&dir, "radar.csv");
    assert!(
        csv.contains("COBOL,hold,techniques,FALSE,,Ours since 1970\n"),
        "{csv}"
    );
    assert!(csv.contains("Kafka,adopt,tools,TRUE,New,"), "{csv}");
    assert!(read(&dir, "radar.json").contains("\"ring\": \"hold\""));
    let zalando = read(&dir, "radar-zalando.json");
    assert!(
        zalando.contains("\"link\": \"k.html\"") && zalando.contains("\"ring\": 0"),
        "{zalando}"
    );
    fs::write(out("radar.csv"), "name,ring\n\"Kafka").expect("a file");
    fs::write(out("radar.json"), "[{]").expect("a file");
    let (code, told) = report(&dir, &["queue", "--template", "radar"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("radar.json cannot be read"), "{told}");
    assert_eq!(read(&dir, "radar.json"), "[{]");
}

/// Adopt is what people accepted; a decision cannot claim it for anything else.
#[test]
fn adopt_needs_an_accepted_outcome() {
    let dir = folder();
    write_decision(&dir, "queue", "radar: {rings: {kafka-x: adopt}}\n");
    let output = weigh(dir.path(), &["check", "queue"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("error[E0512]: `kafka-x` has the ring `adopt`"),
        "{}",
        said(&output)
    );
}

#[test]
fn uses_lists_the_decisions_that_rest_on_a_name() {
    let dir = folder();
    write_decision(
        &dir,
        "queue",
        "outcome: {status: accepted, chosen: redis-x}\n",
    );
    write_decision(&dir, "cache", "");
    let uses = |words: &[&str]| {
        let words: Vec<&str> = ["uses"].iter().chain(words).copied().collect();
        let output = weigh(dir.path(), &words);
        (output.status.code(), said(&output))
    };
    let json = |name: &str| -> Vec<(String, String, bool)> {
        let (code, text) = uses(&[name, "--format", "json"]);
        assert_eq!(code, Some(0), "{text}");
        let view: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let word = |x: &serde_json::Value| x.as_str().unwrap_or_default().to_owned();
        view["uses"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|u| {
                (
                    word(&u["decision"]),
                    word(&u["what"]),
                    u["is_choice"] == true,
                )
            })
            .collect()
    };
    let row =
        |decision: &str, what: &str, is_choice| (decision.to_owned(), what.to_owned(), is_choice);
    assert_eq!(
        json("redis-x"),
        [
            row("cache", "redis-x", false),
            row("queue", "redis-x", true)
        ]
    );
    assert_eq!(
        json("redis-x.price"),
        [
            row("cache", "candidates.redis-x.price", false),
            row("queue", "candidates.redis-x.price", true)
        ]
    );
    assert_eq!(json("price").len(), 4);
    let (_, text) = uses(&["price", "queue"]);
    assert!(
        text.contains("candidates.redis-x.price*  8 ")
            && text.contains("2026-02-01  cost  redis-x (accepted)"),
        "{text}"
    );
    let (code, text) = uses(&["redis-y"]);
    assert!(
        code == Some(0) && text.contains("did you mean `redis-x`?"),
        "{text}"
    );
    fs::write(
        dir.path().join("cache/decision.yaml"),
        "decision: cache\ncandidates: 3\n",
    )
    .expect("a file");
    let (code, text) = uses(&["redis-x"]);
    assert!(code == Some(1) && text.contains("queue"), "{text}");
}

/// What cannot be read is not taken for absent, and nothing replaces it.
#[test]
fn what_cannot_be_read_is_left_as_it_is() {
    let dir = folder();
    let more = "outcome: {status: accepted, chosen: redis-x}\nradar: {}\n";
    write_decision(&dir, "cache", more);
    for (template, name) in [
        ("radar", "radar.json"),
        ("radar", "radar.csv"),
        ("index", "index.md"),
    ] {
        let place = dir.path().join("out").join(name);
        fs::create_dir_all(&place).expect("a folder in the place of the file");
        let (code, told) = report(&dir, &["cache", "--template", template]);
        assert_eq!(code, Some(1), "{told}");
        assert!(
            told.contains(name) && told.contains("cannot be read, so it was left as it is"),
            "{told}"
        );
        assert!(place.is_dir());
        fs::remove_dir_all(dir.path().join("out")).expect("it can be removed");
    }
}
