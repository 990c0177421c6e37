//! The request log: one line for each request, without user input or secrets.

use std::time::Instant;

use actix_web::http::Method;
use portcullis_application::statistics::Statistics;
use tracing::Span;

/// The target of request lines.
pub const REQUEST_LOG_TARGET: &str = "portcullis::request";

/// What is known about a request before it is answered.
pub(crate) struct Entry<'a> {
    pub(crate) arrival: Instant,
    pub(crate) method: &'a Method,
    /// The path as it is declared, never as it was sent.
    pub(crate) route: &'a str,
    pub(crate) id: &'a str,
}

/// What the line contains if no route answers.
pub(crate) struct Unanswered {
    pub(crate) reason: &'static str,
    /// The known words of the path.
    pub(crate) path: String,
}

impl Entry<'_> {
    /// Creates the span around all work for the request. Its fields are part of every line about the request. It has
    /// the highest level, so that no configured level removes it.
    pub(crate) fn span(&self) -> Span {
        tracing::error_span!(
            target: REQUEST_LOG_TARGET,
            "http.request",
            method = name(self.method),
            route = self.route,
            request_id = self.id
        )
    }

    /// Writes the line. To be called within the request's span, which has the other fields of the line.
    pub(crate) fn write(
        &self,
        status: u16,
        code: &str,
        database: &Statistics,
        unanswered: Option<&Unanswered>,
    ) {
        tracing::info!(
            target: REQUEST_LOG_TARGET,
            status,
            code,
            milliseconds = milliseconds(self.arrival.elapsed()),
            database_milliseconds = milliseconds(database.time()),
            statements = database.statements(),
            path = unanswered.map(|unanswered| unanswered.path.as_str()),
            reason = unanswered.map(|unanswered| unanswered.reason),
        );
    }
}

/// Returns the method's name for the log; `other` for an unknown method, so that clients cannot write text into the
/// log.
fn name(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    if known.contains(method) {
        method.as_str()
    } else {
        "other"
    }
}

fn milliseconds(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}
