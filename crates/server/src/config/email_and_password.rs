//! Sign-up, sign-in and password resets with e-mail address and password.

use chrono::TimeDelta;
use portcullis_application::{
    code::CodeOptions,
    message::MessageOptions,
    password_reset::PasswordResetOptions,
    sign_in::{PasswordSignInOptions, SignInOptions},
    sign_up::SignUpOptions,
};

use super::{
    declare::{boolean, lifetime, number},
    email_verification::{self, SEND_ON_SIGN_IN, SEND_ON_SIGN_UP},
    key::{Declaration, Key, Range},
    settings::Settings,
};

const ENABLED: Key<bool> = boolean(
    "email_and_password.enabled",
    "Enable sign-up and sign-in with e-mail address and password.",
)
.or("true");
const DISABLE_SIGN_UP: Key<bool> =
    boolean("email_and_password.disable_sign_up", "Reject sign-ups.").or("false");
pub(super) const MIN_PASSWORD_LENGTH: Key<usize> = number(
    "email_and_password.min_password_length",
    Range::new(1, 4096, "UTF-16 units"),
    "Minimum length of a new password, in UTF-16 code units.",
)
.or("8");
pub(super) const MAX_PASSWORD_LENGTH: Key<usize> = number(
    "email_and_password.max_password_length",
    Range::new(1, 4096, "UTF-16 units"),
    "Maximum password length, in UTF-16 code units.",
)
.or("128");
pub(super) const REJECT_COMMON_PASSWORDS: Key<Option<bool>> = boolean("email_and_password.reject_common_passwords", "Reject new passwords that are on a list of about twenty thousand common ones: 400 `PASSWORD_COMPROMISED`. Existing passwords stay valid.").otherwise("`true` in production, `false` in development");
const AUTO_SIGN_IN: Key<bool> = boolean("email_and_password.auto_sign_in", "Sign users in after sign-up. If `false`, responses do not reveal whether an address is already registered.").or("true");
pub(super) const REQUIRE_EMAIL_VERIFICATION: Key<bool> = boolean(
    "email_and_password.require_email_verification",
    "Reject sign-ins of users whose address is not verified.",
)
.or("false");
const RESET_PASSWORD_TOKEN_EXPIRES_IN: Key<TimeDelta> = lifetime(
    "email_and_password.reset_password_token_expires_in",
    "Lifetime of password reset links.",
)
.or("3600");
const REVOKE_SESSIONS_ON_PASSWORD_RESET: Key<bool> = boolean("email_and_password.revoke_sessions_on_password_reset", "Revoke a user's sessions when the password is reset. Password reset requires a `delivery.transport` other than `none`.").or("true");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &DISABLE_SIGN_UP.declaration,
    &MIN_PASSWORD_LENGTH.declaration,
    &MAX_PASSWORD_LENGTH.declaration,
    &REJECT_COMMON_PASSWORDS.declaration,
    &AUTO_SIGN_IN.declaration,
    &REQUIRE_EMAIL_VERIFICATION.declaration,
    &RESET_PASSWORD_TOKEN_EXPIRES_IN.declaration,
    &REVOKE_SESSIONS_ON_PASSWORD_RESET.declaration,
];

/// Returns the options of sign-up. `verification_code`: the code that new users are sent in addition to a link.
pub(super) fn sign_up(
    settings: &Settings,
    messages: &MessageOptions,
    verification_code: Option<CodeOptions>,
) -> SignUpOptions {
    let requires_verified_email = settings.get(&REQUIRE_EMAIL_VERIFICATION);
    SignUpOptions {
        enabled: settings.get(&ENABLED) && !settings.get(&DISABLE_SIGN_UP),
        auto_sign_in: settings.get(&AUTO_SIGN_IN),
        requires_verified_email,
        sends_verification_link: settings.get(&SEND_ON_SIGN_UP).unwrap_or(requires_verified_email),
        verification_code,
        messages: messages.clone(),
        link_expires_in: settings.get(&email_verification::EXPIRES_IN),
    }
}

/// Returns the options of sign-in with an e-mail address.
pub(super) fn sign_in(settings: &Settings) -> SignInOptions {
    SignInOptions {
        enabled: settings.get(&ENABLED),
    }
}

/// Returns the options of sign-in with a password.
pub(super) fn password_sign_in(settings: &Settings, messages: &MessageOptions) -> PasswordSignInOptions {
    PasswordSignInOptions {
        requires_verified_email: settings.get(&REQUIRE_EMAIL_VERIFICATION),
        sends_verification_link: settings.get(&SEND_ON_SIGN_IN),
        messages: messages.clone(),
        link_expires_in: settings.get(&email_verification::EXPIRES_IN),
    }
}

/// Returns the options of password resets.
pub(super) fn password_reset(settings: &Settings, messages: &MessageOptions) -> PasswordResetOptions {
    PasswordResetOptions {
        messages: messages.clone(),
        expires_in: settings.get(&RESET_PASSWORD_TOKEN_EXPIRES_IN),
        revokes_sessions: settings.get(&REVOKE_SESSIONS_ON_PASSWORD_RESET),
    }
}
