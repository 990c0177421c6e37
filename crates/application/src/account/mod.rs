//! The ways in which a user can prove who they are: listed, and given up.

use std::sync::Arc;

use portcullis_domain::account::Account;

use crate::{
    ports::{Failure, Ports, Store},
    session::{FreshCaller, StrictCaller},
};

/// Why an account was not given up.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// It is the only one: nobody could sign in any more.
    #[error("it is the last account")]
    Last,
    /// The caller has no such account.
    #[error("there is no such account")]
    NotFound,
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Which account is given up.
#[derive(Clone, Debug)]
pub struct Unlink {
    /// Who vouches for the user there.
    pub provider_id: String,
    /// What the provider calls the user; none: whichever it is.
    pub account_id: Option<String>,
}

/// Lists accounts and gives them up.
pub struct Accounts {
    store: Arc<dyn Store>,
    may_unlink_all: bool,
}

impl Accounts {
    /// Works on this store. Unless `may_unlink_all`, one account of each user always stays.
    #[must_use]
    pub fn new(ports: &Ports, may_unlink_all: bool) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            may_unlink_all,
        }
    }

    /// The caller's accounts.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn list(&self, by: &StrictCaller) -> Result<Vec<Account>, Failure> {
        self.store.read().accounts().list_by_user(&by.user().id).await
    }

    /// Gives up one of the caller's accounts. Of many who do so at once none gives up the last.
    ///
    /// # Errors
    ///
    /// [`UnlinkError::Last`] before it is looked whether there is such an account, as in the reference.
    pub async fn unlink(&self, by: &FreshCaller, which: &Unlink) -> Result<(), UnlinkError> {
        let user = &by.user().id;
        let mut unit = self.store.begin();
        // Held, so that whoever gives up another account waits and then sees that this one is gone.
        unit.users().hold(user).await?.ok_or(UnlinkError::NotFound)?;
        let accounts = unit.accounts().list_by_user(user).await?;
        if accounts.len() == 1 && !self.may_unlink_all {
            return Err(UnlinkError::Last);
        }
        let account = accounts.iter().find(|account| which.is(account));
        let account = account.ok_or(UnlinkError::NotFound)?;
        unit.accounts().delete(&account.id).await?;
        Ok(unit.commit().await?)
    }
}

impl Unlink {
    fn is(&self, account: &Account) -> bool {
        let asked = self.account_id.as_ref();
        account.provider_id == self.provider_id && asked.is_none_or(|id| *id == account.account_id)
    }
}

#[cfg(test)]
mod tests;
