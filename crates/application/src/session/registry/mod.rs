//! Listing and revocation of the caller's sessions.

mod revocation;

use std::sync::Arc;

use portcullis_domain::session::Session;

use super::StrictCaller;
use crate::{
    ports::{Clock, Failure, Ports, Store},
    seams::SessionLens,
};

/// The maximum number of listed sessions.
const MAX_LISTED: u32 = 100;

/// Lists and revokes the sessions of a user.
pub struct SessionRegistry {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    lenses: Arc<[Arc<dyn SessionLens>]>,
}

impl SessionRegistry {
    /// Creates the use cases. A session is listed only if it is visible by all of these plugins.
    #[must_use]
    pub fn new(ports: &Ports, lenses: Arc<[Arc<dyn SessionLens>]>) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            lenses,
        }
    }

    /// Returns the caller's live sessions that plugins do not hide, the newest first; at most 100.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list(&self, by: &StrictCaller) -> Result<Vec<Session>, Failure> {
        let now = self.clock.now();
        let mut sessions = self
            .store
            .autocommit()
            .sessions()
            .list_by_user(&by.user().id, now, MAX_LISTED)
            .await?;
        sessions.retain(|session| self.lenses.iter().all(|lens| lens.is_visible(session)));
        Ok(sessions)
    }
}
