//! Everything that is said about a wrong formula, drawn once in both languages.

use weigh::lang::Lang;

use super::world::complaints;

/// One formula for each thing that can be said; a few for how several mistakes are told in one go.
const WRONG: &[(&str, &[&str])] = &[
    (
        "reading",
        &[
            "x + * y",
            "x +",
            "x y",
            "x + y)",
            "(x + y",
            "x, y",
            "min(x, y",
            "x < y < z",
            "x in language",
            "x = 3",
            "x ＋ y × 2",
            "x + 😀",
            "x % 2",
            "1.2.3",
            "1e999",
            "\"MIT",
            "“MIT” == licence",
            "80 [EUR/person-h",
            "80 []",
            "date(2026)",
            "date(\"2026-02-30\")",
            "sum(p in team)",
            "sum(p.q in team: 1)",
            "sum(p in team: 1, 2)",
            "sum(p in team: 1, weight: 2)",
            "ceil(p in team: 1)",
            "sum(x, y)",
        ],
    ),
    (
        "names",
        &[
            "workload.peak_rp * 2",
            "zebra + 1",
            "80 EUR/h",
            "5 hurs",
            "2 x",
            "80 [EUR/huor]",
            "experience",
            "transfer",
            "team",
            "ceil + 1",
            "sum(p in team: p.shaer)",
            "sum(p in team: p)",
            "sum(p in team: p.skill)",
            "sum(p in team: sum(s in p.skill: s.worth))",
            "sum(p in team: sum(s in p.share: 1))",
            "sum(t in 1..3: t.x)",
            "sum(p in tem: p.share)",
            "sum(p in x: 1)",
            "celi(x)",
            "x(3)",
            "x[\"a\"]",
            "trasnfer[\"a\", \"b\"]",
        ],
    ),
    (
        "kinds and dimensions",
        &[
            "latency + memory",
            "latency * 2 - memory + x",
            "latency > 3",
            "if(ready, latency, memory)",
            "max(1, latency)",
            "licence + 1",
            "ready * 2",
            "licence < \"MIT\"",
            "licence == 3",
            "x and ready",
            "not x",
            "x in [\"MIT\"]",
            "born + born",
            "born + memory",
            "born - x",
            "if(x, 1, 2)",
            "max(ready, ready)",
            "ceil(latency)",
            "round(toil * rate)",
            "ln(memory)",
            "sqrt(latency)",
            "latency ^ x",
            "2 ^ latency",
            "experience(memory)",
            "experience(licence)",
            "sum(t in 1..horizon: t)",
            "sum(p in team: p.role)",
            "count(p in team: p.share)",
            "transfer[language, x]",
            "1e300 [year^2]",
        ],
    ),
    (
        "calls and size",
        &[
            "if(ready, 1)",
            "clamp(x, 1)",
            "ln()",
            "known(x, y)",
            "experience(horizon, x)",
            "experience[\"a\"]",
            "transfer(x)",
            "transfer[\"a\"]",
            "wage[]",
            "sum(t in 1..9: sum(u in 1..9: sum(v in 1..9: t * u * v)))",
        ],
    ),
    (
        "several at once",
        &[
            "ceil(latency) + min(zebra, x + memory, 2 +, licence * 2)",
            "latency + memory + peak + ln(licence) * (ready + 1)",
        ],
    ),
];

#[test]
fn each_is_drawn() {
    for (title, formulas) in WRONG {
        let mut drawn = String::new();
        for text in *formulas {
            let english = complaints(text, Lang::En);
            assert!(!english.is_empty(), "nothing is said about {text}");
            drawn += &format!("{english}\n");
        }
        insta::assert_snapshot!(title.replace(' ', "_"), drawn);
    }
}

#[test]
fn each_is_drawn_in_chinese() {
    for (title, formulas) in WRONG {
        let drawn: String = formulas
            .iter()
            .map(|text| complaints(text, Lang::Zh) + "\n")
            .collect();
        for line in drawn.lines().filter(|line| line.starts_with("错误")) {
            assert!(
                line.chars()
                    .any(|c| matches!(c, '\u{4e00}'..='\u{9fff}') && !"错误".contains(c)),
                "{line}"
            );
        }
        insta::assert_snapshot!(format!("{}_zh", title.replace(' ', "_")), drawn);
    }
}

/// The caret stands under the operator, the dimensions under the operands.
#[test]
fn a_mismatch_points_at_the_operator() {
    let drawn = complaints("latency + memory", Lang::En);
    let caret = drawn
        .lines()
        .find(|line| line.contains('^'))
        .expect("a caret is drawn");
    assert_eq!(
        caret.find('^').expect("there") - caret.find('-').expect("a label"),
        "latency ".len()
    );
    assert!(
        drawn.contains("a time [s]") && drawn.contains("a quantity in [B]"),
        "{drawn}"
    );
}
