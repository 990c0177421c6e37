//! Numbers of keys as sizes and times.

use std::{thread, time::Duration};

use chrono::TimeDelta;

use super::settings::Settings;

/// Returns a key's number as a size.
pub(super) fn size(settings: &Settings, name: &str) -> usize {
    optional_size(settings, name).unwrap_or_default()
}

/// Returns a key's number as a size, or `None` if there is none.
pub(super) fn optional_size(settings: &Settings, name: &str) -> Option<usize> {
    settings
        .number(name)
        .map(|number| usize::try_from(number).unwrap_or(usize::MAX))
}

/// Returns a key's number of seconds as a timeout.
pub(super) fn seconds(settings: &Settings, name: &str) -> Duration {
    Duration::from_secs(settings.number(name).unwrap_or_default())
}

/// Returns a key's number of milliseconds as a timeout.
pub(super) fn milliseconds(settings: &Settings, name: &str) -> Duration {
    Duration::from_millis(settings.number(name).unwrap_or_default())
}

/// Returns a key's number of seconds as a lifetime.
pub(super) fn span(settings: &Settings, name: &str) -> TimeDelta {
    optional_span(settings, name).unwrap_or_default()
}

/// Returns a key's number of seconds as a lifetime, or `None` if there is none.
pub(super) fn optional_span(settings: &Settings, name: &str) -> Option<TimeDelta> {
    let seconds = i64::try_from(settings.number(name)?).ok();
    seconds.and_then(TimeDelta::try_seconds)
}

/// Returns the number of available cores.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
