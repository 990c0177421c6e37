//! Deletion of API keys that were created before the first proof of the address.

use async_trait::async_trait;
use portcullis_domain::user::User;

use crate::{
    account::AddressProof,
    ports::{Failure, Repositories},
    seams::UnprovenCredential,
};

/// Deletes the user's API keys.
pub struct UnprovenApiKeys;

#[async_trait]
impl UnprovenCredential for UnprovenApiKeys {
    async fn delete(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        _proof: AddressProof<'_>,
    ) -> Result<(), Failure> {
        db.api_keys().delete_by_user(&user.id).await
    }
}
