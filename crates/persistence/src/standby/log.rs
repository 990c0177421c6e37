//! The log of whether a standby is used.

use std::time::{Duration, Instant};

use super::StandbyError;

/// How long a standby must have been unusable before that is logged: it may lag for a moment.
const BEFORE_LOG: Duration = Duration::from_secs(1);

/// Logs once when the standby becomes unusable, and once when it is used again.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// What was logged last. `None`: nothing.
    is_used: Option<bool>,
    failing_since: Option<Instant>,
}

impl Log {
    pub(super) fn note(&mut self, failure: Option<&StandbyError>, now: Instant) {
        let Some(failure) = failure else {
            self.failing_since = None;
            if self.is_used != Some(true) {
                self.is_used = Some(true);
                tracing::info!("session checks use the standby");
            }
            return;
        };
        let since = *self.failing_since.get_or_insert(now);
        if self.is_used != Some(false) && now.duration_since(since) >= BEFORE_LOG {
            self.is_used = Some(false);
            tracing::warn!(cause = %failure, "the standby cannot be used; session checks use the primary");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standby_that_lags_for_a_moment_is_not_logged_as_unusable() {
        let mut log = Log::default();
        let start = Instant::now();
        log.note(None, start);
        assert_eq!(log.is_used, Some(true));
        log.note(Some(&StandbyError::Lag), start);
        log.note(None, start + BEFORE_LOG);
        log.note(Some(&StandbyError::Lag), start + 2 * BEFORE_LOG);
        assert_eq!(log.is_used, Some(true));
        log.note(Some(&StandbyError::Lag), start + 3 * BEFORE_LOG);
        assert_eq!(log.is_used, Some(false));
        log.note(None, start + 4 * BEFORE_LOG);
        assert_eq!(log.is_used, Some(true));
    }
}
