//! The keys of users.

use super::{Key, Kind, Value, key, lifetime};

pub(super) static KEYS: &[Key] = &[
    key(
        "user.additional_fields",
        Kind::Fields,
        Value("{}"),
        "Fields of users beside the built-in ones; see [additional fields](#additional-fields).",
    ),
    key(
        "user.change_email.enabled",
        Kind::Boolean,
        Value("false"),
        "Whether users may take another address. It is theirs once they have followed a link that is sent there.",
    ),
    key(
        "user.change_email.confirmation",
        Kind::Boolean,
        Value("true"),
        "Whether a link is sent to the old address first, where that is proven.",
    ),
    key(
        "user.change_email.update_email_without_verification",
        Kind::Boolean,
        Value("false"),
        "Whether users whose address is not proven take the new one at once.",
    ),
    key(
        "user.delete_user.enabled",
        Kind::Boolean,
        Value("false"),
        "Whether users may delete themselves.",
    ),
    key(
        "user.delete_user.verification",
        Kind::Boolean,
        Value("false"),
        "Whether that takes following a link that is sent to them.",
    ),
    key(
        "user.delete_user.delete_token_expires_in",
        lifetime(),
        Value("86400"),
        "How long that link may be followed.",
    ),
];
