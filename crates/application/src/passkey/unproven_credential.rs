//! Deletion of passkeys that were registered before the first proof of the address.

use async_trait::async_trait;
use portcullis_domain::user::User;

use crate::{
    account::AddressProof,
    ports::{Failure, Repositories},
    seams::UnprovenCredential,
};

/// Deletes the user's passkeys.
pub struct UnprovenPasskeys;

#[async_trait]
impl UnprovenCredential for UnprovenPasskeys {
    async fn delete(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        _proof: AddressProof<'_>,
    ) -> Result<(), Failure> {
        db.passkeys().delete_by_user(&user.id).await
    }
}
