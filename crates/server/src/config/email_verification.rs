//! Verification of e-mail addresses.

use std::time::Duration;

use chrono::TimeDelta;
use portcullis_application::{email_verification::EmailVerificationOptions, message::MessageOptions};

use super::{
    compatibility::SHARED_DATABASE,
    declare::{boolean, lifetime},
    key::{Declaration, Key},
    settings::Settings,
};

pub(super) const SEND_ON_SIGN_UP: Key<Option<bool>> = boolean(
    "email_verification.send_on_sign_up",
    "Send a verification link after sign-up.",
)
.otherwise(
    "same as `email_and_password.require_email_verification`; `false` for users who sign up with a provider",
);
pub(super) const SEND_ON_SIGN_IN: Key<bool> = boolean(
    "email_verification.send_on_sign_in",
    "Send another verification link when a sign-in is rejected because the address is not verified.",
)
.or("false");
const AUTO_SIGN_IN: Key<bool> = boolean(
    "email_verification.auto_sign_in_after_verification",
    "Sign users in when they follow a verification link.",
)
.or("false");
pub(super) const EXPIRES_IN: Key<TimeDelta> = lifetime(
    "email_verification.expires_in",
    "Lifetime of links that verify or change an address.",
)
.or("3600");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &SEND_ON_SIGN_UP.declaration,
    &SEND_ON_SIGN_IN.declaration,
    &AUTO_SIGN_IN.declaration,
    &EXPIRES_IN.declaration,
];

/// Returns the options of e-mail verification.
pub(super) fn read(
    settings: &Settings,
    messages: &MessageOptions,
    floor: Duration,
) -> EmailVerificationOptions {
    EmailVerificationOptions {
        messages: messages.clone(),
        expires_in: settings.get(&EXPIRES_IN),
        auto_sign_in: settings.get(&AUTO_SIGN_IN),
        accepts_foreign_links: settings.get(&SHARED_DATABASE),
        floor,
    }
}
