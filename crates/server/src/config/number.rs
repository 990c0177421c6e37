//! Numbers as what they count.

use std::{thread, time::Duration};

use chrono::TimeDelta;

use super::settings::Settings;

/// A key's number as a size.
pub(super) fn size(settings: &Settings, name: &str) -> usize {
    optional_size(settings, name).unwrap_or_default()
}

/// A key's number as a size, where there is one.
pub(super) fn optional_size(settings: &Settings, name: &str) -> Option<usize> {
    settings
        .number(name)
        .map(|number| usize::try_from(number).unwrap_or(usize::MAX))
}

/// A key's number as a time in seconds, for which something waits.
pub(super) fn seconds(settings: &Settings, name: &str) -> Duration {
    Duration::from_secs(settings.number(name).unwrap_or_default())
}

/// A key's number as a time in milliseconds, for which something waits.
pub(super) fn milliseconds(settings: &Settings, name: &str) -> Duration {
    Duration::from_millis(settings.number(name).unwrap_or_default())
}

/// A key's number as a time in seconds, for which something lasts.
pub(super) fn span(settings: &Settings, name: &str) -> TimeDelta {
    optional_span(settings, name).unwrap_or_default()
}

/// A key's number as a time in seconds, for which something lasts, where there is one.
pub(super) fn optional_span(settings: &Settings, name: &str) -> Option<TimeDelta> {
    let seconds = i64::try_from(settings.number(name)?).ok();
    seconds.and_then(TimeDelta::try_seconds)
}

/// How many cores there are to work with.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
