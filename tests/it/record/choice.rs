//! `weigh record` and `weigh recheck` compare with what people chose, and say so by their exit codes.

use super::*;

/// The decision between two databases with this outcome, as it is when a team commits it.
fn decided(price: &str, outcome: &str) -> String {
    format!("{}outcome: {outcome}\n", decision(price, "3", "2029-11-12"))
}

/// A repository in which the decision was recorded and committed.
fn recorded(text: &str) -> TempDir {
    let dir = folder(text);
    let output = weigh(dir.path(), &["record", "."]);
    assert!(output.status.success(), "{}", said(&output));
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "Decide"]);
    dir
}

/// Writes the decision anew, commits it and rechecks what changed since the commit before: exit code, status, findings.
fn changed(dir: &TempDir, text: &str, more: &[&str]) -> (Option<i32>, Value) {
    fs::write(dir.path().join("decision.yaml"), text).expect("a file");
    git(dir.path(), &["commit", "-qam", "Change"]);
    let words = [
        "recheck",
        ".",
        "--since",
        "HEAD~1",
        "--as-of",
        "2026-06-01",
        "--format",
        "json",
    ];
    let words: Vec<&str> = words.iter().chain(more).copied().collect();
    let output = weigh(dir.path(), &words);
    let view = json(&output);
    assert_eq!(
        view["rechecks"][0]["exit_code"].as_i64(),
        output.status.code().map(i64::from),
        "{view}"
    );
    (output.status.code(), view)
}

const ACCEPTED: &str = "{status: accepted, chosen: postgresql-14, by: [Ada], on: 2026-05-30, because: the team runs it}";

#[test]
fn the_choice_is_first_then_level_then_behind() {
    let dir = recorded(&decided("10 EUR", ACCEPTED));
    let (code, view) = changed(&dir, &decided("11 EUR", ACCEPTED), &[]);
    assert_eq!(
        (code, &view["rechecks"][0]["status"]),
        (Some(0), &Value::from("warns"))
    );
    // 14 is first up to 23.33 EUR, where 0.75 * (x - 20) / 100 = 0.25 * (2 - 1) / 10: in 64 % of 1..36 EUR, less than two thirds.
    let (code, view) = changed(&dir, &decided("1..36 EUR", ACCEPTED), &[]);
    assert_eq!(code, Some(4), "{view}");
    let finding = &view["rechecks"][0]["findings"][0];
    assert_eq!(finding["kind"], "level", "{view}");
    let message = finding["message"].as_str().expect("a message");
    assert!(
        message.starts_with("postgresql-14 is level with postgresql-18")
            && message.ends_with("; it was not when recorded"),
        "{message}"
    );
    assert_eq!(view["rechecks"][0]["choice"][0]["standing"], "first");
    assert_eq!(view["rechecks"][0]["choice"][1]["standing"], "level");
    let (code, view) = changed(&dir, &decided("60 EUR", ACCEPTED), &[]);
    assert_eq!(code, Some(1), "{view}");
    // 0.75 * (60 - 20) / 100 - 0.25 * (2 - 1) / 10.
    assert_eq!(
        view["rechecks"][0]["findings"][0]["message"],
        "the winner was postgresql-14, now it is postgresql-18 and leads by 0.275"
    );
}

#[test]
fn a_tie_is_never_a_bare_holds() {
    let even = ACCEPTED.replace("on: 2026-05-30, ", "");
    let dir = folder(&decided("1..36 EUR", &even));
    let output = weigh(dir.path(), &["record", "."]);
    assert!(
        said(&output).contains(", too close to call, because the team runs it."),
        "{}",
        said(&output)
    );
    let words = ["recheck", ".", "--as-of", "2026-06-01"];
    let output = weigh(dir.path(), &words);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(
        said(&output).contains("it was when recorded; people accepted it all the same"),
        "{}",
        said(&output)
    );
    // Nor is it where nobody decided.
    fs::write(
        dir.path().join("decision.yaml"),
        decision("1..36 EUR", "3", "2029-11-12"),
    )
    .expect("a file");
    let output = weigh(dir.path(), &["record", "."]);
    assert!(
        said(&output).contains("postgresql-14 ranks first, level with postgresql-18"),
        "{}",
        said(&output)
    );
    assert_eq!(weigh(dir.path(), &words).status.code(), Some(4));
}

