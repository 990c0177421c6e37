//! Removal of a phone number that was set before the first proof of the e-mail address.

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_domain::{phone_number::PHONE_NUMBER, user::User};

use super::holder::remove_number;
use crate::{
    account::AddressProof,
    ports::{Clock, Failure, Ports, Repositories},
    seams::UnprovenCredential,
};

/// Removes the user's phone number. A user without a number stays as the user is.
pub struct UnprovenPhoneNumber(Arc<dyn Clock>);

impl UnprovenPhoneNumber {
    /// Creates the removal, with the clock of `ports`.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self(Arc::clone(&ports.clock))
    }
}

#[async_trait]
impl UnprovenCredential for UnprovenPhoneNumber {
    async fn delete(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        _proof: AddressProof<'_>,
    ) -> Result<(), Failure> {
        if user.additional.get(PHONE_NUMBER).is_null() {
            return Ok(());
        }
        remove_number(db, user, self.0.now()).await
    }
}
