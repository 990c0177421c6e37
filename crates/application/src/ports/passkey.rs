//! Storage of passkeys, and the verification of what authenticators make.

use async_trait::async_trait;
use portcullis_domain::{
    id::UserId,
    passkey::{Aaguid, AuthenticatorData, Passkey, PasskeyId, PasskeyRejection, PasskeyUse},
};

use super::Failure;

/// Passkeys of users.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait PasskeyRepository: Send {
    /// Returns the passkey that an authenticator knows by this id, of any user. If other programs have stored several, it
    /// is the oldest one.
    async fn find_by_credential(&mut self, credential_id: &str) -> Result<Option<Passkey>, Failure>;

    /// Returns the passkey with this id, of any user.
    async fn find(&mut self, id: &PasskeyId) -> Result<Option<Passkey>, Failure>;

    /// Returns all passkeys of the user, the oldest first; by their ids if they are equally old.
    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<Passkey>, Failure>;

    /// Stores a new passkey, and returns it as it is stored. `None`: an authenticator's passkey with this id is stored
    /// already. Of several concurrent units that store one, only one succeeds.
    async fn insert(&mut self, passkey: &Passkey) -> Result<Option<Passkey>, Failure>;

    /// Records a use of the passkey. Returns `false`, and records nothing, if the passkey was deleted, or if the stored
    /// count is not lower, unless both are zero: of many parallel calls with one count, one returns `true`.
    async fn advance(&mut self, id: &PasskeyId, usage: &PasskeyUse) -> Result<bool, Failure>;

    /// Names the passkey with this id if the user owns it, and returns it.
    async fn rename(
        &mut self,
        id: &PasskeyId,
        owner: &UserId,
        name: &str,
    ) -> Result<Option<Passkey>, Failure>;

    /// Deletes the passkey with this id if the user owns it. Returns whether there was one.
    async fn delete(&mut self, id: &PasskeyId, owner: &UserId) -> Result<bool, Failure>;

    /// Deletes all passkeys of the user.
    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure>;
}

/// A new passkey, as its authenticator describes it.
#[derive(Clone, Debug)]
pub struct AttestedPasskey {
    /// The statements about it.
    pub data: AuthenticatorData,
    /// The id by which the authenticator knows it.
    pub credential_id: Vec<u8>,
    /// The public key as a COSE key (RFC 9052).
    pub public_key: Vec<u8>,
    /// The model of the authenticator.
    pub aaguid: Aaguid,
}

/// The signature of a passkey and what it covers.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// What the browser states, as JSON.
    pub client_data: Vec<u8>,
    /// What the authenticator states.
    pub authenticator_data: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Reads and verifies what authenticators make. What their statements permit is not decided here.
pub trait PasskeyVerifier: Send + Sync {
    /// Returns the passkey that an authenticator has made for the relying party `rp_id`. `attestation` is the attestation
    /// object, and `client_data` the JSON of the browser.
    ///
    /// # Errors
    ///
    /// If it is malformed, belongs to another relying party, or has a key or an attestation that is not supported.
    fn registration(
        &self,
        attestation: &[u8],
        client_data: &[u8],
        rp_id: &str,
    ) -> Result<AttestedPasskey, PasskeyRejection>;

    /// Returns what an authenticator states when it signs with a passkey, whose public key is `public_key`, for the relying
    /// party `rp_id`.
    ///
    /// # Errors
    ///
    /// If it is malformed, belongs to another relying party, or the signature is wrong.
    fn assertion(
        &self,
        assertion: &Assertion,
        public_key: &[u8],
        rp_id: &str,
    ) -> Result<AuthenticatorData, PasskeyRejection>;
}
