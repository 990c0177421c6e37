//! Features that a deployment enables or disables. A disabled feature is `None`.

use std::sync::Arc;

pub(crate) use portcullis_application::jwt::Rotation;
use portcullis_application::{
    client_token::TokenKind, jwt::Jwt, ports::Ports, session::SessionCookieCache,
    sign_in::completion::SignInSeams,
};

use crate::config::Config;
pub(crate) use crate::jwt::repeat as refresh_keys;

/// The kinds of tokens that features store on clients, each in a cookie.
pub(crate) const TOKEN_KINDS: &[TokenKind] = &[];

/// Returns the features that take part in sign-ins, in the order in which they are asked.
pub(crate) fn sign_in_seams() -> SignInSeams {
    SignInSeams {
        guards: Arc::new([]),
        second_steps: Arc::new([]),
        session_defaults: Arc::new([]),
    }
}

/// Returns the use case that issues JWTs, or `None` if JWTs are disabled.
pub(crate) fn token_maker(ports: &Ports, config: &Config) -> Option<Jwt> {
    let options = config.jwt.clone()?;
    Some(Jwt::new(ports, options))
}

/// Returns the session cookie cache, or `None` if it is disabled.
pub(crate) fn session_cookie_cache(ports: &Ports, config: &Config) -> Option<SessionCookieCache> {
    let options = config.session_cookie_cache.clone()?;
    Some(SessionCookieCache::new(ports, options))
}
