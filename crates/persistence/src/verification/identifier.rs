//! The identifiers under which one-time tokens and codes are stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portcullis_domain::{
    code::CodeKey,
    token::OneTimeToken,
    verification::{Purpose, RevokingEvent},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::text::contains_nul;

/// Length of a hash as text. A plain token of this length is not accepted: otherwise an attacker who reads the table
/// could present a hash, which would be taken for a plain token.
const HASH_LENGTH: usize = 43;

/// What follows the prefix of a challenge in Better Auth's identifiers of codes. A challenge that began with it could name
/// the row of a code.
const CODE_MARK: &str = "otp-";

/// Returns the identifier under which a token is stored: its hash, unless a Node server must find it.
pub(super) fn written(purpose: Purpose, secret: &OneTimeToken, is_shared: bool) -> String {
    plain(purpose, secret)
        .filter(|_| is_shared)
        .unwrap_or_else(|| hashed(purpose.name(), secret))
}

/// Returns the identifiers under which a token may be stored.
pub(super) fn read(purpose: Purpose, secret: &OneTimeToken, is_shared: bool) -> Vec<String> {
    let plain = plain(purpose, secret).filter(|_| is_shared);
    [Some(hashed(purpose.name(), secret)), plain]
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the identifier of the row that marks a token as used which had no row of its own.
pub(super) fn claimed(purpose: Purpose, secret: &OneTimeToken) -> String {
    hashed(&format!("{}-claimed", purpose.name()), secret)
}

/// Returns the id of a row that marks a token as used. It is made from the row's identifier, in a form that columns of
/// the type `uuid` also hold; the statement that marks the links of a user makes it in the same way.
pub(super) fn mark_id(identifier: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(identifier).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(bytes).to_string()
}

/// Returns LIKE patterns that match all identifiers of tokens that the event ends, ours and Better Auth's.
pub(super) fn ended_by(event: RevokingEvent) -> Vec<String> {
    let ours = Purpose::ended_by(event).map(|purpose| format!("{}:%", purpose.name()));
    let theirs = Purpose::ended_by(event).filter_map(Purpose::better_auth_prefix);
    ours.chain(theirs.map(|prefix| format!("{prefix}%"))).collect()
}

/// Returns the identifier under which a code is stored. A challenge is a secret, so its hash is stored, unless a Node
/// server must find the code.
pub(super) fn code_written(key: &CodeKey, is_shared: bool) -> String {
    plain_code(key)
        .filter(|_| is_shared)
        .unwrap_or_else(|| own_code(key))
}

/// Returns the identifiers under which a code may be stored.
pub(super) fn code_read(key: &CodeKey, is_shared: bool) -> Vec<String> {
    let plain = plain_code(key).filter(|_| is_shared);
    [Some(own_code(key)), plain]
        .into_iter()
        .flatten()
        .filter(|identifier| !contains_nul(identifier))
        .collect()
}

fn own_code(key: &CodeKey) -> String {
    match key {
        CodeKey::TwoFactorChallenge(challenge) => hashed(CodeKey::TWO_FACTOR, challenge),
        CodeKey::TwoFactorSession(user, session) => {
            format!("{}:{}!{}", CodeKey::TWO_FACTOR, user.as_str(), session.as_str())
        }
    }
}

/// Returns the identifier in Better Auth's format, if the key may be one of Better Auth's.
fn plain_code(key: &CodeKey) -> Option<String> {
    let is_plain = match key {
        CodeKey::TwoFactorChallenge(challenge) => plain(Purpose::TwoFactorChallenge, challenge).is_some(),
        CodeKey::TwoFactorSession(..) => true,
    };
    is_plain.then(|| key.better_auth_identifier().expose().clone())
}

fn hashed(prefix: &str, secret: &OneTimeToken) -> String {
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(secret.expose()));
    format!("{prefix}:{hash}")
}

/// Returns the identifier in Better Auth's format, if the token may be one in Better Auth's format.
fn plain(purpose: Purpose, secret: &OneTimeToken) -> Option<String> {
    let random = secret.expose().strip_prefix(purpose.token_prefix())?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_plain =
        random.len() != HASH_LENGTH && !random.starts_with(CODE_MARK) && random.bytes().all(is_allowed);
    purpose
        .better_auth_prefix()
        .filter(|_| is_plain)
        .map(|prefix| format!("{prefix}{random}"))
}

