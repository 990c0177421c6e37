//! Cookies, in which a client keeps its session token.
//!
//! Cookies of other software, and cookies without a valid signature, are ignored: no cookie causes an error.

mod further;
mod in_pieces;
mod line;
mod options;
mod read;
mod tokens;
mod twins;
mod write;
mod writer;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderMap, HeaderValue},
};
use chrono::TimeDelta;
use portcullis_application::{
    client_token::{ACCOUNT_DATA, ActiveSession, ClientEffects, PresentedToken, SessionEffect, TokenEffect},
    ports::{CachedSession, Mac},
    session::SessionCookieCache,
    social::AccountCookie,
};
use portcullis_domain::{session::Session, token::SessionToken, user::User};

pub(crate) use self::read::verified;
use self::{
    in_pieces::{LONGEST_CACHE, Stored},
    writer::Writer,
};
pub use self::{
    options::{AttributeText, Cookie, CookieAttributes, CookieName, CookieOptions, SameSite},
    tokens::TokenCookie,
};
pub use self::{read::signed as signed_cookies, write::signed as signed_cookie};
use crate::{
    app::App,
    decorate::{self, Stores},
    options::Options,
};

/// Value of the `dont_remember` cookie.
const TRUE: &str = "true";

/// The cookies of a request and its response.
pub(crate) struct Cookies<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) mac: &'a dyn Mac,
    pub(crate) cache: Option<&'a SessionCookieCache>,
    /// Writes the account of a sign-in. `None`: clients do not store it.
    pub(crate) account: Option<&'a AccountCookie>,
    pub(crate) options: &'a Options,
}

impl<'a> Cookies<'a> {
    /// Returns the cookies of a request.
    pub(crate) fn of(request: &'a HttpRequest, app: &'a App, options: &'a Options) -> Self {
        Self {
            headers: request.headers(),
            mac: app.mac.as_ref(),
            cache: app.session_cookie_cache.as_ref(),
            account: app.social.account_cookie(),
            options,
        }
    }
}

