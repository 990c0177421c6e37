//! Sign-up, sign-in and password resets with e-mail address and password.

use portcullis_application::{
    message::MessageOptions,
    password_reset::PasswordResetOptions,
    sign_in::{PasswordSignInOptions, SignInOptions},
    sign_up::SignUpOptions,
};

use super::{email_verification::link_lifetime, number::span, settings::Settings};

/// Returns the options of sign-up.
pub(super) fn sign_up(settings: &Settings, messages: &MessageOptions) -> SignUpOptions {
    let is = |name| settings.boolean(name).unwrap_or_default();
    let disabled = is("email_and_password.disable_sign_up");
    let requires_verified_email = requires_verified_email(settings);
    SignUpOptions {
        enabled: is("email_and_password.enabled") && !disabled,
        auto_sign_in: is("email_and_password.auto_sign_in"),
        requires_verified_email,
        sends_verification_link: settings
            .boolean("email_verification.send_on_sign_up")
            .unwrap_or(requires_verified_email),
        messages: messages.clone(),
        link_expires_in: link_lifetime(settings),
    }
}

/// Returns the options of sign-in with an e-mail address.
pub(super) fn sign_in(settings: &Settings) -> SignInOptions {
    SignInOptions {
        enabled: settings.boolean("email_and_password.enabled").unwrap_or_default(),
    }
}

/// Returns the options of sign-in with a password.
pub(super) fn password_sign_in(settings: &Settings, messages: &MessageOptions) -> PasswordSignInOptions {
    PasswordSignInOptions {
        requires_verified_email: requires_verified_email(settings),
        sends_verification_link: settings
            .boolean("email_verification.send_on_sign_in")
            .unwrap_or_default(),
        messages: messages.clone(),
        link_expires_in: link_lifetime(settings),
    }
}

/// Returns the options of password resets.
pub(super) fn password_reset(settings: &Settings, messages: &MessageOptions) -> PasswordResetOptions {
    PasswordResetOptions {
        messages: messages.clone(),
        expires_in: span(settings, "email_and_password.reset_password_token_expires_in"),
        revokes_sessions: settings
            .boolean("email_and_password.revoke_sessions_on_password_reset")
            .unwrap_or_default(),
    }
}

fn requires_verified_email(settings: &Settings) -> bool {
    settings
        .boolean("email_and_password.require_email_verification")
        .unwrap_or_default()
}
