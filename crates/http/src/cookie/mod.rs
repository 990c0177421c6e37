//! Cookies, in which a client keeps its session token.
//!
//! Cookies of other software, and cookies without a valid signature, are ignored: no cookie causes an error.

mod options;
mod read;
mod session_data;
mod write;

use actix_web::http::header::HeaderMap;
use chrono::TimeDelta;
use portcullis_application::{
    client_token::{ActiveSession, SessionEffect},
    ports::{CachedSession, Mac},
    session::SessionCookieCache,
};
use portcullis_domain::{session::Session, token::SessionToken};

pub use self::options::{AttributeText, Cookie, CookieAttributes, CookieName, CookieOptions, SameSite};
pub(crate) use self::read::{signed, verified};
use crate::options::Options;

/// Value of the `dont_remember` cookie.
const TRUE: &str = "true";

/// The cookies of a request and its response.
pub(crate) struct Cookies<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) mac: &'a dyn Mac,
    pub(crate) cache: Option<&'a SessionCookieCache>,
    pub(crate) options: &'a Options,
}

impl Cookies<'_> {
    /// Returns whether the client has a valid `dont_remember` cookie.
    pub(crate) fn has_dont_remember(&self) -> bool {
        self.signed(&self.options.cookies.dont_remember).next().is_some()
    }

    /// Returns the session in the client's session cookie cache, if the cache is valid for this token.
    pub(crate) fn copy(&self, token: &SessionToken) -> Option<CachedSession> {
        let cache = self.cache?;
        let text = read::joined(self.headers, self.options.cookies.session_data.name.as_str())?;
        cache.read(&text, token)
    }

    /// Sets or clears the client's cookies.
    pub(crate) fn apply(&self, effect: &SessionEffect, response: &mut HeaderMap) {
        match effect {
            SessionEffect::None => {}
            SessionEffect::Copy(active_session) => self.keep_copy(active_session, true, response),
            SessionEffect::Keep {
                active_session,
                lifetime,
            } => {
                self.keep_token(&active_session.session, *lifetime, response);
                self.keep_copy(active_session, lifetime.is_some(), response);
            }
            SessionEffect::Forget => {
                let cookies = &self.options.cookies;
                write::clear(response, &cookies.session_token);
                session_data::clear(self.headers, response, &cookies.session_data);
                write::clear(response, &cookies.dont_remember);
            }
        }
    }

    fn keep_token(&self, session: &Session, lifetime: Option<TimeDelta>, response: &mut HeaderMap) {
        let cookies = &self.options.cookies;
        let token = write::signed(session.token.expose(), self.mac);
        write::keep(response, &cookies.session_token, &token, lifetime);
        if lifetime.is_none() {
            let cookie = &cookies.dont_remember;
            let value = write::signed(TRUE, self.mac);
            write::keep(response, cookie, &value, cookie.attributes.max_age);
        }
    }

    fn keep_copy(&self, active_session: &ActiveSession, remembered: bool, response: &mut HeaderMap) {
        let Some(cache) = self.cache else { return };
        let ActiveSession { session, user } = active_session;
        let present = self.options.presenter();
        let (session_view, user_view) = (present.session_value(session), present.user_value(user));
        let copy = cache.copy(session, session_view, user_view, remembered);
        session_data::keep(self.headers, response, &self.options.cookies.session_data, &copy);
    }

    fn signed(&self, cookie: &Cookie) -> impl Iterator<Item = String> {
        read::signed(self.headers, cookie.name.as_str(), self.mac)
    }
}

#[cfg(test)]
mod tests;
