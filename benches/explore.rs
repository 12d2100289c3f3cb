//! What a user of `weigh explore` waits for, without the terminal's own time: opening and the first frame, a weight change, scrolling
//! and filtering. A frame is keys taken in, views computed, and every cell painted at 100 x 30.
//!
//! `cargo bench --bench explore` prints all. The bars: 50 ms to the first frame of `examples/auth-service`, 8 ms from a weight to its
//! frame with 200 candidates and 40 criteria, 16 ms a frame over 10,000 candidates.

use std::fmt::Write as _;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use weigh::lang::Lang;
use weigh::load::Choice;
use weigh::quantity::date::Date;
use weigh::session::Session;
use weigh::tui::event::Event;
use weigh::tui::update::handle;
use weigh::tui::{Colors, Look, State, draw};

fn open(path: &Path) -> State {
    let choice = Choice::plain(Date::parse("2026-11-22").expect("a day of the calendar"));
    let session = Session::open(path, choice).unwrap_or_else(|refused| panic!("{:?}", refused.0));
    State::new(
        session,
        Lang::En,
        Look {
            colors: Colors::Many,
            ..Look::default()
        },
    )
}

fn matrix(candidates: usize, criteria: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let heads: Vec<String> = (0..criteria).map(|k| format!("k{k}")).collect();
    let each = |value: &str| vec![value; criteria].join(",");
    let mut text = format!(
        "candidate,{}\n@worst,{}\n@best,{}\n",
        heads.join(","),
        each("0"),
        each("100")
    );
    for c in 0..candidates {
        write!(text, "candidate-{c}").expect("a String takes every write");
        for k in 0..criteria {
            write!(text, ",{}", (c * 37 + k * 23 + c * k * 7) % 101)
                .expect("a String takes every write");
        }
        text.push('\n');
    }
    std::fs::write(folder.path().join("matrix.csv"), text).expect("the folder takes a file");
    folder
}

struct Screen {
    state: State,
    terminal: Terminal<TestBackend>,
}

impl Screen {
    fn new(path: &Path) -> Self {
        let mut screen = Self {
            state: open(path),
            terminal: Terminal::new(TestBackend::new(100, 30)).expect("a test backend"),
        };
        screen.frame();
        screen
    }

    fn frame(&mut self) {
        self.state.refresh();
        self.terminal
            .draw(|frame| draw(&mut self.state, frame))
            .expect("a test backend takes everything");
    }

    /// One key and the frame after it.
    fn key(&mut self, code: KeyCode) {
        handle(
            &mut self.state,
            Event::Key(KeyEvent::new(code, KeyModifiers::NONE)),
        );
        self.frame();
    }

    fn keys(&mut self, keys: &str) {
        keys.chars().for_each(|c| self.key(KeyCode::Char(c)));
    }
}

/// The other of two keys in turn, so that no state runs out.
fn in_turn(keys: [char; 2]) -> impl FnMut() -> KeyCode {
    let mut at = 0;
    move || {
        at ^= 1;
        KeyCode::Char(keys[at])
    }
}

fn explore(criterion: &mut Criterion) {
    let auth = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/auth-service");
    criterion.bench_function("open to first frame, examples/auth-service", |b| {
        b.iter(|| Screen::new(&auth))
    });

    let mut screen = Screen::new(&auth);
    let mut key = in_turn(['l', 'h']);
    criterion.bench_function("weight to frame, examples/auth-service", |b| {
        b.iter(|| screen.key(key()))
    });
    screen.keys("8");
    criterion.bench_function("input to frame, examples/auth-service", |b| {
        b.iter(|| screen.key(key()))
    });

    let wide = matrix(200, 40);
    let mut screen = Screen::new(&wide.path().join("matrix.csv"));
    criterion.bench_function("weight to frame, 200 x 40", |b| {
        b.iter(|| screen.key(key()))
    });

    let long = matrix(10_000, 8);
    let mut screen = Screen::new(&long.path().join("matrix.csv"));
    screen.key(KeyCode::Tab);
    let mut row = in_turn(['j', 'k']);
    criterion.bench_function("scroll to frame, ranking of 10,000", |b| {
        b.iter(|| screen.key(row()))
    });
    screen.keys("/candidate-4");
    let mut letter = 0;
    let mut typed = || {
        letter ^= 1;
        if letter == 1 {
            KeyCode::Char('2')
        } else {
            KeyCode::Backspace
        }
    };
    criterion.bench_function("filter to frame, ranking of 10,000", |b| {
        b.iter(|| screen.key(typed()))
    });
    screen.key(KeyCode::Esc);
    screen.keys("9");
    criterion.bench_function("scroll to frame, evidence of 10,000", |b| {
        b.iter(|| screen.key(row()))
    });
}

criterion_group!(benches, explore);
criterion_main!(benches);
