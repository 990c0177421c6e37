//! Keys that are made from a secret.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit};
use portcullis_domain::secret::Secret;
use sha2::{Sha256, Sha512};

/// Returns HMAC-SHA256 initialised with the key. Cloning it is cheaper than initialising it again.
#[expect(clippy::expect_used, reason = "HMAC accepts keys of every length (RFC 2104)")]
pub(crate) fn hmac_sha256(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC accepts every key")
}

/// Returns HMAC-SHA512 initialised with the key.
#[expect(clippy::expect_used, reason = "HMAC accepts keys of every length (RFC 2104)")]
pub(crate) fn hmac_sha512(key: &[u8]) -> Hmac<Sha512> {
    Hmac::new_from_slice(key).expect("HMAC accepts every key")
}

/// Derives a key for only the purpose of `label`, by HKDF-SHA256 (RFC 5869).
#[expect(clippy::expect_used, reason = "HKDF makes keys of up to 255 hashes' length")]
pub(crate) fn derived<const LENGTH: usize>(
    secret: &Secret<String>,
    salt: Option<&[u8]>,
    label: &[u8],
) -> Secret<[u8; LENGTH]> {
    const { assert!(LENGTH <= 255 * 32) };
    let mut key = [0; LENGTH];
    Hkdf::<Sha256>::new(salt, secret.expose().as_bytes())
        .expand(label, &mut key)
        .expect("HKDF makes a key of this length");
    Secret::new(key)
}
