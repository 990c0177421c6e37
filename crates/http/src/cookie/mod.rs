//! Cookies: how a client keeps the token of its session.
//!
//! A cookie that is not ours, or not signed by us, is as good as none: nothing that a client sends here is ever
//! an error.

mod read;
mod write;

use actix_web::http::header::HeaderMap;
use portcullis_application::{client_token::SessionEffect, ports::Mac};
use portcullis_domain::token::SessionToken;

/// What the cookies are called.
struct Names {
    session_token: &'static str,
    session_data: &'static str,
    dont_remember: &'static str,
}

const PLAIN: Names = Names {
    session_token: "better-auth.session_token",
    session_data: "better-auth.session_data",
    dont_remember: "better-auth.dont_remember",
};
const SECURE: Names = Names {
    session_token: "__Secure-better-auth.session_token",
    session_data: "__Secure-better-auth.session_data",
    dont_remember: "__Secure-better-auth.dont_remember",
};
/// What the cookie says that asks not to be remembered.
const TRUE: &str = "true";

/// The cookies of one request, and those of its response.
pub(crate) struct Cookies<'a> {
    headers: &'a HeaderMap,
    mac: &'a dyn Mac,
    is_secure: bool,
    names: &'static Names,
}

impl<'a> Cookies<'a> {
    /// The cookies of a request with these headers.
    pub(crate) fn new(headers: &'a HeaderMap, mac: &'a dyn Mac, is_secure: bool) -> Self {
        Self {
            headers,
            mac,
            is_secure,
            names: if is_secure { &SECURE } else { &PLAIN },
        }
    }

    /// The token of the session that the client presents.
    pub(crate) fn session_token(&self) -> Option<SessionToken> {
        self.signed(self.names.session_token).map(SessionToken::new)
    }

    /// Whether the client asked for its session not to be remembered.
    pub(crate) fn says_not_to_remember(&self) -> bool {
        self.signed(self.names.dont_remember).is_some()
    }

    /// Tells the client what to keep or to forget.
    pub(crate) fn apply(&self, effect: &SessionEffect, response: &mut HeaderMap) {
        let jar = write::Jar {
            mac: self.mac,
            is_secure: self.is_secure,
        };
        match effect {
            SessionEffect::None => {}
            SessionEffect::Keep { token, lifetime } => {
                jar.keep(response, self.names.session_token, token.expose(), *lifetime);
                if lifetime.is_none() {
                    jar.keep(response, self.names.dont_remember, TRUE, None);
                }
            }
            SessionEffect::Forget => {
                jar.clear(response, self.names.session_token);
                jar.clear(response, self.names.session_data);
                for chunk in read::chunks(self.headers, self.names.session_data) {
                    jar.clear(response, &chunk);
                }
                jar.clear(response, self.names.dont_remember);
            }
        }
    }

    fn signed(&self, name: &str) -> Option<String> {
        read::signed(self.headers, name, self.mac)
    }
}

#[cfg(test)]
mod tests;
