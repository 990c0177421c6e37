//! Sign-up, sign-in and password changes with e-mail address and password.

use portcullis_application::{
    password::PasswordOptions, password_reset::PasswordResetOptions, sign_in::SignInOptions,
    sign_up::SignUpOptions,
};

use super::{common::Common, number::span, settings::Settings};

/// Returns the options of sign-up.
pub(super) fn sign_up(settings: &Settings, common: &Common) -> SignUpOptions {
    let is = |name| settings.boolean(name).unwrap_or_default();
    let disabled = is("email_and_password.disable_sign_up");
    SignUpOptions {
        enabled: is("email_and_password.enabled") && !disabled,
        password: common.password,
        session: common.session.clone(),
        auto_sign_in: is("email_and_password.auto_sign_in"),
        requires_verified_email: common.requires_verified_email,
        sends_verification_link: settings
            .boolean("email_verification.send_on_sign_up")
            .unwrap_or(common.requires_verified_email),
        messages: common.messages.clone(),
        link_expires_in: common.link_expires_in,
        floor: common.refusal_floor,
        failed_sign_ins: common.failed_sign_ins,
    }
}

/// Returns the options of sign-in.
pub(super) fn sign_in(settings: &Settings, common: &Common) -> SignInOptions {
    let is = |name| settings.boolean(name).unwrap_or_default();
    SignInOptions {
        enabled: is("email_and_password.enabled"),
        password: common.password,
        session: common.session.clone(),
        refusal_floor: common.refusal_floor,
        failed_sign_ins: common.failed_sign_ins,
        requires_verified_email: common.requires_verified_email,
        sends_verification_link: is("email_verification.send_on_sign_in"),
        messages: common.messages.clone(),
        link_expires_in: common.link_expires_in,
    }
}

/// Returns the options of password changes.
pub(super) fn passwords(common: &Common) -> PasswordOptions {
    PasswordOptions {
        policy: common.password,
        session: common.session.clone(),
        refusal_floor: common.refusal_floor,
        failed_sign_ins: common.failed_sign_ins,
        messages: common.messages.clone(),
    }
}

/// Returns the options of password resets.
pub(super) fn password_reset(settings: &Settings, common: &Common) -> PasswordResetOptions {
    PasswordResetOptions {
        messages: common.messages.clone(),
        expires_in: span(settings, "email_and_password.reset_password_token_expires_in"),
        password: common.password,
        revokes_sessions: settings
            .boolean("email_and_password.revoke_sessions_on_password_reset")
            .unwrap_or_default(),
        floor: common.refusal_floor,
        failed_sign_ins: common.failed_sign_ins,
    }
}
