//! Connections to clients: what is read from them, and when they are closed.
//!
//! actix limits the time for the first head on a connection, and the time until the first byte of every later one. It
//! limits neither the rest of a later head, nor the time in which a client reads its answers, nor how many requests
//! it reads ahead.

mod registry;
mod stream;

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use futures_util::task::AtomicWaker;

pub(crate) use self::{registry::Connections, stream::PacedStream};

/// Instead of a time: a request is being answered, which has limits of its own.
const BUSY: u64 = u64::MAX;

/// What is known of a connection to a client.
pub(crate) struct Connection {
    /// Tells it from the other connections of its server.
    number: u64,
    opened: Instant,
    /// How many nanoseconds after the opening the last answer was made.
    idle_since: AtomicU64,
    /// The request that is being answered waits for its body.
    awaits_body: AtomicBool,
    /// The kernel takes no more of our answers, because the client does not read them.
    is_write_blocked: AtomicBool,
    is_cut: AtomicBool,
    /// The task that serves the connection.
    task: AtomicWaker,
}

/// A request is being answered, for as long as this lives.
pub(crate) struct Busy<'a>(&'a Connection);

/// A body is being read, for as long as this lives.
pub(crate) struct AwaitingBody<'a>(&'a Connection);

impl Connection {
    fn new(number: u64) -> Self {
        Self {
            number,
            opened: Instant::now(),
            idle_since: AtomicU64::new(0),
            awaits_body: AtomicBool::new(false),
            is_write_blocked: AtomicBool::new(false),
            is_cut: AtomicBool::new(false),
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

    /// Returns whether more input has a use: for the next request, or as a part of this one's body.
    fn may_read(&self) -> bool {
        let is_between_requests = self.idle_since.load(Ordering::Relaxed) != BUSY;
        let has_use = is_between_requests || self.awaits_body.load(Ordering::Relaxed);
        has_use && !self.is_write_blocked.load(Ordering::Relaxed)
    }

    /// Ends the connection: from now on its task finds it closed by the client.
    fn cut(&self) {
        self.is_cut.store(true, Ordering::Release);
        self.task.wake();
    }

    fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::Acquire)
    }

    fn age(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_nanos()).unwrap_or(BUSY - 1)
    }

    fn idle_time(&self) -> Duration {
        Duration::from_nanos(self.age().saturating_sub(self.idle_since.load(Ordering::Relaxed)))
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.idle_since.store(self.0.age(), Ordering::Relaxed);
    }
}

impl Drop for AwaitingBody<'_> {
    fn drop(&mut self) {
        self.0.awaits_body.store(false, Ordering::Relaxed);
    }
}
