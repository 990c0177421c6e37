//! Periodic housekeeping: deletion of what is no longer needed.

use std::{convert::Infallible, time::Duration};

use portcullis_application::{
    housekeeping::{DeletedRows, Housekeeping},
    ports::{Clock, Failure},
};

use crate::error::chain;

/// Pause between two rounds.
const PAUSE: Duration = Duration::from_mins(5);

/// Runs a round now and after each pause, forever. The first round does not wait, since a program may be restarted more
/// often than the pause. A failed round is not retried: the next one does its work.
pub(crate) async fn repeat(housekeeping: &Housekeeping, clock: &dyn Clock) -> Infallible {
    let mut is_failing = false;
    loop {
        let outcome = housekeeping.sweep().await;
        log_outcome(&outcome, is_failing);
        is_failing = outcome.is_err();
        clock.sleep(PAUSE).await;
    }
}

/// Logs a failure once for each outage, and once when it is over.
fn log_outcome(outcome: &Result<DeletedRows, Failure>, was_failing: bool) {
    match outcome {
        Ok(swept) => {
            if was_failing {
                tracing::info!("housekeeping works again");
            }
            tracing::debug!(
                sessions = swept.sessions,
                counts = swept.counts,
                known_addresses = swept.known_addresses,
                verifications = swept.verifications,
                messages = swept.messages,
                keys = swept.keys,
                "housekeeping deleted rows that are no longer needed"
            );
        }
        Err(failure) if !was_failing => {
            tracing::warn!(
                cause = chain(failure),
                "housekeeping failed; retrying in 5 minutes"
            );
        }
        Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use chrono::TimeDelta;
    use portcullis_application::{
        housekeeping::HousekeepingOptions,
        testing::{FakePorts, FakeStore, FakeUnitOfWork},
    };
    use tracing::{Event, Level, Metadata, Subscriber, span};

    use super::*;
    use crate::system_clock::SystemClock;

    /// Records the levels of log events.
    #[derive(Clone, Default)]
    struct Levels(Arc<Mutex<Vec<Level>>>);

    impl Subscriber for Levels {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            *metadata.level() <= Level::INFO
        }

        fn new_span(&self, _span: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }

        fn record(&self, _span: &span::Id, _values: &span::Record<'_>) {}

        fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

        fn event(&self, event: &Event<'_>) {
            self.0.lock().unwrap().push(*event.metadata().level());
        }

        fn enter(&self, _span: &span::Id) {}

        fn exit(&self, _span: &span::Id) {}
    }

    fn round(is_good: bool) -> FakeUnitOfWork {
        let mut read = FakeUnitOfWork::default();
        let sessions = read.sessions.expect_delete_expired().once();
        sessions.returning(move |_, _| is_good.then_some(0).ok_or_else(|| Failure::unavailable("away")));
        read.rate_limits.expect_delete_stale().returning(|_, _| Ok(0));
        read.known_addresses.expect_delete_stale().returning(|_, _| Ok(0));
        read.verifications.expect_delete_expired().returning(|_, _| Ok(0));
        read.messages.expect_delete_old().returning(|_, _| Ok(0));
        read
    }

    #[tokio::test(start_paused = true)]
    async fn a_round_runs_at_once_and_every_five_minutes_and_an_outage_is_logged_once() {
        let rounds = [true, false, false, false, true, true, false].map(round);
        let fake = FakePorts::with_store(FakeStore::new(rounds.into(), Vec::new()));
        let options = HousekeepingOptions {
            counts: TimeDelta::hours(1),
            known_addresses: TimeDelta::days(30),
            messages: TimeDelta::days(7),
            ended_keys: None,
        };
        let housekeeping = Housekeeping::new(&fake.ports, options);
        let levels = Levels::default();
        let _logging = tracing::subscriber::set_default(levels.clone());

        let seven_rounds = PAUSE * 6 + Duration::from_secs(1);
        let repeating = repeat(&housekeeping, &SystemClock);
        assert!(tokio::time::timeout(seven_rounds, repeating).await.is_err());

        assert_eq!(*levels.0.lock().unwrap(), [Level::WARN, Level::INFO, Level::WARN]);
    }

    #[test]
    fn a_round_logs_how_many_rows_of_each_kind_it_has_deleted() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::DEBUG)
            .with_ansi(false)
            .with_writer(log.reopen().unwrap())
            .finish();
        let _logging = tracing::subscriber::set_default(subscriber);
        let swept = DeletedRows {
            sessions: 1,
            counts: 2,
            known_addresses: 3,
            verifications: 4,
            messages: 5,
            keys: 6,
        };
        log_outcome(&Ok(swept), false);
        let lines = std::fs::read_to_string(log.path()).unwrap();
        let counts = "sessions=1 counts=2 known_addresses=3 verifications=4 messages=5 keys=6";
        assert!(lines.contains(counts), "{lines}");
    }
}
