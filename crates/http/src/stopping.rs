//! Graceful shutdown, in which no client loses a request.

use std::{sync::Arc, time::Duration};

use actix_server::ServerHandle as Actix;
use actix_web::rt::time::{Instant, sleep};

use crate::{connection::Connections, sockets::OpenSockets};

/// How long connections are still accepted, and responses announce the end of their connections, before connections
/// are closed.
const GRACE: Duration = Duration::from_secs(1);
/// Maximum time to wait until idle connections have closed.
const CLOSING: Duration = Duration::from_millis(500);
/// Interval of the checks whether a wait is over.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Stops a [`Server`](crate::Server), from any thread.
#[derive(Clone)]
pub struct ServerHandle {
    actix: Actix,
    sockets: Arc<OpenSockets>,
    connections: Arc<Connections>,
    drain: Duration,
}

impl ServerHandle {
    pub(crate) const fn new(
        actix: Actix,
        sockets: Arc<OpenSockets>,
        connections: Arc<Connections>,
        drain: Duration,
    ) -> Self {
        Self {
            actix,
            sockets,
            connections,
            drain,
        }
    }

    /// Accepts no more connections. New ones wait for another server that shares the sockets.
    pub async fn stop_accepting(&self) {
        self.actix.pause().await;
    }

    /// Stops the server and returns when it has stopped. If `graceful`, requests that have arrived are answered within
    /// the drain time, after a grace period in which responses announce the end of their connections. Otherwise all
    /// connections are cut.
    pub async fn stop(&self, graceful: bool) {
        if graceful && !self.drain.is_zero() {
            self.close_idle_connections().await;
        }
        // Otherwise the kernel would accept connections that no server answers, until the last request has ended.
        if let Err(error) = self.sockets.close() {
            tracing::warn!(%error, "could not remove the file of a Unix socket");
        }
        self.actix.stop(graceful).await;
    }

    /// Ends all connections on which no request is being answered.
    async fn close_idle_connections(&self) {
        self.connections.leave();
        wait(grace(self.drain), || self.connections.is_empty()).await;

        // Connections are accepted until actix closes its sockets. If actix only paused, the kernel would still accept
        // connections, and would reset them and their requests when the sockets are closed.
        self.connections.finish();
        wait(CLOSING.min(grace(self.drain)), || self.connections.are_busy()).await;
    }
}

/// Returns the part of the drain time that is left after the grace period, in whole seconds.
pub(crate) fn time_for_requests(drain: Duration) -> u64 {
    let left = drain.saturating_sub(grace(drain));
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// Returns the grace period: at most a quarter of the drain time.
fn grace(drain: Duration) -> Duration {
    GRACE.min(drain / 4)
}

/// Waits until `is_over` returns `true`, at most for `longest`.
async fn wait(longest: Duration, is_over: impl Fn() -> bool) {
    let end = Instant::now() + longest;
    while !is_over() && Instant::now() < end {
        sleep(POLL_INTERVAL).await;
    }
}
