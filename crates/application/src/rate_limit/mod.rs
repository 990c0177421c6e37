//! How often a client may come.

mod memory;
mod rules;

use std::sync::Arc;

use portcullis_domain::rate_limit::Refused;

use self::memory::Memory;
pub use self::rules::{CustomRule, RateLimitOptions, Storage};
use crate::ports::{Clock, Failure, Ports, Store};

/// Why a request is not served.
#[derive(Debug, thiserror::Error)]
pub enum RateLimitError {
    /// Its client comes too often.
    #[error("too many requests; the next may come in {} s", .0.retry_after)]
    TooManyRequests(Refused),
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Counts requests, for each client and path.
pub struct RateLimit {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    memory: Memory,
    options: Option<RateLimitOptions>,
}

impl RateLimit {
    /// Counts by these options; not at all where there are none.
    #[must_use]
    pub fn new(ports: &Ports, options: Option<RateLimitOptions>) -> Self {
        let longest = options
            .as_ref()
            .map_or_else(Default::default, RateLimitOptions::longest_window);
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            memory: Memory::new(longest),
            options,
        }
    }

    /// Counts a request from this address for this path (below the base path), or refuses it.
    ///
    /// The key is the reference's, so that a Node server on the same database counts with us.
    ///
    /// # Errors
    ///
    /// [`RateLimitError::TooManyRequests`] for one request too many.
    pub async fn admit(&self, address: &str, path: &str) -> Result<(), RateLimitError> {
        let Some((rule, storage)) = self.options.as_ref().and_then(|options| options.rule(path)) else {
            return Ok(());
        };
        let key = format!("{address}|{path}");
        let now = self.clock.now();
        let refused = match storage {
            Storage::Memory => self.memory.admit(key, rule, now),
            Storage::Database => self.store.read().rate_limits().admit(&key, rule, now).await?,
        };
        refused.map_or(Ok(()), |refused| Err(RateLimitError::TooManyRequests(refused)))
    }
}

#[cfg(test)]
mod tests;
