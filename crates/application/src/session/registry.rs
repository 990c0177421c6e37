//! Where a user is present, and leaving those places.

use std::sync::Arc;

use portcullis_domain::{session::Session, token::SessionToken};

use super::StrictCaller;
use crate::ports::{Clock, Failure, Ports, Store};

/// Lists and ends the sessions of a user.
pub struct SessionRegistry {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl SessionRegistry {
    /// Works on this store.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// The caller's live sessions.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn list(&self, by: &StrictCaller) -> Result<Vec<Session>, Failure> {
        let now = self.clock.now();
        self.store
            .read()
            .sessions()
            .list_by_user(&by.user().id, now)
            .await
    }

    /// Ends one session of the caller's. A token that is not the caller's is left alone, and not told apart from
    /// one that is nobody's.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn revoke(&self, by: &StrictCaller, token: &SessionToken) -> Result<(), Failure> {
        self.store
            .read()
            .sessions()
            .delete_of_user(&by.user().id, token)
            .await
    }

    /// Ends every session of the caller's, this one included.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn revoke_all(&self, by: &StrictCaller) -> Result<(), Failure> {
        self.store.read().sessions().delete_by_user(&by.user().id).await
    }

    /// Ends every session of the caller's but this one.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn revoke_others(&self, by: &StrictCaller) -> Result<(), Failure> {
        let keep = &by.session().token;
        self.store
            .read()
            .sessions()
            .delete_others_of_user(&by.user().id, keep)
            .await
    }
}
