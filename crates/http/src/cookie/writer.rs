//! Writing of a response's cookies.

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use chrono::TimeDelta;
use url::Url;

use super::{
    line::{line, pair},
    options::{Cookie, CookieAttributes},
    twins::Twins,
};

/// Writes the cookies of a response.
pub(super) struct Writer<'a> {
    pub(super) request: &'a HeaderMap,
    pub(super) response: &'a mut HeaderMap,
    twins: Twins<'a>,
}

impl<'a> Writer<'a> {
    /// Writes into this response to a request that was sent to this server.
    pub(super) fn new(request: &'a HeaderMap, response: &'a mut HeaderMap, base_url: &'a Url) -> Self {
        Self {
            request,
            response,
            twins: Twins::new(request, base_url),
        }
    }

    /// Sets a cookie, for a time or until the browser closes.
    pub(super) fn set(&mut self, cookie: &Cookie, value: &str, time: Option<TimeDelta>) {
        self.set_as(cookie.name.as_str(), &cookie.attributes, value, time);
    }

    /// Sets a cookie under another name than its own.
    ///
    /// Its twins are cleared first: a client that does not distinguish them stores the cookie then.
    pub(super) fn set_as(
        &mut self,
        name: &str,
        attributes: &CookieAttributes,
        value: &str,
        time: Option<TimeDelta>,
    ) {
        for domain in self.twins.take(name, attributes.domain.as_ref()) {
            let twin = CookieAttributes {
                domain,
                ..attributes.clone()
            };
            self.append(line(name, &twin, "", Some(TimeDelta::zero())));
        }
        self.append(line(name, attributes, value, time));
    }

    /// Clears a cookie.
    pub(super) fn clear(&mut self, cookie: &Cookie) {
        self.clear_as(cookie.name.as_str(), &cookie.attributes);
    }

    /// Clears a cookie under another name than its own.
    pub(super) fn clear_as(&mut self, name: &str, attributes: &CookieAttributes) {
        self.set_as(name, attributes, "", Some(TimeDelta::zero()));
    }

    /// Removes the lines of these cookies if one of them has a value. Returns whether it has removed them.
    pub(super) fn remove(&mut self, is_meant: impl Fn(&[u8]) -> bool) -> bool {
        let has_value = |line: &HeaderValue| {
            let (name, value) = pair(line);
            is_meant(name) && !value.is_empty()
        };
        if !self.response.get_all(header::SET_COOKIE).any(has_value) {
            return false;
        }
        let lines: Vec<_> = self.response.remove(header::SET_COOKIE).collect();
        for line in lines.into_iter().filter(|line| !is_meant(pair(line).0)) {
            self.response.append(header::SET_COOKIE, line);
        }
        true
    }

    fn append(&mut self, line: String) {
        if let Ok(line) = HeaderValue::from_maybe_shared(line) {
            self.response.append(header::SET_COOKIE, line);
        }
    }
}
