//! Now and then, it is looked after the keys that sign JWTs, so that no request has to wait for one.

use std::{convert::Infallible, future::pending, time::Duration};

use portcullis_application::{
    jwt::Jwt,
    ports::{Clock, Failure},
};

use crate::error::chain;

/// How long the pause between two looks is: the key at hand is still fresh then.
const PAUSE: Duration = Duration::from_secs(25);

/// Looks at once and after each pause, for ever. Making a key may take longer than a request may.
pub(crate) async fn repeat(jwt: Option<&Jwt>, clock: &dyn Clock) -> Infallible {
    let Some(jwt) = jwt else {
        return pending().await;
    };
    let mut is_failing = false;
    loop {
        let outcome = jwt.refresh().await;
        tell(&outcome, is_failing);
        is_failing = outcome.is_err();
        clock.sleep(PAUSE).await;
    }
}

/// Once for each outage, and once when it is over.
fn tell(outcome: &Result<(), Failure>, was_failing: bool) {
    match outcome {
        Ok(()) if was_failing => tracing::info!("the keys of JWTs can be looked after again"),
        Err(failure) if !was_failing => {
            tracing::warn!(
                cause = chain(failure),
                "the keys of JWTs cannot be looked after; it is tried again"
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
    async fn it_is_looked_at_once_and_after_each_pause_whatever_came_of_it() {
        let looks = Arc::new(AtomicUsize::new(0));
        let reads = (0..9).map(|_| {
            let looks = Arc::clone(&looks);
            let mut read = FakeUnitOfWork::default();
            read.jwks.expect_list().returning(move || {
                looks.fetch_add(1, Ordering::SeqCst);
                Err(Failure::unavailable("away"))
            });
            read
        });
        let fake = FakePorts::around(FakeStore::new(reads.collect(), Vec::new()));
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
        assert_eq!(looks.load(Ordering::SeqCst), 4);
    }
}
