//! The keys of addresses: with passwords as a way in, and proven.

use super::{Key, Kind, Otherwise, Value, key, lifetime, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "email_and_password.enabled",
        Kind::Boolean,
        Value("true"),
        "Whether an address and a password are a way in.",
    ),
    key(
        "email_and_password.disable_sign_up",
        Kind::Boolean,
        Value("false"),
        "Whether people are kept from becoming users by themselves.",
    ),
    key(
        "email_and_password.min_password_length",
        number(1, 4096, "UTF-16 units"),
        Value("8"),
        "The fewest units of a new password.",
    ),
    key(
        "email_and_password.max_password_length",
        number(1, 4096, "UTF-16 units"),
        Value("128"),
        "The most units of any password.",
    ),
    key(
        "email_and_password.reject_common_passwords",
        Kind::Boolean,
        Otherwise("`true` in production, `false` in development"),
        "Reject new passwords that are on a list of some twenty thousand common ones: 400 `PASSWORD_COMPROMISED`. Passwords that are set already stay valid.",
    ),
    key(
        "email_and_password.auto_sign_in",
        Kind::Boolean,
        Value("true"),
        "Whether whoever signs up is signed in at once. With `false`, nobody learns by signing up who has signed up before.",
    ),
    key(
        "email_and_password.require_email_verification",
        Kind::Boolean,
        Value("false"),
        "Whether only those may sign in who have followed a link that was sent to their address.",
    ),
    key(
        "email_and_password.reset_password_token_expires_in",
        lifetime(),
        Value("3600"),
        "How long the link may be followed that lets somebody set another password.",
    ),
    key(
        "email_and_password.revoke_sessions_on_password_reset",
        Kind::Boolean,
        Value("true"),
        "Whether a password reset ends the user's sessions. A reset needs a message: with `delivery.transport = \"none\"` there is none.",
    ),
    key(
        "email_verification.send_on_sign_up",
        Kind::Boolean,
        Otherwise("as `email_and_password.require_email_verification`"),
        "Whether whoever signs up is sent a link to prove the address.",
    ),
    key(
        "email_verification.send_on_sign_in",
        Kind::Boolean,
        Value("false"),
        "Whether whoever is refused for want of a proven address is sent another link.",
    ),
    key(
        "email_verification.auto_sign_in_after_verification",
        Kind::Boolean,
        Value("false"),
        "Whether whoever follows such a link is signed in by it.",
    ),
    key(
        "email_verification.expires_in",
        lifetime(),
        Value("3600"),
        "How long a link may be followed that proves or changes an address.",
    ),
];
