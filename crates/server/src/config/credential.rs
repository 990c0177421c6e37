//! Passwords: their policy, and the minimum time of a rejection.

use std::time::Duration;

use portcullis_application::credential::{CredentialOptions, FailedSignIns};
use portcullis_domain::password::PasswordPolicy;

use super::{
    email_and_password::{MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, REJECT_COMMON_PASSWORDS},
    http::REQUEST_TIMEOUT,
    mode::Mode,
    password::REFUSAL_FLOOR,
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
        min_length: settings.get(&MIN_PASSWORD_LENGTH),
        max_length: settings.get(&MAX_PASSWORD_LENGTH),
        rejects_common: settings
            .get(&REJECT_COMMON_PASSWORDS)
            .unwrap_or(mode == Mode::Production),
    };
    if policy.min_length < SHORTEST_SAFE_PASSWORD && mode == Mode::Production {
        settings.warn(
            &MIN_PASSWORD_LENGTH,
            format!(
                "`email_and_password.min_password_length` is {}: short passwords are easy to guess; set at least {SHORTEST_SAFE_PASSWORD}",
                policy.min_length
            ),
        );
    }
    if policy.min_length > policy.max_length {
        settings.refuse(
            &MIN_PASSWORD_LENGTH,
            "`email_and_password.min_password_length` must not be greater than `email_and_password.max_password_length`",
        );
    }
    policy
}

/// Returns the minimum time before a rejection is answered. It must be below the request timeout: otherwise no wrong
/// password would be reported as such.
fn refusal_floor(settings: &mut Settings) -> Duration {
    let refusal_floor = Duration::from_millis(settings.get(&REFUSAL_FLOOR));
    if refusal_floor >= settings.get(&REQUEST_TIMEOUT) {
        let key = settings.first_given(&REFUSAL_FLOOR, &[&REQUEST_TIMEOUT]);
        settings.refuse(
            key,
            "`password.refusal_floor_milliseconds` must be less than `limits.request_timeout`: otherwise wrong passwords are answered with 503",
        );
    }
    refusal_floor
}
