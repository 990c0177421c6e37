//! HMAC-SHA256 with the deployment's secret.

use hmac::{KeyInit, Mac as _};
use portcullis_application::ports::{Mac, Purpose, Tag};
use portcullis_domain::secret::Secret;
use sha2::Sha256;

/// Signs with one secret.
pub struct Hmac {
    cookie: hmac::Hmac<Sha256>,
}

impl Hmac {
    /// Signs with this secret.
    ///
    /// # Panics
    ///
    /// Never: HMAC takes keys of every length (RFC 2104).
    #[must_use]
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    pub fn new(secret: &Secret<String>) -> Self {
        Self {
            cookie: hmac::Hmac::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes every key"),
        }
    }

    /// The state after the key has been taken in; copying it is cheaper than taking it in again.
    const fn keyed(&self, purpose: Purpose) -> &hmac::Hmac<Sha256> {
        match purpose {
            Purpose::Cookie => &self.cookie,
        }
    }
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
}
