//! The keys of sign-up and sign-in with e-mail address and password, and of e-mail verification.

use super::{Key, Kind, Otherwise, Value, key, lifetime, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "email_and_password.enabled",
        Kind::Boolean,
        Value("true"),
        "Enable sign-up and sign-in with e-mail address and password.",
    ),
    key(
        "email_and_password.disable_sign_up",
        Kind::Boolean,
        Value("false"),
        "Reject sign-ups.",
    ),
    key(
        "email_and_password.min_password_length",
        number(1, 4096, "UTF-16 units"),
        Value("8"),
        "Minimum length of a new password, in UTF-16 code units.",
    ),
    key(
        "email_and_password.max_password_length",
        number(1, 4096, "UTF-16 units"),
        Value("128"),
        "Maximum password length, in UTF-16 code units.",
    ),
    key(
        "email_and_password.reject_common_passwords",
        Kind::Boolean,
        Otherwise("`true` in production, `false` in development"),
        "Reject new passwords that are on a list of about twenty thousand common ones: 400 `PASSWORD_COMPROMISED`. Existing passwords stay valid.",
    ),
    key(
        "email_and_password.auto_sign_in",
        Kind::Boolean,
        Value("true"),
        "Sign users in after sign-up. If `false`, responses do not reveal whether an address is already registered.",
    ),
    key(
        "email_and_password.require_email_verification",
        Kind::Boolean,
        Value("false"),
        "Reject sign-ins of users whose address is not verified.",
    ),
    key(
        "email_and_password.reset_password_token_expires_in",
        lifetime(),
        Value("3600"),
        "Lifetime of password reset links.",
    ),
    key(
        "email_and_password.revoke_sessions_on_password_reset",
        Kind::Boolean,
        Value("true"),
        "Revoke a user's sessions when the password is reset. Password reset requires a `delivery.transport` other than `none`.",
    ),
    key(
        "email_verification.send_on_sign_up",
        Kind::Boolean,
        Otherwise("same as `email_and_password.require_email_verification`"),
        "Send a verification link after sign-up.",
    ),
    key(
        "email_verification.send_on_sign_in",
        Kind::Boolean,
        Value("false"),
        "Send another verification link when a sign-in is rejected because the address is not verified.",
    ),
    key(
        "email_verification.auto_sign_in_after_verification",
        Kind::Boolean,
        Value("false"),
        "Sign users in when they follow a verification link.",
    ),
    key(
        "email_verification.expires_in",
        lifetime(),
        Value("3600"),
        "Lifetime of links that verify or change an address.",
    ),
];
