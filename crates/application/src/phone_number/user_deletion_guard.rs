//! Protection of guests with a proven phone number from deletion when they sign in as another user.

use async_trait::async_trait;
use portcullis_domain::{phone_number::is_verified, user::User};

use crate::{
    ports::{Failure, Repositories},
    seams::{Decision, DeletionCause, UserDeletionGuard},
};

/// The name of the refusal. No client receives it.
const HAS_PHONE_NUMBER: &str = "USER_HAS_A_PHONE_NUMBER";

/// Keeps users who have proven to own a phone number, unless their deletion was requested.
pub struct PhoneNumberGuard;

#[async_trait]
impl UserDeletionGuard for PhoneNumberGuard {
    async fn check(
        &self,
        _db: &mut dyn Repositories,
        user: &User,
        cause: DeletionCause,
    ) -> Result<Decision, Failure> {
        if cause == DeletionCause::Abandonment && is_verified(user) {
            return Ok(Decision::Refused(HAS_PHONE_NUMBER.into()));
        }
        Ok(Decision::Allowed)
    }
}
