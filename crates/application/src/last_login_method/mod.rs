//! The method of a user's last sign-in: clients keep its name, and pages show it at the next sign-in.

mod sign_in_observer;
mod user_defaults;

use chrono::TimeDelta;

pub use self::{sign_in_observer::LastLoginObserver, user_defaults::LastLoginDefaults};
use crate::{
    client_token::TokenKind,
    sign_in::completion::{Identifier, SignInMethod},
};

/// The name of the method on the client. Scripts of pages read it, so it is not signed.
pub const LAST_LOGIN: TokenKind = TokenKind {
    name: "last_used_login_method",
    purpose: None,
};

/// Options of the method of the last sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastLoginOptions {
    /// How long clients keep the name.
    pub max_age: TimeDelta,
    /// Whether the user's row contains the name.
    pub is_stored: bool,
}

/// Returns the name under which Better Auth remembers a method, or `None` if it does not remember it.
fn name(method: &SignInMethod) -> Option<&str> {
    match method {
        SignInMethod::Password(Identifier::Email) | SignInMethod::SignUp => Some("email"),
        SignInMethod::Passkey { .. } => Some("passkey"),
        SignInMethod::Provider {
            id,
            is_redirect: true,
        } => Some(id),
        SignInMethod::Password(_)
        | SignInMethod::EmailLink
        | SignInMethod::MagicLink
        | SignInMethod::EmailCode
        | SignInMethod::PhoneCode
        | SignInMethod::Anonymous
        | SignInMethod::Provider {
            is_redirect: false, ..
        }
        | SignInMethod::PasswordChange
        | SignInMethod::Session(_)
        | SignInMethod::SecondFactor
        | SignInMethod::Delegated(_) => None,
    }
}

#[cfg(test)]
mod tests;
