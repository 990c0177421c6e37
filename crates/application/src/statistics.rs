//! What the database cost a request, for its line in the log.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

tokio::task_local! {
    static CURRENT: Arc<Statistics>;
}

/// Time and statements that one request spent on the database.
#[derive(Debug, Default)]
pub struct Statistics {
    microseconds: AtomicU64,
    statements: AtomicU32,
}

impl Statistics {
    /// Runs a request; what it spends is added here.
    pub async fn scope<F: Future>(self: Arc<Self>, request: F) -> F::Output {
        CURRENT.scope(self, request).await
    }

    /// Adds to the request that is being served, if there is one.
    pub fn add(statements: u32, time: Duration) {
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let _outside_of_a_request = CURRENT.try_with(|current| {
            current.statements.fetch_add(statements, Ordering::Relaxed);
            current.microseconds.fetch_add(microseconds, Ordering::Relaxed);
        });
    }

    /// The time so far.
    #[must_use]
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.microseconds.load(Ordering::Relaxed))
    }

    /// The statements so far.
    #[must_use]
    pub fn statements(&self) -> u32 {
        self.statements.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_counts_what_it_spends_and_nothing_else() {
        let statistics = Arc::new(Statistics::default());
        Statistics::add(7, Duration::from_millis(7));
        Arc::clone(&statistics)
            .scope(async {
                Statistics::add(1, Duration::from_millis(2));
                Statistics::add(2, Duration::from_millis(3));
            })
            .await;
        assert_eq!(
            (statistics.statements(), statistics.time()),
            (3, Duration::from_millis(5))
        );
    }
}
