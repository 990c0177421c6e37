//! Why a request has no usable answer.

use portcullis_application::ports::Failure;
use serde_json::Value;

/// Why a request has no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The service rejects the request.
    #[error("the service answered with the status {}", .0.status)]
    Rejected(Rejected),
    /// The service's answer cannot be used.
    #[error("the answer of the service cannot be used: {0}")]
    Unusable(&'static str),
    /// The service cannot be reached, does not answer in time, or has an address that is not allowed.
    #[error("the service cannot be reached")]
    Unreachable(#[source] Failure),
}

/// An error response of a service.
#[derive(Debug)]
pub struct Rejected {
    /// The HTTP status.
    pub status: u16,
    /// The words that belong to the status.
    pub reason: String,
    /// The body, if it is JSON or a form. It may contain secrets.
    pub body: Value,
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Unreachable(failure) => failure,
            RequestError::Rejected(Rejected { status, .. }) => {
                Self::unavailable(format!("the service answered with the status {status}"))
            }
            unusable @ RequestError::Unusable(_) => Self::unavailable(unusable),
        }
    }
}

/// Returns that the service cannot be reached. The URL, which may contain a secret, is left out.
pub(super) fn unreachable(error: reqwest::Error) -> RequestError {
    RequestError::Unreachable(Failure::unavailable(error.without_url()))
}
