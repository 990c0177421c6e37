//! Features that a deployment enables or disables.
//!
//! Each list of a seam holds the features that take part in a flow, in the order in which they are asked.

use std::sync::Arc;

pub(crate) use portcullis_application::jwt::Rotation;
use portcullis_application::{
    client_token::TokenKind,
    housekeeping::Deletion,
    jwt::{Jwt, JwtOptions},
    ports::{Inbox, Ports},
    seams::{SessionLens, UserDefaults, UserInput},
    session::SessionCookieCache,
    sign_in::completion::SignInSeams,
};
use portcullis_http::{Features, JwtEndpoints};

use crate::{chore::Chore, config::Config, jwt};

/// Returns the enabled features. `inbox` is shown at `/dev/inbox`, unless `dev.inbox` is `false`.
pub(crate) fn enabled(ports: &Ports, config: &Config, inbox: Option<Arc<dyn Inbox>>) -> Features {
    Features::default()
        .with(inbox.filter(|_| config.delivery.shows_inbox))
        .with(config.bearer)
        .with(jwt(ports, config))
}

fn jwt(ports: &Ports, config: &Config) -> Option<JwtEndpoints> {
    Some(JwtEndpoints {
        jwt: token_maker(ports, config)?,
        jwks_path: config.jwks_path.clone(),
    })
}

/// Returns the features that check and change what clients send about users.
pub(crate) fn user_inputs() -> Arc<[Arc<dyn UserInput>]> {
    Arc::from([])
}

/// Returns the features that hide sessions from their users.
pub(crate) fn session_lenses() -> Arc<[Arc<dyn SessionLens>]> {
    Arc::from([])
}

/// Returns the features that set fields of new users.
pub(crate) fn user_defaults() -> Arc<[Arc<dyn UserDefaults>]> {
    Arc::from([])
}

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

/// Returns the periodic work of the features.
pub(crate) fn chores(enabled: &Features) -> impl Iterator<Item = Chore> {
    let jwt = enabled.get::<JwtEndpoints>();
    jwt.map(|endpoints| jwt::chore(endpoints.jwt.clone())).into_iter()
}

/// Returns what housekeeping deletes for the features.
pub(crate) fn deletions(config: &Config) -> impl Iterator<Item = Deletion> {
    let jwt = config.jwt.as_ref();
    jwt.and_then(JwtOptions::deletion).into_iter()
}
