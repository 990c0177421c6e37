//! Log messages about silence of the cache: the times in which it returns no entry.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

/// How long the cache must be silent before that is logged: on a busy machine, or when a connection is replaced,
/// silence is short.
const UNLOGGED: Duration = Duration::from_secs(1);

const STARTING: u8 = 0;
const WORKING: u8 = 1;
const SILENT: u8 = 2;

/// Logs once that the cache is silent, and once that it works again.
#[derive(Debug, Default)]
pub(super) struct Silence {
    /// What was logged last: [`STARTING`] if nothing was.
    logged: AtomicU8,
    reason: Mutex<String>,
}

impl Silence {
    /// Logs that the cache is silent, once for each reason, if it has been silent for [`UNLOGGED`].
    pub(super) fn note(&self, reason: &str, age: Option<Duration>) {
        if age.is_some_and(|age| age < UNLOGGED) {
            return;
        }
        let mut logged = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        if self.logged.swap(SILENT, Ordering::SeqCst) != SILENT || *logged != reason {
            reason.clone_into(&mut logged);
            tracing::warn!(
                reason,
                "the session cache does not answer; every session check reads the database"
            );
        }
    }

    /// Logs that the listener hangs, if nothing has been logged about this silence.
    pub(super) fn note_hanging(&self, age: Option<Duration>) {
        if self.logged.load(Ordering::Relaxed) == WORKING {
            self.note("the database does not answer the listener", age);
        }
    }

    /// Logs that the cache works, unless that was logged last.
    pub(super) fn end(&self) {
        match self.logged.swap(WORKING, Ordering::SeqCst) {
            STARTING => tracing::info!("the session cache answers session checks"),
            SILENT => tracing::info!("the session cache answers session checks again"),
            _ => {}
        }
    }
}
