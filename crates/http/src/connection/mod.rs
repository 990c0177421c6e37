//! Connections to clients: what is read from them, and when they are closed.
//!
//! actix limits the time for the first head on a connection, and the time until the first byte of every later one. It
//! limits neither the rest of a later head, nor the time in which a client reads its answers, nor how many requests
//! it reads ahead.

mod registry;
mod stream;

use std::{
    sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use futures_util::task::AtomicWaker;

pub(crate) use self::{registry::Connections, stream::PacedStream};

/// Value of `idle_since` while a request is being answered; requests have limits of their own.
const BUSY: u64 = u64::MAX;

/// How long a connection continues.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Phase {
    /// Until a limit ends it.
    Open,
    /// Until its next answer, which announces the end.
    LastRequest,
    /// Until the requests that have arrived are answered.
    Finishing,
    /// Closed at once: its task reads the end of the stream.
    Cut,
}

/// The state of a connection to a client.
pub(crate) struct Connection {
    /// Identifies it among the connections of its server.
    number: u64,
    /// When its server started.
    start: Instant,
    /// Nanoseconds from the start until it was opened or its last response was created.
    idle_since: AtomicU64,
    /// The value of `idle_since` under which it is registered.
    place: AtomicU64,
    /// The request that is being answered waits for its body.
    awaits_body: AtomicBool,
    /// The kernel accepts no more output, because the client does not read the responses.
    is_write_blocked: AtomicBool,
    phase: AtomicU8,
    /// The task that serves the connection.
    task: AtomicWaker,
}

/// A request is being answered, for as long as this lives.
pub(crate) struct Busy<'a>(&'a Connection);

/// A body is being read, for as long as this lives.
pub(crate) struct AwaitingBody<'a>(&'a Connection);

impl Connection {
    fn new(number: u64, start: Instant) -> Self {
        let now = nanoseconds_since(start);
        Self {
            number,
            start,
            idle_since: AtomicU64::new(now),
            place: AtomicU64::new(now),
            awaits_body: AtomicBool::new(false),
            is_write_blocked: AtomicBool::new(false),
            phase: AtomicU8::new(Phase::Open as u8),
            task: AtomicWaker::new(),
        }
    }

    /// Begins a request. There is one at a time on a connection.
    pub(crate) fn begin(&self) -> Busy<'_> {
        self.idle_since.store(BUSY, Ordering::Relaxed);
        Busy(self)
    }

    /// Allows the body of the request that is being answered to be read.
    pub(crate) fn await_body(&self) -> AwaitingBody<'_> {
        self.awaits_body.store(true, Ordering::Relaxed);
        AwaitingBody(self)
    }

    /// Returns whether the answer to the current request must announce that the connection is closed after it.
    pub(crate) fn is_last_request(&self) -> bool {
        self.phase() > Phase::Open as u8
    }

    /// Returns whether more input can be used: for the next request, or as a part of this one's body.
    fn may_read(&self) -> bool {
        let is_usable = !self.is_busy() || self.awaits_body();
        is_usable && !self.is_write_blocked.load(Ordering::Relaxed)
    }

    fn awaits_body(&self) -> bool {
        self.awaits_body.load(Ordering::Relaxed)
    }

    fn is_busy(&self) -> bool {
        self.idle_since.load(Ordering::Relaxed) == BUSY
    }

    /// Ends the connection with its next answer.
    fn leave(&self) {
        self.phase.fetch_max(Phase::LastRequest as u8, Ordering::AcqRel);
    }

    /// Ends the connection when the requests that have arrived are answered; at once if the client reads no responses.
    fn finish(&self) {
        let is_stuck = self.is_write_blocked.load(Ordering::Relaxed);
        self.enter(if is_stuck { Phase::Cut } else { Phase::Finishing });
    }

    /// Ends the connection.
    fn cut(&self) {
        self.enter(Phase::Cut);
    }

    fn enter(&self, phase: Phase) {
        self.phase.fetch_max(phase as u8, Ordering::AcqRel);
        self.task.wake();
    }

    fn phase(&self) -> u8 {
        self.phase.load(Ordering::Acquire)
    }

    fn is_finishing(&self) -> bool {
        self.phase() >= Phase::Finishing as u8
    }

    fn is_cut(&self) -> bool {
        self.phase() == Phase::Cut as u8
    }

    fn idle_time(&self) -> Duration {
        let idle_since = self.idle_since.load(Ordering::Relaxed);
        Duration::from_nanos(nanoseconds_since(self.start).saturating_sub(idle_since))
    }
}

fn nanoseconds_since(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(BUSY - 1)
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let now = nanoseconds_since(self.0.start);
        self.0.idle_since.store(now, Ordering::Relaxed);
    }
}

impl Drop for AwaitingBody<'_> {
    fn drop(&mut self) {
        self.0.awaits_body.store(false, Ordering::Relaxed);
    }
}
