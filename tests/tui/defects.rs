//! Defects that other terminal programs shipped: each has a test, and this file says which. What is tested nowhere else is here.

use std::time::Instant;

use crate::world::{auth, keys, lines, matrix, open, paint, settle, text};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::{Color, Modifier};
use weigh::lang::Lang;
use weigh::tui::event::Event;
use weigh::tui::update::{Effect, handle};
use weigh::tui::{Colors, Ground, Look, Screen, State};

/// What went wrong elsewhere, and the file and test that see to it here.
const ROWS: &[(&str, &str, &str)] = &[
    (
        "drawn at every size: gitui#198",
        "tests/tui/sizes.rs",
        "every_screen_and_overlay_at_every_size",
    ),
    (
        "shrunk while scrolled and edited: tui-logger#60",
        "tests/tui/sizes.rs",
        "shrinking_while_a_list_is_scrolled_and_a_field_is_edited",
    ),
    (
        "panic restores: ratatui#2087",
        "tests/tui/pty.rs",
        "a_panic_restores_and_tells",
    ),
    (
        "error restores: dot-agent-deck#1162",
        "tests/tui/pty.rs",
        "an_error_restores",
    ),
    (
        "signals restore: rustnet PR#364",
        "tests/tui/pty.rs",
        "sigterm_restores",
    ),
    (
        "a closed window",
        "tests/tui/pty.rs",
        "a_closed_window_ends_it",
    ),
    (
        "piped: gitchange#110",
        "tests/tui/pty.rs",
        "without_a_terminal_it_prints_the_table",
    ),
    (
        "Ctrl-Z and fg: SuperLightTUI#263",
        "tests/tui/pty.rs",
        "suspend_and_go_on",
    ),
    (
        "one press acts once: ratatui#347",
        "src/tui/event.rs",
        "one_key_press_acts_once",
    ),
    (
        "Esc at the root: workmux#98",
        "tests/tui/update.rs",
        "escape_at_the_root_never_leaves",
    ),
    (
        "the editor returns: gitui#152",
        "tests/tui/pty/editor.rs",
        "the_editor_returns",
    ),
    (
        "wide names: ratatui#75",
        "tests/tui/sizes.rs",
        "borders_line_up_whatever_a_candidate_is_called",
    ),
    (
        "names are cut on graphemes: csvlens",
        "src/tui/widget/text.rs",
        "cut_on_grapheme_borders",
    ),
    (
        "popup over a wide character: ratatui#2526",
        "src/tui/widget/pen.rs",
        "popup_over_a_wide_character",
    ),
    (
        "mouse parser underflow: crossterm 0.29",
        "src/tui/event.rs",
        "mouse_outside_is_dropped",
    ),
    (
        "copy over SSH: lazygit#5724",
        "src/tui/clipboard.rs",
        "over_ssh_only_the_terminal_copies",
    ),
    (
        "never by colour alone: BQN#82",
        "tests/tui/snapshots.rs",
        "without_colour_the_same_is_said",
    ),
    (
        "light grounds, few colours: bluetui#10",
        "tests/tui/defects.rs",
        "colours_are_read_on_light_and_dark_grounds",
    ),
    (
        "sixteen colours",
        "tests/tui/defects.rs",
        "sixteen_colours_are_the_terminals_own",
    ),
    ("NO_COLOR", "tests/tui/pty.rs", "no_color_is_obeyed"),
    (
        "selecting text: git-interactive-rebase-tool#945",
        "tests/tui/defects.rs",
        "the_mouse_can_be_let_go_to_select_text",
    ),
    (
        "idle: ratatui#1338",
        "tests/tui/pty.rs",
        "idle_costs_nothing",
    ),
    (
        "braille missing: bottom#914",
        "tests/tui/defects.rs",
        "without_braille_marks_are_plain",
    ),
    (
        "a weight to zero and back: SE 261017",
        "tests/tui/update.rs",
        "a_weight_goes_to_zero_and_back",
    ),
    (
        "all weights zero",
        "tests/tui/update.rs",
        "all_weights_zero_says_so",
    ),
    (
        "locked shares and the others make 100 %",
        "tests/tui/update.rs",
        "a_locked_share_stays_while_others_move",
    ),
    (
        "locks take everything",
        "tests/tui/update.rs",
        "locks_never_take_everything",
    ),
    (
        "one criterion",
        "tests/tui/defects.rs",
        "one_criterion_is_a_decision_too",
    ),
    (
        "200 candidates, 40 criteria, long names",
        "tests/tui/defects.rs",
        "many_candidates_and_criteria_are_shown",
    ),
    (
        "nobody passes the gates",
        "tests/tui/defects.rs",
        "nobody_left_after_the_gates",
    ),
    (
        "every cell missing",
        "tests/tui/defects.rs",
        "nothing_is_known",
    ),
    (
        "a file changes: csvlens 0.15",
        "tests/tui/update.rs",
        "an_invalid_file_keeps_the_last_good_model",
    ),
    (
        "a file changes while it is open: csvlens 0.15",
        "tests/tui/pty/files.rs",
        "a_changed_file_is_read_again_and_a_broken_one_told",
    ),
    (
        "the editor opens at the line",
        "tests/tui/pty/editor.rs",
        "the_editor_opens_at_the_line",
    ),
    (
        "work survives a crash",
        "tests/tui/pty/files.rs",
        "unsaved_work_survives_a_crash",
    ),
    (
        "a burst of keys is one frame",
        "tests/tui/defects.rs",
        "a_burst_of_keys_is_one_frame",
    ),
    (
        "comments and order of a saved file",
        "tests/tui/update.rs",
        "saving_over_a_scenario_keeps_its_comments_and_order",
    ),
    (
        "a report holds nobody up",
        "tests/tui/update.rs",
        "a_report_is_written_while_keys_work",
    ),
    (
        "a held key leaves no backlog",
        "tests/tui/pty.rs",
        "a_key_held_for_five_seconds_leaves_no_backlog",
    ),
];

