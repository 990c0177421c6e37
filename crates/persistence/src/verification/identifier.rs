//! The identifiers under which one-time tokens, codes and the states of authorization requests are stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portcullis_domain::{
    code::CodeKey,
    payload_token::{PayloadPurpose, PayloadToken, TokenForm},
    social::{STATE_ALPHABET, STATE_LENGTH},
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

/// Returns the identifier under which a state is stored: its hash, unless a Node server must find it.
pub(crate) fn state_written(state: &OneTimeToken, is_shared: bool) -> String {
    plain_state(state)
        .filter(|_| is_shared)
        .unwrap_or_else(|| own_state(state))
}

/// Returns the identifiers under which a state may be stored.
pub(crate) fn state_read(state: &OneTimeToken, is_shared: bool) -> Vec<String> {
    let plain = plain_state(state).filter(|_| is_shared);
    [Some(own_state(state)), plain].into_iter().flatten().collect()
}

/// Returns the identifier under which a token with a payload is stored: its hash, unless a Node server must find it.
pub(super) fn payload_written(token: &PayloadToken, is_shared: bool) -> String {
    let plain = plain_payload(token.purpose, &token.secret).filter(|_| is_shared);
    match (plain, token.form) {
        (Some(plain), TokenForm::Plain) => plain,
        (Some(_plain), TokenForm::Hashed) => hashed_payload(token.purpose, &token.secret),
        (None, _) => own_payload(token.purpose, &token.secret),
    }
}

/// Returns the identifiers under which a token with a payload may be stored, in every form: the configured form may have
/// changed since.
pub(super) fn payload_read(purpose: PayloadPurpose, secret: &OneTimeToken, is_shared: bool) -> Vec<String> {
    let plain = plain_payload(purpose, secret).filter(|_| is_shared);
    let hashed = plain.as_ref().map(|_plain| hashed_payload(purpose, secret));
    [Some(own_payload(purpose, secret)), plain, hashed]
        .into_iter()
        .flatten()
        .collect()
}

fn own_payload(purpose: PayloadPurpose, secret: &OneTimeToken) -> String {
    hashed(purpose.name(), secret)
}

/// Returns the identifier of a hashed token in Better Auth's format.
fn hashed_payload(purpose: PayloadPurpose, secret: &OneTimeToken) -> String {
    format!("{}{}", purpose.better_auth_prefix(), hash(secret))
}

/// Returns the identifier in Better Auth's format, if the token may be one of Better Auth's, which have the form of its
/// states.
fn plain_payload(purpose: PayloadPurpose, secret: &OneTimeToken) -> Option<String> {
    let random = plain_state(secret)?;
    Some(format!("{}{random}", purpose.better_auth_prefix()))
}

fn own_state(state: &OneTimeToken) -> String {
    hashed(Purpose::AuthorizationState.name(), state)
}

/// Returns the identifier in Better Auth's format, which is the state itself, if the text may be one of Better Auth's. A
/// text that begins like the identifier of another kind of row is never looked up in this format. One of 16 million
/// states of a Node server begins so.
fn plain_state(state: &OneTimeToken) -> Option<String> {
    let text = state.expose();
    let mut others = Purpose::ALL.into_iter().filter_map(Purpose::better_auth_prefix);
    let is_plain = text.len() == STATE_LENGTH
        && text.bytes().all(|byte| STATE_ALPHABET.contains(&byte))
        && !others.any(|prefix| text.starts_with(prefix));
    is_plain.then(|| text.clone())
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
    format!("{prefix}:{}", hash(secret))
}

