//! The user whose second factor is checked.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{code::CodeKey, id::UserId, token::OneTimeToken, user::User, verification::Purpose};

use super::{TwoFactorError, tokens::CHALLENGE};
use crate::{
    clock_check::ClockCheck,
    context::RequestContext,
    ports::{Clock, Failure, Ports, Repositories, Store, UnitOfWork},
    session::StrictCaller,
};

/// A user who presents a second factor.
pub(super) enum Subject<'a> {
    /// A caller with a session.
    Caller(&'a StrictCaller),
    /// A client whose sign-in waits for its second step.
    Challenged {
        /// The user who signs in.
        user: Box<User>,
        /// The challenge.
        challenge: OneTimeToken,
    },
}

impl Subject<'_> {
    pub(super) fn user(&self) -> &User {
        match self {
            Self::Caller(by) => by.user(),
            Self::Challenged { user, .. } => user,
        }
    }

    /// The key of the codes that messages deliver to the user for this purpose.
    pub(super) fn code_key(&self) -> CodeKey {
        match self {
            Self::Caller(by) => CodeKey::TwoFactorSession(by.user().id.clone(), by.session().id.clone()),
            Self::Challenged { challenge, .. } => CodeKey::TwoFactorChallenge(challenge.clone()),
        }
    }
}

/// Finds the user who presents a second factor.
pub(super) struct Subjects {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
}

impl Subjects {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
        }
    }

    /// Returns the caller, or else the user of the challenge that the client presents. The challenge stays valid.
    pub(super) async fn find<'a>(
        &self,
        by: Option<&'a StrictCaller>,
        context: &RequestContext,
    ) -> Result<Subject<'a>, TwoFactorError> {
        if let Some(by) = by {
            return Ok(Subject::Caller(by));
        }
        let challenge = context.token(CHALLENGE).ok_or(TwoFactorError::InvalidChallenge)?;
        let challenge = OneTimeToken::new(challenge);
        let mut db = self.store.autocommit();
        let found = db
            .verifications()
            .find(Purpose::TwoFactorChallenge, &challenge)
            .await?
            .ok_or(TwoFactorError::InvalidChallenge)?;
        if !found.is_live(self.clock.now()) {
            self.clock_check.confirm().await?;
            return Err(TwoFactorError::InvalidChallenge);
        }
        let user = db.users().find(&found.user_id).await?;
        let user = user.map(Box::new).ok_or(TwoFactorError::InvalidChallenge)?;
        Ok(Subject::Challenged { user, challenge })
    }

    /// Begins a unit of work that locks the user, and consumes the challenge: of several concurrent requests with one
    /// challenge, one continues. Returns the user as stored now.
    pub(super) async fn begin(
        &self,
        subject: &Subject<'_>,
        now: DateTime<Utc>,
    ) -> Result<(Box<dyn UnitOfWork>, User), TwoFactorError> {
        match subject {
            Subject::Caller(by) => {
                let unit = by.begin(self.store.as_ref()).await?;
                let mut unit = unit.ok_or(TwoFactorError::SessionEnded)?;
                let user = reload(unit.as_mut(), &by.user().id).await?;
                Ok((unit, user.ok_or(TwoFactorError::SessionEnded)?))
            }
            Subject::Challenged { user, challenge } => {
                let mut unit = self.store.begin();
                let user = unit.users().lock(&user.id).await?;
                let user = user.ok_or(TwoFactorError::InvalidChallenge)?;
                unit.verifications()
                    .consume(Purpose::TwoFactorChallenge, challenge)
                    .await?
                    .filter(|consumed| consumed.user_id == user.id && consumed.is_live(now))
                    .ok_or(TwoFactorError::InvalidChallenge)?;
                Ok((unit, user))
            }
        }
    }
}

/// Returns the user as stored now.
pub(super) async fn reload(db: &mut dyn Repositories, user: &UserId) -> Result<Option<User>, Failure> {
    db.users().find(user).await
}
