//! Rate limits of requests.

mod denials;
mod memory;
mod rules;

use std::{fmt::Write as _, sync::Arc};

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    rate_limit::{Decision, Denied, Rule},
    token::SessionToken,
};

pub use self::rules::{CustomRule, RateLimitOptions, Storage};
use self::{denials::Denials, memory::Memory};
use crate::ports::{Clock, Failure, Mac, Ports, Purpose, Store};

/// Returns the key of a counter for an e-mail address. The key does not reveal the address.
pub(crate) fn key_of(email: &EmailAddress, what: &str, mac: &dyn Mac) -> String {
    key_of_recipient(email.as_str(), what, mac)
}

/// Returns the key under which `what` is counted for an e-mail address or a phone number.
pub(crate) fn key_of_recipient(to: &str, what: &str, mac: &dyn Mac) -> String {
    hidden(what, to, mac)
}

/// Returns a key that does not reveal `text`.
fn hidden(what: &str, text: &str, mac: &dyn Mac) -> String {
    let mut key = format!("{what}|");
    for byte in mac.tag(Purpose::RateLimit, text.as_bytes()) {
        let _writing_to_a_string_cannot_fail = write!(key, "{byte:02x}");
    }
    key
}

/// The client that sends a request.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// Its IP address.
    pub address: &'a str,
    /// The session token that it presents. It must be signed by this server, so that a client cannot invent tokens, and
    /// its session must not be known to have ended.
    pub session: Option<&'a SessionToken>,
}

/// Why a request is rejected.
#[derive(Debug, thiserror::Error)]
pub enum RateLimitError {
    /// The client has sent too many requests.
    #[error("too many requests; retry in {} s", .0.retry_after)]
    TooManyRequests(Denied),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Counts requests per client and path.
pub struct RateLimit {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    mac: Arc<dyn Mac>,
    memory: Memory,
    denials: Denials,
    options: Option<RateLimitOptions>,
}

impl RateLimit {
    /// Creates the limits with these options. `None`: nothing is counted. `own` are the rules that routes declare.
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
            mac: Arc::clone(&ports.mac),
            memory: Memory::new(longest),
            denials: Denials::new(),
            options,
        }
    }

    /// Whether requests are counted.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.options.is_some()
    }

    /// Counts a request of this client for this path (below the base path), or rejects it. `own` is the rule that the
    /// path's route declares, if any.
    ///
    /// A path with a rule of its own is counted per address: a user with many sessions must not get more attempts. Any
    /// other path is counted per session if the client has one: a backend or an office sends the requests of many users
    /// from one address. The key of an address is the same as in Better Auth, so that a Node server on the same database
    /// shares the counts.
    ///
    /// # Errors
    ///
    /// [`RateLimitError::TooManyRequests`] if the limit is exceeded.
    pub async fn check(
        &self,
        client: Client<'_>,
        path: &str,
        own: Option<Rule>,
    ) -> Result<(), RateLimitError> {
        let found = self.options.as_ref().and_then(|options| options.rule(path, own));
        let Some((rule, storage)) = found else {
            return Ok(());
        };
        let key = match client.session {
            Some(token) if own.is_none() => self.key_of_session(token, path),
            _ => format!("{}|{path}", client.address),
        };
        let now = self.clock.now();
        let decision = match storage {
            Storage::Memory => self.memory.count(key, rule, now),
            Storage::Database => self.count_shared(key, rule, now).await?,
        };
        result_of(decision)
    }

    fn key_of_session(&self, token: &SessionToken, path: &str) -> String {
        format!("{}|{path}", hidden("session", token.expose(), self.mac.as_ref()))
    }

    async fn count_shared(&self, key: String, rule: Rule, now: DateTime<Utc>) -> Result<Decision, Failure> {
        if let Some(denied) = self.denials.find(&key, now) {
            return Ok(Decision::Denied(denied));
        }
        let decision = self
            .store
            .autocommit()
            .rate_limits()
            .count(&key, rule, now)
            .await?;
        if let Decision::Denied(denied) = decision {
            self.denials.note(key, denied, now);
        }
        Ok(decision)
    }

    /// Counts a request from this IP address for an unknown path, or rejects it. All unknown paths share one count by
    /// the general rule, always in memory: a client that invents paths must not fill a table.
    ///
    /// # Errors
    ///
    /// [`RateLimitError::TooManyRequests`] if the limit is exceeded.
    pub fn check_unmatched(&self, address: &str) -> Result<(), RateLimitError> {
        let Some(options) = &self.options else {
            return Ok(());
        };
        let key = format!("{address}|");
        result_of(self.memory.count(key, options.general, self.clock.now()))
    }
}

fn result_of(decision: Decision) -> Result<(), RateLimitError> {
    match decision {
        Decision::Allowed => Ok(()),
        Decision::Denied(denied) => Err(RateLimitError::TooManyRequests(denied)),
    }
}

#[cfg(test)]
mod tests;
