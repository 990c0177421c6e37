//! Notifications for the service manager, by systemd's protocol. Without one, they have no effect.

use std::time::Duration;

use sd_notify::NotifyState;

/// Reports that the server listens, or that a reload has ended, whatever its outcome.
pub(crate) fn ready(status: &str) {
    notify(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// Reports that a reload has begun.
pub(crate) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => notify(&[NotifyState::Reloading, now]),
        Err(_no_such_clock) => notify(&[NotifyState::Reloading]),
    }
}

/// Reports that the server stops, and asks for the time that this may take.
pub(crate) fn stopping(limit: Duration) {
    let limit = u32::try_from(limit.as_micros()).unwrap_or(u32::MAX);
    notify(&[NotifyState::Stopping, NotifyState::ExtendTimeoutUsec(limit)]);
}

fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "could not notify the service manager");
    }
}
