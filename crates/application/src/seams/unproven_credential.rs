//! Deletion of credentials that were set before the first proof of the address.

use async_trait::async_trait;
use portcullis_domain::user::User;

use crate::{
    account::AddressProof,
    ports::{Failure, Repositories},
};

/// Deletes credentials with which a person could sign in who created the account with the address of another person
/// (GHSA-qq9h-g4jm-xgf3).
#[async_trait]
pub trait UnprovenCredential: Send + Sync {
    /// Deletes the user's credentials. The user is the row before the proof, and is locked.
    async fn delete(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        proof: AddressProof<'_>,
    ) -> Result<(), Failure>;
}
