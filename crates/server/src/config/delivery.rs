//! Messages to people, and what depends on them.

use super::settings::Settings;

/// Reads what needs no part of this build: `none` is the only transport, and without messages nobody resets a
/// password, so that whatever is to happen at a reset is kept by both values.
pub(super) fn read(settings: &Settings) {
    let _only_none = settings.text("delivery.transport");
    let _never_reset = settings.boolean("email_and_password.revoke_sessions_on_password_reset");
}
