//! How long sessions live.

use chrono::TimeDelta;
use portcullis_domain::session::SessionPolicy;

use super::settings::Settings;

/// The policy that is given.
pub(super) fn read(settings: &Settings) -> SessionPolicy {
    let seconds = |name| {
        let seconds = settings
            .number(name)
            .and_then(|number| i64::try_from(number).ok());
        seconds.and_then(TimeDelta::try_seconds).unwrap_or_default()
    };
    SessionPolicy {
        expires_in: seconds("session.expires_in"),
        update_age: seconds("session.update_age"),
    }
}
