//! Digests of one-time codes.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portcullis_application::ports::CodeDigests;
use sha2::{Digest as _, Sha256};

/// SHA-256 in base64url, as Better Auth stores codes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sha256Codes;

impl CodeDigests for Sha256Codes {
    fn digest(&self, code: &str) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected digest is that of `defaultKeyHasher` in Better Auth 1.4.22.
    #[test]
    fn a_digest_has_better_auths_form() {
        assert_eq!(
            Sha256Codes.digest("abc"),
            "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
        );
    }
}
