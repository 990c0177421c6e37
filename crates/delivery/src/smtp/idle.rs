//! The pool of idle connections.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::connection::Connection;

/// Maximum number of idle connections.
const MOST: usize = 4;

/// Maximum idle time. RFC 5321, 4.5.3.2.7, requires servers to wait for five minutes, but some do not.
const LONGEST: TimeDelta = TimeDelta::seconds(30);

/// Connections whose last command was answered. lettre's own pool also takes back connections whose caller gave up
/// before the reply came; the next mail would then read that reply as its own.
#[derive(Default)]
pub(super) struct Idle(Mutex<Vec<(DateTime<Utc>, Connection)>>);

impl Idle {
    /// Returns the most recently used connection, and drops those that have been idle for too long.
    pub(super) fn take(&self, now: DateTime<Utc>) -> Option<Connection> {
        let mut connections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connections.retain(|(since, _)| now - since <= LONGEST);
        connections.pop().map(|(_, connection)| connection)
    }

    /// Keeps a connection, unless the pool is full.
    pub(super) fn put(&self, connection: Connection, now: DateTime<Utc>) {
        let mut connections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if connections.len() < MOST {
            connections.push((now, connection));
        }
    }
}
