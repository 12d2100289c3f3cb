//! The one owner of raw mode, alternate screen, mouse, paste and cursor. Whatever ends the program, they are restored once.

use std::io::{self, Stdout, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once};
use std::thread::ThreadId;

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;

/// Whether the terminal is ours: who sets it to false restores.
static OURS: AtomicBool = AtomicBool::new(false);
/// The thread that draws.
static OWNER: Mutex<Option<ThreadId>> = Mutex::new(None);
static HOOK: Once = Once::new();

/// Gives the terminal back, if it is ours. Called twice, it acts once.
pub(super) fn restore() {
    if OURS.swap(false, Ordering::SeqCst) {
        // Each step is tried whatever became of the one before.
        drop(execute!(
            stdout(),
            DisableMouseCapture,
            DisableBracketedPaste
        ));
        drop(execute!(stdout(), LeaveAlternateScreen, cursor::Show));
        drop(disable_raw_mode());
    }
}

/// The terminal while it is ours.
pub(super) struct Screen {
    pub terminal: Terminal<CrosstermBackend<Stdout>>,
    mouse: bool,
}

impl Screen {
    pub(super) fn enter(mouse: bool) -> io::Result<Self> {
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                // A worker's panic is caught and told; only the drawing thread's ends the program. Its text prints after the
                // terminal is back, where it can be read (ratatui #2087, bevy_ratatui PR 107).
                let owner = *OWNER
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                if owner.is_none_or(|thread| thread == std::thread::current().id()) {
                    restore();
                    before(info);
                }
            }));
        });
        *OWNER
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(std::thread::current().id());
        let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        let mut screen = Self { terminal, mouse };
        screen.resume()?;
        Ok(screen)
    }

    /// Takes the terminal, wholly or not at all.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        OURS.store(true, Ordering::SeqCst);
        let taken = enable_raw_mode()
            .and_then(|()| {
                execute!(
                    stdout(),
                    EnterAlternateScreen,
                    EnableBracketedPaste,
                    cursor::Hide
                )
            })
            .and_then(|()| {
                if self.mouse {
                    execute!(stdout(), EnableMouseCapture)
                } else {
                    Ok(())
                }
            })
            .and_then(|()| self.clear());
        if taken.is_err() {
            restore();
        }
        taken
    }

    /// Empties the screen, so that the next frame paints everything. ratatui's own `clear` asks the terminal where its cursor is,
    /// which takes two seconds and fails where nobody answers.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal
            .resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Gives it back for a while.
    pub(super) fn leave(&mut self) {
        restore();
    }

    pub(super) fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on {
            execute!(stdout(), EnableMouseCapture)
        } else {
            execute!(stdout(), DisableMouseCapture)
        }
    }

    /// Sends a sequence that draws nothing.
    pub(super) fn send(&mut self, sequence: &str) -> io::Result<()> {
        let mut out = stdout();
        out.write_all(sequence.as_bytes())?;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Holds the terminal while something runs: what `run` does around its loop.
///
/// # Errors
/// Where the terminal refuses, or what ran did.
pub fn hold<R>(mouse: bool, run: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
    let _screen = Screen::enter(mouse)?;
    run()
}
