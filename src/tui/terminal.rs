//! Owns raw mode, the alternate screen, mouse capture, bracketed paste and the cursor. However the program ends, they are restored
//! exactly once.

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

/// Whether the terminal is taken: the thread that resets the flag restores the terminal.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);
/// The drawing thread.
static OWNER: Mutex<Option<ThreadId>> = Mutex::new(None);
static HOOK: Once = Once::new();

/// Restores the terminal if it is taken; a second call does nothing.
pub(super) fn restore() {
    if IS_TAKEN.swap(false, Ordering::SeqCst) {
        // Each step is tried even if the one before failed.
        drop(execute!(
            stdout(),
            DisableMouseCapture,
            DisableBracketedPaste
        ));
        drop(execute!(stdout(), LeaveAlternateScreen, cursor::Show));
        drop(disable_raw_mode());
    }
}

/// The terminal while it is taken.
pub(super) struct AlternateScreen {
    pub terminal: Terminal<CrosstermBackend<Stdout>>,
    mouse: bool,
}

impl AlternateScreen {
    pub(super) fn enter(mouse: bool) -> io::Result<Self> {
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                // A panic of the worker is caught and reported; only one of the drawing thread ends the program. Its message is
                // printed after the terminal is restored, so that it can be read (ratatui #2087, bevy_ratatui PR 107).
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

    /// Takes the terminal completely or, on an error, not at all.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        IS_TAKEN.store(true, Ordering::SeqCst);
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

    /// Makes the next frame paint everything. ratatui's own `clear` asks the terminal for its cursor position, which takes two
    /// seconds and then fails in terminals that do not answer.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal
            .resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Restores the terminal temporarily.
    pub(super) fn leave(&mut self) {
        restore();
    }

    /// Switches mouse capture on or off.
    pub(super) fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on {
            execute!(stdout(), EnableMouseCapture)
        } else {
            execute!(stdout(), DisableMouseCapture)
        }
    }

    /// Sends an escape sequence that draws nothing.
    pub(super) fn send(&mut self, sequence: &str) -> io::Result<()> {
        let mut out = stdout();
        out.write_all(sequence.as_bytes())?;
        out.flush()
    }
}

impl Drop for AlternateScreen {
    fn drop(&mut self) {
        restore();
    }
}

/// Takes the terminal while `run` runs, as the event loop does.
///
/// # Errors
/// Fails if the terminal cannot be taken, or with the error of `run`.
pub fn hold<R>(mouse: bool, run: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
    let _screen = AlternateScreen::enter(mouse)?;
    run()
}
