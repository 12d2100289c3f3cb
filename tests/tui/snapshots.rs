//! What the screens look like, from a real example: `WEIGH_BLESS=1 cargo test --test tui` writes the golden files anew.

use std::path::PathBuf;

use crate::world::{auth, keys, settle, text};
use weigh::lang::Lang;
use weigh::tui::{Colors, Look};

const SCREENS: [(&str, &str); 9] = [
    ("1", "rank"),
    ("2", "trade-off"),
    ("3", "sensitivity"),
    ("4", "robustness"),
    ("5\n", "why"),
    ("6", "graph"),
    ("7", "compare"),
    ("8", "what-if"),
    ("9", "data"),
];

/// Drawings in Chinese and on a small terminal that are kept beside all screens in English.
const SMALL: [&str; 3] = ["rank", "graph", "what-if"];

fn check(name: &str, seen: &str) {
    let path = PathBuf::from(format!("tests/tui/screens/{name}.txt"));
    if std::env::var_os("WEIGH_BLESS").is_some() {
        std::fs::create_dir_all("tests/tui/screens").expect("a folder");
        std::fs::write(&path, seen).expect("written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == seen, "{name} differs:\n{seen}");
}

#[test]
fn screens() {
    for (lang, tag, width, height) in [(Lang::En, "en", 100, 30), (Lang::Zh, "zh", 80, 24)] {
        let mut state = auth(
            lang,
            Look {
                colors: Colors::Many,
                ..Look::default()
            },
        );
        for (key, name) in SCREENS {
            keys(&mut state, key);
            settle(&mut state);
            if lang == Lang::En || SMALL.contains(&name) {
                let name = format!("{name}-{tag}-{width}x{height}");
                check(&name, &text(&mut state, width, height));
            }
        }
        if lang == Lang::En {
            keys(&mut state, "1?");
            check("help-en", &text(&mut state, width, height));
            keys(&mut state, "\u{1b}:und");
            check("palette-en", &text(&mut state, width, height));
        }
    }
}

/// The pictures of the READMEs, painted by the program itself.
#[test]
fn pictures() {
    let folder = PathBuf::from("examples/auth-service/expected/screens");
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let mut state = auth(
            lang,
            Look {
                colors: Colors::Many,
                ..Look::default()
            },
        );
        for (key, name) in [
            ("1", "rank"),
            ("3", "sensitivity"),
            ("6", "graph"),
            ("8", "what-if"),
        ] {
            keys(&mut state, key);
            settle(&mut state);
            let title = format!(
                "weigh explore examples/auth-service: {}",
                state.screen.tab(lang)
            );
            let seen = crate::world::svg::svg(&crate::world::paint(&mut state, 100, 30), &title);
            let path = folder.join(format!("{name}.{tag}.svg"));
            if std::env::var_os("WEIGH_BLESS").is_some() {
                std::fs::create_dir_all(&folder).expect("a folder");
                std::fs::write(&path, &seen).expect("written");
            }
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                expected == seen,
                "{} differs: WEIGH_BLESS=1 cargo test --test tui",
                path.display()
            );
        }
    }
}

/// Every screen that is kept as a picture is shown on a page: the first one in the README, all in their example's.
#[test]
fn the_readmes_show_the_screens_as_they_are() {
    for (tag, suffix) in [("en", ""), ("zh", ".zh")] {
        let page = |path: &str| std::fs::read_to_string(path).expect("the page is there");
        let (front, example) = (
            page(&format!("README{suffix}.md")),
            page(&format!("examples/auth-service/README{suffix}.md")),
        );
        assert!(front.contains(&format!(
            "examples/auth-service/expected/screens/rank.{tag}.svg"
        )));
        for name in ["rank", "sensitivity", "graph", "what-if"] {
            let path = format!("(expected/screens/{name}.{tag}.svg)");
            assert!(example.contains(&path), "{tag}: no page shows {path}");
        }
    }
}

/// bottom #914, #337, btop #971: without braille; and everything from ASCII.
#[test]
fn ascii_has_nothing_else() {
    let mut state = auth(
        Lang::En,
        Look {
            ascii: true,
            ..Look::default()
        },
    );
    for (key, name) in SCREENS {
        keys(&mut state, key);
        settle(&mut state);
        let seen = text(&mut state, 100, 30);
        assert!(seen.is_ascii(), "{name}:\n{seen}");
    }
}

/// BQN #82, bluetui #10, Codewhale #899, cs #23: nothing by colour alone, no painted ground.
#[test]
fn without_colour_the_same_is_said() {
    use ratatui::style::Color;
    let mut plain = auth(Lang::En, Look::default());
    let mut many = auth(
        Lang::En,
        Look {
            colors: Colors::Many,
            ..Look::default()
        },
    );
    for (key, _) in SCREENS {
        keys(&mut plain, key);
        keys(&mut many, key);
        let buffer = crate::world::paint(&mut plain, 100, 30);
        assert!(
            buffer
                .content
                .iter()
                .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
        );
        let colored = crate::world::paint(&mut many, 100, 30);
        assert!(
            colored.content.iter().all(|cell| cell.bg == Color::Reset),
            "no painted background"
        );
        assert_eq!(crate::world::lines(&buffer), crate::world::lines(&colored));
    }
}
