//! Text that would be markup stays text.

use super::*;

/// Text that means something to Markdown, HTML, Mermaid, SVG or a terminal.
const HOSTILE: &str = r#"a|b\\|c `x` **b** <script>alert(1)</script> [l](http://e) ![i](j) &lt; $x$ ~~s~~ # h "q" ]]> \\"#;

#[test]
fn hostile_text_stays_in_its_cell() {
    let dir = folder();
    let quoted = HOSTILE.replace('\'', "''");
    let decision = format!(
        "decision: hostile\ntitle: '{quoted}'\nquestion: '1. {quoted}'\nas_of: 2026-11-22\nnotes: ['# {quoted}', '- {quoted}']\n\
         candidates:\n  - id: one\n    name: '{quoted}'\n    about: '> {quoted}'\n    defaults: {{kind: published, source: '| {quoted}', as_of: 2026-01-01}}\n    facts: {{price: 10 EUR}}\n\
         \x20 - id: two\n    name: '--- {quoted}'\n    defaults: {{kind: published, source: '{quoted}', as_of: 2026-01-01}}\n    facts: {{price: 20 EUR}}\n\
         \x20 - id: three\n    facts: {{price: {{missing: '{quoted}'}}}}\n\
         facts:\n  price: {{title: '{quoted}', unit: EUR}}\n\
         criteria:\n  - {{id: cost, title: '{quoted}', expr: price, unit: EUR, points: 1, value: {{shape: linear, worst: 30, best: 0}}}}\n"
    );
    fs::write(dir.path().join("decision.yaml"), decision).expect("a file can be written");
    let output = weigh(
        dir.path(),
        &[
            "report",
            ".",
            "--out",
            "out",
            "--template",
            "report",
            "--template",
            "comparison",
            "--template",
            "index",
            "--template",
            "radar",
        ],
    );
    assert!(output.status.success(), "{}", said(&output));
    for (path, bytes) in tree(&dir.path().join("out")) {
        let (name, text) = (
            path.display().to_string(),
            String::from_utf8(bytes).expect("text"),
        );
        match path.extension().and_then(|e| e.to_str()) {
            Some("md") => drop(parse(&name, &text)),
            Some("svg") => well_formed(&name, &text),
            Some("csv") => {
                let mut reader = csv::Reader::from_reader(text.as_bytes());
                assert_eq!(reader.headers().expect("a head").len(), 5);
                assert_eq!(
                    reader
                        .records()
                        .filter(|r| r.as_ref().is_ok_and(|r| r.len() == 5))
                        .count(),
                    3,
                    "{text}"
                );
            }
            Some("json") => drop(serde_json::from_str::<serde_json::Value>(&text).expect("JSON")),
            other => panic!("an unknown file {other:?}"),
        }
    }
    // What is shown is what was written: the parsed heading reads as the title does.
    let report =
        fs::read_to_string(dir.path().join("out/hostile/report.md")).expect("it was written");
    let parsed = parse("report", &report);
    assert!(parsed.iter().any(|text| text == HOSTILE), "{parsed:?}");
}
