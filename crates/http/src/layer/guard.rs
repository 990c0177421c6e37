//! No request may take the process down, or take for ever.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;

use crate::{code, error::ApiError};

/// What the request comes to within its time. Where it panics, the panic hook has told of it.
pub(crate) async fn run<T>(
    deadline: Duration,
    request: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, ApiError> {
    // Nothing that a request left half done outlives it: what is shared between requests has no such states.
    let caught = AssertUnwindSafe(request).catch_unwind();
    match tokio::time::timeout(deadline, caught).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_panic)) => Err((&code::INTERNAL_SERVER_ERROR).into()),
        Err(_elapsed) => Err((&code::SERVICE_UNAVAILABLE).into()),
    }
}
