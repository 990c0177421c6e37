//! Revocation of sessions.

use portcullis_domain::{id::UserId, token::SessionToken};

use super::SessionRegistry;
use crate::{
    context::RequestContext,
    ports::{Failure, Repositories},
    session::{
        StrictCaller,
        ending::{end_sessions, revoke_tokens},
    },
};

impl SessionRegistry {
    /// Revokes one of the caller's sessions. A token of another user's session is ignored, as is an unknown token.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn revoke(&self, by: &StrictCaller, token: &SessionToken) -> Result<(), Failure> {
        self.revoke_of(&by.user().id, token).await
    }

    /// Revokes one of the user's sessions. A token of another user's session is ignored, as is an unknown token.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn revoke_of(&self, user: &UserId, token: &SessionToken) -> Result<(), Failure> {
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
        self.end(by, None, context).await
    }

    /// Revokes all of the caller's sessions except the current one.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn revoke_others(&self, by: &StrictCaller, context: &RequestContext) -> Result<(), Failure> {
        self.end(by, Some(&by.session().token), context).await
    }

    /// Ends the caller's sessions, except the one with the token `keep`. The caller's IP address stays known.
    async fn end(
        &self,
        by: &StrictCaller,
        keep: Option<&SessionToken>,
        context: &RequestContext,
    ) -> Result<(), Failure> {
        let user = &by.user().id;
        let mut unit = self.store.begin();
        unit.users().lock(user).await?;
        end_sessions(unit.as_mut(), user, keep).await?;
        self.remember_address(unit.as_mut(), user, context).await?;
        unit.commit().await
    }

    async fn remember_address(
        &self,
        db: &mut dyn Repositories,
        user: &UserId,
        context: &RequestContext,
    ) -> Result<(), Failure> {
        if context.is_ip_address_shared {
            return Ok(());
        }
        let now = self.clock.now();
        db.known_addresses()
            .remember(user, &context.ip_address, now)
            .await
    }
}
