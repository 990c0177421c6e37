//! Periodic refresh of the keys that sign JWTs, so that no request has to wait for a key.

use std::{convert::Infallible, future::pending, time::Duration};

use portcullis_application::{
    jwt::Jwt,
    ports::{Clock, Failure},
};

use crate::error::chain;

/// Pause between two refreshes: the cached key is still fresh after it.
const PAUSE: Duration = Duration::from_secs(25);

/// Refreshes the keys now and after each pause, forever. Creating a key may take longer than a request may.
pub(crate) async fn repeat(jwt: Option<&Jwt>, clock: &dyn Clock) -> Infallible {
    let Some(jwt) = jwt else {
        return pending().await;
    };
    let mut is_failing = false;
    loop {
        let outcome = jwt.refresh().await;
        log_outcome(&outcome, is_failing);
        is_failing = outcome.is_err();
        clock.sleep(PAUSE).await;
    }
}

/// Logs a failure once for each outage, and once when it is over.
fn log_outcome(outcome: &Result<(), Failure>, was_failing: bool) {
    match outcome {
        Ok(()) if was_failing => tracing::info!("the JWT signing keys are refreshed again"),
        Err(failure) if !was_failing => {
            tracing::warn!(
                cause = chain(failure),
                "could not refresh the JWT signing keys; retrying in 25 s"
            );
        }
        Ok(()) | Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use portcullis_application::testing::{FakePorts, FakeStore, FakeUnitOfWork};

    use super::*;
    use crate::{
        config::{Config, Inputs},
        features,
        system_clock::SystemClock,
    };

    #[tokio::test(start_paused = true)]
    async fn the_keys_are_refreshed_at_once_and_after_each_pause_even_after_a_failure() {
        let refreshes = Arc::new(AtomicUsize::new(0));
        let reads = (0..9).map(|_| {
            let refreshes = Arc::clone(&refreshes);
            let mut read = FakeUnitOfWork::default();
            read.jwks.expect_list().returning(move || {
                refreshes.fetch_add(1, Ordering::SeqCst);
                Err(Failure::unavailable("away"))
            });
            read
        });
        let fake = FakePorts::with_store(FakeStore::new(reads.collect(), Vec::new()));
        let environment = [("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")];
        let inputs = Inputs {
            environment: environment
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..Inputs::default()
        };
        let config = Config::load(&inputs).unwrap();
        let jwt = features::token_maker(&fake.ports, &config);
        let repeating = repeat(jwt.as_ref(), &SystemClock);
        let time = PAUSE * 3 + Duration::from_secs(1);
        assert!(tokio::time::timeout(time, repeating).await.is_err());
        assert_eq!(refreshes.load(Ordering::SeqCst), 4);
    }
}
