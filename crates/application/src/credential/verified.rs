//! A password that was compared with the stored hash.

use chrono::{DateTime, Utc};
use portcullis_domain::{id::AccountId, password::PasswordHash};

use crate::ports::{AccountRepository, Failure};

/// A password that matched the hash of an account.
pub(crate) struct VerifiedPassword {
    pub(super) account: AccountId,
    /// The hash that the password was compared with.
    pub(super) hash: PasswordHash,
    /// A new hash of the same password in the configured form, if `hash` is in an old form.
    pub(super) renewed: Option<PasswordHash>,
}

impl VerifiedPassword {
    /// Returns whether the hash is unchanged, and locks it until the unit of work ends: no session may start with a
    /// password that is being changed. An old form is replaced.
    pub(crate) async fn lock(
        &self,
        accounts: &mut dyn AccountRepository,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        match &self.renewed {
            None => accounts.lock_if_unchanged(&self.account, &self.hash).await,
            Some(renewed) => {
                accounts
                    .replace_hash(&self.account, &self.hash, renewed, now)
                    .await
            }
        }
    }
}
