//! Lists of passwords that attackers know.

use async_trait::async_trait;
use portcullis_domain::password::Password;

use super::Failure;

/// A list of passwords that attackers know from leaked databases.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait CompromisedPasswords: Send + Sync {
    /// Returns whether the list contains the password. Neither the password nor its whole hash leaves the server.
    ///
    /// Fails if the list does not answer in time.
    async fn contains(&self, password: &Password) -> Result<bool, Failure>;
}