#[cfg(test)]
mod tests {
    use portcullis_domain::id::{SessionId, UserId};

    use super::*;

    fn secret(text: &str) -> OneTimeToken {
        OneTimeToken::new(text)
    }

    #[test]
    fn identifiers_have_our_format_or_better_auths() {
        let hash = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
        let link = |purpose: Purpose| format!("{}:{hash}", purpose.name());
        assert_eq!(hash.len(), HASH_LENGTH);
        for purpose in Purpose::ALL {
            let (text, shared) = match purpose {
                Purpose::PasswordReset => ("abc", "reset-password:abc".to_owned()),
                Purpose::AccountDeletion => ("abc", "delete-account-abc".to_owned()),
                Purpose::TwoFactorChallenge => ("2fa-abc", "2fa-abc".to_owned()),
                Purpose::TrustedDevice => ("trust-device-abc", "trust-device-abc".to_owned()),
                Purpose::EmailVerification
                | Purpose::EmailChangeConfirmation
                | Purpose::EmailChangeVerification => ("abc", link(purpose)),
            };
            let token = secret(text);
            let own = hashed(purpose.name(), &token);
            assert!(text != "abc" || own == link(purpose));
            assert_eq!(written(purpose, &token, false), own);
            assert_eq!(written(purpose, &token, true), shared);
            assert_eq!(read(purpose, &token, false), std::slice::from_ref(&own));
            let read = read(purpose, &token, true);
            assert!(read.contains(&own) && read.contains(&shared));
            let claimed = claimed(purpose, &token);
            assert_eq!(claimed, hashed(&format!("{}-claimed", purpose.name()), &token));
        }
    }

    /// Better Auth's random texts contain these characters.
    #[test]
    fn tokens_with_dashes_and_underscores_may_be_better_auths() {
        for (purpose, text, identifier) in [
            (
                Purpose::TwoFactorChallenge,
                "2fa-dn7_7iUW-qkepKrvl72l",
                "2fa-dn7_7iUW-qkepKrvl72l",
            ),
            (Purpose::TrustedDevice, "trust-device--_a", "trust-device--_a"),
        ] {
            let read = read(purpose, &secret(text), true);
            assert!(read.contains(&identifier.to_owned()), "{read:?}");
        }
    }

    #[test]
    fn codes_have_our_format_or_better_auths() {
        let challenge = secret("2fa-abc");
        let foreign = secret("abc");
        let session = CodeKey::TwoFactorSession(UserId::new("U"), SessionId::new("S"));
        for (key, own, shared) in [
            (
                CodeKey::TwoFactorChallenge(challenge.clone()),
                hashed("two-factor-code", &challenge),
                "2fa-otp-2fa-abc".to_owned(),
            ),
            (
                CodeKey::TwoFactorChallenge(foreign.clone()),
                hashed("two-factor-code", &foreign),
                hashed("two-factor-code", &foreign),
            ),
            (
                session,
                "two-factor-code:U!S".to_owned(),
                "2fa-otp-U!S".to_owned(),
            ),
        ] {
            assert_eq!(code_written(&key, false), own);
            assert_eq!(code_written(&key, true), shared);
            assert_eq!(code_read(&key, false), std::slice::from_ref(&own));
            let read = code_read(&key, true);
            assert!(read.contains(&own) && read.contains(&shared), "{read:?}");
        }
        let hostile = CodeKey::TwoFactorSession(UserId::new("\0"), SessionId::new("S"));
        assert_eq!(code_read(&hostile, true), [""; 0]);
    }

    #[test]
    fn a_hash_is_not_accepted_as_a_plain_token() {
        let hash = hashed("", &secret("abc"));
        for text in [
            hash.trim_start_matches(':'),
            &"a".repeat(HASH_LENGTH),
            "a!b",
            "a:b",
            "a\0",
        ] {
            assert_eq!(
                read(Purpose::PasswordReset, &secret(text), true).len(),
                1,
                "{text}"
            );
            let challenge = secret(&format!("2fa-{text}"));
            assert_eq!(read(Purpose::TwoFactorChallenge, &challenge, true).len(), 1);
        }
        // An identifier of another kind of row.
        for text in ["abc", "2fa-otp-abc", "2fa-otp-2fa-abc", "reset-password:abc"] {
            assert_eq!(read(Purpose::TwoFactorChallenge, &secret(text), true).len(), 1);
        }
    }
}
