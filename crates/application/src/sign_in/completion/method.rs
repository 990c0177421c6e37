//! A user who is being signed in, and how the user was authenticated.

use chrono::{DateTime, Utc};
use portcullis_domain::{additional::AdditionalFields, session::Session, user::User};

use crate::context::RequestContext;

/// An authenticated user who is being signed in.
#[derive(Clone, Debug)]
pub struct SigningIn<'a> {
    /// The user, as the row is now.
    pub user: User,
    /// How the user was authenticated.
    pub method: SignInMethod,
    /// The client.
    pub context: &'a RequestContext,
    /// Whether the session outlives the browser.
    pub is_remembered: bool,
    /// The time of the sign-in.
    pub now: DateTime<Utc>,
}

/// The identifier with which a user signs in with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// The e-mail address.
    Email,
    /// The user name.
    Username,
    /// The phone number.
    PhoneNumber,
}

/// How a user was authenticated.
#[derive(Clone, Debug)]
pub enum SignInMethod {
    /// By a password, with this identifier.
    Password(Identifier),
    /// The user has just signed up.
    SignUp,
    /// By the link of a mail that verifies the address.
    EmailLink,
    /// By a magic link.
    MagicLink,
    /// By a code that was sent to the e-mail address.
    EmailCode,
    /// By a code that was sent to the phone number.
    PhoneCode,
    /// By a passkey.
    Passkey {
        /// Whether the authenticator has verified the user, so that the passkey counts as two factors.
        is_user_verified: bool,
    },
    /// The user is a new guest.
    Anonymous,
    /// By an account of another provider.
    Provider {
        /// The provider's id.
        id: String,
        /// Whether the provider redirected the browser to this server. Otherwise the client presented an id token.
        is_redirect: bool,
    },
    /// The user is signed in, has changed the password, and all sessions were revoked.
    PasswordChange,
    /// By this live session, which the caller of the completion deletes. The new session takes over its IP address, user
    /// agent and additional fields.
    Session(Box<Session>),
    /// By a second step after any other method.
    SecondFactor,
    /// By another user or a client that may act for the user. These values of the session's fields replace the defaults. A
    /// [`SessionLifetime`](crate::seams::SessionLifetime) recognises the session by them and limits it.
    Delegated(AdditionalFields),
}

impl SignInMethod {
    /// Returns whether the user may have to take a second step. A user who is signed in, has just taken the step or was
    /// verified by the authenticator of a passkey need not, a guest has none, and another user who acts for the user cannot.
    #[must_use]
    pub const fn asks_for_second_step(&self) -> bool {
        match self {
            Self::Password(_)
            | Self::SignUp
            | Self::EmailLink
            | Self::MagicLink
            | Self::EmailCode
            | Self::PhoneCode
            | Self::Provider { .. } => true,
            Self::Passkey { is_user_verified } => !*is_user_verified,
            Self::Anonymous
            | Self::PasswordChange
            | Self::Session(_)
            | Self::SecondFactor
            | Self::Delegated(_) => false,
        }
    }

    /// Returns whether the new session may end the user's oldest ones. The user does not expect that of a session in which
    /// another user acts.
    pub(super) const fn may_end_oldest(&self) -> bool {
        !matches!(self, Self::Delegated(_))
    }

    /// Returns when a session with a limited lifetime ends, if the limit is reached at `end`. A session that replaces
    /// another ends no later than that one.
    pub(super) fn limited_end(&self, end: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Session(old) => end.min(old.expires_at),
            Self::Password(_)
            | Self::SignUp
            | Self::EmailLink
            | Self::MagicLink
            | Self::EmailCode
            | Self::PhoneCode
            | Self::Passkey { .. }
            | Self::Anonymous
            | Self::Provider { .. }
            | Self::PasswordChange
            | Self::SecondFactor
            | Self::Delegated(_) => end,
        }
    }
}
