//! Verification of e-mail addresses.

use std::time::Duration;

use chrono::TimeDelta;
use portcullis_application::{email_verification::EmailVerificationOptions, message::MessageOptions};

use super::{number::span, settings::Settings};

/// Returns the options of e-mail verification.
pub(super) fn read(
    settings: &Settings,
    messages: &MessageOptions,
    floor: Duration,
) -> EmailVerificationOptions {
    let is = |name| settings.boolean(name).unwrap_or_default();
    EmailVerificationOptions {
        messages: messages.clone(),
        expires_in: link_lifetime(settings),
        auto_sign_in: is("email_verification.auto_sign_in_after_verification"),
        accepts_foreign_links: is("compatibility.shared_database"),
        floor,
    }
}

/// Returns how long links that verify or change an address are valid.
pub(super) fn link_lifetime(settings: &Settings) -> TimeDelta {
    span(settings, "email_verification.expires_in")
}
