//! Rate limits of requests.

mod memory;
mod refusals;
mod rules;

use std::{fmt::Write as _, sync::Arc};

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    rate_limit::{Refused, Rule},
};

pub use self::rules::{CustomRule, RateLimitOptions, Storage};
use self::{memory::Memory, refusals::Refusals};
use crate::ports::{Clock, Failure, Mac, Ports, Purpose, Store};

/// Returns the key of a counter for an e-mail address. The key does not reveal the address.
pub(crate) fn key_of(email: &EmailAddress, what: &str, mac: &dyn Mac) -> String {
    let mut key = format!("{what}|");
    for byte in mac.tag(Purpose::RateLimit, email.as_str().as_bytes()) {
        let _writing_to_a_string_cannot_fail = write!(key, "{byte:02x}");
    }
    key
}

/// Why a request is rejected.
#[derive(Debug, thiserror::Error)]
pub enum RateLimitError {
    /// The client has sent too many requests.
    #[error("too many requests; retry in {} s", .0.retry_after)]
    TooManyRequests(Refused),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Counts requests per client and path.
pub struct RateLimit {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    memory: Memory,
    refusals: Refusals,
    options: Option<RateLimitOptions>,
}

impl RateLimit {
    /// Counts requests by these options. `None`: counts nothing. `own` are the rules that routes declare.
    #[must_use]
    pub fn new(
        ports: &Ports,
        options: Option<RateLimitOptions>,
        own: impl IntoIterator<Item = Rule>,
    ) -> Self {
        let longest = options.as_ref().map_or_else(Default::default, |options| {
            options.longest_window(own.into_iter())
        });
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            memory: Memory::new(longest),
            refusals: Refusals::new(),
            options,
        }
    }

    /// Whether requests are counted.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.options.is_some()
    }

    /// Counts a request from this IP address for this path (below the base path), or rejects it. `own` is the rule that
    /// the path's route declares, if any.
    ///
    /// The key is the same as in Better Auth, so that a Node server on the same database shares the counts.
    ///
    /// # Errors
    ///
    /// [`RateLimitError::TooManyRequests`] if the limit is exceeded.
    pub async fn admit(&self, address: &str, path: &str, own: Option<Rule>) -> Result<(), RateLimitError> {
        let found = self.options.as_ref().and_then(|options| options.rule(path, own));
        let Some((rule, storage)) = found else {
            return Ok(());
        };
        let key = format!("{address}|{path}");
        let now = self.clock.now();
        let refused = match storage {
            Storage::Memory => self.memory.admit(key, rule, now),
            Storage::Database => self.admit_shared(key, rule, now).await?,
        };
        judge(refused)
    }

    async fn admit_shared(
        &self,
        key: String,
        rule: Rule,
        now: DateTime<Utc>,
    ) -> Result<Option<Refused>, Failure> {
        if let Some(refused) = self.refusals.find(&key, now) {
            return Ok(Some(refused));
        }
        let refused = self
            .store
            .autocommit()
            .rate_limits()
            .admit(&key, rule, now)
            .await?;
        if let Some(refused) = refused {
            self.refusals.note(key, refused, now);
        }
        Ok(refused)
    }

    /// Counts a request from this IP address for an unknown path, or rejects it. All unknown paths share one count by
    /// the general rule, always in memory: a client that invents paths must not fill a table.
    ///
    /// # Errors
    ///
    /// [`RateLimitError::TooManyRequests`] if the limit is exceeded.
    pub fn admit_unmatched(&self, address: &str) -> Result<(), RateLimitError> {
        let Some(options) = &self.options else {
            return Ok(());
        };
        let key = format!("{address}|");
        judge(self.memory.admit(key, options.general, self.clock.now()))
    }
}

fn judge(refused: Option<Refused>) -> Result<(), RateLimitError> {
    refused.map_or(Ok(()), |refused| Err(RateLimitError::TooManyRequests(refused)))
}

#[cfg(test)]
mod tests;
