//! The graph screen: every edge, the walk in heavy lines, and a cursor that is always in sight.

use std::collections::BTreeSet;
use std::path::Path;

use crate::world::{auth, keys, open, paint, text};
use ratatui::style::Modifier;
use weigh::lang::Lang;
use weigh::tui::state::List;
use weigh::tui::{Look, State};

fn graph(look: Look) -> State {
    let mut state = auth(Lang::En, look);
    keys(&mut state, "6");
    state
}

fn fork(look: Look) -> State {
    let mut state = open(Path::new("examples/adopt-or-build"), Lang::En, look);
    keys(&mut state, "6");
    state
}

/// The frame's title says how much there is.
fn wall(state: &mut State) -> String {
    text(state, 400, 160)
}

#[test]
fn on_a_wall_every_node_is_there_and_every_target_has_its_tip() {
    for ascii in [false, true] {
        let mut state = graph(Look {
            ascii,
            ..Look::default()
        });
        let seen = wall(&mut state);
        let nodes = &state.views.layers.nodes;
        let targets = nodes.iter().filter(|n| !n.feeds.is_empty()).count();
        let tips = if ascii {
            seen.matches("=>").count() + seen.matches("->").count()
        } else {
            seen.matches('▸').count()
        };
        assert_eq!(tips, targets, "{seen}");
        assert_eq!(
            state.views.layers.edges.len(),
            nodes.iter().map(|n| n.feeds.len()).sum::<usize>()
        );
        for node in nodes {
            let start: String = node
                .title
                .chars()
                .take(8)
                .map(|c| if ascii && c == '·' { '.' } else { c })
                .collect();
            assert!(seen.contains(&start), "{} is missing:\n{seen}", node.title);
        }
    }
}

/// The walk is told from the rest without colour: heavy lines and a star.
#[test]
fn the_walk_is_heavy_and_the_branch_not_taken_light() {
    let mut state = fork(Look::default());
    let seen = wall(&mut state);
    let inside: Vec<&str> = seen
        .lines()
        .skip(3)
        .take(100)
        .map(|line| line.trim_matches('│'))
        .collect();
    assert!(
        inside.iter().any(|line| line.contains("━━▸"))
            && inside.iter().any(|line| line.contains('─')),
        "{seen}"
    );
    let taken: Vec<Option<&str>> = state
        .views
        .layers
        .edges
        .iter()
        .filter(|e| e.answer.is_some() && e.lit)
        .map(|e| e.answer)
        .collect();
    let left: Vec<Option<&str>> = state
        .views
        .layers
        .edges
        .iter()
        .filter(|e| e.answer.is_some() && !e.lit)
        .map(|e| e.answer)
        .collect();
    assert!(
        !taken.is_empty() && !left.is_empty() && taken.iter().all(|answer| !left.contains(answer)),
        "{taken:?} {left:?}"
    );
    let mut plain = fork(Look {
        ascii: true,
        ..Look::default()
    });
    let seen = wall(&mut plain);
    let inside: Vec<&str> = seen.lines().skip(3).take(100).collect();
    assert!(
        seen.is_ascii()
            && inside.iter().any(|line| line.contains("==>"))
            && inside.iter().any(|line| line.contains("--")),
        "{seen}"
    );
}

#[test]
fn the_answers_of_a_gate_stand_at_its_edges() {
    for (lang, word) in [(Lang::En, "no"), (Lang::Zh, "否")] {
        let mut state = open(Path::new("examples/adopt-or-build"), lang, Look::default());
        keys(&mut state, "6");
        let join = state
            .views
            .layers
            .edges
            .iter()
            .find(|e| e.answer.is_some())
            .and_then(|e| e.path.last().copied())
            .expect("a fork");
        state.set_cursor(List::Nodes, join);
        let seen = wall(&mut state);
        assert!(
            ["─", "━"]
                .iter()
                .any(|line| seen.contains(&format!("{line}{word}{line}"))),
            "the edge says {word}:\n{seen}"
        );
        assert!(
            seen.contains(&format!("({word})")),
            "and so does the pane below:\n{seen}"
        );
    }
}

#[test]
fn the_cursor_begins_where_most_comes_together() {
    let state = graph(Look::default());
    let nodes = &state.views.layers.nodes;
    let own = &nodes[state.cursor(List::Nodes)];
    let most = nodes
        .iter()
        .filter(|n| n.lit && !n.used.is_empty())
        .map(|n| n.feeds.len() + n.used.len())
        .max();
    assert!(!own.used.is_empty() && Some(own.feeds.len() + own.used.len()) == most);
}

#[test]
fn keys_follow_edges_and_stay_in_columns() {
    let mut state = graph(Look::default());
    let at = |state: &State| state.cursor(List::Nodes);
    let before = at(&state);
    keys(&mut state, "l");
    assert!(state.views.layers.nodes[before].used.contains(&at(&state)));
    let right = at(&state);
    keys(&mut state, "h");
    assert!(state.views.layers.nodes[right].feeds.contains(&at(&state)));
    // To the verdict, where nothing goes on.
    keys(&mut state, "LL");
    assert!(state.views.layers.nodes[at(&state)].used.is_empty());
    keys(&mut state, "l");
    assert!(state.views.layers.nodes[at(&state)].used.is_empty());
    keys(&mut state, "g");
    let first = at(&state);
    keys(&mut state, "j");
    let column = |n: usize| state.views.layers.nodes[n].column;
    assert_eq!((at(&state), column(at(&state))), (first + 1, column(first)));
}

/// Larger than the pane: whatever node is looked at, it is in sight, and its edges reach it.
#[test]
fn the_drawing_follows_the_cursor() {
    for (width, height) in [(100, 30), (80, 24), (60, 20), (40, 12)] {
        let mut state = graph(Look::default());
        for n in 0..state.views.layers.nodes.len() {
            state.set_cursor(List::Nodes, n);
            let buffer = paint(&mut state, width, height);
            let marked: BTreeSet<u16> = (0..height)
                .filter(|y| {
                    (0..width)
                        .filter(|x| buffer[(*x, *y)].modifier.contains(Modifier::REVERSED))
                        .count()
                        >= 8
                })
                .collect();
            assert_eq!(
                marked.len(),
                1,
                "node {n} at {width}x{height}:\n{}",
                text(&mut state, width, height)
            );
        }
    }
}
