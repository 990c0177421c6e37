//! Periodic work.

use std::{convert::Infallible, future::pending, sync::Arc, time::Duration};

use async_trait::async_trait;
use portcullis_application::ports::{Clock, Failure};
use tokio::task::JoinSet;

use crate::error::chain;

/// Work that is repeated while the server runs.
pub(crate) struct Chore {
    /// What it does, as in "could not NAME".
    pub(crate) name: &'static str,
    /// Pause between two rounds.
    pub(crate) every: Duration,
    pub(crate) work: Arc<dyn Work>,
}

/// What a [`Chore`] does.
#[async_trait]
pub(crate) trait Work: Send + Sync {
    /// Runs one round. A failed round is not retried: the next one does its work.
    async fn run(&self) -> Result<(), Failure>;
}

/// Runs every chore now and after each of its pauses, forever. The first round does not wait, since a program may be
/// restarted more often than the pause. No chore waits for another. All end when the future is dropped.
pub(crate) async fn run_all(chores: Vec<Chore>, clock: &Arc<dyn Clock>) -> Infallible {
    let mut tasks = JoinSet::new();
    for chore in chores {
        tasks.spawn(chore.repeat(Arc::clone(clock)));
    }
    while tasks.join_next().await.is_some() {}
    pending().await
}

impl Chore {
    async fn repeat(self, clock: Arc<dyn Clock>) {
        let mut is_failing = false;
        loop {
            let outcome = self.attempt().await;
            self.log(outcome.as_ref().err(), is_failing);
            is_failing = outcome.is_err();
            clock.sleep(self.every).await;
        }
    }

    /// Runs a round in a task of its own, so that a panic ends this round only.
    async fn attempt(&self) -> Result<(), Failure> {
        let work = Arc::clone(&self.work);
        let mut round = JoinSet::new();
        round.spawn(async move { work.run().await });
        match round.join_next().await {
            Some(Ok(outcome)) => outcome,
            Some(Err(_)) | None => Err(Failure::new("the task panicked")),
        }
    }

    /// Logs a failure once for each outage, and once when it is over.
    fn log(&self, failure: Option<&Failure>, was_failing: bool) {
        let (name, seconds) = (self.name, self.every.as_secs());
        match failure {
            Some(failure) if !was_failing => {
                tracing::warn!(
                    cause = chain(failure),
                    "could not {name}; retrying in {seconds} s"
                );
            }
            None if was_failing => tracing::info!("was able to {name} again"),
            Some(_) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::{system_clock::SystemClock, telemetry::capture::LogCapture};

    const PAUSE: Duration = Duration::from_secs(25);

    /// Rounds that succeed (`Some(true)`), fail, or panic (`None`).
    struct Rounds(Mutex<Vec<Option<bool>>>);

    #[async_trait]
    impl Work for Rounds {
        async fn run(&self) -> Result<(), Failure> {
            let round = self.0.lock().unwrap().remove(0);
            if round.expect("a planned panic") {
                Ok(())
            } else {
                Err(Failure::unavailable("away"))
            }
        }
    }

    /// Returns the lines that these rounds log.
    async fn logged(rounds: &[Option<bool>]) -> Vec<String> {
        let work = Arc::new(Rounds(Mutex::new(rounds.to_vec())));
        let chore = Chore {
            name: "refresh the keys",
            every: PAUSE,
            work: work.clone(),
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let log = LogCapture::default();
        let _logging = log.start();
        let pauses = u32::try_from(rounds.len()).unwrap() - 1;
        let time = PAUSE * pauses + Duration::from_secs(1);
        let running = run_all(vec![chore], &clock);
        assert!(tokio::time::timeout(time, running).await.is_err());
        assert_eq!(*work.0.lock().unwrap(), [], "rounds that did not run");
        log.lines()
    }

    const FAILURE: &str = "WARN  could not refresh the keys; retrying in 25 s cause=away";
    const RECOVERY: &str = "INFO  was able to refresh the keys again";

    #[tokio::test(start_paused = true)]
    async fn a_chore_runs_at_once_and_after_each_pause_and_logs_an_outage_and_its_end_once() {
        let rounds = [true, false, false, false, true, true, false].map(Some);
        assert_eq!(logged(&rounds).await, [FAILURE, RECOVERY, FAILURE]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_chore_that_panics_goes_on() {
        let lines = logged(&[None, Some(true)]).await;
        assert_eq!(
            lines,
            [
                "WARN  could not refresh the keys; retrying in 25 s cause=\"the task panicked\"",
                RECOVERY
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_chore_that_hangs_delays_no_other() {
        struct Hangs;

        #[async_trait]
        impl Work for Hangs {
            async fn run(&self) -> Result<(), Failure> {
                pending().await
            }
        }

        let rounds = Arc::new(Rounds(Mutex::new(vec![Some(true); 3])));
        let works: [Arc<dyn Work>; 2] = [Arc::new(Hangs), rounds.clone()];
        let chores = works.map(|work| Chore {
            name: "work",
            every: PAUSE,
            work,
        });
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let running = run_all(chores.into(), &clock);
        assert!(
            tokio::time::timeout(PAUSE * 2 + PAUSE / 2, running)
                .await
                .is_err()
        );
        assert_eq!(*rounds.0.lock().unwrap(), []);
    }
}
