//! How long sessions live.

use chrono::TimeDelta;
use portcullis_domain::session::SessionPolicy;

use super::settings::Settings;

/// The policy that is given. A session that ends before it is old enough would never be renewed.
pub(super) fn read(settings: &mut Settings) -> SessionPolicy {
    let seconds = |name| {
        let seconds = settings
            .number(name)
            .and_then(|number| i64::try_from(number).ok());
        seconds.and_then(TimeDelta::try_seconds).unwrap_or_default()
    };
    let policy = SessionPolicy {
        expires_in: seconds("session.expires_in"),
        update_age: seconds("session.update_age"),
    };
    if policy.update_age > policy.expires_in {
        let key = settings.first_given(["session.update_age", "session.expires_in"]);
        settings.refuse(
            key,
            "`session.update_age` must not be greater than `session.expires_in`: no session would ever be renewed",
        );
    }
    policy
}
