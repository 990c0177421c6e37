//! The features that a deployment switches on or off: what is off is not there.

pub(crate) use portcullis_application::jwt::Rotation;
use portcullis_application::{jwt::Jwt, ports::Ports, session::SessionCopies};

use crate::config::Config;
pub(crate) use crate::jwt::repeat as look_after_keys;

/// Makes JWTs, where the deployment has them.
pub(crate) fn token_maker(ports: &Ports, config: &Config) -> Option<Jwt> {
    let options = config.jwt.clone()?;
    Some(Jwt::new(ports, options))
}

/// Makes and judges the copies of sessions that clients keep, where they keep any.
pub(crate) fn session_copies(ports: &Ports, config: &Config) -> Option<SessionCopies> {
    let options = config.session_copies.clone()?;
    Some(SessionCopies::new(ports, options))
}
