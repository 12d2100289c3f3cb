//! Every screen and overlay at every size, from nothing to a wall: it draws, and boxes line up.

use crate::world::{auth, keys, lines, open, paint, settle};
use weigh::lang::Lang;
use weigh::tui::state::Overlay;
use weigh::tui::{Colors, Look, Screen};

const SIZES: [(u16, u16); 16] = [
    (0, 0),
    (1, 1),
    (0, 30),
    (100, 0),
    (14, 5),
    (25, 3),
    (38, 9),
    (40, 10),
    (41, 11),
    (60, 15),
    (79, 24),
    (80, 19),
    (80, 24),
    (100, 30),
    (160, 50),
    (300, 100),
];

/// gitui #198, #72, #63, tickrs #40, csvlens `test_degenerate_*`, tui-logger #60, tatuin #181.
#[test]
fn every_screen_and_overlay_at_every_size() {
    let mut state = auth(
        Lang::Zh,
        Look {
            colors: Colors::Many,
            ..Look::default()
        },
    );
    let kept = tempfile::tempdir().expect("a folder");
    // Something is changed, so that saving, reporting and leaving ask.
    keys(&mut state, "l");
    weigh::session::store_unsaved(kept.path(), &state.session);
    let left =
        weigh::session::read_unsaved(kept.path(), state.session.path()).expect("it was kept");
    for screen in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
        keys(&mut state, screen);
        settle(&mut state);
        for overlay in [
            "", "?", ":", ":wei", "K", "S", "P", "W", "/g", "=", "q", "recover",
        ] {
            if overlay == "recover" {
                state.overlays.push(Overlay::Recover(left.clone()));
            } else {
                keys(&mut state, overlay);
            }
            let asks = !overlay.is_empty() && (overlay != "=" || ["1", "8"].contains(&screen));
            assert_eq!(
                !state.overlays.is_empty(),
                asks,
                "`{overlay}` on screen {screen}"
            );
            for (width, height) in SIZES {
                paint(&mut state, width, height);
            }
            state.overlays.clear();
            state.filter.clear();
            state.refresh();
        }
    }
}

/// Shrink while a list is scrolled and a field is being edited: esp-generate PR 228, nx PR 34343.
#[test]
fn shrinking_while_a_list_is_scrolled_and_a_field_is_edited() {
    let mut state = auth(Lang::En, Look::default());
    keys(&mut state, "8GG=12345");
    for (width, height) in SIZES.iter().rev() {
        paint(&mut state, *width, *height);
    }
    for width in 0..120 {
        paint(&mut state, width, 120 - width);
    }
}

#[test]
fn too_small_says_what_it_needs() {
    let mut state = auth(Lang::En, Look::default());
    assert_eq!(
        lines(&paint(&mut state, 38, 9))[0],
        "needs 40x10, have 38x9"
    );
    keys(&mut state, "5");
    assert_eq!(state.screen, Screen::Why, "keys still work");
}

/// ratatui #75, #2357, #2585: a candidate named in CJK, with a VS16 emoji and combining marks, moves no border.
#[test]
fn borders_line_up_whatever_a_candidate_is_called() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("m.csv");
    std::fs::write(
        &file,
        "candidate,speed,cost\n@direction,max,min\n认证服务框架,1,2\n❤\u{fe0f} love,3,4\ncafe\u{301}\u{301},5,6\n\u{1b}[31mred,2,9\n",
    )
    .expect("written");
    for (lang, ascii) in [
        (Lang::En, false),
        (Lang::Zh, false),
        (Lang::En, true),
        (Lang::Zh, true),
    ] {
        let mut state = open(
            &file,
            lang,
            Look {
                ascii,
                ..Look::default()
            },
        );
        let sides = if ascii {
            &["|", "+"][..]
        } else {
            &["│", "┐", "┘", "┤", "┃"]
        };
        for screen in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
            keys(&mut state, screen);
            settle(&mut state);
            for (width, height) in [(100, 30), (80, 24), (60, 20), (40, 12)] {
                let buffer = paint(&mut state, width, height);
                let shown = || lines(&buffer).join("\n");
                // The verdict has a line of its own where there is room.
                let top = if height >= 16 { 3 } else { 2 };
                for y in top..height - 2 {
                    let (left, right) = (buffer[(0, y)].symbol(), buffer[(width - 1, y)].symbol());
                    assert!(
                        sides.contains(&right),
                        "screen {screen}, line {y}: `{right}`\n{}",
                        shown()
                    );
                    assert!(
                        sides.contains(&left) || left == "┌" || left == "└",
                        "screen {screen}, line {y}: `{left}`\n{}",
                        shown()
                    );
                }
                assert!(!lines(&buffer).concat().contains('\u{1b}'));
            }
        }
    }
}
