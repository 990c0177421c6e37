//! Publicly verifiable signatures: JWS.

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_domain::{jwt::Algorithm, secret::Secret};

use crate::ports::Failure;

/// A new key pair, each key as the JSON text of a JWK (RFC 7517) with Better Auth's members in its order.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// The public key.
    pub public: String,
    /// The private key.
    pub private: Secret<String>,
}

/// A parsed private key.
pub trait SigningKey: Send + Sync {
    /// Returns the compact JWS (RFC 7515) of these claims, given as JSON text, with the header `{"alg","kid"}`.
    ///
    /// # Errors
    ///
    /// If the key cannot sign.
    fn sign(&self, kid: &str, claims: &str) -> Result<String, Failure>;
}

/// Creates and parses keys.
#[async_trait]
pub trait TokenSigner: Send + Sync {
    /// Creates a key pair for this algorithm. `modulus_length` is the length of an RSA key in bits. RSA keys take long
    /// to create; other tasks continue meanwhile. Not to be called while a unit of work is open.
    ///
    /// # Errors
    ///
    /// If no key can be created.
    async fn generate(&self, algorithm: Algorithm, modulus_length: u32) -> Result<KeyPair, Failure>;

    /// Returns the algorithm of a stored public key, by its type and curve, or by its own `alg`. An RSA key without
    /// `alg` has `rsa` if that is an RSA algorithm, else RS256. `None` if the key cannot be used here.
    fn algorithm(&self, public: &str, rsa: Algorithm) -> Option<Algorithm>;

    /// Parses a private key.
    ///
    /// # Errors
    ///
    /// If it is not a key for this algorithm.
    fn open(&self, algorithm: Algorithm, private: &Secret<String>) -> Result<Arc<dyn SigningKey>, Failure>;
}
