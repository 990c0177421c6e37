//! The log of origins that are not trusted.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderValue},
};
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::ports::Clock;
use portcullis_domain::origin::TrustedOrigins;
use url::{Position, Url};

use super::{Named, Site};
use crate::layer::cors;

/// The same origin is logged again after this time.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// Origins that are logged separately within [`PAUSE`]. Attackers choose origins freely.
const MOST: usize = 64;
/// Longest origin that is logged.
const LONGEST: usize = 256;

/// Logs each origin that is not trusted, at most once a minute.
pub(crate) struct OriginLog {
    clock: Arc<dyn Clock>,
    logged: Mutex<HashMap<String, DateTime<Utc>>>,
}

impl OriginLog {
    /// Creates a log that contains nothing yet.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            logged: Mutex::default(),
        }
    }

    /// Logs the origin of a request if a page sent it and the browser hides the response from that page. `own` is the
    /// server's own origin, unless it is listed: the browser also hides the response from a page of this origin that
    /// reaches the server at another address.
    pub(crate) fn note_hidden(
        &self,
        request: &HttpRequest,
        trusted: &TrustedOrigins,
        own: Option<&HeaderValue>,
    ) {
        let headers = request.headers();
        let origin = Named::of(headers, &header::ORIGIN);
        let site = Site::of(headers);
        let is_elsewhere = site == Site::Other || cors::is_preflight(request);
        let is_shown = match origin {
            Named::Absent => true,
            Named::Ambiguous => false,
            Named::Text(text) if own.is_some_and(|own| own == text) => !is_elsewhere,
            Named::Text(text) => trusted.trusts_origin(text),
        };
        if !is_shown && site != Site::Same {
            self.note(origin, trusted);
        }
    }

    /// Logs what a rejected request names as its origin.
    pub(crate) fn note(&self, origin: Named<'_>, trusted: &TrustedOrigins) {
        let Some(origin) = self.unlogged(shown(origin)) else {
            return;
        };
        tracing::warn!(
            origin,
            trusted_origins = trusted.patterns().collect::<Vec<_>>().join(", "),
            "a request came from an origin that is not trusted; it was rejected, or its page cannot read the \
             response: if the origin is yours, add it to `trusted_origins`"
        );
    }

    /// Returns the origin as it is logged, or `None` if it was logged within the last minute.
    fn unlogged(&self, origin: String) -> Option<String> {
        let now = self.clock.now();
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.retain(|_, at| (TimeDelta::zero()..PAUSE).contains(&(now - *at)));
        let origin = if logged.len() < MOST || logged.contains_key(&origin) {
            origin
        } else {
            "others".to_owned()
        };
        if logged.contains_key(&origin) {
            return None;
        }
        logged.insert(origin.clone(), now);
        Some(origin)
    }
}

/// Returns the origin without user names, paths and queries, which may contain secrets.
fn shown(origin: Named<'_>) -> String {
    let text = match origin {
        Named::Absent => return "none".to_owned(),
        Named::Ambiguous => return "ambiguous".to_owned(),
        Named::Text(text) => text,
    };
    let shown = match Url::parse(text) {
        _ if text == "null" => text.to_owned(),
        Ok(url) if url.origin().is_tuple() => url.origin().ascii_serialization(),
        Ok(url) if url.has_authority() => {
            let place = &url[Position::BeforeHost..Position::AfterPort];
            format!("{}://{place}", url.scheme())
        }
        Ok(url) => format!("{}:", url.scheme()),
        Err(_) => return "not a URL".to_owned(),
    };
    if shown.len() > LONGEST {
        return "too long".to_owned();
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_shown_without_what_may_be_secret() {
        for (origin, text) in [
            (Named::Absent, "none"),
            (Named::Ambiguous, "ambiguous"),
            (Named::Text("null"), "null"),
            (Named::Text("https://evil.test"), "https://evil.test"),
            (
                Named::Text("https://me:hidden@evil.test:8443/hidden?hidden#hidden"),
                "https://evil.test:8443",
            ),
            (
                Named::Text("myapp://me:hidden@host/hidden?hidden"),
                "myapp://host",
            ),
            (Named::Text("data:hidden"), "data:"),
            (Named::Text("hidden"), "not a URL"),
            (Named::Text("hidden\"\nhidden"), "not a URL"),
        ] {
            assert_eq!(shown(origin), text);
        }
        let long = format!("https://{}.test", "a.".repeat(200));
        assert_eq!(shown(Named::Text(&long)), "too long");
    }
}
