//! Deletion of a second factor that was set before the first proof of the e-mail address.

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_domain::{two_factor, user::User, verification::RevokingEvent};

use crate::{
    account::AddressProof,
    ports::{Clock, Failure, Ports, Repositories},
    seams::UnprovenCredential,
};

/// Deletes the second factor of a user who signs in by a message to the address. Another person may have set it, with a
/// password that ends as well, and would keep the owner of the address out. If the password stays, the second factor does.
pub struct UnprovenSecondFactor(Arc<dyn Clock>);

impl UnprovenSecondFactor {
    /// Creates the deletion, with the clock of `ports`.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self(Arc::clone(&ports.clock))
    }
}

#[async_trait]
impl UnprovenCredential for UnprovenSecondFactor {
    async fn delete(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        proof: AddressProof<'_>,
    ) -> Result<(), Failure> {
        match proof {
            AddressProof::Provider(_) | AddressProof::Message => Ok(()),
            AddressProof::MessageSignIn => {
                db.verifications()
                    .revoke(RevokingEvent::SecondFactorChanged, &user.id)
                    .await?;
                db.two_factors().delete(&user.id).await?;
                if two_factor::is_enabled(user) {
                    db.two_factors()
                        .set_enabled(&user.id, false, self.0.now())
                        .await?;
                }
                Ok(())
            }
        }
    }
}
