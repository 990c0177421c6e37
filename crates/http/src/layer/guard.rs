//! No request may take the process down, or take for ever.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use portcullis_application::ports::Failure;
use tokio::time::{Instant, timeout, timeout_at};

use crate::{code, error::ApiError};

/// The time that a request has. While we wait for the client, our own does not run.
pub(crate) struct Clock {
    limit: Duration,
    deadline: Instant,
}

impl Clock {
    /// Starts now.
    pub(crate) fn start(limit: Duration) -> Self {
        Self {
            limit,
            deadline: Instant::now() + limit,
        }
    }

    /// What our work comes to in the time that is left.
    ///
    /// # Errors
    ///
    /// 503 where the time is up, and the work's own.
    pub(crate) async fn bound<T>(
        &self,
        work: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, ApiError> {
        let outcome = timeout_at(self.deadline, work).await;
        outcome.unwrap_or_else(|_elapsed| {
            Err(Failure::unavailable("the time that a request may take was over").into())
        })
    }

    /// What the client sends within the limit.
    ///
    /// # Errors
    ///
    /// 408 where the client is too slow, and the reader's own.
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

/// What the request comes to. Where it panics, the panic hook has told of it.
///
/// # Errors
///
/// 500 where it panics, and the request's own.
pub(crate) async fn catch<T>(request: impl Future<Output = Result<T, ApiError>>) -> Result<T, ApiError> {
    // Nothing that a request left half done outlives it: what is shared between requests has no such states.
    let caught = AssertUnwindSafe(request).catch_unwind().await;
    caught.unwrap_or_else(|_panic| Err((&code::INTERNAL_SERVER_ERROR).into()))
}
