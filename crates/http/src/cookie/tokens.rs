//! Cookies of the tokens that clients store in addition to their session.

use actix_web::http::header::HeaderMap;
use portcullis_application::{
    client_token::{DONT_REMEMBER, PresentedToken, TokenEffect, TokenKind},
    ports::{Mac, Purpose},
};
use portcullis_domain::secret::Secret;

use super::{
    in_pieces::{self, LONGEST_TOKEN, Stored},
    options::{Cookie, CookieOptions},
    read, write,
    writer::Writer,
};

/// The cookie of a kind of token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCookie {
    /// The kind.
    pub kind: TokenKind,
    /// Its cookie, which contains the token, signed.
    pub cookie: Cookie,
}

/// Returns the tokens that the client presents, if their signatures are valid, each with the purpose of its signature.
pub(super) fn presented(headers: &HeaderMap, mac: &dyn Mac, cookies: &[TokenCookie]) -> Vec<PresentedToken> {
    let presented = cookies.iter().flat_map(|TokenCookie { kind, cookie }| {
        let name = cookie.name.as_str();
        let unsigned = |value: String| (None, value);
        let values: Vec<(Option<Purpose>, String)> = match kind.verifying_purposes() {
            [] if kind.may_be_in_pieces() => read::joined(headers, name).map(unsigned).into_iter().collect(),
            [] => read::texts(headers, name).map(unsigned).collect(),
            purposes => purposes
                .iter()
                .flat_map(|purpose| {
                    let values = read::signed_for(*purpose, headers, name, mac);
                    values.map(move |value| (Some(*purpose), value))
                })
                .collect(),
        };
        values.into_iter().map(|(purpose, value)| PresentedToken {
            kind: *kind,
            purpose,
            value: Secret::new(value),
        })
    });
    presented.collect()
}

/// Sets or clears the cookie of a token.
pub(super) fn apply(effect: &TokenEffect, writer: &mut Writer<'_>, mac: &dyn Mac, cookies: &CookieOptions) {
    let kind = effect.kind();
    let Some(cookie) = cookie_of(kind, cookies) else {
        tracing::error!(
            kind = kind.name,
            "a token has no cookie; the client does not receive it"
        );
        return;
    };
    match effect {
        TokenEffect::Set { value, lifetime, .. } if kind.may_be_in_pieces() => {
            let stored = Stored {
                value: value.expose(),
                lifetime: Some(*lifetime),
                longest: LONGEST_TOKEN,
            };
            in_pieces::set(writer, cookie, &stored);
        }
        TokenEffect::Set { value, lifetime, .. } => {
            let value = match kind.purpose {
                Some(purpose) => write::signed_for(purpose, value.expose(), mac),
                None => value.expose().clone(),
            };
            writer.set(cookie, &value, Some(*lifetime));
        }
        TokenEffect::Clear { .. } => clear(cookie, kind, writer),
    }
}

/// Clears the cookie of a kind, and its pieces.
pub(super) fn clear(cookie: &Cookie, kind: TokenKind, writer: &mut Writer<'_>) {
    writer.clear(cookie);
    if kind.may_be_in_pieces() {
        in_pieces::clear_pieces(writer, cookie);
    }
}

/// Returns the cookie of a kind. A deployment has one for every kind that its features use.
pub(super) fn cookie_of(kind: TokenKind, cookies: &CookieOptions) -> Option<&Cookie> {
    if kind == DONT_REMEMBER {
        return Some(&cookies.dont_remember);
    }
    let found = cookies.tokens.iter().find(|cookie| cookie.kind.name == kind.name);
    found.map(|found| &found.cookie)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header;
    use chrono::TimeDelta;
    use portcullis_application::{client_token::AUTHORIZATION_STATE, testing::PlainMac};
    use url::Url;

    use super::*;
    use crate::cookie::{CookieAttributes, CookieName};

    fn cookie_for(kind: TokenKind) -> CookieOptions {
        let cookie = Cookie {
            name: CookieName::parse(kind.name).unwrap(),
            attributes: CookieAttributes::new(false),
        };
        CookieOptions {
            tokens: vec![TokenCookie { kind, cookie }],
            ..CookieOptions::new(false)
        }
    }

    #[test]
    fn a_token_is_presented_only_with_the_signature_of_its_kind() {
        let (state, other) = (AUTHORIZATION_STATE, TokenKind::new("state"));
        for (signed_as, read_as, purpose) in [
            (state, state, Some(Purpose::AuthorizationState)),
            (other, other, Some(Purpose::Cookie)),
            (state, other, None),
            // States that servers choose, this one or a Node server, are signed as every cookie.
            (other, state, Some(Purpose::Cookie)),
        ] {
            let set = TokenEffect::Set {
                kind: signed_as,
                value: Secret::new("abc".to_owned()),
                lifetime: TimeDelta::minutes(5),
            };
            let mut response = HeaderMap::new();
            let earlier = HeaderMap::new();
            let base_url = Url::parse("http://localhost:3000").unwrap();
            let mut writer = Writer::new(&earlier, &mut response, &base_url);
            apply(&set, &mut writer, &PlainMac, &cookie_for(signed_as));

            let line = response.get(header::SET_COOKIE).unwrap().to_str().unwrap();
            let mut request = HeaderMap::new();
            request.insert(header::COOKIE, line.split(';').next().unwrap().parse().unwrap());
            let presented = presented(&request, &PlainMac, &cookie_for(read_as).tokens);
            let purposes: Vec<_> = presented.iter().map(|token| token.purpose).collect();
            let expected: Vec<_> = purpose.map(Some).into_iter().collect();
            assert_eq!(purposes, expected, "{signed_as:?} {read_as:?}");
        }
    }
}
