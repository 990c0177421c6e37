//! The keys of users.

use super::{Key, Kind, Value, key, lifetime};

pub(super) static KEYS: &[Key] = &[
    key(
        "user.additional_fields",
        Kind::Fields,
        Value("{}"),
        "Fields of users in addition to the built-in ones; see [additional fields](#additional-fields).",
    ),
    key(
        "user.change_email.enabled",
        Kind::Boolean,
        Value("false"),
        "Let users change their e-mail address. The change takes effect when the user follows a link that is sent to the new address.",
    ),
    key(
        "user.change_email.confirmation",
        Kind::Boolean,
        Value("true"),
        "If the old address is verified, send a confirmation link to it first.",
    ),
    key(
        "user.change_email.update_email_without_verification",
        Kind::Boolean,
        Value("false"),
        "Change an unverified address at once, without a link.",
    ),
    key(
        "user.delete_user.enabled",
        Kind::Boolean,
        Value("false"),
        "Let users delete their own user.",
    ),
    key(
        "user.delete_user.verification",
        Kind::Boolean,
        Value("false"),
        "Delete a user only after the user has followed a link that is sent by message.",
    ),
    key(
        "user.delete_user.delete_token_expires_in",
        lifetime(),
        Value("86400"),
        "Lifetime of deletion links.",
    ),
];
