//! Address changes and deletion of users.

use std::time::Duration;

use chrono::TimeDelta;
use portcullis_application::{
    change_email::ChangeEmailOptions, delete_user::DeleteUserOptions, message::MessageOptions,
};
use portcullis_domain::session::SessionPolicy;

use super::{
    declare::{boolean, lifetime},
    email_verification,
    key::{Declaration, Key},
    settings::Settings,
};

pub(super) const CHANGE_EMAIL: Key<bool> = boolean("user.change_email.enabled", "Let users change their e-mail address. The change takes effect when the user follows a link that is sent to the new address.").or("false");
const CONFIRMATION: Key<bool> = boolean(
    "user.change_email.confirmation",
    "If the old address is verified, send a confirmation link to it first.",
)
.or("true");
pub(super) const UPDATE_EMAIL_WITHOUT_VERIFICATION: Key<bool> = boolean(
    "user.change_email.update_email_without_verification",
    "Change an unverified address at once, without a link.",
)
.or("false");
const DELETE_USER: Key<bool> =
    boolean("user.delete_user.enabled", "Let users delete their own user.").or("false");
pub(super) const VERIFY_DELETION: Key<bool> = boolean(
    "user.delete_user.verification",
    "Delete a user only after the user has followed a link that is sent by message.",
)
.or("false");
const DELETE_TOKEN_EXPIRES_IN: Key<TimeDelta> = lifetime(
    "user.delete_user.delete_token_expires_in",
    "Lifetime of deletion links.",
)
.or("86400");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &CHANGE_EMAIL.declaration,
    &CONFIRMATION.declaration,
    &UPDATE_EMAIL_WITHOUT_VERIFICATION.declaration,
    &DELETE_USER.declaration,
    &VERIFY_DELETION.declaration,
    &DELETE_TOKEN_EXPIRES_IN.declaration,
];

/// Returns the options of address changes.
pub(super) fn change_email(
    settings: &Settings,
    session: SessionPolicy,
    messages: &MessageOptions,
    floor: Duration,
) -> ChangeEmailOptions {
    ChangeEmailOptions {
        enabled: settings.get(&CHANGE_EMAIL),
        requires_confirmation: settings.get(&CONFIRMATION),
        changes_unverified_at_once: settings.get(&UPDATE_EMAIL_WITHOUT_VERIFICATION),
        messages: messages.clone(),
        expires_in: settings.get(&email_verification::EXPIRES_IN),
        session,
        floor,
    }
}

/// Returns the options of user deletion.
pub(super) fn delete_user(
    settings: &Settings,
    session: SessionPolicy,
    messages: &MessageOptions,
) -> DeleteUserOptions {
    DeleteUserOptions {
        enabled: settings.get(&DELETE_USER),
        requires_confirmation: settings.get(&VERIFY_DELETION),
        expires_in: settings.get(&DELETE_TOKEN_EXPIRES_IN),
        session,
        messages: messages.clone(),
    }
}
