//! However a formula or quantity is written in YAML, the caret stands under the word that is wrong.

use weigh::diagnostic::Code;
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;
use weigh::source::Position;

/// What is wrong in a decision: code, the words under the caret, file, place.
fn told(text: &str, set: &[&str]) -> Vec<(Code, String, String, Position)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("decision.yaml");
    std::fs::write(&path, text).expect("the folder is ours");
    let mut choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
    choice.set = set.iter().map(|s| (*s).to_owned()).collect();
    let loaded = load::decision(&path, &choice);
    let mut sink = loaded.diagnostics;
    if let Some(decision) = &loaded.decision {
        graph::compile(decision, &mut sink);
    }
    let sources = &loaded.sources;
    sink.sorted()
        .into_iter()
        .filter_map(|d| d.span.map(|span| (d.code, span)))
        .map(|(code, span)| {
            let source = sources.get(span.source);
            (
                code,
                sources.slice(span).to_owned(),
                source.name().to_owned(),
                source.position(span.start),
            )
        })
        .collect()
}

/// Line and column of the one place where a word stands.
fn place_of(word: &str, text: &str) -> Position {
    let before = text.split(word).next().expect("there is a first part");
    assert!(before.len() < text.len(), "`{word}` stands nowhere");
    let line = before
        .split('\n')
        .next_back()
        .expect("there is a last line");
    Position {
        line: before.split('\n').count(),
        column: line.chars().count() + 1,
    }
}

/// A decision whose one criterion has this `expr`; the key stands in line 6, its value may go on below.
fn decision(expr: &str) -> String {
    format!(
        "decision: d\nas_of: 2026-11-22\nfacts: {{时间: {{title: T, unit: ms}}}}\ncriteria:\n  - id: speed\n    expr: {expr}\n    unit: ms\n    value: {{worst: 100, best: 0}}\ncandidates: [{{id: a, facts: {{时间: 3}}}}]\n"
    )
}

#[test]
fn the_caret_of_a_formula_stands_in_the_file() {
    let forms = [
        "时间 + wrong",
        "'时间 + wrong'",
        "\"时间 + wrong\"",
        "\"\\u65f6\\u95f4 + wrong\"",
        "\"\\U000065f6\\u95f4\\x20+\\twrong\"",
        "\"时间 \\\n        + wrong\"",
        "\"时间\n\n      + wrong\"",
        "时间\n      +\n      wrong",
        ">-\n      时间\n      + wrong",
        ">\n      时间\n\n        + 1 ms\n      + wrong",
        "|\n      时间 +\n        wrong",
        "|2-\n        时间\n      + wrong",
        ">2+ # a remark\n      时间 + wrong\n",
        "'if(''x'' == \"x\", 时间, wrong)'",
        "\"if(\\\"x\\\" == \\\"\\x78\\\", 时间, wrong)\"",
    ];
    for expr in forms {
        let text = decision(expr);
        let all = told(&text, &[]);
        let hit = all.iter().find(|(code, ..)| *code == Code::UnknownName);
        let (_, word, _, place) = hit.unwrap_or_else(|| panic!("{expr:?}: {all:?}"));
        assert_eq!(
            (word.as_str(), *place),
            ("wrong", place_of("wrong", &text)),
            "{expr:?}"
        );
    }
    // With the line breaks of Windows the lines are the same.
    let all = told(
        &decision(">-\n      时间\n      + wrong").replace('\n', "\r\n"),
        &[],
    );
    assert!(all.iter().any(|(_, word, _, place)| word == "wrong" && *place == Position { line: 8, column: 9 }), "{all:?}");
}

#[test]
fn operators_and_units_of_a_folded_formula_are_pointed_at() {
    let all = told(&decision(">-\n      时间\n      + 3 MB"), &[]);
    assert!(
        all.iter()
            .any(|(code, word, _, place)| *code == Code::DimensionMismatch
                && word == "+"
                && *place == Position { line: 8, column: 7 }),
        "{all:?}"
    );
    let all = told(&decision(">-\n      时间 +\n      * 2"), &[]);
    assert!(
        all.iter()
            .any(|(code, word, _, place)| *code == Code::FormulaSyntax
                && word == "*"
                && *place == Position { line: 8, column: 7 }),
        "{all:?}"
    );
}

#[test]
fn the_caret_of_a_quantity_stands_under_its_unit() {
    for written in [
        "3 msec",
        "'3 msec'",
        "\"\\x33 msec\"",
        ">-\n      3\n      msec\n      ",
    ] {
        let text = decision("时间").replace(
            "candidates: [{id: a, facts: {时间: 3}}]",
            &format!("candidates:\n- id: a\n  facts:\n    时间: {written}"),
        );
        let all = told(&text, &[]);
        let at = place_of("msec", &text);
        assert!(
            all.iter()
                .any(|(code, word, _, place)| *code == Code::UnknownUnit
                    && word == "msec"
                    && *place == at),
            "{written}: {all:?}"
        );
    }
}

#[test]
fn a_setting_is_pointed_at_in_the_argument() {
    let sound = decision("时间");
    let place = |column| Position { line: 1, column };
    let one = |set: &str| {
        told(&sound, &[set])
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("{set} is taken"))
    };
    assert_eq!(
        one("candidates.a.时间=3 msec"),
        (Code::UnknownUnit, "msec".into(), "--set".into(), place(19))
    );
    assert_eq!(
        one("candidates.a.时间= 6..2 ms "),
        (
            Code::BadDistribution,
            "6..2".into(),
            "--set".into(),
            place(18)
        )
    );
    assert_eq!(
        one("candidates.b.时间=3"),
        (
            Code::UnknownReference,
            "candidates.b.时间".into(),
            "--set".into(),
            place(1)
        )
    );
    assert_eq!(one("wealth=3").1, "wealth");
    assert_eq!(one("nonsense").1, "nonsense");
}
