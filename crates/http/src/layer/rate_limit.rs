//! Requests are counted before anything else is done for them.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::HttpRequest;
use portcullis_application::rate_limit::{RateLimit, RateLimitError};

use crate::{error::ApiError, extract::client, options::Options};

/// Who comes from an address that is not known. They are one client to us, who is limited as any other: nobody may
/// come without limits by hiding the address.
const UNKNOWN: &str = "unknown";

/// What a request is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// As one for this path, below the base path, of which there is a route.
    Path(&'static str),
    /// As one for nothing that there is.
    Unmatched,
    /// Not at all.
    Never,
}

/// Counts requests, and tells the operator where clients cannot be told from each other.
#[derive(Default)]
pub(crate) struct Counter {
    has_warned: AtomicBool,
}

impl Counter {
    /// Counts a request, or refuses it.
    ///
    /// # Errors
    ///
    /// 429 for one too many; 503 where it cannot be counted.
    pub(crate) async fn admit(
        &self,
        limit: &RateLimit,
        counted: Counted,
        request: &HttpRequest,
        options: &Options,
    ) -> Result<(), ApiError> {
        if !limit.is_on() || counted == Counted::Never {
            return Ok(());
        }
        let client = client::of(request, &options.trusted_proxies);
        if client.is_shared {
            self.warn_once();
        }
        let address = if client.address.is_empty() {
            UNKNOWN
        } else {
            &client.address
        };
        match counted {
            Counted::Path(path) => limit.admit(address, path).await?,
            Counted::Unmatched | Counted::Never => limit.admit_unmatched(address)?,
        }
        Ok(())
    }

    fn warn_once(&self) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a request came without its client's address: all such requests are limited as one client's; let the \
                 proxy set X-Forwarded-For, and name the proxy in `trusted_proxies`"
            );
        }
    }
}

impl From<RateLimitError> for ApiError {
    fn from(error: RateLimitError) -> Self {
        match error {
            RateLimitError::TooManyRequests(refused) => Self::too_many_requests(refused),
            RateLimitError::Failure(failure) => failure.into(),
        }
    }
}
