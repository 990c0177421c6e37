//! All connections that are open.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use actix_web::rt::time;

use super::Connection;

/// How many times within the longest idle time the connections are searched for such as have passed it.
const SEARCHES: u32 = 8;

/// All connections that are open.
#[derive(Default)]
pub(crate) struct Connections(Mutex<State>);

#[derive(Default)]
struct State {
    next: u64,
    open: BTreeMap<u64, Arc<Connection>>,
}

/// A connection that is open for as long as this lives.
pub(crate) struct Open {
    pub(super) connection: Arc<Connection>,
    all: Arc<Connections>,
}

impl Connections {
    /// Registers a new connection.
    pub(crate) fn open(self: &Arc<Self>) -> Open {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        let connection = Arc::new(Connection::new(number));
        state.open.insert(number, Arc::clone(&connection));
        Open {
            connection,
            all: Arc::clone(self),
        }
    }

    /// Cuts every connection that has been idle for longer than this, for ever.
    pub(crate) async fn cut_stuck(&self, longest: Duration) -> Infallible {
        loop {
            time::sleep(longest / SEARCHES).await;
            let state = self.lock();
            let stuck = state.open.values().filter(|open| open.idle_time() > longest);
            stuck.for_each(|connection| connection.cut());
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.all.lock().open.remove(&self.connection.number);
    }
}
