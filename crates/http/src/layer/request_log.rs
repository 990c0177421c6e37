//! One line for each request. It never holds what somebody typed or keeps secret.

use std::time::Instant;

use portcullis_application::statistics::Statistics;
use tracing::Span;

/// What is known of a request before it is answered.
pub(crate) struct Entry<'a> {
    pub(crate) arrival: Instant,
    pub(crate) method: &'a str,
    /// The path as it is declared, never as it was sent.
    pub(crate) route: &'a str,
    pub(crate) id: &'a str,
}

impl Entry<'_> {
    /// The span around everything that is done for the request.
    pub(crate) fn span(&self) -> Span {
        tracing::info_span!(
            target: "portcullis::request",
            "http.request",
            method = self.method,
            route = self.route,
            request_id = self.id
        )
    }

    /// Writes the line.
    pub(crate) fn write(&self, status: u16, code: &str, database: &Statistics) {
        tracing::info!(
            target: "portcullis::request",
            method = self.method,
            route = self.route,
            status,
            code,
            milliseconds = milliseconds(self.arrival.elapsed()),
            database_milliseconds = milliseconds(database.time()),
            statements = database.statements(),
            request_id = self.id,
        );
    }
}

fn milliseconds(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}
