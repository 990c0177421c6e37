//! Encryption of stored data.

use portcullis_domain::secret::Secret;

use super::Failure;

/// Encrypted data, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(pub String);

/// The purpose of an encryption. Each purpose has its own key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealPurpose {
    /// A private key that signs JWTs. Encrypted in Better Auth's form and with the key that it derives from the secret,
    /// so that both servers can use the key.
    SigningKey,
    /// A queued message.
    Message,
    /// A one-time code: in Better Auth's form, with the same key as [`Self::SigningKey`].
    Code,
    /// A secret or the backup codes of a second factor: in Better Auth's form, with the same key.
    TwoFactor,
    /// The state of an authorization request, in a cookie: in Better Auth's form, with the same key.
    AuthorizationState,
    /// A token that a provider issued: in Better Auth's form, with the same key.
    ProviderToken,
}

/// Decrypted data.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The decrypted text.
    pub text: Secret<String>,
    /// Whether it was encrypted with a secret other than the first, so that it should be re-encrypted.
    pub is_stale: bool,
}

/// Encrypts with the deployment's first secret and decrypts with any of its secrets.
pub trait Cipher: Send + Sync {
    /// Encrypts a text.
    fn seal(&self, purpose: SealPurpose, text: &str) -> Sealed;

    /// Decrypts a text.
    ///
    /// # Errors
    ///
    /// If none of the deployment's secrets encrypted it for this purpose.
    fn open(&self, purpose: SealPurpose, sealed: &Sealed) -> Result<Opened, Failure>;
}
