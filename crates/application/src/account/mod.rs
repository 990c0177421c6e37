//! Listing and unlinking of the caller's accounts.

mod first_proof;

use std::sync::Arc;

use portcullis_domain::account::Account;

pub use self::first_proof::{AddressProof, FirstProof};
use crate::{
    ports::{Failure, Ports, Store},
    session::{FreshCaller, StrictCaller},
};

/// Why an account was not unlinked.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// It is the only account: the user could not sign in any more.
    #[error("the user's last account cannot be unlinked")]
    Last,
    /// The caller has no such account.
    #[error("the user has no such account")]
    NotFound,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// The account to unlink.
#[derive(Clone, Debug)]
pub struct Unlink {
    /// The provider's id.
    pub provider_id: String,
    /// The user's id at the provider. `None`: any.
    pub account_id: Option<String>,
}

/// Lists and unlinks accounts.
pub struct Accounts {
    store: Arc<dyn Store>,
    may_unlink_all: bool,
}

impl Accounts {
    /// Creates the use cases. Unless `may_unlink_all` is set, a user's last account cannot be unlinked.
    #[must_use]
    pub fn new(ports: &Ports, may_unlink_all: bool) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            may_unlink_all,
        }
    }

    /// Returns the caller's accounts.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list(&self, by: &StrictCaller) -> Result<Vec<Account>, Failure> {
        self.store
            .autocommit()
            .accounts()
            .list_by_user(&by.user().id)
            .await
    }

    /// Unlinks one of the caller's accounts, and returns it. Concurrent calls cannot unlink the last account.
    ///
    /// # Errors
    ///
    /// [`UnlinkError::Last`] takes precedence over [`UnlinkError::NotFound`], as in Better Auth.
    pub async fn unlink(&self, by: &FreshCaller, which: &Unlink) -> Result<Account, UnlinkError> {
        let user = &by.user().id;
        let mut unit = self.store.begin();
        // Locked, so that a concurrent unlink waits and then sees that this account is gone.
        unit.users().lock(user).await?.ok_or(UnlinkError::NotFound)?;
        let accounts = unit.accounts().list_by_user(user).await?;
        if accounts.len() == 1 && !self.may_unlink_all {
            return Err(UnlinkError::Last);
        }
        let account = accounts.into_iter().find(|account| which.matches(account));
        let account = account.ok_or(UnlinkError::NotFound)?;
        unit.accounts().delete(&account.id).await?;
        unit.commit().await?;
        Ok(account)
    }
}

impl Unlink {
    fn matches(&self, account: &Account) -> bool {
        let asked = self.account_id.as_ref();
        account.provider_id == self.provider_id && asked.is_none_or(|id| *id == account.account_id)
    }
}

#[cfg(test)]
mod tests;
