//! `update(state, action)` without a terminal.

use crate::world::{auth, keys, open, settle, text};
use weigh::lang::Lang;
use weigh::report::WrittenReport;
use weigh::tui::event::Event;
use weigh::tui::update::{Effect, handle};
use weigh::tui::worker::WorkerAnswer;
use weigh::tui::{Action, Keymap, Look, Screen, State};

fn english() -> State {
    auth(Lang::En, Look::default())
}

fn first(state: &State) -> String {
    state.views.board.places[0].id.clone()
}

/// softwareengineering.SE 261017: a weight to zero and back.
#[test]
fn a_weight_goes_to_zero_and_back() {
    let mut state = english();
    let before = state.session.knobs().shares();
    keys(&mut state, "0");
    assert_eq!(state.session.knobs().shares()[0], 0.0);
    keys(&mut state, "=30\n");
    assert_eq!(state.session.knobs().shares(), before);
    assert!(!state.session.is_edited());
}

#[test]
fn a_turn_that_changes_no_place_says_what_became_of_the_lead() {
    let mut state = english();
    keys(&mut state, "8/peak load\n=5000\n");
    assert!(
        state.message.contains("; no rank changed, lead 0."),
        "{}",
        state.message
    );
}

#[test]
fn all_weights_zero_says_so() {
    let mut state = english();
    for _ in 0..state.views.board.criteria.len() {
        keys(&mut state, "0j");
    }
    let seen = text(&mut state, 100, 30);
    assert!(seen.contains("No weights"), "{seen}");
    assert!(!seen.contains("NaN"));
    keys(&mut state, "234567891");
    settle(&mut state);
    keys(&mut state, "uuuuuuu");
    assert!(!state.session.is_edited());
}

#[test]
fn a_locked_share_stays_while_others_move() {
    let mut state = english();
    keys(&mut state, "*jLLL");
    let shares = state.session.knobs().shares();
    assert!((shares[0] - 0.3).abs() < 1e-12);
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    keys(&mut state, "k=5\n");
    assert!(
        (state.session.knobs().shares()[0] - 0.3).abs() < 1e-12,
        "a locked slider does not turn"
    );
    assert!(state.message.contains("locked"));
}

