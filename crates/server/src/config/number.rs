//! Numbers as what they count.

use std::{thread, time::Duration};

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

/// A key's number as a time in seconds.
pub(super) fn seconds(settings: &Settings, name: &str) -> Duration {
    Duration::from_secs(settings.number(name).unwrap_or_default())
}

/// A key's number as a time in milliseconds.
pub(super) fn milliseconds(settings: &Settings, name: &str) -> Duration {
    Duration::from_millis(settings.number(name).unwrap_or_default())
}

/// How many cores there are to work with.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
