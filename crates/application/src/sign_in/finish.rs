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

/// How many sessions one sign-in ends at most. More than one are there to end only if the limit is new, or if users signed
/// in at once.
const MOST_ENDED: u32 = 100;

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
    /// fixation). If the user has too many live sessions by now, the oldest ones end in the same unit of work.
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
        // After the insertion, which locks the user: a deletion of the user also locks the user before the sessions.
        if let Some(most) = self.options.most_per_user {
            let others = most.get() - 1;
            db.sessions().delete_oldest(&session, others, MOST_ENDED).await?;
        }

        let lifetime = remembered.then_some(policy.expires_in);
        Ok(Entered {
            effect: SessionEffect::keep(session.clone(), user.clone(), lifetime),
            session,
            user,
        })
    }
}
