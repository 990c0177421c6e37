//! The usage of a key after a use: what remains of its uses, and its rate limit.

use chrono::{DateTime, TimeDelta, Utc};

use super::{ApiKey, KeyRefusal, KeyUsage, RateLimiting};

impl ApiKey {
    /// Returns the usage with one remaining use less, after a refill if it is due.
    pub(super) fn spent(&self, now: DateTime<Utc>) -> Result<KeyUsage, KeyRefusal> {
        let usage = self.usage;
        let Some(remaining) = usage.remaining else {
            return Ok(usage);
        };
        if remaining == 0 && self.refill.amount.is_none() {
            return Err(KeyRefusal::Exhausted { is_final: true });
        }
        let refilled = self.due_refill(now);
        let (remaining, last_refill_at) = match refilled {
            Some(amount) => (amount, Some(now)),
            None => (remaining, usage.last_refill_at),
        };
        // A count below zero, which only other programs store, does not become an unlimited one.
        if remaining <= 0 {
            return Err(KeyRefusal::Exhausted { is_final: false });
        }
        Ok(KeyUsage {
            remaining: Some(remaining - 1),
            last_refill_at,
            ..usage
        })
    }

    /// Returns the number of uses after a refill, if one is due. Zero means that there is no refill, as in Better Auth.
    fn due_refill(&self, now: DateTime<Utc>) -> Option<i32> {
        let interval = self.refill.interval.filter(|interval| *interval != 0)?;
        let amount = self.refill.amount.filter(|amount| *amount != 0)?;
        let last = self.usage.last_refill_at.unwrap_or(self.created_at);
        (now - last > TimeDelta::milliseconds(interval.into())).then_some(amount)
    }
}

impl KeyUsage {
    /// Returns the usage with one use more in the window. The window begins anew when the last use is older than it, and
    /// does not move while the key is used more often.
    pub(super) fn counted(
        self,
        key: &ApiKey,
        rate_limiting: RateLimiting,
        now: DateTime<Utc>,
    ) -> Result<Self, KeyRefusal> {
        let used = Self {
            last_request: Some(now),
            ..self
        };
        let limit = key.rate_limit;
        if rate_limiting == RateLimiting::Off || limit.is_enabled == Some(false) {
            return Ok(used);
        }
        let (Some(window), Some(max)) = (limit.window, limit.max) else {
            return Ok(self);
        };
        let window = TimeDelta::milliseconds(window.into());
        let since = self.last_request.map(|last| now - last);
        let Some(since) = since.filter(|since| *since <= window) else {
            return Ok(Self {
                request_count: Some(1),
                ..used
            });
        };
        let count = self.request_count.unwrap_or(0);
        if count >= max {
            return Err(KeyRefusal::RateLimited {
                retry_after: window - since,
            });
        }
        Ok(Self {
            request_count: Some(count + 1),
            ..used
        })
    }
}
