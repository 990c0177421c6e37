//! The clock of the lease.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// `Instant` stands still while a Linux machine sleeps, so a lease could outlive the sleep. `CLOCK_BOOTTIME` counts that time,
/// and the time in which the process is stopped.
#[cfg(any(target_os = "linux", target_os = "android"))]
const CLOCK: ClockId = ClockId::CLOCK_BOOTTIME;
/// Counts the time in which the machine sleeps on macOS.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const CLOCK: ClockId = ClockId::CLOCK_MONOTONIC;

/// Returns the time since some point in the past. `None`: the system has no such clock, so there is no lease.
pub(super) fn now() -> Option<Duration> {
    clock_gettime(CLOCK).ok().map(Duration::from)
}
