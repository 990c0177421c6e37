//! The vestibule: the one door through which every way in passes, once it is proven who somebody is.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    session::{Session, SessionPolicy},
    user::User,
};

use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    ports::{Failure, Random, RandomExt, Repositories, WriteError},
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
    pub(crate) user: &'a UserId,
    pub(crate) context: &'a RequestContext,
    pub(crate) remembered: bool,
    pub(crate) now: DateTime<Utc>,
}

/// Starts the session. A token is always a new one: what a client presents is never taken up (session fixation).
pub(crate) async fn enter(
    db: &mut dyn Repositories,
    random: &dyn Random,
    policy: SessionPolicy,
    entering: &Entering<'_>,
) -> Result<(Session, SessionEffect), Failure> {
    let session = Session {
        id: random.id(),
        token: random.session_token(),
        user_id: entering.user.clone(),
        expires_at: policy.end(entering.now, entering.remembered),
        created_at: entering.now,
        updated_at: entering.now,
        ip_address: Some(entering.context.ip_address.clone()),
        user_agent: Some(entering.context.user_agent.clone()),
    };
    db.sessions()
        .insert(&session)
        .await
        .map_err(WriteError::into_failure)?;

    let effect = SessionEffect::Keep {
        token: session.token.clone(),
        lifetime: entering.remembered.then_some(policy.expires_in),
    };
    Ok((session, effect))
}
