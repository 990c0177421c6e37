//! Listing and revocation of the caller's sessions.

use std::sync::Arc;

use portcullis_domain::{id::UserId, session::Session, token::SessionToken, verification::RevokingEvent};

use super::StrictCaller;
use crate::{
    context::RequestContext,
    ports::{Clock, Failure, Ports, Repositories, Store, UnitOfWork},
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
    /// Lists the sessions that all of these plugins leave visible.
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

    /// Revokes one of the caller's sessions. A token of another user's session is ignored, as is an unknown token.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn revoke(&self, by: &StrictCaller, token: &SessionToken) -> Result<(), Failure> {
        let user = &by.user().id;
        let mut unit = self.store.begin();
        unit.users().lock(user).await?;
        if unit.sessions().delete_of_user(user, token).await? {
            revoke_tokens(unit.as_mut(), user).await?;
        }
        unit.commit().await
    }

    /// Revokes all of the caller's sessions, including the current one.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn revoke_all(&self, by: &StrictCaller, context: &RequestContext) -> Result<(), Failure> {
        let mut unit = self.begin(by).await?;
        unit.sessions().delete_by_user(&by.user().id).await?;
        self.forget_other_addresses(unit.as_mut(), by, context).await?;
        unit.commit().await
    }

    /// Revokes all of the caller's sessions except the current one.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn revoke_others(&self, by: &StrictCaller, context: &RequestContext) -> Result<(), Failure> {
        let (user, keep) = (&by.user().id, &by.session().token);
        let mut unit = self.begin(by).await?;
        unit.sessions().delete_others_of_user(user, keep).await?;
        self.forget_other_addresses(unit.as_mut(), by, context).await?;
        unit.commit().await
    }

    /// Deletes every known IP address except the caller's: an attacker's address must not keep its own budget of
    /// password guesses.
    async fn forget_other_addresses(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        context: &RequestContext,
    ) -> Result<(), Failure> {
        let user = &by.user().id;
        db.known_addresses().delete_by_user(user).await?;
        if context.is_ip_address_shared {
            return Ok(());
        }
        let now = self.clock.now();
        db.known_addresses()
            .remember(user, &context.ip_address, now)
            .await
    }

    /// Begins a unit of work that locks the user and revokes tokens of the caller's sessions.
    async fn begin(&self, by: &StrictCaller) -> Result<Box<dyn UnitOfWork>, Failure> {
        let user = &by.user().id;
        let mut unit = self.store.begin();
        unit.users().lock(user).await?;
        revoke_tokens(unit.as_mut(), user).await?;
        Ok(unit)
    }
}

/// Revokes the tokens that a session requested: an attacker who stole a session must not return by a link that the
/// session requested.
async fn revoke_tokens(db: &mut dyn Repositories, user: &UserId) -> Result<(), Failure> {
    db.verifications()
        .revoke(RevokingEvent::SessionsRevoked, user)
        .await
}
