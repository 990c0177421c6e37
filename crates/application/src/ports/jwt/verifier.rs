//! Verification of JWTs.

use portcullis_domain::{id::KeyId, jwt::Algorithm};
use serde_json::{Map, Value};

/// A published key.
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    /// The id, which tokens name as `kid`.
    pub id: KeyId,
    /// The only algorithm whose signatures the key verifies.
    pub algorithm: Algorithm,
    /// The public JWK as JSON text.
    pub public: String,
}

/// Verifies the signatures of JWTs.
pub trait TokenVerifier: Send + Sync {
    /// Returns the claims of a JWT that one of these keys has signed, without checking the claims. `None`: the text is no
    /// compact JWS, names no key of these as `kid`, names another algorithm than that of the key, demands extensions
    /// (`crit`), or its signature is wrong. A key in the token's own header is ignored.
    fn verify(&self, token: &str, keys: &[VerifyingKey]) -> Option<Map<String, Value>>;

    /// As [`Self::verify`], for a JWT that names no key: returns its claims if the key with this public JWK has signed it
    /// by this algorithm. `None` also if it has a `kid`. For tokens of providers only: all tokens of this server have one.
    fn verify_unnamed(&self, token: &str, algorithm: Algorithm, public: &str) -> Option<Map<String, Value>>;
}
