//! Addresses and passwords as a way in.

use std::time::Duration;

use portcullis_application::{
    password::PasswordOptions,
    sign_in::{FailedSignIns, SignInOptions},
    sign_up::SignUpOptions,
};
use portcullis_domain::{password::PasswordPolicy, session::SessionPolicy};

use super::{
    number::{milliseconds, seconds, size},
    settings::Settings,
};

/// How people may become users, come in and change their passwords.
pub(super) fn read(
    settings: &mut Settings,
    session: SessionPolicy,
    failed_sign_ins: Option<FailedSignIns>,
) -> (SignUpOptions, SignInOptions, PasswordOptions) {
    let is = |name| settings.boolean(name).unwrap_or_default();
    let is_enabled = is("email_and_password.enabled");
    let is_open = is_enabled && !is("email_and_password.disable_sign_up");
    let password = PasswordPolicy {
        shortest: size(settings, "email_and_password.min_password_length"),
        longest: size(settings, "email_and_password.max_password_length"),
    };
    if password.shortest > password.longest {
        settings.refuse(
            "email_and_password.min_password_length",
            "`email_and_password.min_password_length` must not be greater than `email_and_password.max_password_length`",
        );
    }
    let refusal_floor = refusal_floor(settings);
    let sign_up = SignUpOptions {
        enabled: is_open,
        password,
        session,
    };
    let sign_in = SignInOptions {
        enabled: is_enabled,
        password,
        session,
        refusal_floor,
        failed_sign_ins,
    };
    let passwords = PasswordOptions {
        policy: password,
        session,
        refusal_floor,
        failed_sign_ins,
    };
    (sign_up, sign_in, passwords)
}

/// How long refusals wait. Requests that take too long are answered otherwise, so that a wrong password would never
/// be told.
fn refusal_floor(settings: &mut Settings) -> Duration {
    let refusal_floor = milliseconds(settings, "password.refusal_floor_milliseconds");
    if refusal_floor >= seconds(settings, "limits.request_timeout") {
        let key = settings.first_given(["password.refusal_floor_milliseconds", "limits.request_timeout"]);
        settings.refuse(
            key,
            "`password.refusal_floor_milliseconds` must be less than `limits.request_timeout`: wrong passwords would be answered with 503",
        );
    }
    refusal_floor
}
