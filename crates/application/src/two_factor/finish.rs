//! Completion after a right second factor.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{id::UserId, session::Session, token::SessionToken, two_factor, user::User};

use super::{
    TwoFactorError, attempts,
    subject::{Subject, reload},
    tokens::{CHALLENGE, Tokens},
};
use crate::{
    client_token::{ClientEffects, DONT_REMEMBER, SessionEffect, TokenEffect},
    context::RequestContext,
    credential::Credentials,
    ports::{Failure, Repositories, UnitOfWork},
    session::StrictCaller,
    sign_in::completion::{Outcome, SignInCompletion, SignInMethod, SigningIn},
};

/// What a client requests with a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented {
    /// Whether later sign-ins of this device need no second step.
    pub trusts_device: bool,
    /// Whether the session outlives the browser.
    pub is_remembered: bool,
}

/// A right second factor.
#[derive(Debug)]
pub struct Verified {
    /// The token of the session that the client has now.
    pub token: SessionToken,
    /// The user.
    pub user: User,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}

/// Signs users in, confirms enrolments, and replaces sessions.
pub(super) struct Finish {
    pub(super) completion: Arc<SignInCompletion>,
    pub(super) credentials: Arc<Credentials>,
    pub(super) tokens: Tokens,
}

impl Finish {
    /// Continues after a right second factor: signs in the user of a challenge; enables the second factor of a caller who
    /// has enrolled; changes nothing for any other caller. Deletes the count of wrong codes, and commits. The user is
    /// locked, and a challenge consumed.
    pub(super) async fn finish(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        (subject, user): (&Subject<'_>, User),
        (presented, context): (Presented, &RequestContext),
        now: DateTime<Utc>,
    ) -> Result<Verified, TwoFactorError> {
        attempts::reset(unit.as_mut(), &user).await?;
        let db = unit.as_mut();
        let verified = match subject {
            Subject::Challenged { .. } => self.sign_in(db, user, (presented, context), now).await?,
            Subject::Caller(by) if two_factor::is_enabled(&user) => unchanged(by, user),
            Subject::Caller(by) => self.enable(db, by, (presented, context), now).await?,
        };
        unit.commit().await?;
        Ok(verified)
    }

    /// Replaces the caller's session after a change of whether sign-in asks for a second factor.
    pub(super) async fn replace_session(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        (is_remembered, context): (bool, &RequestContext),
        now: DateTime<Utc>,
    ) -> Result<Verified, TwoFactorError> {
        let id = &by.user().id;
        let user = reload(db, id).await?.ok_or(TwoFactorError::SessionEnded)?;
        let signing_in = SigningIn {
            user,
            method: SignInMethod::Session(Box::new(by.session().clone())),
            context,
            is_remembered,
            now,
        };
        let verified = self.complete(db, signing_in).await?;
        end(db, id, by.session()).await?;
        Ok(verified)
    }

    async fn enable(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        (presented, context): (Presented, &RequestContext),
        now: DateTime<Utc>,
    ) -> Result<Verified, TwoFactorError> {
        db.two_factors().set_enabled(&by.user().id, true, now).await?;
        self.replace_session(db, by, (presented.is_remembered, context), now)
            .await
    }

    async fn sign_in(
        &self,
        db: &mut dyn Repositories,
        user: User,
        (presented, context): (Presented, &RequestContext),
        now: DateTime<Utc>,
    ) -> Result<Verified, TwoFactorError> {
        let id = user.id.clone();
        let signing_in = SigningIn {
            user,
            method: SignInMethod::SecondFactor,
            context,
            is_remembered: presented.is_remembered,
            now,
        };
        let mut verified = self.complete(db, signing_in).await?;
        let attempts = self.credentials.attempts();
        attempts
            .store_known_address(db, &verified.user, context, now)
            .await?;
        let tokens = &mut verified.effects.tokens;
        tokens.push(TokenEffect::Clear { kind: CHALLENGE });
        if presented.trusts_device {
            tokens.push(self.tokens.trust(db, &id, now).await?);
            tokens.push(TokenEffect::Clear { kind: DONT_REMEMBER });
        }
        Ok(verified)
    }

    async fn complete(
        &self,
        db: &mut dyn Repositories,
        signing_in: SigningIn<'_>,
    ) -> Result<Verified, TwoFactorError> {
        match self.completion.complete(db, signing_in).await? {
            Outcome::Completed(completed) => Ok(Verified {
                token: completed.session.token,
                user: completed.user,
                effects: completed.effects,
            }),
            Outcome::Refused(refusal) => Err(TwoFactorError::Refused(refusal)),
            Outcome::Challenged(_) => Err(TwoFactorError::InvalidChallenge),
        }
    }
}

/// Returns the session that the caller has. The caller is already signed in.
pub(super) fn unchanged(by: &StrictCaller, user: User) -> Verified {
    Verified {
        token: by.session().token.clone(),
        user,
        effects: SessionEffect::Unchanged.into(),
    }
}

async fn end(db: &mut dyn Repositories, user: &UserId, session: &Session) -> Result<(), Failure> {
    db.sessions().delete_of_user(user, &session.token).await?;
    Ok(())
}
