//! HMAC-SHA256 with the deployment's secrets.

use hmac::Mac as _;
use portcullis_application::ports::{Mac, Purpose, TAG_LENGTH, Tag};
use portcullis_domain::secret::Secret;
use sha2::Sha256;

use crate::{
    keys,
    secrets::{RotatedKeys, Secrets},
};

/// HKDF label of the key for [`Purpose::RateLimit`].
const RATE_LIMIT: &[u8] = b"portcullis rate limit";
/// HKDF label of the keys for [`Purpose::AuthorizationState`].
const AUTHORIZATION_STATE: &[u8] = b"portcullis authorization state";

/// HKDF label of the key for [`Purpose::ServiceSecret`].
const SERVICE_SECRET: &[u8] = b"portcullis service secret";

/// Signs with the first secret, and verifies with all secrets.
pub struct Hmac {
    cookies: RotatedKeys<hmac::Hmac<Sha256>>,
    rate_limit: hmac::Hmac<Sha256>,
    authorization_states: RotatedKeys<hmac::Hmac<Sha256>>,
    service_secrets: hmac::Hmac<Sha256>,
}

impl Hmac {
    /// Uses the secrets themselves for cookies, keys that are derived from them for authorization states, and a key that
    /// is derived from only the first secret for rate limits and secrets of services: a counter under an old secret's tag
    /// would never be looked up, and the digest of a service's secret is computed at every start.
    #[must_use]
    pub fn new(secrets: &Secrets) -> Self {
        Self {
            cookies: secrets.keys(|secret| keys::hmac_sha256(secret.expose().as_bytes())),
            rate_limit: derived(secrets.first(), RATE_LIMIT),
            authorization_states: secrets.keys(|secret| derived(secret, AUTHORIZATION_STATE)),
            service_secrets: derived(secrets.first(), SERVICE_SECRET),
        }
    }
}

fn derived(secret: &Secret<String>, label: &[u8]) -> hmac::Hmac<Sha256> {
    keys::hmac_sha256(keys::derived::<TAG_LENGTH>(secret, None, label).expose())
}

impl Mac for Hmac {
    fn tag(&self, purpose: Purpose, message: &[u8]) -> Tag {
        let key = match purpose {
            Purpose::Cookie => self.cookies.first(),
            Purpose::RateLimit => &self.rate_limit,
            Purpose::AuthorizationState => self.authorization_states.first(),
            Purpose::ServiceSecret => &self.service_secrets,
        };
        key.clone().chain_update(message).finalize().into_bytes().into()
    }

    fn verify(&self, purpose: Purpose, message: &[u8], tag: &[u8]) -> bool {
        let is_by = |key: &hmac::Hmac<Sha256>| key.clone().chain_update(message).verify_slice(tag).is_ok();
        match purpose {
            Purpose::Cookie => self.cookies.iter().any(is_by),
            Purpose::RateLimit => is_by(&self.rate_limit),
            Purpose::AuthorizationState => self.authorization_states.iter().any(is_by),
            Purpose::ServiceSecret => is_by(&self.service_secrets),
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_STANDARD};

    use super::*;
    use crate::testing::{SECRET, secrets};

    fn hmac() -> Hmac {
        Hmac::new(&secrets(&[SECRET]))
    }

    #[test]
    fn signatures_equal_better_auths() {
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
        assert!(!Hmac::new(&secrets(&["another"])).verify(Purpose::Cookie, b"abc", &tag));
    }

    #[test]
    fn a_signature_is_valid_only_for_its_purpose() {
        let purposes = [
            Purpose::Cookie,
            Purpose::RateLimit,
            Purpose::AuthorizationState,
            Purpose::ServiceSecret,
        ];
        for signed_for in purposes {
            let tag = hmac().tag(signed_for, b"abc");
            for shown_for in purposes {
                let is_good = hmac().verify(shown_for, b"abc", &tag);
                assert_eq!(is_good, signed_for == shown_for, "{signed_for:?} {shown_for:?}");
            }
        }
    }

    #[test]
    fn old_secrets_verify_what_clients_store_and_the_first_secret_signs_it() {
        let (old, both) = (hmac(), Hmac::new(&secrets(&["another", SECRET])));
        for purpose in [Purpose::Cookie, Purpose::AuthorizationState] {
            let tag = old.tag(purpose, b"abc");
            assert!(both.verify(purpose, b"abc", &tag), "{purpose:?}");
            let tag = both.tag(purpose, b"abc");
            assert!(
                Hmac::new(&secrets(&["another"])).verify(purpose, b"abc", &tag),
                "{purpose:?}"
            );
            assert!(!old.verify(purpose, b"abc", &tag), "{purpose:?}");
        }
    }

    #[test]
    fn rate_limit_tags_use_only_the_first_secret() {
        let tag = hmac().tag(Purpose::RateLimit, b"abc");
        assert!(!Hmac::new(&secrets(&["another", SECRET])).verify(Purpose::RateLimit, b"abc", &tag));
        assert!(Hmac::new(&secrets(&[SECRET, "another"])).verify(Purpose::RateLimit, b"abc", &tag));
    }

    /// Computed with another implementation: stored counters must stay valid across versions of the program.
    #[test]
    fn the_key_of_a_purpose_stays_the_same() {
        let tag = hmac().tag(Purpose::RateLimit, b"ada@example.com");
        assert_eq!(
            BASE64_STANDARD.encode(tag),
            "FIo2C/6JNlBo/zsw/FPc04NNJpv44JGC4pT1lVwhnr4="
        );
    }
}
