//! Look-up of users by their user names.

use async_trait::async_trait;
use portcullis_domain::user::User;

use super::Failure;

/// Users by user name.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait UsernameRepository: Send {
    /// Returns the user with this normalised user name.
    async fn find_user(&mut self, username: &str) -> Result<Option<User>, Failure>;
}
