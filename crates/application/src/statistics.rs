//! Database time and statements of a request, for its log line.

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
    /// Runs a request, and adds to these statistics what it spends.
    pub async fn scope<F: Future>(self: Arc<Self>, request: F) -> F::Output {
        CURRENT.scope(self, request).await
    }

    /// Adds to the current request's statistics, if there is a current request.
    pub fn add(statements: u32, time: Duration) {
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let _outside_of_a_request = CURRENT.try_with(|current| {
            current.statements.fetch_add(statements, Ordering::Relaxed);
            current.microseconds.fetch_add(microseconds, Ordering::Relaxed);
        });
    }

    /// Returns the time so far.
    #[must_use]
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.microseconds.load(Ordering::Relaxed))
    }

    /// Returns the number of statements so far.
    #[must_use]
    pub fn statements(&self) -> u32 {
        self.statements.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_a_request_spends_is_added_to_its_statistics() {
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
