//! Signatures that anybody can verify: JWS.

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_domain::{jwt::Algorithm, secret::Secret};

use crate::ports::Failure;

/// A new pair of keys, each as the JSON text of a JWK (RFC 7517) in the reference's members and order.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// The public key.
    pub public: String,
    /// The private key.
    pub private: Secret<String>,
}

/// A private key that is ready to sign.
pub trait SigningKey: Send + Sync {
    /// The compact JWS (RFC 7515) of these claims, given as JSON text, with the header `{"alg","kid"}`.
    ///
    /// # Errors
    ///
    /// Where the key cannot sign.
    fn sign(&self, kid: &str, claims: &str) -> Result<String, Failure>;
}

/// Makes keys and reads them.
#[async_trait]
pub trait TokenSigner: Send + Sync {
    /// A new pair for this algorithm. `modulus_length` is the length of an RSA key in bits. It takes long for RSA,
    /// which holds up nobody else: not to be called while a unit of work is open.
    ///
    /// # Errors
    ///
    /// Where no key can be made.
    async fn generate(&self, algorithm: Algorithm, modulus_length: u32) -> Result<KeyPair, Failure>;

    /// The algorithm of a stored public key, as its type and curve tell, or its own `alg`. An RSA key that does not
    /// say has `rsa`, if that is one for RSA, else RS256. None where it is no key that can be used here.
    fn algorithm(&self, public: &str, rsa: Algorithm) -> Option<Algorithm>;

    /// Makes a private key ready to sign.
    ///
    /// # Errors
    ///
    /// Where it is no key for this algorithm.
    fn open(&self, algorithm: Algorithm, private: &Secret<String>) -> Result<Arc<dyn SigningKey>, Failure>;
}
