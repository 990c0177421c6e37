//! Verification of e-mail addresses.

use portcullis_application::email_verification::EmailVerificationOptions;

use super::{common::Common, settings::Settings};

/// Returns the options of e-mail verification.
pub(super) fn read(settings: &Settings, common: &Common) -> EmailVerificationOptions {
    let is = |name| settings.boolean(name).unwrap_or_default();
    EmailVerificationOptions {
        messages: common.messages.clone(),
        expires_in: common.link_expires_in,
        auto_sign_in: is("email_verification.auto_sign_in_after_verification"),
        accepts_foreign_links: is("compatibility.shared_database"),
        session: common.session.clone(),
        floor: common.refusal_floor,
    }
}
