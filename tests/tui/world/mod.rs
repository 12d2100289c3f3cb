//! A state of the terminal UI over a real example, without a terminal.

pub(crate) mod svg;

use std::path::Path;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use weigh::lang::Lang;
use weigh::load::{Choice, EvidenceChoice};
use weigh::quantity::date::Date;
use weigh::session::Session;
use weigh::tui::event::Event;
use weigh::tui::update::{Effect, handle};
use weigh::tui::{Look, State, draw};

/// The state over a decision.
pub(crate) fn open(path: &Path, lang: Lang, look: Look) -> State {
    let day = Date::parse("2026-11-22").expect("a day");
    let choice = Choice {
        evidence: EvidenceChoice::Repository,
        ..Choice::plain(day)
    };
    let session = Session::open(path, choice).unwrap_or_else(|refused| panic!("{:?}", refused.0));
    State::new(session, lang, look)
}

pub(crate) fn auth(lang: Lang, look: Look) -> State {
    open(Path::new("examples/auth-service"), lang, look)
}

/// Types keys, each followed by what the loop does after a burst.
pub(crate) fn keys(state: &mut State, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for c in keys.chars() {
        let code = match c {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\u{1b}' => KeyCode::Esc,
            c => KeyCode::Char(c),
        };
        effects.extend(handle(
            state,
            Event::Key(KeyEvent::new(code, KeyModifiers::NONE)),
        ));
        state.refresh();
    }
    effects
}

/// Answers all open questions on this thread.
pub(crate) fn settle(state: &mut State) {
    state.answers.invalidate();
    for job in state.refresh() {
        let answer = job.run();
        state.apply_answer(job.generation, answer);
    }
    state.refresh();
}

/// Draws at a size.
pub(crate) fn paint(state: &mut State, width: u16, height: u16) -> Buffer {
    handle(state, Event::Resize(width, height));
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test backend");
    terminal
        .draw(|frame| draw(state, frame))
        .expect("a test backend takes everything");
    terminal.backend().buffer().clone()
}

/// The lines of a buffer.
pub(crate) fn lines(buffer: &Buffer) -> Vec<String> {
    let width = buffer.area.width;
    (0..buffer.area.height)
        .map(|y| {
            let mut line = String::new();
            let mut x = 0;
            while x < width {
                let symbol = buffer[(x, y)].symbol();
                line += symbol;
                x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol).max(1))
                    .unwrap_or(1);
            }
            line.trim_end().to_owned()
        })
        .collect()
}

pub(crate) fn text(state: &mut State, width: u16, height: u16) -> String {
    lines(&paint(state, width, height)).join("\n") + "\n"
}

/// A matrix of figures as a decision: candidates `c0..`, criteria `k0..`, all of the same weight.
pub(crate) fn matrix(candidates: usize, criteria: usize) -> tempfile::TempDir {
    use std::fmt::Write;
    let folder = tempfile::tempdir().expect("a folder");
    let heads: Vec<String> = (0..criteria).map(|k| format!("k{k}")).collect();
    let each = |value: &str| vec![value; criteria].join(",");
    let mut text = format!(
        "candidate,{}\n@worst,{}\n@best,{}\n",
        heads.join(","),
        each("0"),
        each("100")
    );
    for c in 0..candidates {
        write!(text, "candidate number {c} with a name that is long")
            .expect("a String takes every write");
        for k in 0..criteria {
            write!(text, ",{}", (c * 37 + k * 23 + c * k * 7) % 101)
                .expect("a String takes every write");
        }
        text.push('\n');
    }
    std::fs::write(folder.path().join("matrix.csv"), text).expect("written");
    folder
}
