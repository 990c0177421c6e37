//! A phone number from before the first proof of an e-mail address ends.

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_domain::user::User;

use super::holder::remove_number;
use crate::{
    account::AddressProof,
    ports::{Clock, Failure, Ports, Repositories},
    seams::UnprovenCredential,
};

/// Removes the user's phone number, unless it is what the user proves.
pub struct UnprovenPhoneNumber(Arc<dyn Clock>);

impl UnprovenPhoneNumber {
    /// Uses the clock of `ports`.
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
        proof: AddressProof<'_>,
    ) -> Result<(), Failure> {
        match proof {
            AddressProof::PhoneNumber => Ok(()),
            AddressProof::Provider(_) | AddressProof::Message | AddressProof::MessageSignIn => {
                remove_number(db, user, self.0.now()).await
            }
        }
    }
}
