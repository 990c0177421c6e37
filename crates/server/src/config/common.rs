//! Options that several use cases share.

use std::time::Duration;

use chrono::TimeDelta;
use portcullis_application::{message::MessageOptions, session::SessionOptions, sign_in::FailedSignIns};
use portcullis_domain::password::PasswordPolicy;

use super::{
    email_and_password::{
        MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, REJECT_COMMON_PASSWORDS, REQUIRE_EMAIL_VERIFICATION,
    },
    email_verification,
    http::REQUEST_TIMEOUT,
    mode::Mode,
    password::REFUSAL_FLOOR,
    settings::Settings,
};

/// Options that several use cases share.
pub(super) struct Common {
    pub(super) password: PasswordPolicy,
    pub(super) session: SessionOptions,
    pub(super) refusal_floor: Duration,
    pub(super) failed_sign_ins: Option<FailedSignIns>,
    pub(super) messages: MessageOptions,
    /// Lifetime of links that verify an address.
    pub(super) link_expires_in: TimeDelta,
    pub(super) requires_verified_email: bool,
}

impl Common {
    pub(super) fn read(
        settings: &mut Settings,
        mode: Mode,
        session: SessionOptions,
        failed_sign_ins: Option<FailedSignIns>,
        messages: MessageOptions,
    ) -> Self {
        Self {
            password: password_policy(settings, mode),
            session,
            refusal_floor: refusal_floor(settings),
            failed_sign_ins,
            messages,
            link_expires_in: settings.get(&email_verification::EXPIRES_IN),
            requires_verified_email: settings.get(&REQUIRE_EMAIL_VERIFICATION),
        }
    }
}

/// Minimum length of a password by NIST SP 800-63B.
const SHORTEST_SAFE_PASSWORD: usize = 8;

fn password_policy(settings: &mut Settings, mode: Mode) -> PasswordPolicy {
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