impl Cookies<'_> {
    /// Returns whether the client has a valid `dont_remember` cookie.
    pub(crate) fn has_dont_remember(&self) -> bool {
        self.signed(&self.options.cookies.dont_remember).next().is_some()
    }

    /// Returns the session in the client's session cookie cache, if the cache is valid for this token.
    pub(crate) fn cached_session(&self, token: &SessionToken) -> Option<CachedSession> {
        let cache = self.cache?;
        let text = read::joined(self.headers, self.options.cookies.session_data.name.as_str())?;
        cache.read(&text, token)
    }

    /// Returns the tokens that the client presents in addition to its session, if their signatures are valid.
    pub(crate) fn tokens(&self) -> Vec<PresentedToken> {
        tokens::presented(self.headers, self.mac, &self.options.cookies.tokens)
    }

    /// Sets or clears the client's cookies. A response that stores a session is marked for the response decorators.
    pub(crate) fn apply(&self, effects: &ClientEffects, response: &mut HttpResponse) {
        mark_stored(&effects.session, response);
        let mut writer = Writer::new(self.headers, response.headers_mut(), &self.options.base_url);
        let is_account = |effect: &&TokenEffect| effect.kind() == ACCOUNT_DATA;
        let (account, others): (Vec<_>, Vec<_>) = effects.tokens.iter().partition(is_account);
        // wire: the account is set before the session.
        for effect in &account {
            tokens::apply(effect, &mut writer, self.mac, &self.options.cookies);
        }
        let account = self.account.filter(|_| account.is_empty());
        self.apply_to_session(&effects.session, account, &mut writer);
        for effect in others {
            tokens::apply(effect, &mut writer, self.mac, &self.options.cookies);
        }
    }

    /// Returns the lines that set or clear the client's cookies.
    pub(crate) fn lines(&self, effects: &ClientEffects) -> Vec<HeaderValue> {
        let mut response = HttpResponse::Ok().finish();
        self.apply(effects, &mut response);
        let lines = response.headers().get_all(header::SET_COOKIE);
        lines.cloned().collect()
    }

    /// Applies the effect, also to the account that the client stores. `None`: the client stores no account, or the
    /// response sets one.
    fn apply_to_session(
        &self,
        effect: &SessionEffect,
        account: Option<&AccountCookie>,
        writer: &mut Writer<'_>,
    ) {
        let cookies = &self.options.cookies;
        match effect {
            SessionEffect::Unchanged => {}
            SessionEffect::RefreshCache {
                active_session,
                is_remembered,
            } => self.set_cache(active_session, *is_remembered, account, writer),
            SessionEffect::Store {
                active_session,
                lifetime,
            } => {
                self.set_token(&active_session.session, *lifetime, writer);
                self.set_cache(active_session, lifetime.is_some(), account, writer);
            }
            SessionEffect::Postpone { is_remembered } => {
                if !is_remembered {
                    self.set_dont_remember(writer);
                }
                self.clear_session(account, writer);
            }
            SessionEffect::Clear => {
                self.clear_session(account, writer);
                writer.clear(&cookies.dont_remember);
            }
        }
    }

    fn set_token(&self, session: &Session, lifetime: Option<TimeDelta>, writer: &mut Writer<'_>) {
        let token = write::signed(session.token.expose(), self.mac);
        writer.set(&self.options.cookies.session_token, &token, lifetime);
        if lifetime.is_none() {
            self.set_dont_remember(writer);
        }
    }

    fn set_dont_remember(&self, writer: &mut Writer<'_>) {
        let cookie = &self.options.cookies.dont_remember;
        let value = write::signed(TRUE, self.mac);
        writer.set(cookie, &value, cookie.attributes.max_age);
    }

    fn clear_session(&self, account: Option<&AccountCookie>, writer: &mut Writer<'_>) {
        let cookies = &self.options.cookies;
        writer.clear(&cookies.session_token);
        writer.clear(&cookies.session_data);
        let account = account.and_then(|_| tokens::cookie_of(ACCOUNT_DATA, cookies));
        if let Some(account) = account {
            tokens::clear(account, ACCOUNT_DATA, writer);
        }
        in_pieces::clear_pieces(writer, &cookies.session_data);
    }

    fn set_cache(
        &self,
        active_session: &ActiveSession,
        remembered: bool,
        account: Option<&AccountCookie>,
        writer: &mut Writer<'_>,
    ) {
        let Some(cache) = self.cache else { return };
        let ActiveSession { session, user } = active_session;
        let present = self.options.presenter();
        let (session_view, user_view) = (present.session_value(session), present.user_value(user));
        let copy = cache.copy(session, session_view, user_view, remembered);
        let stored = Stored {
            value: &copy.text,
            lifetime: copy.lifetime,
            longest: LONGEST_CACHE,
        };
        in_pieces::set(writer, &self.options.cookies.session_data, &stored);
        if let Some(effect) = account.and_then(|account| self.renewed(account, user)) {
            tokens::apply(&effect, writer, self.mac, &self.options.cookies);
        }
    }

    /// Makes the client store the account that it presents for another lifetime, if it is one of this user.
    fn renewed(&self, account: &AccountCookie, user: &User) -> Option<TokenEffect> {
        let cookie = tokens::cookie_of(ACCOUNT_DATA, &self.options.cookies)?;
        let presented = read::joined(self.headers, cookie.name.as_str())?;
        account.renewed(&user.id, &presented)
    }

    fn signed(&self, cookie: &Cookie) -> impl Iterator<Item = String> {
        read::signed(self.headers, cookie.name.as_str(), self.mac)
    }
}

/// Marks a response that stores a session for the response decorators.
fn mark_stored(effect: &SessionEffect, response: &mut HttpResponse) {
    if let SessionEffect::Store {
        active_session,
        lifetime,
    } = effect
    {
        let stored = Stores {
            active_session: Arc::clone(active_session),
            is_remembered: lifetime.is_some(),
        };
        decorate::stores(response, stored);
    }
}

/// Removes the session cookie cache from a response that is too long. A cache that the client has is cleared.
pub(crate) fn withdraw_cache(request: &HeaderMap, response: &mut HeaderMap, options: &Options) {
    let mut writer = Writer::new(request, response, &options.base_url);
    in_pieces::withdraw(&mut writer, &options.cookies.session_data);
}

#[cfg(test)]
mod tests;
