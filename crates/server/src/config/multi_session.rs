//! Several sessions on one device.

use chrono::TimeDelta;
use portcullis_application::multi_session::MultiSessionOptions;

use super::{
    declare::{boolean, number},
    key::{Declaration, Key, Range},
    settings::Settings,
};

const SECTION: &str = "plugins.multi_session";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.multi_session.enabled",
    "Let a browser keep sessions of several users, and change between them.",
)
.otherwise("`true` if there is a section `[plugins.multi_session]`, even an empty one");
const MAXIMUM_SESSIONS: Key<usize> = number(
    "plugins.multi_session.maximum_sessions",
    Range::new(1, 100, "sessions"),
    "Maximum number of sessions that a browser keeps. A further sign-in succeeds, but once another session becomes the current one, the browser cannot return to the new session.",
)
.or("5");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&ENABLED.declaration, &MAXIMUM_SESSIONS.declaration];

/// Returns the options, or `None` if a browser keeps one session. `lifetime` is that of sessions.
pub(super) fn read(settings: &Settings, lifetime: TimeDelta) -> Option<MultiSessionOptions> {
    let max_sessions = settings.get(&MAXIMUM_SESSIONS);
    settings
        .enables(&ENABLED, SECTION)
        .then_some(MultiSessionOptions {
            max_sessions,
            lifetime,
        })
}