fn hash(secret: &OneTimeToken) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.expose()))
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
    use chrono::DateTime;
    use portcullis_domain::{
        id::{SessionId, UserId, VerificationId},
        secret::Secret,
    };

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
                | Purpose::EmailChangeVerification
                | Purpose::AuthorizationState
                | Purpose::TokenRefresh => ("abc", link(purpose)),
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

    #[test]
    fn payload_tokens_have_our_format_or_better_auths() {
        let text = "aZ09-_aZ09-_aZ09-_aZ09-_aZ09-_aZ";
        let hash = hash(&secret(text));
        let token = |purpose, form, text: &str| PayloadToken {
            id: VerificationId::new("V"),
            purpose,
            secret: secret(text),
            form,
            payload: Secret::new("{}".to_owned()),
            expires_at: DateTime::default(),
            created_at: DateTime::default(),
        };
        for (purpose, prefix) in [
            (PayloadPurpose::MagicLink, ""),
            (PayloadPurpose::SessionHandOver, "one-time-token:"),
            (PayloadPurpose::PasskeyChallenge, ""),
        ] {
            let own = format!("{}:{hash}", purpose.name());
            let (plain, hashed) = (format!("{prefix}{text}"), format!("{prefix}{hash}"));
            for (form, shared) in [(TokenForm::Plain, &plain), (TokenForm::Hashed, &hashed)] {
                assert_eq!(payload_written(&token(purpose, form, text), true), *shared);
                assert_eq!(payload_written(&token(purpose, form, text), false), own);
            }
            assert_eq!(
                payload_read(purpose, &secret(text), false),
                std::slice::from_ref(&own)
            );
            assert_eq!(payload_read(purpose, &secret(text), true), [own, plain, hashed]);
            // A hash, which a reader of the table sees, and the identifier of another row.
            for foreign in [hash.as_str(), "reset-password:abcdefghijklmnopq", "abc"] {
                assert_eq!(
                    payload_read(purpose, &secret(foreign), true).len(),
                    1,
                    "{foreign}"
                );
            }
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
    fn states_have_our_format_or_better_auths() {
        let state = secret("aZ09-_aZ09-_aZ09-_aZ09-_aZ09-_aZ");
        let own = own_state(&state);
        assert_eq!(state_written(&state, false), own);
        assert_eq!(state_written(&state, true), *state.expose());
        assert_eq!(state_read(&state, false), std::slice::from_ref(&own));
        assert_eq!(state_read(&state, true), [own, state.expose().clone()]);
    }

    #[test]
    fn a_text_that_may_name_another_row_is_never_a_plain_state() {
        let hash = hashed("", &secret("abc"));
        for text in [
            "",
            "a",
            "2fa-otp-2fa-abcdefghijklmnopqrst",
            "2fa-abcdefghijklmnopqrstuvwxyzab",
            "trust-device-abcdefghijklmnopqrs",
            "delete-account-abcdefghijklmnopq",
            "reset-password:abcdefghijklmnopq",
            "oauth-state:abcdefghijklmnopqrst",
            "abcdefghijklmnopqrstuvwxyz01234\0",
            "abcdefghijklmnopqrstuvwxyz0123 4",
            "abcdefghijklmnopqrstuvwxyz0123\u{e9}",
            "abcdefghijklmnopqrstuvwxyz0123456",
            hash.trim_start_matches(':'),
        ] {
            let own = own_state(&secret(text));
            assert_eq!(state_written(&secret(text), true), own, "{text}");
            assert_eq!(state_read(&secret(text), true), [own], "{text}");
        }
    }

    #[test]
    fn a_state_and_a_token_of_another_purpose_never_have_the_same_identifier() {
        let state = secret("abcdefghijklmnopqrstuvwxyz012345");
        let identifiers = state_read(&state, true);
        let is_other = |purpose: &Purpose| *purpose != Purpose::AuthorizationState;
        for purpose in Purpose::ALL.into_iter().filter(is_other) {
            for text in [
                state.expose(),
                &identifiers[0],
                &format!("{}{}", purpose.token_prefix(), state.expose()),
            ] {
                let tokens = read(purpose, &secret(text), true);
                assert!(
                    !tokens.iter().any(|token| identifiers.contains(token)),
                    "{tokens:?}"
                );
            }
        }
        let codes = code_read(&CodeKey::TwoFactorChallenge(state), true);
        assert!(!codes.iter().any(|code| identifiers.contains(code)), "{codes:?}");
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
