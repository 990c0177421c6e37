//! Address changes and deletion of users.

use std::time::Duration;

use portcullis_application::{
    change_email::ChangeEmailOptions, delete_user::DeleteUserOptions, message::MessageOptions,
};
use portcullis_domain::session::SessionPolicy;

use super::{email_verification::link_lifetime, number::span, settings::Settings};

/// Returns the options of address changes.
pub(super) fn change_email(
    settings: &Settings,
    session: SessionPolicy,
    messages: &MessageOptions,
    floor: Duration,
) -> ChangeEmailOptions {
    let is = |name| settings.boolean(name).unwrap_or_default();
    ChangeEmailOptions {
        enabled: is("user.change_email.enabled"),
        requires_confirmation: is("user.change_email.confirmation"),
        changes_unverified_at_once: is("user.change_email.update_email_without_verification"),
        messages: messages.clone(),
        expires_in: link_lifetime(settings),
        session,
        floor,
    }
}

/// Returns the options of the deletion of users.
pub(super) fn delete_user(
    settings: &Settings,
    session: SessionPolicy,
    messages: &MessageOptions,
) -> DeleteUserOptions {
    let is = |name| settings.boolean(name).unwrap_or_default();
    DeleteUserOptions {
        enabled: is("user.delete_user.enabled"),
        requires_confirmation: is("user.delete_user.verification"),
        expires_in: span(settings, "user.delete_user.delete_token_expires_in"),
        session,
        messages: messages.clone(),
    }
}
