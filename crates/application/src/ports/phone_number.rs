//! Look-up of users by their phone numbers.

use async_trait::async_trait;
use portcullis_domain::{destination::PhoneNumber, phone_number::is_verified, user::User};

use super::Failure;

/// Users by phone number.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait PhoneNumberRepository: Send {
    /// Returns the user with this phone number, whether the user has proven to own it or not.
    async fn find_user(&mut self, number: &PhoneNumber) -> Result<Option<User>, Failure>;

    /// Returns the user who has proven to own this phone number.
    async fn find_owner(&mut self, number: &PhoneNumber) -> Result<Option<User>, Failure> {
        let user = self.find_user(number).await?;
        Ok(user.filter(is_verified))
    }
}
