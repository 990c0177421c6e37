//! The forms of tokens.

use portcullis_application::{introspection::PresentedToken, ports::Mac};
use portcullis_domain::{secret::Secret, token::SessionToken};

use crate::cookie;

/// Returns the token that a text contains, recognized by its form. A session token has its signature after a dot, as in
/// the session cookie and in the header `set-auth-token`; it may be percent-encoded, since cookies are.
pub(super) fn presented(text: &str, mac: &dyn Mac) -> PresentedToken {
    if let Some(token) = cookie::verified(text.as_bytes(), mac) {
        return PresentedToken::Signed(SessionToken::new(token));
    }
    if text.contains('.') {
        return PresentedToken::Jwt(Secret::new(text.to_owned()));
    }
    PresentedToken::Unsigned(SessionToken::new(text))
}

#[cfg(test)]
mod tests {
    use portcullis_application::testing::PlainMac;

    use super::*;

    #[test]
    fn a_token_is_recognized_by_its_form() {
        let signed = "token-1.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        for (text, expected) in [
            (signed, "Signed(token-1)"),
            (&signed.replace('=', "%3D"), "Signed(token-1)"),
            (&signed.replace("token-1.", "token-2."), "Jwt"),
            ("a.b.c", "Jwt"),
            (".", "Jwt"),
            ("token-1", "Unsigned(token-1)"),
            ("", "Unsigned()"),
        ] {
            let found = match presented(text, &PlainMac) {
                PresentedToken::Signed(token) => format!("Signed({})", token.expose()),
                PresentedToken::Unsigned(token) => format!("Unsigned({})", token.expose()),
                PresentedToken::Jwt(_) => "Jwt".to_owned(),
            };
            assert_eq!(found, expected, "{text}");
        }
    }
}
