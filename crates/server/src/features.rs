//! Features that a deployment enables or disables. A disabled feature is `None`.

pub(crate) use portcullis_application::jwt::Rotation;
use portcullis_application::{jwt::Jwt, ports::Ports, session::SessionCookieCache};

use crate::config::Config;
pub(crate) use crate::jwt::repeat as refresh_keys;

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
