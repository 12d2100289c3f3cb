//! Which key does what: input, help, the bottom line and the palette all read this table.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::Action;
use super::state::Screen;
use crate::lang::Text;
use crate::tr;

/// A key with or without Ctrl; Shift is part of the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyChord {
    code: KeyCode,
    ctrl: bool,
}

impl KeyChord {
    /// The key of an event.
    #[must_use]
    pub fn of(event: &KeyEvent) -> Self {
        let code = match event.code {
            KeyCode::BackTab => KeyCode::BackTab,
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            other => other,
        };
        Self {
            code,
            ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
        }
    }

    /// Parses a name such as `j`, `ctrl-p`, `left` or `f1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (ctrl, name) = text
            .strip_prefix("ctrl-")
            .map_or((false, text), |rest| (true, rest));
        let mut chars = name.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) => KeyCode::Char(c),
            _ => match name {
                "left" => KeyCode::Left,
                "right" => KeyCode::Right,
                "up" => KeyCode::Up,
                "down" => KeyCode::Down,
                "home" => KeyCode::Home,
                "end" => KeyCode::End,
                "pageup" => KeyCode::PageUp,
                "pagedown" => KeyCode::PageDown,
                "tab" => KeyCode::Tab,
                "shift-tab" => KeyCode::BackTab,
                "enter" => KeyCode::Enter,
                "esc" => KeyCode::Esc,
                "space" => KeyCode::Char(' '),
                "delete" => KeyCode::Delete,
                _ => KeyCode::F(name.strip_prefix('f')?.parse().ok()?),
            },
        };
        Some(Self { code, ctrl })
    }
}

impl std::fmt::Display for KeyChord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("space"),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "f{n}"),
            KeyCode::BackTab => f.write_str("shift-tab"),
            KeyCode::Left => f.write_str("left"),
            KeyCode::Right => f.write_str("right"),
            KeyCode::Up => f.write_str("up"),
            KeyCode::Down => f.write_str("down"),
            other => f.write_str(&format!("{other:?}").to_lowercase()),
        }
    }
}

/// A key and its action.
#[derive(Clone, Debug)]
pub struct Binding {
    pub key: KeyChord,
    /// The screen where the key has this action; `None` for all screens.
    pub screen: Option<Screen>,
    pub action: Action,
}

/// The table of all keys.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// Keys that work on every screen.
const EVERYWHERE: &[(Action, &str)] = &[
    (Action::Rank, "1"),
    (Action::Tradeoff, "2"),
    (Action::Sensitivity, "3"),
    (Action::Robustness, "4"),
    (Action::Why, "5"),
    (Action::Graph, "6"),
    (Action::Compare, "7"),
    (Action::WhatIf, "8"),
    (Action::Data, "9"),
    (Action::Down, "j down"),
    (Action::Up, "k up"),
    (Action::Left, "h left"),
    (Action::Right, "l right"),
    (Action::FarLeft, "H"),
    (Action::FarRight, "L"),
    (Action::PageDown, "ctrl-d pagedown"),
    (Action::PageUp, "ctrl-u pageup"),
    (Action::First, "g home"),
    (Action::Last, "G end"),
    (Action::NextPane, "tab"),
    (Action::PreviousPane, "shift-tab"),
    (Action::Enter, "enter"),
    (Action::Back, "esc"),
    (Action::Undo, "u"),
    (Action::Redo, "ctrl-r"),
    (Action::Snapshot, "s"),
    (Action::Restore, "b"),
    (Action::NextCandidate, "]"),
    (Action::PreviousCandidate, "["),
    (Action::Filter, "/"),
    (Action::NextHit, "n"),
    (Action::PreviousHit, "N"),
    (Action::SaveScenario, "S"),
    (Action::SaveProfile, "W"),
    (Action::Report, "P"),
    (Action::Export, "x"),
    (Action::ExportJson, "X"),
    (Action::CopyCell, "y"),
    (Action::CopyRow, "Y"),
    (Action::Edit, "e"),
    (Action::Reload, "R"),
    (Action::Help, "?"),
    (Action::Glossary, "f1 K"),
    (Action::Palette, ": ctrl-p"),
    (Action::Redraw, "ctrl-l"),
    (Action::Suspend, "ctrl-z"),
    (Action::Quit, "q"),
    (Action::Abort, "ctrl-c"),
];

