//! All open connections, and their limit.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use actix_web::rt::time;

use super::{BUSY, Connection, nanoseconds_since};

/// How many times within the longest idle time the connections are searched for those that have exceeded it.
const SEARCHES: u32 = 8;
/// Nanoseconds without another search after a search has found only busy connections.
const PAUSE: u64 = 10_000_000;

/// All open connections.
pub(crate) struct Connections {
    start: Instant,
    /// Maximum number of open connections, not counting those that are being closed.
    most: usize,
    state: Mutex<State>,
}

/// A time in nanoseconds since the start, and the connection's number.
type Place = (u64, u64);

#[derive(Default)]
struct State {
    next: u64,
    /// Sorted by a lower bound of the time at which the connection became idle, so that a request changes nothing here.
    /// Those that are being closed to make room are at the end.
    open: BTreeMap<Place, Arc<Connection>>,
    /// How many of them are being closed to make room.
    leaving: usize,
    /// Until this time all connections count as busy.
    full_until: u64,
    /// The server is to stop: each answer is the last one of its connection.
    is_stopping: bool,
}

/// A connection that is open for as long as this lives.
pub(crate) struct Open {
    pub(super) connection: Arc<Connection>,
    all: Arc<Connections>,
}

impl Connections {
    /// Allows at most `most` connections at once.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            start: Instant::now(),
            most,
            state: Mutex::default(),
        }
    }

    /// Registers a new connection. If there are too many, the one that has been idle longest is closed. Returns
    /// `None` if a request is being answered on each of them.
    pub(crate) fn open(self: &Arc<Self>) -> Option<Open> {
        let mut state = self.lock();
        let is_full = state.open.len() - state.leaving >= self.most;
        if is_full && !state.make_room(nanoseconds_since(self.start)) {
            return None;
        }
        let number = state.next;
        state.next += 1;
        let connection = Arc::new(Connection::new(number, self.start));
        if state.is_stopping {
            connection.leave();
        }
        let place = connection.place.load(Ordering::Relaxed);
        state.insert(place, Arc::clone(&connection));
        Some(Open {
            connection,
            all: Arc::clone(self),
        })
    }

    /// Repeatedly cuts every connection that has been idle for longer than `longest`. Never returns.
    pub(crate) async fn cut_stuck(&self, longest: Duration) -> Infallible {
        loop {
            time::sleep(longest / SEARCHES).await;
            let state = self.lock();
            let stuck = state.open.values().filter(|open| open.idle_time() > longest);
            stuck.for_each(|connection| connection.cut());
        }
    }

    /// From now on each answer announces that its connection is closed after it.
    pub(crate) fn leave(&self) {
        let mut state = self.lock();
        state.is_stopping = true;
        state.open.values().for_each(|connection| connection.leave());
    }

    /// Ends every connection when the requests that have arrived on it are answered.
    pub(crate) fn finish(&self) {
        self.lock()
            .open
            .values()
            .for_each(|connection| connection.finish());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().open.is_empty()
    }

    /// Returns whether a request is being answered on each of the open connections.
    pub(crate) fn are_busy(&self) -> bool {
        self.lock().open.values().all(|connection| connection.is_busy())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Closes the connection that has been idle longest or, if none is idle, one that waits for the body of its
    /// request: clients that never send a body must not block others. Returns `false` if there is neither.
    fn make_room(&mut self, now: u64) -> bool {
        if now < self.full_until {
            return false;
        }
        let mut waiting = None;
        while let Some(entry) = self.open.first_entry().filter(|entry| entry.key().0 <= now) {
            let (place, _) = *entry.key();
            let connection = entry.remove();
            match connection.idle_since.load(Ordering::Relaxed) {
                BUSY if waiting.is_none() && connection.awaits_body() => waiting = Some(connection),
                BUSY => self.insert(now + 1, connection),
                idle_since if idle_since == place => {
                    connection.finish();
                    self.insert_leaving(connection);
                    if let Some(waiting) = waiting {
                        self.insert(now + 1, waiting);
                    }
                    return true;
                }
                idle_since => self.insert(idle_since, connection),
            }
        }
        if let Some(connection) = waiting {
            connection.cut();
            self.insert_leaving(connection);
            return true;
        }
        self.full_until = now + PAUSE;
        false
    }

    /// Registers a connection that is being closed. It is sorted last, so that no search finds it again.
    fn insert_leaving(&mut self, connection: Arc<Connection>) {
        self.leaving += 1;
        self.insert(BUSY, connection);
    }

    fn insert(&mut self, place: u64, connection: Arc<Connection>) {
        connection.place.store(place, Ordering::Relaxed);
        self.open.insert((place, connection.number), connection);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut state = self.all.lock();
        let place = self.connection.place.load(Ordering::Relaxed);
        let was_open = state.open.remove(&(place, self.connection.number)).is_some();
        if was_open && place == BUSY {
            state.leaving -= 1;
        }
        if was_open {
            state.full_until = 0;
        }
    }
}
