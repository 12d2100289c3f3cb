//! The event loop: wait, handle all waiting events, compute once, draw once.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use signal_hook::consts::signal::{SIGINT, SIGTERM};

use super::effects::World;
use super::event::event;
use super::state::{Overlay, State};
use super::terminal::AlternateScreen;
use super::update::handle;
use crate::session::{read_unsaved, store_unsaved};

/// What the command line passes in.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder for copies of unsaved work.
    pub kept: Option<PathBuf>,
    /// The command that opens an editor.
    pub editor: Option<String>,
}

/// How the session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The user quit.
    Left,
    /// This signal arrived.
    Signal(i32),
}

/// How long to wait for events before checking files and signals. Waking may cost 2 ms, as on a virtual machine whose core has slept:
/// at four times a second that is 1 % of the core.
const IDLE: Duration = Duration::from_secs(1);
/// The same while the worker is busy.
const BUSY: Duration = Duration::from_millis(25);

/// How long the loop may take to end after a signal: longer than it waits.
const GRACE: Duration = Duration::from_secs(2);

/// Flags that signal handlers set.
struct Signals {
    end: Vec<(i32, Arc<AtomicBool>)>,
    stop: Arc<AtomicBool>,
}

impl Signals {
    fn catch() -> io::Result<Self> {
        let flag = || Arc::new(AtomicBool::new(false));
        let mut signals = Self {
            end: vec![(SIGTERM, flag()), (SIGINT, flag())],
            stop: flag(),
        };
        #[cfg(unix)]
        {
            signals
                .end
                .push((signal_hook::consts::signal::SIGHUP, flag()));
            signal_hook::flag::register(
                signal_hook::consts::signal::SIGTSTP,
                signals.stop.clone(),
            )?;
        }
        for (signal, flag) in &signals.end {
            signal_hook::flag::register(*signal, flag.clone())?;
        }
        let mut watched =
            signal_hook::iterator::Signals::new(signals.end.iter().map(|(signal, _)| *signal))?;
        std::thread::spawn(move || {
            // If the terminal itself is gone, crossterm 0.29 reads its end of file forever and the loop never checks the flags.
            if let Some(signal) = watched.forever().next() {
                std::thread::sleep(GRACE);
                super::terminal::restore();
                drop(signal_hook::low_level::emulate_default_handler(signal));
            }
        });
        Ok(signals)
    }

    fn ended(&self) -> Option<i32> {
        self.end
            .iter()
            .find(|(_, flag)| flag.load(Ordering::Relaxed))
            .map(|(signal, _)| *signal)
    }
}

/// Runs until the user quits or a signal arrives.
///
/// # Errors
/// Fails if the terminal cannot be used.
pub fn run(state: &mut State, options: &Options) -> io::Result<Ending> {
    let signals = Signals::catch()?;
    let mut screen = AlternateScreen::enter(state.mouse)?;
    let size = screen.terminal.size()?;
    state.size = (size.width, size.height);
    if let Some(kept) = options
        .kept
        .as_deref()
        .and_then(|folder| read_unsaved(folder, state.session.path()))
        && kept.knobs(&state.session) != *state.session.knobs()
    {
        state.overlays.push(Overlay::Recover(kept));
    }
    let mut world = World::new(&mut screen, options, state);
    world.show(state)?;
    let mut kept_generation = 0;
    loop {
        let wait = if world.worker.is_busy() { BUSY } else { IDLE };
        let mut changed = false;
        if poll(wait)? {
            // All waiting events are handled before anything is computed, so that a held key leaves no backlog.
            loop {
                if let Some(event) = event(crossterm::event::read()?, state.size) {
                    changed = true;
                    for effect in handle(state, event) {
                        if world.perform(effect, state)? {
                            return Ok(Ending::Left);
                        }
                    }
                }
                if !poll(Duration::ZERO)? {
                    break;
                }
            }
        }
        if let Some(signal) = signals.ended() {
            return Ok(Ending::Signal(signal));
        }
        if signals.stop.swap(false, Ordering::Relaxed) {
            world.suspend(state)?;
            changed = true;
        }
        for (generation, answer) in world.worker.take_answers() {
            state.apply_answer(generation, answer);
            changed = true;
        }
        let progress = world
            .worker
            .progress()
            .map(crate::view::figure::whole_percent);
        if state.progress != progress {
            state.progress = progress;
            changed |= state.is_waiting();
        }
        if !changed && world.is_outdated() {
            world.reload(state);
            changed = true;
        }
        if changed {
            world.show(state)?;
            if kept_generation != state.session.generation() {
                kept_generation = state.session.generation();
                keep_unsaved_work(state, options);
            }
        }
    }
}

/// Writes unsaved work to where the next start finds it, unless the copy there is still being asked about.
fn keep_unsaved_work(state: &State, options: &Options) {
    let is_asking = matches!(state.overlays.last(), Some(Overlay::Recover(_)));
    if let Some(folder) = options.kept.as_deref().filter(|_| !is_asking) {
        store_unsaved(folder, &state.session);
    }
}

/// Waits for an event; a signal that interrupts the wait is not an error.
fn poll(wait: Duration) -> io::Result<bool> {
    match crossterm::event::poll(wait) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(false),
        other => other,
    }
}
