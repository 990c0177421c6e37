//! Address changes and deletion of users.

use portcullis_application::{change_email::ChangeEmailOptions, delete_user::DeleteUserOptions};

use super::{common::Common, email_and_password, number::span, settings::Settings};

/// Returns the options of address changes.
pub(super) fn change_email(settings: &Settings, common: &Common) -> ChangeEmailOptions {
    let is = |name| settings.boolean(name).unwrap_or_default();
    ChangeEmailOptions {
        enabled: is("user.change_email.enabled"),
        requires_confirmation: is("user.change_email.confirmation"),
        changes_unverified_at_once: is("user.change_email.update_email_without_verification"),
        messages: common.messages.clone(),
        expires_in: common.link_expires_in,
        session: common.session.policy,
        floor: common.refusal_floor,
    }
}

/// Returns the options of the deletion of users.
pub(super) fn delete_user(settings: &Settings, common: &Common) -> DeleteUserOptions {
    let is = |name| settings.boolean(name).unwrap_or_default();
    DeleteUserOptions {
        enabled: is("user.delete_user.enabled"),
        requires_confirmation: is("user.delete_user.verification"),
        expires_in: span(settings, "user.delete_user.delete_token_expires_in"),
        session: common.session.policy,
        passwords: email_and_password::passwords(common),
        messages: common.messages.clone(),
    }
}