#[test]
fn locks_never_take_everything() {
    let mut state = english();
    for _ in 0..7 {
        keys(&mut state, "*j");
    }
    assert!(state.session.knobs().locked.iter().any(Option::is_none));
    assert!((state.session.knobs().shares().iter().sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn a_change_of_weight_redraws_the_ranking_in_the_same_frame() {
    let mut state = english();
    assert_eq!(first(&state), "flask");
    keys(&mut state, "j=0\n");
    assert_eq!(first(&state), "gin");
    assert!(state.message.contains("Gin 2 -> 1"), "{}", state.message);
    keys(&mut state, "u");
    assert_eq!(first(&state), "flask");
    assert!(
        state.message.contains("undone: weight of Team fit"),
        "{}",
        state.message
    );
}

/// Holding a key is one step back, not one for each repetition.
#[test]
fn undo_goes_back_over_a_whole_drag() {
    let mut state = english();
    keys(&mut state, "lllllllll");
    assert_eq!(state.session.knobs().points[0], 39.0);
    keys(&mut state, "u");
    assert_eq!(state.session.knobs().points[0], 30.0);
    handle(
        &mut state,
        Event::Key(crossterm::event::KeyEvent::new(
            crossterm::event::KeyCode::Char('r'),
            crossterm::event::KeyModifiers::CONTROL,
        )),
    );
    assert_eq!(state.session.knobs().points[0], 39.0);
}

/// workmux #98, tut #187, sipnab #283: Esc at the root does nothing.
#[test]
fn escape_at_the_root_never_leaves() {
    let mut state = english();
    assert!(keys(&mut state, "\u{1b}\u{1b}\u{1b}").is_empty());
}

#[test]
fn leaving_asks_once_when_something_is_unsaved() {
    let mut state = english();
    assert_eq!(keys(&mut state, "q"), [Effect::Forget, Effect::Quit]);
    keys(&mut state, "l");
    assert!(keys(&mut state, "q").is_empty());
    assert_eq!(keys(&mut state, "y"), [Effect::Forget, Effect::Quit]);
}

/// lazygit: a command that cannot be used stays in the palette and says why.
#[test]
fn the_palette_says_why_a_command_is_unavailable() {
    let mut state = english();
    keys(&mut state, ":undo");
    let seen = text(&mut state, 100, 30);
    assert!(seen.contains("nothing to undo"), "{seen}");
    keys(&mut state, "\n");
    assert!(state.message.contains("nothing to undo"));
}

#[test]
fn every_action_works_on_every_screen_or_says_why_not() {
    let mut state = english();
    for screen in Screen::ALL {
        for action in Action::ALL {
            state.overlays.clear();
            weigh::tui::update::update(&mut state, screen.action());
            state.refresh();
            weigh::tui::update::update(&mut state, *action);
            state.refresh();
            text(&mut state, 100, 30);
        }
    }
}

/// A stale answer is dropped.
#[test]
fn an_answer_to_an_older_state_is_dropped() {
    let mut state = english();
    state.answers.spread.invalidate();
    let old = state.refresh().pop().expect("the spread is asked for");
    keys(&mut state, "l");
    state.apply_answer(old.generation, old.run());
    assert!(state.answers.spread.value.is_none());
}

/// What one more engineer changes, and at which load another wins.
#[test]
fn knobs_do_what_set_does() {
    let mut state = english();
    keys(&mut state, "8=40000\n");
    let turned: Vec<Option<f64>> = state
        .session
        .plan(|plan| plan.evaluate().rows.iter().map(|r| r.score).collect());
    let day = weigh::quantity::date::Date::parse("2026-11-22").expect("a day");
    let mut choice = weigh::load::Choice::plain(day);
    choice.evidence = weigh::load::EvidenceChoice::Repository;
    choice.set = vec!["workload.peak_rps=40000 req/s".to_owned()];
    let set = weigh::session::Session::open(std::path::Path::new("examples/auth-service"), choice)
        .unwrap_or_else(|r| panic!("{:?}", r.0));
    let typed: Vec<Option<f64>> =
        set.plan(|plan| plan.evaluate().rows.iter().map(|r| r.score).collect());
    assert_eq!(turned, typed);
    assert_eq!(
        state.session.settings(),
        [("workload.peak_rps".to_owned(), "40000 req/s".to_owned())]
    );
    keys(&mut state, "r");
    assert!(!state.session.is_edited());
}

/// A report is written beside the screen: keys work meanwhile, and its end is told whatever has changed since.
#[test]
fn a_report_is_written_while_keys_work() {
    let mut state = english();
    settle(&mut state);
    assert_eq!(keys(&mut state, "P"), [Effect::Report]);
    let job = state.request_report().expect("the files hold this state");
    assert_eq!(state.message, "writing the report");
    assert!(text(&mut state, 100, 30).contains("[working]"));
    let before = state.session.knobs().points[0];
    keys(&mut state, "l8");
    assert_eq!(
        (state.screen, state.session.knobs().points[0]),
        (Screen::WhatIf, before + 1.0)
    );
    settle(&mut state);
    assert!(state.is_waiting(), "until it is written");
    let written = WrittenReport {
        file: "reports/auth-service/report.md".into(),
        command: "weigh report examples/auth-service --out reports".to_owned(),
    };
    state.apply_answer(job.generation, WorkerAnswer::Report(Ok(written)));
    assert!(
        state
            .message
            .starts_with("written: reports/auth-service/report.md"),
        "{}",
        state.message
    );
    assert!(!state.is_waiting());
    keys(&mut state, "u");
    let job = state.request_report().expect("nothing is changed any more");
    let refused = Err(weigh::lang::Text::name("the disk is full"));
    state.apply_answer(job.generation, WorkerAnswer::Report(refused));
    assert_eq!(
        (state.message.as_str(), state.reports),
        ("the disk is full", 0)
    );
    keys(&mut state, "l");
    assert!(state.request_report().is_none(), "no file holds this");
}

/// Copies an example into a folder of its own.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["decision.yaml", "team.yaml"] {
        std::fs::copy(
            format!("examples/auth-service/{name}"),
            folder.path().join(name),
        )
        .expect("copied");
    }
    let weights = folder.path().join("weights");
    std::fs::create_dir(&weights).expect("a folder");
    if let Ok(all) = std::fs::read_dir("examples/auth-service/weights") {
        for file in all.flatten() {
            std::fs::copy(file.path(), weights.join(file.file_name())).expect("copied");
        }
    }
    folder
}

#[test]
fn a_saved_scenario_gives_the_same_ranking_from_the_shell() {
    let folder = copy();
    let mut state = open(folder.path(), Lang::En, Look::default());
    keys(&mut state, "jjjjj=40\n8=12000\n");
    let effects = keys(&mut state, "Speak\n");
    assert_eq!(effects, [Effect::SaveScenario("peak".to_owned())]);
    let files = state.session.save_scenario("peak").expect("written");
    assert_eq!(files.len(), 2);
    assert!(!state.session.is_unsaved());
    let mut choice = weigh::load::Choice::plain(
        weigh::quantity::date::Date::parse("2026-11-22").expect("a day"),
    );
    choice.evidence = weigh::load::EvidenceChoice::Repository;
    choice.scenario = Some("peak".to_owned());
    let again = weigh::session::Session::open(folder.path(), choice)
        .unwrap_or_else(|r| panic!("{:?}", r.0));
    let scores = |session: &weigh::session::Session| -> Vec<Option<String>> {
        session.plan(|plan| {
            plan.evaluate()
                .rows
                .iter()
                .map(|r| r.score.map(|s| format!("{s:.9}")))
                .collect()
        })
    };
    assert_eq!(scores(&again), scores(&state.session));
}

/// What the user wrote into a scenario stays as it is but for the values that were turned.
#[test]
fn saving_over_a_scenario_keeps_its_comments_and_order() {
    let folder = copy();
    let file = folder.path().join("scenarios/sale.yaml");
    std::fs::create_dir_all(folder.path().join("scenarios")).expect("a folder");
    let old = "# The weeks before the holidays.\nscenario: sale\ntitle: {en: Sale, zh: 促销}  # as sales say\nset:\n  # twice the usual\n  workload.peak_rps: 7000 req/s  # from last year's logs\n  # nobody leaves\n  team.bo.count: 1\n\n# end\n";
    std::fs::write(&file, old).expect("written");
    let mut state = open(folder.path(), Lang::En, Look::default());
    keys(&mut state, "8=9000\n");
    assert_eq!(
        keys(&mut state, "Ssale\n"),
        [Effect::SaveScenario("sale".to_owned())]
    );
    state.session.save_scenario("sale").expect("written");
    let new = std::fs::read_to_string(&file).expect("read");
    assert_eq!(new, old.replace("7000 req/s", "9000 req/s"));
}

/// csvlens 0.15: a file changes on disk, or becomes invalid, while it is open.
#[test]
fn an_invalid_file_keeps_the_last_good_model() {
    let folder = copy();
    let mut state = open(folder.path(), Lang::En, Look::default());
    keys(&mut state, "l");
    let file = folder.path().join("decision.yaml");
    let good = std::fs::read_to_string(&file).expect("read");
    std::fs::write(&file, "decision: [").expect("written");
    assert!(!state.session.reload());
    state.refresh();
    assert_eq!(state.views.board.places.len(), 2);
    keys(&mut state, "9");
    assert!(text(&mut state, 100, 30).contains("error["));
    std::fs::write(&file, good.replace("points: 10}", "points: 12}")).expect("written");
    assert!(state.session.reload());
    assert_eq!(
        state.session.knobs().points[0],
        31.0,
        "what was turned stays turned"
    );
    assert_eq!(
        state.session.knobs().points[3],
        12.0,
        "what was not follows the file"
    );
}

#[test]
fn work_is_kept_across_a_crash() {
    let folder = copy();
    let kept = folder.path().join("kept");
    let mut state = open(folder.path(), Lang::En, Look::default());
    keys(&mut state, "lll8=9000\n");
    weigh::session::store_unsaved(&kept, &state.session);
    let mut again = open(folder.path(), Lang::En, Look::default());
    let found = weigh::session::read_unsaved(&kept, again.session.path()).expect("kept");
    again
        .overlays
        .push(weigh::tui::state::Overlay::Recover(found));
    keys(&mut again, "y");
    assert_eq!(again.session.knobs(), state.session.knobs());
}

#[test]
fn keys_come_from_a_file() {
    let (map, wrong) = Keymap::read("# mine\nquit: [Q, ctrl-q]\nnonsense: [x]\n");
    assert_eq!(wrong.len(), 1);
    assert_eq!(map.keys(Action::Quit, Screen::Rank), "Q ctrl-q");
}

#[test]
fn no_key_means_two_things() {
    let map = Keymap::default();
    for screen in Screen::ALL {
        let mut seen = std::collections::BTreeMap::new();
        for action in map.actions_of(screen) {
            for key in map.keys(action, screen).split(' ') {
                if let Some(other) = seen.insert(key.to_owned(), action) {
                    let own = |a: Action| [Action::Left, Action::Redo].contains(&a);
                    assert!(
                        own(action) || own(other) || screen_key(&map, key, screen),
                        "{key} on {screen:?}: {action:?} and {other:?}"
                    );
                }
            }
        }
    }
}

/// Whether a screen's own key hides one that holds everywhere, on purpose.
fn screen_key(map: &Keymap, key: &str, screen: Screen) -> bool {
    let parsed = weigh::tui::keymap::KeyChord::parse(key).expect("printed keys can be read");
    Screen::ALL
        .iter()
        .any(|s| map.action(parsed, *s) != map.action(parsed, screen))
}
