//! Encryption of what is stored.

use portcullis_domain::secret::Secret;

use super::Failure;

/// What was encrypted, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(pub String);

/// What is encrypted. Each purpose has a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealPurpose {
    /// A private key that signs JWTs: in the reference's form, with the key that it makes of the secret, so that
    /// servers can share keys.
    SigningKey,
    /// A message that is to be sent.
    Message,
}

/// What was encrypted, in the clear.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The text.
    pub text: Secret<String>,
    /// Whether it was encrypted with a secret that is not the first any more, and should be anew.
    pub is_stale: bool,
}

/// Encrypts with the deployment's first secret, and decrypts with all of them.
pub trait Cipher: Send + Sync {
    /// Encrypts a text.
    fn seal(&self, purpose: SealPurpose, text: &str) -> Sealed;

    /// Decrypts a text.
    ///
    /// # Errors
    ///
    /// Where none of our secrets has encrypted it for this purpose.
    fn open(&self, purpose: SealPurpose, sealed: &Sealed) -> Result<Opened, Failure>;
}
