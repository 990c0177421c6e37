//! Accounts of providers in cookies.

use chrono::{DateTime, Utc};
use portcullis_domain::{account::Account, secret::Secret};

/// Encrypts accounts for a cookie of their user, with their tokens as they are stored. The password hash is left out.
pub trait AccountCookieCodec: Send + Sync {
    /// Returns the cookie's value.
    fn seal(&self, account: &Account, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> Secret<String>;

    /// Returns the account in a cookie's value, or `None` if the value is malformed, was made for something else or has
    /// expired. The caller decides whether the account is that of the user who presents it.
    fn open(&self, text: &str, now: DateTime<Utc>) -> Option<Account>;
}
