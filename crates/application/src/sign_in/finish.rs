//! Sign-in completion: every sign-in method ends here, once the user is authenticated.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{session::Session, user::User};

use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    ports::{Failure, Ports, Random, RandomExt, Repositories, WriteError},
    session::SessionOptions,
};

/// How many sessions one sign-in ends at most. More than one is over the limit only if the limit was lowered, or if the
/// user signed in several times at once.
const MAX_ENDED: u32 = 100;

/// A completed sign-in.
#[derive(Debug)]
pub struct Entered {
    /// The new session.
    pub session: Session,
    /// The session's user.
    pub user: User,
    /// The change to the client's session data.
    pub effect: SessionEffect,
}

/// The user, the client and the lifetime of the new session.
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

    /// Starts the session. Its token is always new: a token that the client presents is never reused (session
    /// fixation). If the user now has too many live sessions, the oldest ones end in the same unit of work.
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
        if let Some(most) = self.options.max_per_user {
            let others = most.get() - 1;
            db.sessions().delete_oldest(&session, others, MAX_ENDED).await?;
        }

        let lifetime = remembered.then_some(policy.expires_in);
        Ok(Entered {
            effect: SessionEffect::store(session.clone(), user.clone(), lifetime),
            session,
            user,
        })
    }
}
