//! How a one-time secret is found.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portcullis_domain::{token::OneTimeSecret, verification::Purpose};
use sha2::{Digest, Sha256};

/// How long a hash is as text. No plain secret is as long: otherwise who reads the table could show a hash and have it
/// taken for the plain form of another secret.
const HASH_LENGTH: usize = 43;

/// What Better Auth's identifiers of a purpose begin with, where it has any.
const fn plain_prefix(purpose: Purpose) -> Option<&'static str> {
    match purpose {
        Purpose::PasswordReset => Some("reset-password:"),
        Purpose::AccountDeletion => Some("delete-account-"),
        Purpose::EmailVerification | Purpose::EmailChangeConfirmation | Purpose::EmailChangeVerification => {
            None
        }
    }
}

/// The identifier under which a secret is remembered: its hash, unless a Node server must find it.
pub(super) fn written(purpose: Purpose, secret: &OneTimeSecret, is_shared: bool) -> String {
    plain(purpose, secret)
        .filter(|_| is_shared)
        .unwrap_or_else(|| hashed(purpose.name(), secret))
}

/// The identifiers under which a secret may be remembered.
pub(super) fn read(purpose: Purpose, secret: &OneTimeSecret, is_shared: bool) -> Vec<String> {
    let plain = plain(purpose, secret).filter(|_| is_shared);
    [Some(hashed(purpose.name(), secret)), plain]
        .into_iter()
        .flatten()
        .collect()
}

/// The identifier of the mark that a secret has been used of which nothing was remembered.
pub(super) fn claimed(purpose: Purpose, secret: &OneTimeSecret) -> String {
    hashed(&format!("{}-claimed", purpose.name()), secret)
}

/// Patterns of LIKE for every identifier of these purposes: those of ours, and Better Auth's.
pub(super) fn patterns(purposes: &[Purpose]) -> Vec<String> {
    let ours = purposes.iter().map(|purpose| format!("{}:%", purpose.name()));
    let theirs = purposes.iter().filter_map(|purpose| plain_prefix(*purpose));
    ours.chain(theirs.map(|prefix| format!("{prefix}%"))).collect()
}

fn hashed(prefix: &str, secret: &OneTimeSecret) -> String {
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(secret.expose()));
    format!("{prefix}:{hash}")
}

/// The identifier in Better Auth's form, of a secret in its form.
fn plain(purpose: Purpose, secret: &OneTimeSecret) -> Option<String> {
    let secret = secret.expose();
    let is_plain = secret.len() != HASH_LENGTH && secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain_prefix(purpose)
        .filter(|_| is_plain)
        .map(|prefix| format!("{prefix}{secret}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> OneTimeSecret {
        OneTimeSecret::new(text)
    }

    #[test]
    fn identifiers_have_their_forms() {
        let abc = secret("abc");
        let hash = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
        assert_eq!(hash.len(), HASH_LENGTH);
        for (purpose, shared) in [
            (Purpose::PasswordReset, "reset-password:abc".to_owned()),
            (Purpose::AccountDeletion, "delete-account-abc".to_owned()),
            (Purpose::EmailVerification, format!("verify-email:{hash}")),
            (
                Purpose::EmailChangeConfirmation,
                format!("change-email-confirmation:{hash}"),
            ),
            (
                Purpose::EmailChangeVerification,
                format!("change-email-verification:{hash}"),
            ),
        ] {
            let own = format!("{}:{hash}", purpose.name());
            assert_eq!(written(purpose, &abc, false), own);
            assert_eq!(written(purpose, &abc, true), shared);
            assert_eq!(read(purpose, &abc, false).as_slice(), std::slice::from_ref(&own));
            assert!(read(purpose, &abc, true).contains(&own) && read(purpose, &abc, true).contains(&shared));
            assert_eq!(
                claimed(purpose, &abc),
                format!("{}-claimed:{hash}", purpose.name())
            );
        }
    }

    #[test]
    fn a_hash_is_no_plain_secret() {
        let hash = hashed("", &secret("abc"));
        for text in [
            hash.trim_start_matches(':'),
            &"a".repeat(HASH_LENGTH),
            "a-b",
            "a:b",
            "a\0",
        ] {
            assert_eq!(
                read(Purpose::PasswordReset, &secret(text), true).len(),
                1,
                "{text}"
            );
        }
    }
}
