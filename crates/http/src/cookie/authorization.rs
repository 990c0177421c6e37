//! The session token in the header `Authorization`, for clients that keep no cookies.

use actix_web::http::header::{self, HeaderMap, HeaderName};
use portcullis_application::ports::Mac;
use portcullis_domain::token::SessionToken;

use super::read;

/// The response header that contains a new session token, signed as in the cookie.
pub(super) const SET_AUTH_TOKEN: HeaderName = HeaderName::from_static("set-auth-token");
const SCHEME: &str = "bearer ";

/// How clients may present session tokens without a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BearerOptions {
    /// Whether a token is valid only with this server's signature.
    pub require_signature: bool,
}

/// Returns the token that the client presents, if it is valid.
pub(super) fn token(headers: &HeaderMap, mac: &dyn Mac, options: BearerOptions) -> Option<SessionToken> {
    let mut lines = headers.get_all(header::AUTHORIZATION);
    let line = lines.next()?.to_str().ok()?;
    // Two headers are ambiguous.
    if lines.next().is_some() {
        return None;
    }
    // wire: the scheme may be missing.
    let text = match line.split_at_checked(SCHEME.len()) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(SCHEME) => token.trim(),
        _ => line.trim(),
    };
    if text.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    if text.contains('.') {
        read::verified(text.as_bytes(), mac).map(SessionToken::new)
    } else {
        (!options.require_signature).then(|| SessionToken::new(text))
    }
}
