//! Connections that wait for the next mail.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::connection::Connection;

/// How many are kept.
const MOST: usize = 4;

/// How long one is worth keeping: less than the five minutes that every server waits (RFC 5321, 4.5.3.2.7), for some
/// do not.
const LONGEST: TimeDelta = TimeDelta::seconds(30);

/// Connections whose last command was answered. lettre's own pool takes back those, too, whose work was given up
/// while an answer was due, and the next mail would read that answer as its own.
#[derive(Default)]
pub(super) struct Idle(Mutex<Vec<(DateTime<Utc>, Connection)>>);

impl Idle {
    /// Takes the one that was used last, and drops those that have waited too long.
    pub(super) fn take(&self, now: DateTime<Utc>) -> Option<Connection> {
        let mut connections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connections.retain(|(since, _)| now - since <= LONGEST);
        connections.pop().map(|(_, connection)| connection)
    }

    /// Keeps one, unless there are enough.
    pub(super) fn put(&self, connection: Connection, now: DateTime<Utc>) {
        let mut connections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if connections.len() < MOST {
            connections.push((now, connection));
        }
    }
}
