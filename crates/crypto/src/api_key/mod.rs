//! Digests of API keys.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portcullis_application::ports::ApiKeyDigests;
use portcullis_domain::{api_key::PlainKey, secret::Secret};
use sha2::{Digest as _, Sha256};

/// SHA-256 in base64url, as Better Auth stores keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sha256Digests;

impl ApiKeyDigests for Sha256Digests {
    fn digest(&self, key: &PlainKey) -> Secret<String> {
        Secret::new(URL_SAFE_NO_PAD.encode(Sha256::digest(key.expose())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected digest is that of `defaultKeyHasher` in Better Auth 1.4.22.
    #[test]
    fn a_digest_has_better_auths_form() {
        let digest = Sha256Digests.digest(&Secret::new("abc".to_owned()));
        assert_eq!(digest.expose(), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }
}
