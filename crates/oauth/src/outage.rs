//! Errors and log texts for cached documents that cannot be read.

use portcullis_application::ports::{Failure, ProviderError};
use url::Url;

/// Returns the host of a URL, for messages: the rest of it may contain a secret.
pub(crate) fn host(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str);
    host.unwrap_or("an invalid URL").to_owned()
}

/// Returns why a document could not be read, for the log.
pub(crate) fn cause(error: &ProviderError) -> String {
    match error {
        ProviderError::Unreachable(failure) => failure.causes(),
        other => other.to_string(),
    }
}

/// Returns the error of a request that needs a document whose last attempt failed.
pub(crate) fn unreachable(reason: String) -> ProviderError {
    ProviderError::Unreachable(Failure::unavailable(reason))
}
