//! Time limits of requests, and conversion of panics into errors.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use portcullis_application::ports::Failure;
use tokio::time::{Instant, timeout, timeout_at};

use crate::{code, error::ApiError};

/// The time limit of a request. The time in which the server waits for the client does not count.
pub(crate) struct TimeLimit {
    limit: Duration,
    deadline: Instant,
}

impl TimeLimit {
    /// Starts now. The server's work may take `extra` longer than the limit; the client may not.
    pub(crate) fn start(limit: Duration, extra: Duration) -> Self {
        Self {
            limit,
            deadline: Instant::now() + limit + extra,
        }
    }

    /// Runs the server's work within the time that is left.
    ///
    /// # Errors
    ///
    /// 503 if the time is up, and the work's own errors.
    pub(crate) async fn bound<T>(
        &self,
        work: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, ApiError> {
        let outcome = timeout_at(self.deadline, work).await;
        outcome.unwrap_or_else(|_elapsed| {
            Err(Failure::unavailable("the request exceeded its time limit").into())
        })
    }

    /// Reads what the client sends within the limit.
    ///
    /// # Errors
    ///
    /// 408 if the client is too slow, and the reader's own errors.
    pub(crate) async fn wait_for_client<T>(
        &mut self,
        reader: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, ApiError> {
        let start = Instant::now();
        let outcome = timeout(self.limit, reader).await;
        self.deadline += start.elapsed();
        outcome.unwrap_or_else(|_elapsed| Err((&code::REQUEST_TIMEOUT).into()))
    }
}

/// Runs the request and catches its panic, which the panic hook has already logged.
///
/// # Errors
///
/// 500 if the request panics, and the request's own errors.
pub(crate) async fn catch<T>(request: impl Future<Output = Result<T, ApiError>>) -> Result<T, ApiError> {
    // Unwind-safe: state that requests share is never left half-changed.
    let caught = AssertUnwindSafe(request).catch_unwind().await;
    caught.unwrap_or_else(|_panic| Err((&code::INTERNAL_SERVER_ERROR).into()))
}
