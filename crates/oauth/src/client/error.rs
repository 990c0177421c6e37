//! The errors of requests to providers (RFC 6749, 5.2).

use portcullis_application::ports::{ProviderError, Rejection};
use portcullis_outbound::{Rejected, RequestError};
use serde_json::{Map, Value};

/// The members of an error response that are passed on (RFC 6749, 5.2).
const ERROR_MEMBERS: [&str; 3] = ["error", "error_description", "error_uri"];

/// Returns the error of the port. Of an error response, only members without secrets are passed on.
pub(super) fn error(error: RequestError) -> ProviderError {
    match error {
        RequestError::Rejected(Rejected { status, reason, body }) => rejection(status, reason, &body),
        RequestError::Unusable(why) => ProviderError::Unusable(why),
        RequestError::Unreachable(failure) => ProviderError::Unreachable(failure),
    }
}

/// Returns the rejection that a response with this status and body is.
pub(super) fn rejection(status: u16, reason: String, body: &Value) -> ProviderError {
    let member = |name: &str| Some((name.to_owned(), body.get(name)?.clone()));
    ProviderError::Rejected(Rejection {
        status,
        reason,
        error: ERROR_MEMBERS
            .into_iter()
            .filter_map(member)
            .collect::<Map<_, _>>(),
    })
}