#[test]
fn another_choice_than_the_first_is_reported_as_such() {
    let outcome = "{status: accepted, chosen: postgresql-18, because: 14 is old.}";
    let dir = folder(&decided("10 EUR", outcome));
    let output = weigh(dir.path(), &["record", "."]);
    assert!(
        said(&output).contains(
            "Chosen: postgresql-18, although PostgreSQL 14 leads by 0.100, because 14 is old."
        ),
        "{}",
        said(&output)
    );
    let chinese = said(&weigh(
        dir.path(),
        &["record", ".", "--out", "zh.json", "--lang", "zh"],
    ));
    assert!(
        chinese.contains("选定：postgresql-18，尽管 PostgreSQL 14 领先 0.100，理由：14 is old。"),
        "{chinese}"
    );
    let output = weigh(dir.path(), &["recheck", ".", "--as-of", "2026-06-01"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains(
            "postgresql-18 was chosen, and postgresql-14 is first and leads by 0.100 (by 0.100 when recorded)"
        ),
        "{}",
        said(&output)
    );
}

#[test]
fn a_review_date_that_is_past_is_a_finding() {
    let outcome = ACCEPTED.replace("on: 2026-05-30", "on: 2026-05-30, review_by: 2026-07-01");
    let dir = recorded(&decided("10 EUR", &outcome));
    let on = |day: &str, more: &[&str]| {
        let words: Vec<&str> = ["recheck", ".", "--as-of", day]
            .iter()
            .chain(more)
            .copied()
            .collect();
        let output = weigh(dir.path(), &words);
        (output.status.code(), said(&output))
    };
    assert_eq!(on("2026-07-01", &["--strict"]).0, Some(0));
    let (code, text) = on("2026-07-02", &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("review due") && text.contains("was to be reviewed by 2026-07-01"),
        "{text}"
    );
    assert_eq!(on("2026-07-02", &["--strict"]).0, Some(5));
}

#[test]
fn what_is_out_of_force_or_unreadable_has_codes_of_its_own() {
    let dir = recorded(&decided("10 EUR", ACCEPTED));
    let retired = ACCEPTED.replace("accepted", "superseded");
    let (code, view) = changed(&dir, &decided("60 EUR", &retired), &[]);
    assert_eq!(code, Some(0), "{view}");
    assert_eq!(view["rechecks"][0]["status"], "retired");
    assert!(kinds(&view).contains(&"outcome-changed"), "{view}");
    let (code, view) = changed(&dir, "decision: database\ncandidates: [\n", &[]);
    assert_eq!(code, Some(6), "{view}");
    // A broken decision is graver than one that another candidate would win.
    fs::create_dir(dir.path().join("other")).expect("a folder");
    let other = dir.path().join("other/decision.yaml");
    fs::write(&other, decided("10 EUR", ACCEPTED)).expect("a file");
    assert!(weigh(dir.path(), &["record", "other"]).status.success());
    fs::write(&other, decided("60 EUR", ACCEPTED)).expect("a file");
    let words = ["recheck", "other", "--as-of", "2026-06-01"];
    assert_eq!(weigh(dir.path(), &words).status.code(), Some(1));
    let words = ["recheck", ".", "--as-of", "2026-06-01"];
    assert_eq!(weigh(dir.path(), &words).status.code(), Some(6));
}

#[test]
fn an_outcome_that_contradicts_itself_is_refused_at_its_place() {
    for (outcome, code, word) in [
        ("{status: accepted}", "E0512", "chosen"),
        (
            "{status: accepted, chosen: postgresql-41}",
            "E0401",
            "postgresql-14",
        ),
        ("{status: agreed}", "E0111", "agreed"),
        ("{status: proposed, on: 2026-02-30}", "E0205", "2026-02-30"),
        (
            "{status: proposed, on: 2026-06-01, review_by: 2026-05-01}",
            "E0512",
            "review_by",
        ),
        (
            "{status: accepted, chosen: postgresql-14, dissent: [{who: Bo, prefers: postgresql-14}]}",
            "E0512",
            "postgresql-14",
        ),
        (
            "{status: proposed, dissent: [{who: Bo, prefers: mysql}]}",
            "E0401",
            "mysql",
        ),
        ("{chosen: postgresql-14}", "E0110", "status"),
        (
            "{status: accepted, chosen: postgresql-14, choosen: x}",
            "E0108",
            "choosen",
        ),
    ] {
        let dir = folder(&decided("10 EUR", outcome));
        let output = weigh(dir.path(), &["check", "."]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{outcome}: {text}");
        assert!(
            text.contains(&format!("error[{code}]")) && text.contains(word),
            "{outcome}: {text}"
        );
        assert_eq!(text.matches("error[").count(), 1, "{outcome}: {text}");
    }
}

/// Every command that prints a verdict says what people chose.
#[test]
fn the_ranking_says_what_people_chose() {
    let dir = folder(&decided(
        "10 EUR",
        &ACCEPTED.replace("postgresql-14", "postgresql-18"),
    ));
    for (lang, line) in [
        (
            "en",
            "  - Chosen: postgresql-18, although PostgreSQL 14 leads by 0.100, because the team runs it.",
        ),
        (
            "zh",
            "  - 选定：postgresql-18，尽管 PostgreSQL 14 领先 0.100，理由：the team runs it。",
        ),
    ] {
        let output = weigh(dir.path(), &["rank", ".", "--lang", lang]);
        assert!(said(&output).contains(line), "{}", said(&output));
    }
}

/// The sentence that `rank` begins with, in the language of the command.
#[test]
fn record_and_recheck_say_the_verdict() {
    let dir = folder(&decided("1..36 EUR", ACCEPTED));
    for lang in ["en", "zh"] {
        let ranked = said(&weigh(dir.path(), &["rank", ".", "--lang", lang]));
        let sentence = ranked.lines().next().expect("a verdict");
        let recorded = said(&weigh(dir.path(), &["record", ".", "--lang", lang]));
        assert_eq!(recorded.lines().next(), Some(sentence), "{recorded}");
        let words = ["recheck", ".", "--as-of", "2026-06-01", "--lang", lang];
        let rechecked = said(&weigh(dir.path(), &words));
        assert_eq!(rechecked.lines().nth(1), Some(sentence), "{rechecked}");
    }
}
