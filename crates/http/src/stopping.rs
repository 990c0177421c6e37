//! The end of a server, in which no client loses a request.

use std::{sync::Arc, time::Duration};

use actix_server::ServerHandle as Actix;
use actix_web::rt::time::{Instant, sleep};

use crate::connection::Connections;

/// For how long connections are accepted, and clients learn that they are to go, before connections are closed.
const GRACE: Duration = Duration::from_secs(1);
/// The longest time in which idle connections close.
const CLOSING: Duration = Duration::from_millis(500);
/// How often it is looked whether a wait is over.
const LOOK: Duration = Duration::from_millis(5);

/// Stops a [`Server`](crate::Server) from anywhere.
#[derive(Clone)]
pub struct ServerHandle {
    actix: Actix,
    connections: Arc<Connections>,
    drain: Duration,
}

impl ServerHandle {
    pub(crate) const fn new(actix: Actix, connections: Arc<Connections>, drain: Duration) -> Self {
        Self {
            actix,
            connections,
            drain,
        }
    }

    /// Stops the server and returns when it has stopped. If `graceful`, requests that have arrived are answered
    /// within the time to drain, and clients have a moment to learn that they are to go; otherwise all are cut.
    pub async fn stop(&self, graceful: bool) {
        if graceful && !self.drain.is_zero() {
            self.see_off().await;
        }
        self.actix.stop(graceful).await;
    }

    /// Ends all connections on which no request is under way.
    async fn see_off(&self) {
        self.connections.leave();
        wait(grace(self.drain), || self.connections.is_empty()).await;

        // Connections are accepted until actix closes its sockets: while it only pauses, the kernel would go on to accept
        // connections, and reset them with their requests when the sockets are closed.
        self.connections.finish();
        wait(CLOSING.min(grace(self.drain)), || self.connections.are_busy()).await;
    }
}

/// The whole seconds of the time to drain that are left after the moment of grace.
pub(crate) fn time_for_requests(drain: Duration) -> u64 {
    let left = drain.saturating_sub(grace(drain));
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// A short time to drain is for requests first.
fn grace(drain: Duration) -> Duration {
    GRACE.min(drain / 4)
}

/// Waits until this holds, but no longer than the time.
async fn wait(longest: Duration, is_over: impl Fn() -> bool) {
    let end = Instant::now() + longest;
    while !is_over() && Instant::now() < end {
        sleep(LOOK).await;
    }
}
