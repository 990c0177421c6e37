//! One-time codes that are sent to the user's address.

use std::time::Duration;

use chrono::TimeDelta;
use portcullis_application::{
    code::CodeOptions, email_otp::EmailOtpOptions, email_verification::EmailVerificationOptions,
};

use super::{
    codes::{CODE_STORAGES, code_storage},
    declare::{SECONDS, boolean, choice, number},
    key::{Declaration, Key, Range},
    settings::Settings,
};

const SECTION: &str = "plugins.email_otp";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.email_otp.enabled",
    "Let users sign in, verify their addresses and reset their passwords with codes that are sent to their addresses.",
)
.otherwise("`true` if there is a section `[plugins.email_otp]`, even an empty one");
const LENGTH: Key<u32> = number(
    "plugins.email_otp.otp_length",
    Range::new(4, 12, "digits"),
    "Digits of a code.",
)
.or("6");
const EXPIRES_IN: Key<TimeDelta> = number(
    "plugins.email_otp.expires_in",
    Range::new(1, 86_400, SECONDS),
    "Lifetime of a code.",
)
.or("300");
const ATTEMPTS: Key<u32> = number(
    "plugins.email_otp.allowed_attempts",
    Range::new(1, 100, "attempts"),
    "Maximum number of wrong attempts to enter a code. After that, the user must request a new code.",
)
.or("3");
const STORAGE: Key<String> = choice(
    "plugins.email_otp.store_otp",
    CODE_STORAGES,
    "Form in which codes are stored.",
)
.or("plain");
const DISABLE_SIGN_UP: Key<bool> = boolean(
    "plugins.email_otp.disable_sign_up",
    "Create no users. No code is sent to an address that no user has, and the responses do not reveal whether a user has the address.",
)
.or("false");
const SEND_ON_SIGN_UP: Key<bool> = boolean(
    "plugins.email_otp.send_verification_on_sign_up",
    "Send new users a code that verifies the address. With `override_default_email_verification`, \
     `email_verification.send_on_sign_up` decides instead.",
)
.or("false");
const OVERRIDE: Key<bool> = boolean(
    "plugins.email_otp.override_default_email_verification",
    "Send a code instead of every link that verifies an address. Links still confirm changes of the address.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &LENGTH.declaration,
    &EXPIRES_IN.declaration,
    &ATTEMPTS.declaration,
    &STORAGE.declaration,
    &DISABLE_SIGN_UP.declaration,
    &SEND_ON_SIGN_UP.declaration,
    &OVERRIDE.declaration,
];

/// Returns the options, or `None` if codes by mail are disabled.
pub(super) fn read(
    settings: &Settings,
    verification: &EmailVerificationOptions,
    (known_for, floor): (TimeDelta, Duration),
) -> Option<EmailOtpOptions> {
    let options = EmailOtpOptions {
        codes: codes(settings),
        known_for,
        may_sign_up: !settings.get(&DISABLE_SIGN_UP),
        auto_sign_in: verification.auto_sign_in,
        floor,
    };
    is_on(settings).then_some(options)
}

/// Returns the codes that verify addresses instead of links, or `None` if links do.
pub(super) fn instead_of_links(settings: &Settings) -> Option<CodeOptions> {
    let is_wanted = settings.get(&OVERRIDE);
    (is_on(settings) && is_wanted).then(|| codes(settings))
}

/// Returns the codes that are sent to new users in addition to links, or `None` if none are.
pub(super) fn on_sign_up(settings: &Settings) -> Option<CodeOptions> {
    let is_wanted = settings.get(&SEND_ON_SIGN_UP) && !settings.get(&OVERRIDE);
    (is_on(settings) && is_wanted).then(|| codes(settings))
}

fn is_on(settings: &Settings) -> bool {
    settings.enables(&ENABLED, SECTION)
}

fn codes(settings: &Settings) -> CodeOptions {
    CodeOptions {
        lifetime: settings.get(&EXPIRES_IN),
        digits: settings.get(&LENGTH),
        allowed_attempts: settings.get(&ATTEMPTS),
        storage: code_storage(&settings.get(&STORAGE)),
    }
}
