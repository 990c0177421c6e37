//! Accounts of providers in cookies, encrypted as Better Auth encrypts them.

mod row;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_application::ports::{AccountCookieCodec, Random};
use portcullis_domain::{account::Account, secret::Secret};

use crate::{
    jwe::{self, Jwe},
    secrets::Secrets,
};

/// The salt of the encryption key.
const SALT: &[u8] = b"better-auth-account";
/// Maximum length of a text, checked first. The headers of a request are much shorter.
const LONGEST: usize = 64 * 1024;

/// Encrypts accounts for cookies and decrypts them.
pub struct AccountCookies {
    jwe: Jwe,
}

impl AccountCookies {
    /// Encrypts with keys that are derived from the secrets, as Better Auth does. `random` is the source of initialisation
    /// vectors and token ids.
    #[must_use]
    pub fn new(secrets: &Secrets, random: Arc<dyn Random>) -> Self {
        Self {
            jwe: Jwe::new(secrets, SALT, random),
        }
    }
}

impl AccountCookieCodec for AccountCookies {
    fn seal(&self, account: &Account, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> Secret<String> {
        Secret::new(self.jwe.seal(|jti| row::write(account, (now, expires_at), jti)))
    }

    fn open(&self, text: &str, now: DateTime<Utc>) -> Option<Account> {
        if text.len() > LONGEST {
            return None;
        }
        row::read(&self.jwe.open(text)?, now, jwe::TOLERANCE)
    }
}

#[cfg(test)]
mod tests;
