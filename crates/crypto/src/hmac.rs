//! HMAC-SHA256 with the deployment's secret.

use hkdf::Hkdf;
use hmac::{KeyInit, Mac as _};
use portcullis_application::ports::{Mac, Purpose, TAG_LENGTH, Tag};
use portcullis_domain::secret::Secret;
use sha2::Sha256;

/// What sets the key of [`Purpose::RateLimit`] apart.
const RATE_LIMIT: &[u8] = b"portcullis rate limit";

/// Signs with one secret.
pub struct Hmac {
    cookie: hmac::Hmac<Sha256>,
    rate_limit: hmac::Hmac<Sha256>,
}

impl Hmac {
    /// Signs with this secret: cookies with the secret itself, everything else with a key that HKDF-SHA256
    /// (RFC 5869) makes of it for that purpose alone.
    #[must_use]
    pub fn new(secret: &Secret<String>) -> Self {
        let secret = secret.expose().as_bytes();
        Self {
            cookie: keyed(secret),
            rate_limit: keyed(derived(secret, RATE_LIMIT).expose()),
        }
    }

    /// The state after the key has been taken in; copying it is cheaper than taking it in again.
    const fn keyed(&self, purpose: Purpose) -> &hmac::Hmac<Sha256> {
        match purpose {
            Purpose::Cookie => &self.cookie,
            Purpose::RateLimit => &self.rate_limit,
        }
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104)")]
fn keyed(key: &[u8]) -> hmac::Hmac<Sha256> {
    hmac::Hmac::new_from_slice(key).expect("HMAC takes every key")
}

#[expect(clippy::expect_used, reason = "HKDF makes keys of up to 255 hashes' length")]
fn derived(secret: &[u8], label: &[u8]) -> Secret<[u8; TAG_LENGTH]> {
    let mut key = [0; TAG_LENGTH];
    Hkdf::<Sha256>::new(None, secret)
        .expand(label, &mut key)
        .expect("HKDF makes a key of one hash's length");
    Secret::new(key)
}

impl Mac for Hmac {
    fn tag(&self, purpose: Purpose, message: &[u8]) -> Tag {
        self.keyed(purpose)
            .clone()
            .chain_update(message)
            .finalize()
            .into_bytes()
            .into()
    }

    fn verify(&self, purpose: Purpose, message: &[u8], tag: &[u8]) -> bool {
        self.keyed(purpose)
            .clone()
            .chain_update(message)
            .verify_slice(tag)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_STANDARD};

    use super::*;

    fn hmac() -> Hmac {
        Hmac::new(&Secret::new(
            "better-auth-secret-that-is-long-enough-for-validation-test".to_owned(),
        ))
    }

    #[test]
    fn signatures_are_those_of_the_reference() {
        for (value, signature) in [
            ("abc", "XCBPKA0oWH4Apn7A2i/wbvU91gX5fZrXdRBAswKGpMM="),
            ("true", "+GWyWZdVZ8PROUXIWVoibVIpYog8HtVyZuwoJ6tqQyA="),
        ] {
            let tag = hmac().tag(Purpose::Cookie, value.as_bytes());
            assert_eq!(BASE64_STANDARD.encode(tag), signature);
            assert!(hmac().verify(Purpose::Cookie, value.as_bytes(), &tag));
        }
    }

    #[test]
    fn another_message_another_secret_and_a_part_of_a_signature_do_not_verify() {
        let tag = hmac().tag(Purpose::Cookie, b"abc");
        assert!(!hmac().verify(Purpose::Cookie, b"abd", &tag));
        assert!(!hmac().verify(Purpose::Cookie, b"abc", &tag[..31]));
        assert!(!hmac().verify(Purpose::Cookie, b"abc", b""));
        assert!(!Hmac::new(&Secret::new("another".to_owned())).verify(Purpose::Cookie, b"abc", &tag));
    }

    #[test]
    fn what_is_signed_for_one_purpose_is_worth_nothing_for_another() {
        let purposes = [Purpose::Cookie, Purpose::RateLimit];
        for signed_for in purposes {
            let tag = hmac().tag(signed_for, b"abc");
            for shown_for in purposes {
                let is_good = hmac().verify(shown_for, b"abc", &tag);
                assert_eq!(is_good, signed_for == shown_for, "{signed_for:?} {shown_for:?}");
            }
        }
    }

    /// Worked out with another implementation, since counts must outlive a version of the program.
    #[test]
    fn the_key_of_a_purpose_stays_the_same() {
        let tag = hmac().tag(Purpose::RateLimit, b"ada@example.com");
        assert_eq!(
            BASE64_STANDARD.encode(tag),
            "FIo2C/6JNlBo/zsw/FPc04NNJpv44JGC4pT1lVwhnr4="
        );
    }
}
