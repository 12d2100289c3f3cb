//! No English is left on a Chinese screen, but for names, ids, units and keys.

use std::collections::BTreeSet;

use crate::world::{auth, keys, settle, text};
use weigh::lang::Lang;
use weigh::tui::state::Screen;
use weigh::tui::{Action, Look, State};

/// Words of four letters and more; letters of bars are none.
fn words(text: &str) -> BTreeSet<String> {
    let all = text.split(|c: char| !c.is_ascii_alphabetic());
    all.filter(|word| word.len() > 3 && word.contains(char::is_lowercase))
        .map(str::to_lowercase)
        .collect()
}

/// What is written the same in both languages.
fn names(state: &State) -> BTreeSet<String> {
    let model = state.session.model();
    let mut all = words(&state.session.path().to_string_lossy());
    for node in &model.graph.nodes {
        all.extend(words(&node.id));
        all.extend(words(node.unit.suffix()));
        all.extend(words(node.title.get(Lang::Zh)));
    }
    for candidate in &model.decision.candidates {
        all.extend(words(&candidate.id));
        all.extend(words(candidate.name.get(Lang::Zh)));
    }
    for action in Action::ALL {
        all.extend(words(action.name()));
        Screen::ALL
            .iter()
            .for_each(|screen| all.extend(words(&state.keymap.keys(*action, *screen))));
    }
    // A command is typed, files have their places, a unit's name is short for it, and a shell is called so.
    all.extend(
        [
            "candidates",
            "scenarios",
            "weights",
            "yaml",
            "person",
            "week",
            "month",
            "year",
            "shell",
            "markdown",
            "json",
        ]
        .map(str::to_owned),
    );
    all
}

#[test]
fn a_chinese_screen_has_no_english() {
    let [mut en, mut zh] = [Lang::En, Lang::Zh].map(|lang| auth(lang, Look::default()));
    let names = names(&zh);
    for screen in [
        "1", "l", "2", "K", "3", "\tK", "4", "K", "5o", "K", "6", "K", "7", "K", "8", "l", "S",
        "1?", ":", ":und", "P", "q",
    ] {
        for state in [&mut en, &mut zh] {
            state.overlays.clear();
            keys(state, screen);
            settle(state);
        }
        for (width, height) in [(100, 30), (80, 24), (60, 20)] {
            let (english, chinese) = (text(&mut en, width, height), text(&mut zh, width, height));
            // What a source is called stays as it is.
            let chinese: String = chinese
                .lines()
                .filter(|line| !line.contains("出处"))
                .map(|line| format!("{line}\n"))
                .collect();
            // A name may be cut where something lies on top of it.
            let named = |word: &&String| names.iter().any(|name| name.starts_with(word.as_str()));
            let left: Vec<String> = words(&chinese)
                .intersection(&words(&english))
                .filter(|word| !named(word))
                .cloned()
                .collect();
            assert!(
                left.is_empty(),
                "{left:?} after `{screen}` at {width}x{height}:\n{chinese}"
            );
        }
    }
}
