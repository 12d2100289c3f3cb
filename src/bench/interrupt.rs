//! Ctrl-C and SIGTERM, checked between steps, so that results are stored and every process ends.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::error::BenchError;

/// Whether the user has interrupted the run. Clones share the flag.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Makes a flag that Ctrl-C, SIGTERM and SIGHUP raise. A second signal of the same kind ends the process at once.
    ///
    /// # Errors
    /// Where the system refuses a signal handler.
    pub fn install() -> io::Result<Self> {
        let interrupt = Self::default();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register_conditional_shutdown(
                signal,
                130,
                Arc::clone(&interrupt.0),
            )?;
            signal_hook::flag::register(signal, Arc::clone(&interrupt.0))?;
        }
        Ok(interrupt)
    }

    /// Raises the flag.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the flag is raised.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns an error once the flag is raised.
    pub(crate) fn check(&self) -> Result<(), BenchError> {
        if self.is_raised() {
            Err(BenchError::Interrupted)
        } else {
            Ok(())
        }
    }
}
