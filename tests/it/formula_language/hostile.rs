//! Texts that nobody writes by accident: they must end in a diagnostic, quickly, with little stack.

use std::time::{Duration, Instant};

use weigh::diagnostic::{Code, Diagnostics};
use weigh::formula::{TextCodes, compile, parse};
use weigh::source::Span;

use super::world::World;

/// The codes of what is said about a text.
fn codes(text: &str) -> Vec<Code> {
    let begin = Instant::now();
    let mut sink = Diagnostics::default();
    if let Some(expr) = parse(text, Span::default(), &mut sink) {
        compile(&expr, &World::new(), &mut TextCodes::default(), &mut sink);
    }
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert!(sink.len() <= 64, "{} messages", sink.len());
    sink.sorted().into_iter().map(|d| d.code).collect()
}

#[test]
fn depth_is_limited() {
    let nested = |n: usize, open: &str, close: &str| open.repeat(n) + "1" + &close.repeat(n);
    assert_eq!(codes(&nested(64, "(", ")")), []);
    assert_eq!(codes(&nested(65, "(", ")")), [Code::FormulaTooLarge]);
    assert_eq!(codes(&nested(100_000, "(", ")")), [Code::FormulaTooLarge]);
    for (open, close) in [
        ("(", ""),
        ("-", ""),
        ("not ", ""),
        ("2^", ""),
        ("abs(", ")"),
        ("wage[", "]"),
        ("if(", ""),
        ("1+(", ""),
    ] {
        assert!(
            codes(&nested(2_000, open, close)).contains(&Code::FormulaTooLarge),
            "{open}"
        );
    }
    // As deep as it goes with operators of every rank: read, printed, checked, compiled and dropped on a test's small stack.
    for level in [
        "true or false and 1 == 2 + 3 * (",
        "1 + 2 * (",
        "true or false and (",
        "2 ^ -",
        "if(ready, 1, 2 + 3 * (",
    ] {
        let levels = 64 / level.matches(['(', '-', '^']).count();
        let deep = level.repeat(levels)
            + if level.starts_with("true or false and (") {
                "true"
            } else {
                "1"
            }
            + &")".repeat(level.matches('(').count() * levels);
        assert!(
            codes(&deep).iter().all(|code| *code == Code::TypeMismatch),
            "{level}"
        );
        let expr = parse(&deep, Span::default(), &mut Diagnostics::default())
            .expect("it is just within the limit");
        assert_eq!(
            parse(
                &expr.to_string(),
                Span::default(),
                &mut Diagnostics::default()
            ),
            Some(expr)
        );
    }
}

#[test]
fn length_is_limited_but_long_chains_are_fine() {
    assert_eq!(codes(&("1".to_owned() + &"+1".repeat(2_000))), []);
    assert_eq!(codes(&("1".to_owned() + &"+1".repeat(4_999))), []);
    assert_eq!(codes(&"x+".repeat(100_000)), [Code::FormulaTooLarge]);
    assert_eq!(codes(&"好".repeat(10_001)), [Code::FormulaTooLarge]);
    assert_eq!(codes(&"好".repeat(10_000)), [Code::UnknownName]);
}

#[test]
fn operations_are_limited_after_unrolling() {
    let sums = |n: usize, of: &str| of.repeat(n) + "1" + &")".repeat(n);
    assert_eq!(codes(&sums(3, "sum(p in team: x + ")), []);
    assert_eq!(codes(&sums(20, "sum(p in team: ")), [Code::FormulaTooLarge]);
    assert_eq!(codes(&sums(2, "sum(t in 1..200: ")), []);
    assert_eq!(
        codes(&sums(3, "sum(t in 1..200: ")),
        [Code::FormulaTooLarge]
    );
    assert_eq!(
        codes(&sums(40, "sum(t in 1..200: ")),
        [Code::FormulaTooLarge]
    );
}

#[test]
fn odd_characters_are_named() {
    for text in [
        "\0",
        "1 + \0",
        "x \u{1b}[31m",
        "\u{7f}",
        "1\u{200b}+ 2",
        "x + 😀",
        "\u{d7ff}\u{e000}",
        "\u{feff}1",
        "\"a\0b\" == licence",
        "?",
        "`x`",
        "5 %%",
    ] {
        assert!(codes(text).contains(&Code::FormulaSyntax), "{text:?}");
    }
    assert_eq!(codes("x\u{3000}+\t1\n"), []);
    assert_eq!(codes("技术债 + é"), [Code::UnknownName, Code::UnknownName]);
}

#[test]
fn huge_figures_and_powers() {
    for text in [
        "1e999",
        "1e99999999999999999999",
        "9".repeat(400).as_str(),
        "1 [year^100]",
        "1e308 year",
    ] {
        assert_eq!(codes(text), [Code::FormulaSyntax], "{text}");
    }
    for text in [
        "1 [s^-128]",
        "1 [1/s^-128]",
        "1 [s^999]",
        "1 [s^]",
        "1 [//]",
        "1 [·]",
        "1 [s/²]",
        "1 [^2]",
    ] {
        assert!(
            codes(text)
                .iter()
                .all(|code| matches!(code, Code::UnknownUnit | Code::FormulaSyntax)),
            "{text}"
        );
    }
    assert_eq!(codes("latency ^ 1e300"), [Code::DimensionMismatch]);
    assert_eq!(codes("latency ^ 12 / latency ^ 12 + 2 ^ 1e300 ^ 1e300"), []);
    assert_eq!(codes("((((latency ^ 12) ^ 12) ^ 12) ^ 12) ^ -12 < 0"), []);
}

#[test]
fn unfinished_texts() {
    for text in [
        "",
        " ",
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        "..",
        "\"",
        "'",
        "“x”",
        "1 [",
        "1 [h",
        "1 []",
        "x[",
        "x(",
        "if(",
        "sum(",
        "sum(p",
        "sum(p in",
        "sum(p in team",
        "sum(p in team:",
        "sum(p in team: 1",
        "sum(p in team: 1,",
        "sum(p in team: 1, weight",
        "mean(p in team: 1, weight:",
        "sum(p in 1..",
        "sum(p in 1..2",
        "date(",
        "date(\"",
        "date(1)",
        "x in",
        "x in [",
        "x in [\"a\"",
        "x in [\"a\",",
        "1 +",
        "+",
        "* * * *",
        "not",
        "-",
        "a b c",
        "1 2 3",
        ")(",
        "a.",
        ".a",
        "a..b",
        "=",
        "a = b",
    ] {
        assert!(!codes(text).is_empty(), "{text:?}");
    }
    assert!(codes(&"(,[:".repeat(2_000)).len() <= 17);
    assert!(codes(&") ".repeat(4_000)).len() <= 16);
    assert!(codes(&"sum(p in ".repeat(1_000)).contains(&Code::FormulaTooLarge));
    assert!(codes(&"a ? ".repeat(2_000)).len() <= 16);
}
