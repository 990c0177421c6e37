//! A request to sign in with a password, and what must be verified before.

use chrono::{DateTime, Utc};
use portcullis_domain::password::Password;

use super::completion::Identifier;

/// A request to sign in with a password.
#[derive(Clone, Debug)]
pub struct PasswordRequest {
    /// The password.
    pub password: Password,
    /// Whether the session outlives the browser.
    pub remember_me: bool,
    /// The URL to which the verification link redirects.
    pub callback_url: Option<String>,
}

/// A request that [`PasswordSignIn::begin`](super::PasswordSignIn::begin) has accepted. The user is looked up next.
pub struct PasswordAttempt {
    pub(super) identifier: Identifier,
    pub(super) requirement: Requirement,
    pub(super) request: PasswordRequest,
    pub(super) arrival: DateTime<Utc>,
}

/// What must be verified before a user may sign in with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// The e-mail address, if the deployment requires that.
    EmailAddress,
    /// This additional field must be true.
    Field(&'static str),
    /// Nothing.
    Nothing,
}

impl PasswordAttempt {
    /// Requires this instead of a verified e-mail address.
    #[must_use]
    pub fn requiring(self, requirement: Requirement) -> Self {
        Self { requirement, ..self }
    }
}