#[test]
fn every_defect_has_its_test() {
    for (defect, file, test) in ROWS {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        assert!(
            text.contains(&format!("fn {test}()")),
            "{defect}: no test `{test}` in {file}"
        );
    }
}

fn walk_all(state: &mut State) -> Vec<String> {
    let mut seen = Vec::new();
    for key in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
        keys(state, key);
        settle(state);
        for (width, height) in [(100, 30), (80, 24)] {
            let shown = text(state, width, height);
            assert!(!shown.contains("NaN") && !shown.contains("inf"), "{shown}");
            seen.push(shown);
        }
    }
    seen
}

#[test]
fn one_criterion_is_a_decision_too() {
    let folder = matrix(3, 1);
    let mut state = open(&folder.path().join("matrix.csv"), Lang::En, Look::default());
    let seen = walk_all(&mut state);
    assert!(seen[0].contains("3 ranked"), "{}", seen[0]);
    keys(&mut state, "1lllhhh0");
    assert!(text(&mut state, 100, 30).contains("No weights"));
}

#[test]
fn many_candidates_and_criteria_are_shown() {
    let folder = matrix(200, 40);
    let mut state = open(&folder.path().join("matrix.csv"), Lang::En, Look::default());
    assert_eq!(state.views.board.places.len(), 200);
    for key in ["1", "2", "5", "6", "7", "8"] {
        keys(&mut state, key);
        keys(&mut state, "GGjj");
        assert!(
            text(&mut state, 100, 30).contains("candidate number"),
            "screen {key}"
        );
    }
    keys(&mut state, "1\tG");
    let bottom = text(&mut state, 100, 30);
    assert!(
        bottom.contains(" 200 "),
        "the last rank is in sight:\n{bottom}"
    );
    keys(&mut state, "/number 42\n");
    assert_eq!(state.shown_places().len(), 1);
}

fn written(yaml: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("decision.yaml"), yaml).expect("written");
    folder
}

const NOBODY: &str = "decision: none
title: Nobody
as_of: 2026-11-22
facts:
  speed: {title: Speed, unit: req/s}
";

