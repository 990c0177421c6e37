//! Refusal of live sessions.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    additional::AdditionalFields, id::SessionId, session::Session, token::SessionToken, user::User,
};

use crate::ports::{Failure, Repositories, Store};

/// Ends sessions that must not be used any more, for example because another program has banned the user. It is called
/// for each read of a session, so the session cookie cache is not used if there is any veto.
#[async_trait]
pub trait SessionVeto: Send + Sync {
    /// Returns whether this live session of this user must end. Both were just read. It should decide about most sessions
    /// without a lookup.
    async fn is_refused(
        &self,
        db: &mut dyn Repositories,
        active: (&Session, &User),
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;
}

/// The vetoes of all plugins.
#[derive(Clone, Default)]
pub struct SessionVetoes(Arc<[Arc<dyn SessionVeto>]>);

impl SessionVetoes {
    /// Creates the list of these plugins.
    #[must_use]
    pub fn new(plugins: Arc<[Arc<dyn SessionVeto>]>) -> Self {
        Self(plugins)
    }

    /// Returns whether there are no vetoes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a plugin refuses this live session of this user.
    pub(crate) async fn is_refused(
        &self,
        store: &dyn Store,
        active: (&Session, &User),
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        for plugin in self.0.iter() {
            if plugin
                .is_refused(store.autocommit().as_mut(), active, now)
                .await?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether a plugin would refuse a session that this user started now.
    pub(crate) async fn refuse_sessions_of(
        &self,
        store: &dyn Store,
        user: &User,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let session = Session {
            id: SessionId::new(""),
            token: SessionToken::new(""),
            user_id: user.id.clone(),
            expires_at: now,
            created_at: now,
            updated_at: now,
            ip_address: None,
            user_agent: None,
            additional: AdditionalFields::default(),
        };
        self.is_refused(store, (&session, user), now).await
    }
}
