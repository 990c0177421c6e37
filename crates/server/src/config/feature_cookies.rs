//! The list of the cookies that features name.

use portcullis_application::{client_token::TokenKind, passkey::PASSKEY_CHALLENGE};

use super::{key::Key, passkey};

/// The kinds of tokens of features with a key for the name of their cookie. It follows the common prefix.
const NAMES: &[(TokenKind, &Key<String>)] = &[(PASSKEY_CHALLENGE, &passkey::COOKIE)];

/// Returns the key that names the cookie of a kind, if its feature has one.
pub(super) fn name(kind: TokenKind) -> Option<&'static Key<String>> {
    let named = NAMES.iter().find(|(named, _key)| *named == kind);
    named.map(|(_kind, key)| *key)
}
