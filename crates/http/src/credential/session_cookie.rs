//! The session cookie.

use portcullis_domain::token::SessionToken;

use super::{Authentication, CredentialScheme, Credentials, Presented};
use crate::cookie;

/// Session tokens in signed cookies. Browsers may send several.
pub(crate) struct SessionCookie;

impl CredentialScheme for SessionCookie {
    fn authenticate(&self, credentials: Credentials<'_>) -> Authentication {
        let Credentials {
            headers,
            mac,
            cookies,
        } = credentials;
        let mut tokens: Vec<SessionToken> = Vec::new();
        for token in cookie::signed_cookies(headers, cookies.session_token.name.as_str(), mac) {
            if tokens.iter().all(|known| *known.expose() != token) {
                tokens.push(SessionToken::new(token));
            }
        }
        if tokens.is_empty() {
            return Authentication::Absent;
        }
        Authentication::Presented(Presented {
            tokens,
            is_in_cookie: true,
            is_signed: true,
        })
    }
}
