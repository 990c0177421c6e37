//! The vestibule: the one door through which every way in passes, once it is proven who somebody is.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{session::Session, user::User};

use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    ports::{Failure, Ports, Random, RandomExt, Repositories, WriteError},
    session::SessionOptions,
};

/// Somebody is in.
#[derive(Debug)]
pub struct Entered {
    /// The new session.
    pub session: Session,
    /// Whose it is.
    pub user: User,
    /// What the client is to do.
    pub effect: SessionEffect,
}

/// Who comes in, from where, and for how long.
pub(crate) struct Entering<'a> {
    pub(crate) user: User,
    pub(crate) context: &'a RequestContext,
    pub(crate) remembered: bool,
    pub(crate) now: DateTime<Utc>,
}

/// Starts sessions.
pub(crate) struct Door {
    random: Arc<dyn Random>,
    options: SessionOptions,
}

impl Door {
    pub(crate) fn new(ports: &Ports, options: SessionOptions) -> Self {
        Self {
            random: Arc::clone(&ports.random),
            options,
        }
    }

    /// Starts the session. A token is always a new one: what a client presents is never taken up (session
    /// fixation).
    pub(crate) async fn enter(
        &self,
        db: &mut dyn Repositories,
        entering: Entering<'_>,
    ) -> Result<Entered, Failure> {
        let Entering {
            user,
            context,
            remembered,
            now,
        } = entering;
        let policy = self.options.policy;
        let session = Session {
            id: self.random.id(),
            token: self.random.session_token(),
            user_id: user.id.clone(),
            expires_at: policy.end(now, remembered),
            created_at: now,
            updated_at: now,
            ip_address: Some(context.ip_address.clone()),
            user_agent: Some(context.user_agent.clone()),
            additional: self.options.fields.defaults(),
        };
        db.sessions()
            .insert(&session)
            .await
            .map_err(WriteError::into_failure)?;

        let lifetime = remembered.then_some(policy.expires_in);
        Ok(Entered {
            effect: SessionEffect::keep(session.clone(), user.clone(), lifetime),
            session,
            user,
        })
    }
}
