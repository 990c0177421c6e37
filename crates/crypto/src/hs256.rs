//! JWTs that are signed by HMAC-SHA256 with the deployment's secrets themselves, as in Better Auth.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{
    keys,
    secrets::{RotatedKeys, Secrets},
};

/// `{"alg":"HS256"}`: the only header that is written, and the only one that is accepted. A token cannot request
/// another algorithm or an extension.
const HEADER: &str = "eyJhbGciOiJIUzI1NiJ9";

/// Signs and verifies such JWTs with any claims. The callers distinguish kinds of tokens by the shape of their claims.
pub(crate) struct Hs256 {
    keys: RotatedKeys<Hmac<Sha256>>,
}

impl Hs256 {
    pub(crate) fn new(secrets: &Secrets) -> Self {
        Self {
            keys: secrets.keys(|secret| keys::hmac_sha256(secret.expose().as_bytes())),
        }
    }

    /// Returns a JWT of these claims, which are JSON text.
    pub(crate) fn sign(&self, claims: &[u8]) -> String {
        let mut token = format!("{HEADER}.{}", BASE64_URL_SAFE_NO_PAD.encode(claims));
        let signature = self.signature(token.as_bytes());
        token.push('.');
        token.push_str(&signature);
        token
    }

    /// Returns the claims of a genuine JWT. The caller must check whether it has expired.
    pub(crate) fn verified(&self, token: &str) -> Option<Vec<u8>> {
        let (signed, signature) = token.rsplit_once('.')?;
        let claims = signed.strip_prefix(HEADER)?.strip_prefix('.')?;
        self.is_signature(signed.as_bytes(), signature)
            .then(|| BASE64_URL_SAFE_NO_PAD.decode(claims).ok())?
    }

    /// Returns the signature of a message, in base64url.
    pub(crate) fn signature(&self, message: &[u8]) -> String {
        let key = self.keys.first().clone();
        BASE64_URL_SAFE_NO_PAD.encode(key.chain_update(message).finalize().into_bytes())
    }

    /// Whether this is the message's signature in strict base64url. Compares in constant time.
    pub(crate) fn is_signature(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = BASE64_URL_SAFE_NO_PAD.decode(signature) else {
            return false;
        };
        let is_by = |key: &Hmac<Sha256>| key.clone().chain_update(message).verify_slice(&signature).is_ok();
        self.keys.iter().any(is_by)
    }
}
