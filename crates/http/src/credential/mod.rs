//! Credential schemes: the ways in which a request presents a session.
//!
//! The schemes are asked in the order of the roll call, and the first that finds its credentials decides.

mod key;
mod session_cookie;

use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use portcullis_application::ports::Mac;
use portcullis_domain::token::SessionToken;

pub(crate) use self::{key::KeyScheme, session_cookie::SessionCookie};
use crate::cookie::CookieOptions;

/// Maximum number of session tokens of a request that are looked up.
const MAX_LOOKED_UP: usize = 3;

/// The seam by which a feature authenticates callers.
pub(crate) trait CredentialScheme: Send + Sync {
    /// Returns what the request presents to this scheme. Whether a session is live is not decided here.
    fn authenticate(&self, credentials: Credentials<'_>) -> Authentication;
}

/// The part of a request that schemes read.
#[derive(Clone, Copy)]
pub(crate) struct Credentials<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) mac: &'a dyn Mac,
    pub(crate) cookies: &'a CookieOptions,
}

/// The outcome of a scheme.
pub(crate) enum Authentication {
    /// The request has no valid credentials of this scheme.
    Absent,
    /// The request presents session tokens.
    Presented(Presented),
}

/// The session tokens that a client presents, without duplicates.
#[derive(Debug, Default)]
pub(crate) struct Presented {
    /// In their order of precedence: the first live session is used.
    pub(crate) tokens: Vec<SessionToken>,
    /// Whether they come from cookies, so that there are cookies to clear.
    pub(crate) is_in_cookie: bool,
    /// Whether this server has signed them, so that the client cannot have invented them.
    pub(crate) is_signed: bool,
}

/// The schemes of a deployment, in the order in which they are asked.
pub(crate) struct Schemes(Vec<Arc<dyn CredentialScheme>>);

impl Schemes {
    /// Creates the list.
    pub(crate) fn new(schemes: Vec<Arc<dyn CredentialScheme>>) -> Self {
        Self(schemes)
    }

    /// Returns the session tokens that are looked up: at most [`MAX_LOOKED_UP`].
    pub(crate) fn presented(&self, credentials: Credentials<'_>) -> Presented {
        let mut presented = self.all_presented(credentials);
        presented.tokens.truncate(MAX_LOOKED_UP);
        presented
    }

    /// Returns every session token that the client presents.
    pub(crate) fn all_presented(&self, credentials: Credentials<'_>) -> Presented {
        let mut found = self.0.iter().map(|scheme| scheme.authenticate(credentials));
        found
            .find_map(|authentication| match authentication {
                Authentication::Absent => None,
                Authentication::Presented(presented) => Some(presented),
            })
            .unwrap_or_default()
    }
}
