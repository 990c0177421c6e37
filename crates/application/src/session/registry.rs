//! Where a user is present, and leaving those places.

use std::sync::Arc;

use portcullis_domain::{id::UserId, session::Session, token::SessionToken, verification::Purpose};

use super::StrictCaller;
use crate::{
    context::RequestContext,
    ports::{Clock, Failure, Ports, Repositories, Store, UnitOfWork},
};

/// How many sessions are listed at most.
const MOST_LISTED: u32 = 100;

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

    /// The caller's live sessions, the newest first; at most 100.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn list(&self, by: &StrictCaller) -> Result<Vec<Session>, Failure> {
        let now = self.clock.now();
        self.store
            .read()
            .sessions()
            .list_by_user(&by.user().id, now, MOST_LISTED)
            .await
    }

    /// Ends one session of the caller's. A token that is not the caller's is left alone, and not told apart from
    /// one that is nobody's.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn revoke(&self, by: &StrictCaller, token: &SessionToken) -> Result<(), Failure> {
        let user = &by.user().id;
        let mut unit = self.store.begin();
        unit.users().hold(user).await?;
        if unit.sessions().delete_of_user(user, token).await? {
            forget_links(unit.as_mut(), user).await?;
        }
        unit.commit().await
    }

    /// Ends every session of the caller's, this one included.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn revoke_all(&self, by: &StrictCaller, context: &RequestContext) -> Result<(), Failure> {
        let mut unit = self.begin(by).await?;
        unit.sessions().delete_by_user(&by.user().id).await?;
        self.forget_other_addresses(unit.as_mut(), by, context).await?;
        unit.commit().await
    }

    /// Ends every session of the caller's but this one.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn revoke_others(&self, by: &StrictCaller, context: &RequestContext) -> Result<(), Failure> {
        let (user, keep) = (&by.user().id, &by.session().token);
        let mut unit = self.begin(by).await?;
        unit.sessions().delete_others_of_user(user, keep).await?;
        self.forget_other_addresses(unit.as_mut(), by, context).await?;
        unit.commit().await
    }

    /// Forgets every known address but the caller's: a thief's address must not keep its budget of guesses.
    async fn forget_other_addresses(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        context: &RequestContext,
    ) -> Result<(), Failure> {
        let user = &by.user().id;
        db.known_addresses().delete_by_user(user).await?;
        if context.is_address_shared {
            return Ok(());
        }
        let now = self.clock.now();
        db.known_addresses()
            .remember(user, &context.ip_address, now)
            .await
    }

    /// Begins to end sessions.
    async fn begin(&self, by: &StrictCaller) -> Result<Box<dyn UnitOfWork>, Failure> {
        let user = &by.user().id;
        let mut unit = self.store.begin();
        unit.users().hold(user).await?;
        forget_links(unit.as_mut(), user).await?;
        Ok(unit)
    }
}

/// Whoever stole a session must not come back by a link that it asked for.
async fn forget_links(db: &mut dyn Repositories, user: &UserId) -> Result<(), Failure> {
    db.verifications()
        .delete_by_user(&Purpose::OF_SESSIONS, user)
        .await
}