/// Keys that work on one screen.
const OWN: &[(Screen, Action, &str)] = &[
    (Screen::Rank, Action::Set, "="),
    (Screen::Rank, Action::Zero, "0"),
    (Screen::Rank, Action::Lock, "*"),
    (Screen::Rank, Action::Reset, "r"),
    (Screen::WhatIf, Action::Set, "="),
    (Screen::WhatIf, Action::Reset, "r"),
    (Screen::Tradeoff, Action::AxisX, "v"),
    (Screen::Tradeoff, Action::AxisY, "t"),
    (Screen::Robustness, Action::Widen, "w"),
    (Screen::Robustness, Action::Adopt, "a"),
    (Screen::Compare, Action::NextRival, "p"),
    (Screen::Compare, Action::Swap, "w"),
    (Screen::Why, Action::Expand, "o"),
];

impl Default for Keymap {
    fn default() -> Self {
        let mut map = Self {
            bindings: Vec::new(),
        };
        let all = OWN
            .iter()
            .map(|(s, a, keys)| (Some(*s), *a, *keys))
            .chain(EVERYWHERE.iter().map(|(a, keys)| (None, *a, *keys)));
        for (screen, action, keys) in all {
            let keys = keys.split(' ').filter_map(KeyChord::parse);
            map.bindings.extend(keys.map(|key| Binding {
                key,
                screen,
                action,
            }));
        }
        map
    }
}

impl Keymap {
    /// Returns the standard keys with the changes of a file of lines `action: [key, key]`, and a message for each invalid line;
    /// invalid lines are skipped.
    #[must_use]
    pub fn read(file: &str) -> (Self, Vec<Text>) {
        let (mut map, mut wrong) = (Self::default(), Vec::new());
        for (at, line) in file.lines().enumerate() {
            let line = line.split(" #").next().unwrap_or_default().trim();
            if line.is_empty() || line.starts_with('#') || line == "keys:" {
                continue;
            }
            let number = at + 1;
            let parsed = line.split_once(": ").and_then(|(name, keys)| {
                let action = Action::ALL
                    .iter()
                    .copied()
                    .find(|a| a.name() == name.trim())?;
                let keys = keys.trim().trim_start_matches('[').trim_end_matches(']');
                let keys: Option<Vec<KeyChord>> = keys
                    .split(',')
                    .map(|k| KeyChord::parse(k.trim().trim_matches(['"', '\''])))
                    .collect();
                Some((action, keys?))
            });
            let Some((action, keys)) = parsed else {
                wrong.push(tr!(
                    "key file, line {number}: not `action: [key, key]`",
                    "按键文件第 {number} 行：不是 `动作: [键, 键]`"
                ));
                continue;
            };
            let screen = map
                .bindings
                .iter()
                .find(|b| b.action == action)
                .and_then(|b| b.screen);
            map.bindings
                .retain(|b| b.action != action && !(keys.contains(&b.key) && b.screen == screen));
            map.bindings.extend(keys.into_iter().map(|key| Binding {
                key,
                screen,
                action,
            }));
        }
        (map, wrong)
    }

    /// The action of a key on a screen.
    #[must_use]
    pub fn action(&self, key: KeyChord, screen: Screen) -> Option<Action> {
        let hits = || self.bindings.iter().filter(|b| b.key == key);
        hits()
            .find(|b| b.screen == Some(screen))
            .or_else(|| hits().find(|b| b.screen.is_none()))
            .map(|b| b.action)
    }

    /// The keys of an action on a screen, separated by blanks.
    #[must_use]
    pub fn keys(&self, action: Action, screen: Screen) -> String {
        let mine = self
            .bindings
            .iter()
            .filter(|b| b.action == action && b.screen.is_none_or(|s| s == screen));
        mine.map(|b| b.key.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The actions that have keys on a screen, those of this screen first.
    #[must_use]
    pub fn actions_of(&self, screen: Screen) -> Vec<Action> {
        let mut all: Vec<Action> = Vec::new();
        for own in [true, false] {
            for b in self.bindings.iter().filter(|b| {
                if own {
                    b.screen == Some(screen)
                } else {
                    b.screen.is_none()
                }
            }) {
                if !all.contains(&b.action) {
                    all.push(b.action);
                }
            }
        }
        all
    }
}
