//! Passwords: their policy, and the cost of wrong ones.

use std::time::Duration;

use portcullis_application::credential::{CredentialOptions, FailedSignIns};
use portcullis_domain::password::PasswordPolicy;

use super::{
    mode::Mode,
    number::{milliseconds, seconds, size},
    settings::Settings,
};

/// Minimum length of a password by NIST SP 800-63B.
const SHORTEST_SAFE_PASSWORD: usize = 8;

/// Returns the options of passwords.
pub(super) fn read(
    settings: &mut Settings,
    mode: Mode,
    failed_sign_ins: Option<FailedSignIns>,
) -> CredentialOptions {
    CredentialOptions {
        policy: policy(settings, mode),
        refusal_floor: refusal_floor(settings),
        failed_sign_ins,
    }
}

fn policy(settings: &mut Settings, mode: Mode) -> PasswordPolicy {
    let policy = PasswordPolicy {
        min_length: size(settings, "email_and_password.min_password_length"),
        max_length: size(settings, "email_and_password.max_password_length"),
        rejects_common: settings
            .boolean("email_and_password.reject_common_passwords")
            .unwrap_or(mode == Mode::Production),
    };
    if policy.min_length < SHORTEST_SAFE_PASSWORD && mode == Mode::Production {
        settings.warn(
            "email_and_password.min_password_length",
            format!(
                "`email_and_password.min_password_length` is {}: short passwords are easy to guess; set at least {SHORTEST_SAFE_PASSWORD}",
                policy.min_length
            ),
        );
    }
    if policy.min_length > policy.max_length {
        settings.refuse(
            "email_and_password.min_password_length",
            "`email_and_password.min_password_length` must not be greater than `email_and_password.max_password_length`",
        );
    }
    policy
}

/// Returns the minimum time before a rejection is answered. It must be below the request timeout: otherwise no wrong
/// password would be reported as such.
fn refusal_floor(settings: &mut Settings) -> Duration {
    let refusal_floor = milliseconds(settings, "password.refusal_floor_milliseconds");
    if refusal_floor >= seconds(settings, "limits.request_timeout") {
        let key = settings.first_given(["password.refusal_floor_milliseconds", "limits.request_timeout"]);
        settings.refuse(
            key,
            "`password.refusal_floor_milliseconds` must be less than `limits.request_timeout`: otherwise wrong passwords are answered with 503",
        );
    }
    refusal_floor
}
