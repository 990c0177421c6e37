//! The session token in the header `Authorization`.

use actix_web::http::header::{self, HeaderMap};
use portcullis_application::ports::Mac;
use portcullis_domain::token::SessionToken;

use super::BearerOptions;
use crate::{
    cookie,
    credential::{Authentication, CredentialScheme, Credentials, Presented},
};

const SCHEME: &str = "bearer ";

impl CredentialScheme for BearerOptions {
    fn authenticate(&self, credentials: Credentials<'_>) -> Authentication {
        let token = token(credentials.headers, credentials.mac, *self);
        token.map_or(Authentication::Absent, |(token, is_signed)| {
            Authentication::Presented(Presented {
                tokens: vec![token],
                is_in_cookie: false,
                is_signed,
            })
        })
    }
}

/// Returns the token that the client presents, if it is valid, and whether it is signed.
fn token(headers: &HeaderMap, mac: &dyn Mac, options: BearerOptions) -> Option<(SessionToken, bool)> {
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
        let token = cookie::verified(text.as_bytes(), mac)?;
        Some((SessionToken::new(token), true))
    } else {
        (!options.require_signature).then(|| (SessionToken::new(text), false))
    }
}
