//! Rate limiting. Requests are counted before their bodies are read and their sessions are looked up. Requests of
//! services are counted only if they are rejected.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::HttpRequest;
use portcullis_application::rate_limit::{Client, RateLimit, RateLimitError};
use portcullis_domain::{rate_limit::Rule, token::SessionToken};

use crate::{error::ApiError, extract::client, options::Options};

/// The address of all clients whose address is unknown. They are limited as one client, so that hiding the address does
/// not avoid the limit.
const UNKNOWN: &str = "unknown";

/// What a request is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// As a request for the route with this path below the base path, by the rule that the route declares.
    Path(&'static str, Option<Rule>),
    /// As [`Path`](Self::Path), but only if it is rejected.
    Rejection(&'static str, Option<Rule>),
    /// As a request that matches no route.
    Unmatched,
    /// Not counted.
    Never,
}

impl Counted {
    /// Returns what the request is counted as when it arrives.
    pub(crate) const fn on_arrival(self) -> Self {
        match self {
            Self::Rejection(..) => Self::Never,
            counted => counted,
        }
    }

    /// Returns what the request is counted as when it has been rejected.
    pub(crate) const fn on_rejection(self) -> Self {
        match self {
            Self::Rejection(path, rule) => Self::Path(path, rule),
            Self::Path(..) | Self::Unmatched | Self::Never => Self::Never,
        }
    }
}

/// The sender of a request.
#[derive(Clone, Copy)]
pub(crate) struct Sender<'a> {
    /// The request, which names the address.
    pub(crate) request: &'a HttpRequest,
    /// The token that identifies the sender, if it has one.
    pub(crate) session: Option<&'a SessionToken>,
}

/// Counts requests, and warns the operator once if it cannot distinguish clients.
#[derive(Default)]
pub(crate) struct Counter {
    has_warned: AtomicBool,
}

impl Counter {
    /// Counts a request, or rejects it.
    ///
    /// # Errors
    ///
    /// 429 if the limit is exceeded; 503 if the request cannot be counted.
    pub(crate) async fn check(
        &self,
        limit: &RateLimit,
        counted: Counted,
        Sender { request, session }: Sender<'_>,
        options: &Options,
    ) -> Result<(), ApiError> {
        if !limit.is_on() || counted == Counted::Never {
            return Ok(());
        }
        let client = client::of(request, &options.trusted_proxies, &options.address_headers);
        if client.is_shared {
            self.warn_once();
        }
        let address = if client.address.is_empty() {
            UNKNOWN
        } else {
            &client.address
        };
        match counted {
            Counted::Path(path, rule) | Counted::Rejection(path, rule) => {
                limit.check(Client { address, session }, path, rule).await?;
            }
            Counted::Unmatched | Counted::Never => limit.check_unmatched(address)?,
        }
        Ok(())
    }

    fn warn_once(&self) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "could not determine a client's address; all such clients share one rate limit: make the proxy send \
                 the address, add the proxy to `trusted_proxies`, and if the header is not X-Forwarded-For, name it in \
                 `advanced.ip_address.ip_address_headers`"
            );
        }
    }
}

impl From<RateLimitError> for ApiError {
    fn from(error: RateLimitError) -> Self {
        match error {
            RateLimitError::TooManyRequests(denied) => Self::too_many_requests(denied),
            RateLimitError::Failure(failure) => failure.into(),
        }
    }
}
