//! Protection of guests with a passkey from deletion when they sign in as another user.

use async_trait::async_trait;
use portcullis_domain::user::User;

use crate::{
    ports::{Failure, Repositories},
    seams::{Decision, DeletionCause, UserDeletionGuard},
};

/// The name of the refusal. No client receives it.
const HAS_PASSKEY: &str = "USER_HAS_A_PASSKEY";

/// Keeps users who have a passkey, unless their deletion was requested.
pub struct PasskeyGuard;

#[async_trait]
impl UserDeletionGuard for PasskeyGuard {
    async fn check(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        cause: DeletionCause,
    ) -> Result<Decision, Failure> {
        if cause == DeletionCause::Abandonment && !db.passkeys().list_by_user(&user.id).await?.is_empty() {
            return Ok(Decision::Refused(HAS_PASSKEY.into()));
        }
        Ok(Decision::Allowed)
    }
}
