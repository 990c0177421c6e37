//! Options of sign-in with providers.

use chrono::TimeDelta;
use portcullis_domain::{additional::FieldSchema, origin::TrustedOrigins, social::LinkingPolicy};

use super::AccountCookie;
use crate::{message::MessageOptions, ports::Ports};

/// Options of sign-in with providers.
#[derive(Clone, Debug)]
pub struct SocialOptions {
    /// URL of the server without a path.
    pub origin: String,
    /// URL below which the routes are, without a slash at its end.
    pub base_url: String,
    /// When accounts are linked to users.
    pub linking: LinkingPolicy,
    /// Whether states are stored in a cookie of the client instead of the database.
    pub stores_states_in_cookies: bool,
    /// Whether states are accepted that do not name their provider, because a Node server wrote them.
    pub accepts_foreign_states: bool,
    /// The applications in which a sign-in may end whose state a client has chosen. Empty: no such state is accepted.
    pub applications: TrustedOrigins,
    /// How tokens are stored, and whether each sign-in stores the new ones.
    pub tokens: TokenOptions,
    /// The declared fields of users, which profiles can fill.
    pub fields: FieldSchema,
    /// Whether a new user whose address the provider has not verified is sent a verification link.
    pub sends_verification_link: bool,
    /// Options of messages.
    pub messages: MessageOptions,
    /// How long the verification link is valid.
    pub link_expires_in: TimeDelta,
}

/// How the tokens of providers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenOptions {
    /// Whether access and refresh tokens are encrypted.
    pub is_encrypted: bool,
    /// Whether each sign-in replaces the stored tokens.
    pub updates_on_sign_in: bool,
    /// How long the client of a sign-in also stores the account in a cookie. `None`: it does not store it.
    pub cookie_lifetime: Option<TimeDelta>,
}

impl TokenOptions {
    /// Returns the writer of the account of a sign-in, if clients store it.
    pub(crate) fn account_cookie(self, ports: &Ports) -> Option<AccountCookie> {
        let lifetime = self.cookie_lifetime?;
        Some(AccountCookie::new(ports, lifetime))
    }
}
