//! Cookies, in which a client keeps its session token.
//!
//! Cookies of other software, and cookies without a valid signature, are ignored: no cookie causes an error.

mod options;
mod read;
mod session_data;
mod tokens;
mod write;

use actix_web::http::header::HeaderMap;
use chrono::TimeDelta;
use portcullis_application::{
    client_token::{ActiveSession, ClientEffects, PresentedToken, SessionEffect},
    ports::{CachedSession, Mac},
    session::SessionCookieCache,
};
use portcullis_domain::{session::Session, token::SessionToken};

pub(crate) use self::read::{signed, verified};
pub use self::{
    options::{AttributeText, Cookie, CookieAttributes, CookieName, CookieOptions, SameSite},
    tokens::TokenCookie,
};
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

    /// Returns the tokens that the client presents in addition to its session, if their signatures are valid.
    pub(crate) fn tokens(&self) -> Vec<PresentedToken> {
        tokens::presented(self.headers, self.mac, &self.options.cookies.tokens)
    }

    /// Sets or clears the client's cookies.
    pub(crate) fn apply(&self, effects: &ClientEffects, response: &mut HeaderMap) {
        self.apply_to_session(&effects.session, response);
        for effect in &effects.tokens {
            tokens::apply(effect, response, self.mac, &self.options.cookies);
        }
    }

    fn apply_to_session(&self, effect: &SessionEffect, response: &mut HeaderMap) {
        let cookies = &self.options.cookies;
        match effect {
            SessionEffect::Unchanged => {}
            SessionEffect::RefreshCache(active_session) => self.set_cache(active_session, true, response),
            SessionEffect::Store {
                active_session,
                lifetime,
            } => {
                self.set_token(&active_session.session, *lifetime, response);
                self.set_cache(active_session, lifetime.is_some(), response);
            }
            SessionEffect::Postpone { is_remembered } => {
                if !is_remembered {
                    self.set_dont_remember(response);
                }
                self.clear_session(response);
            }
            SessionEffect::Clear => {
                self.clear_session(response);
                write::clear(response, &cookies.dont_remember);
            }
        }
    }

    fn set_token(&self, session: &Session, lifetime: Option<TimeDelta>, response: &mut HeaderMap) {
        let cookies = &self.options.cookies;
        let token = write::signed(session.token.expose(), self.mac);
        write::set(response, &cookies.session_token, &token, lifetime);
        if lifetime.is_none() {
            self.set_dont_remember(response);
        }
    }

    fn set_dont_remember(&self, response: &mut HeaderMap) {
        let cookie = &self.options.cookies.dont_remember;
        let value = write::signed(TRUE, self.mac);
        write::set(response, cookie, &value, cookie.attributes.max_age);
    }

    fn clear_session(&self, response: &mut HeaderMap) {
        let cookies = &self.options.cookies;
        write::clear(response, &cookies.session_token);
        session_data::clear(self.headers, response, &cookies.session_data);
    }

    fn set_cache(&self, active_session: &ActiveSession, remembered: bool, response: &mut HeaderMap) {
        let Some(cache) = self.cache else { return };
        let ActiveSession { session, user } = active_session;
        let present = self.options.presenter();
        let (session_view, user_view) = (present.session_value(session), present.user_value(user));
        let copy = cache.copy(session, session_view, user_view, remembered);
        session_data::set(self.headers, response, &self.options.cookies.session_data, &copy);
    }

    fn signed(&self, cookie: &Cookie) -> impl Iterator<Item = String> {
        read::signed(self.headers, cookie.name.as_str(), self.mac)
    }
}

#[cfg(test)]
mod tests;