#[test]
fn nobody_left_after_the_gates() {
    let yaml = NOBODY.to_owned()
        + "candidates:
  - {id: a, facts: {speed: 5}}
  - {id: b, facts: {speed: 7}}
criteria:
  - {id: fast, title: Fast, expr: speed, unit: req/s, value: {worst: 0, best: 10}, points: 10}
gates:
  - {gate: fast-enough, ask: \"speed >= 100 [req/s]\", screen: {when: false, reason: too slow}}
";
    let folder = written(&yaml);
    let mut state = open(folder.path(), Lang::En, Look::default());
    let seen = walk_all(&mut state);
    assert!(
        seen[0].contains("0 ranked, 2 screened") && seen[0].contains("too slow"),
        "{}",
        seen[0]
    );
}

#[test]
fn nothing_is_known() {
    let yaml = NOBODY.to_owned()
        + "candidates:
  - {id: a, facts: {speed: {missing: nobody measured it}}}
  - {id: b, facts: {speed: {missing: nobody measured it}}}
criteria:
  - {id: fast, title: Fast, expr: speed, unit: req/s, value: {worst: 0, best: 10}, points: 10}
";
    let folder = written(&yaml);
    let mut state = open(folder.path(), Lang::Zh, Look::default());
    let seen = walk_all(&mut state);
    assert!(seen[0].contains("2 个信息不全"), "{}", seen[0]);
}

/// WCAG 2.2 contrast of two colours.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |c: [f64; 3]| {
        let linear = |x: f64| {
            if x <= 0.04045 {
                x / 12.92
            } else {
                ((x + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2])
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// bluetui #10, Codewhale #899, cs #23: a palette that assumes a dark ground. Text has a contrast of 4.5 on the ground that is named
/// (WCAG 2.2, 1.4.3); where none is named, of 4.5 on black and of 3 on white (1.4.11: letters and signs carry the meaning too).
#[test]
fn colours_are_read_on_light_and_dark_grounds() {
    let rgb = |style: ratatui::style::Style| {
        let Some(Color::Indexed(n @ 16..=231)) = style.fg else {
            panic!("a colour of the cube: {style:?}")
        };
        let level = |x: u8| {
            if x == 0 {
                0.0
            } else {
                (55.0 + 40.0 * f64::from(x)) / 255.0
            }
        };
        let n = n - 16;
        [level(n / 36), level(n / 6 % 6), level(n % 6)]
    };
    let all = |look: Look| {
        (0..6)
            .map(|at| look.hue(at))
            .chain([look.good(), look.bad()])
            .map(rgb)
            .collect::<Vec<_>>()
    };
    let look = Look {
        colors: Colors::Many,
        ..Look::default()
    };
    for (at, own) in all(look).into_iter().enumerate() {
        assert!(
            contrast(own, [0.0; 3]) >= 4.5 && contrast(own, [1.0; 3]) >= 3.0,
            "hue {at}"
        );
    }
    for (at, own) in all(Look {
        ground: Ground::Light,
        ..look
    })
    .into_iter()
    .enumerate()
    {
        assert!(contrast(own, [1.0; 3]) >= 4.5, "hue {at} on a light ground");
    }
    let hues = all(look);
    for (at, own) in hues.iter().enumerate().take(6) {
        assert!(!hues[..at].contains(own), "hue {at} is another's too");
    }
}

/// The ground can be named while it runs; blue and dark grey text never lie on a dark one.
#[test]
fn the_ground_can_be_changed() {
    let mut state = auth(
        Lang::En,
        Look {
            colors: Colors::Sixteen,
            ..Look::default()
        },
    );
    let painted = |state: &mut State| {
        paint(state, 100, 30)
            .content
            .iter()
            .map(|cell| cell.fg)
            .collect::<Vec<_>>()
    };
    let dark = painted(&mut state);
    assert!(
        !dark
            .iter()
            .any(|color| matches!(color, Color::Blue | Color::DarkGray))
    );
    keys(&mut state, ":ground\n");
    assert_eq!(state.look.ground, Ground::Light);
    assert!(painted(&mut state) != dark);
    let mut plain = auth(Lang::En, Look::default());
    keys(&mut plain, ":ground\n");
    assert!(
        plain.message.contains("no colours here"),
        "{}",
        plain.message
    );
}

#[test]
fn sixteen_colours_are_the_terminals_own() {
    let mut state = auth(
        Lang::En,
        Look {
            colors: Colors::Sixteen,
            ..Look::default()
        },
    );
    let mut used = 0;
    for key in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
        keys(&mut state, key);
        settle(&mut state);
        for cell in &paint(&mut state, 100, 30).content {
            assert!(
                !matches!(cell.fg, Color::Indexed(_) | Color::Rgb(..)),
                "screen {key}"
            );
            // Black and white vanish on one ground or the other.
            assert!(
                !matches!(cell.fg, Color::Black | Color::White),
                "screen {key}"
            );
            assert_eq!(cell.bg, Color::Reset, "no painted ground");
            used += usize::from(cell.fg != Color::Reset);
        }
    }
    assert!(used > 100);
}

fn click(state: &mut State, x: u16, y: u16) {
    handle(state, Event::Press(x, y));
    handle(state, Event::Release);
    state.refresh();
}

fn find(state: &mut State, what: &str) -> (u16, u16) {
    let seen = lines(&paint(state, 100, 30));
    let (y, line) = seen
        .iter()
        .enumerate()
        .find(|(_, line)| line.contains(what))
        .unwrap_or_else(|| panic!("{what}\n{}", seen.join("\n")));
    let at = line.find(what).expect("just found");
    (
        u16::try_from(unicode_width::UnicodeWidthStr::width(&line[..at])).expect("on the screen"),
        u16::try_from(y).expect("on the screen"),
    )
}

#[test]
fn the_mouse_picks_tabs_rows_and_weights() {
    let mut state = auth(Lang::En, Look::default());
    let (x, y) = find(&mut state, "8 What-if");
    click(&mut state, x, y);
    assert_eq!(state.screen, Screen::WhatIf);
    keys(&mut state, "1");
    let (x, y) = find(&mut state, "2  =  Gin");
    click(&mut state, x, y);
    assert_eq!(
        Some(state.selection.candidate),
        state.views.board.places.get(1).map(|p| p.candidate)
    );
    let (x, y) = find(&mut state, "[■");
    click(&mut state, x + 8, y);
    assert_eq!(
        state.session.knobs().points[0],
        100.0,
        "the right end of the slider"
    );
    keys(&mut state, "u");
    assert!(!state.session.is_edited());
}

/// git-interactive-rebase-tool #945, cc-switch-cli #347: the mouse is given back to the terminal on request.
#[test]
fn the_mouse_can_be_let_go_to_select_text() {
    let mut state = auth(Lang::En, Look::default());
    assert_eq!(keys(&mut state, ":mouse\n"), [Effect::Mouse(false)]);
    assert!(state.message.contains("text can be selected"));
    assert_eq!(keys(&mut state, ":mouse\n"), [Effect::Mouse(true)]);
}

#[test]
fn without_braille_marks_are_plain() {
    let mut state = auth(
        Lang::En,
        Look {
            dots: true,
            ..Look::default()
        },
    );
    keys(&mut state, "2");
    let seen = text(&mut state, 100, 30);
    assert!(
        seen.chars()
            .all(|c| !('\u{2800}'..='\u{28ff}').contains(&c))
            && seen.contains('@')
            && seen.contains('*'),
        "{seen}"
    );
}

/// While an answer is awaited the old one stays, dimmed, with how far the new one is.
#[test]
fn an_old_answer_stays_dimmed_with_progress() {
    let mut state = auth(Lang::En, Look::default());
    keys(&mut state, "4");
    settle(&mut state);
    let dimmed = |state: &mut State| {
        let (x, y) = find(state, "%");
        paint(state, 100, 30)[(x, y)]
            .modifier
            .contains(Modifier::DIM)
    };
    assert!(!dimmed(&mut state));
    keys(&mut state, "1L4");
    state.progress = Some("40 %".to_owned());
    assert!(dimmed(&mut state), "the old figures are dimmed");
    assert!(text(&mut state, 100, 30).contains("[working 40 %]"));
    settle(&mut state);
    assert!(!dimmed(&mut state));
    assert!(!text(&mut state, 100, 30).contains("working"));
}

/// Five seconds of a key that repeats thirty times a second arrive at once: one frame, and every press counts.
#[test]
fn a_burst_of_keys_is_one_frame() {
    let folder = matrix(200, 40);
    let mut state = open(&folder.path().join("matrix.csv"), Lang::En, Look::default());
    keys(&mut state, "=0\n");
    let start = Instant::now();
    for _ in 0..150 {
        handle(
            &mut state,
            Event::Key(KeyEvent::new(KeyCode::Char('l'), KeyModifiers::NONE)),
        );
    }
    state.refresh();
    paint(&mut state, 100, 30);
    assert_eq!(state.session.knobs().points[0], 100.0);
    // Without optimisation; the bench says how long it takes with.
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

/// What a new user does: why the first leads, at which load another wins, what one more Go engineer changes, kept and reported.
#[test]
fn a_new_user_finds_what_the_decision_turns_on() {
    let mut state = auth(Lang::En, Look::default());
    let seen = text(&mut state, 100, 30);
    assert!(
        seen.contains("Why Flask leads Gin by") && seen.contains("load and team: 8"),
        "{seen}"
    );
    keys(&mut state, "8");
    settle(&mut state);
    let seen = text(&mut state, 100, 30);
    assert!(seen.contains("req/s Gin"), "{seen}");
    keys(&mut state, "/go hire\nl");
    assert!(state.message.contains("Gin 2 -> 1"), "{}", state.message);
    assert_eq!(
        state.session.settings(),
        [("team.dana.count".to_owned(), "1 person".to_owned())]
    );
    assert_eq!(
        keys(&mut state, "S\n"),
        [Effect::SaveScenario("what-if".to_owned())]
    );
    assert_eq!(
        keys(&mut state, "Phired\n"),
        [Effect::SaveScenario("hired".to_owned()), Effect::Report]
    );
}
