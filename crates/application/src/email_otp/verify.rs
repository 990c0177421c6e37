//! Verification of an address with a code.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{code::AddressCode, session::Session, token::SessionToken, user::User};

use super::{EmailOtp, EmailOtpError, TypedCode};
use crate::{
    client_token::{ActiveSession, ClientEffects, SessionEffect},
    code::CodeError,
    context::RequestContext,
    ports::Repositories,
    session::StrictCaller,
    sign_in::completion::{Challenge, Outcome, SignInMethod, SigningIn},
};

/// A request to verify an address.
#[derive(Clone, Debug)]
pub struct VerifyAddress {
    /// The code.
    pub typed: TypedCode,
    /// Whether the caller's session outlives the browser.
    pub is_remembered: bool,
}

/// A verified address.
#[derive(Debug)]
pub enum AddressVerified {
    /// The address is verified.
    Done {
        /// The token of the new session. `None`: the user was not signed in.
        token: Option<SessionToken>,
        /// The user.
        user: Box<User>,
        /// The changes to the data that the client stores.
        effects: ClientEffects,
    },
    /// The address is verified. The user must take a second step to be signed in.
    Challenged(Challenge),
}

impl EmailOtp {
    /// Verifies the address of the user who has it. Earlier sessions end, except the one in which the code is
    /// presented: an attacker may have signed up with another person's address.
    ///
    /// # Errors
    ///
    /// [`EmailOtpError::Code`], after the minimum time, also for an address that no user has.
    pub async fn verify(
        &self,
        by: Option<&StrictCaller>,
        command: &VerifyAddress,
        context: &RequestContext,
    ) -> Result<AddressVerified, EmailOtpError> {
        let arrival = self.clock.now();
        let verified = self.verify_now(by, command, context).await;
        if verified.is_err() {
            self.floor.wait(arrival).await;
        }
        verified
    }

    async fn verify_now(
        &self,
        by: Option<&StrictCaller>,
        command: &VerifyAddress,
        context: &RequestContext,
    ) -> Result<AddressVerified, EmailOtpError> {
        let typed = &command.typed;
        let (key, stored) = self
            .compare(AddressCode::EmailVerification, typed, context)
            .await?;
        let now = self.clock.now();
        let mut unit = self.store.begin();
        let Some(user) = self.targets.sign_in.lock(unit.as_mut(), &typed.email).await? else {
            return Err(self.reject_unknown(unit, (&key, &stored), context).await?.into());
        };
        self.codes.consume(unit.as_mut(), &key, &stored, context).await?;
        let own = by.filter(|by| by.user().id == user.id).map(StrictCaller::session);
        let first_proof = self.targets.sign_in.first_proof();
        let proven = first_proof
            .prove_by_message(unit.as_mut(), &user, own.map(|own| &own.token), now)
            .await?;
        let proven = proven.ok_or(CodeError::Wrong)?;
        let verified = if self.options.auto_sign_in {
            self.sign_in_verified(unit.as_mut(), proven, (context, now))
                .await?
        } else {
            AddressVerified::Done {
                token: None,
                effects: effects(own, &proven, command.is_remembered),
                user: Box::new(proven),
            }
        };
        unit.commit().await?;
        Ok(verified)
    }

    async fn sign_in_verified(
        &self,
        db: &mut dyn Repositories,
        user: User,
        (context, now): (&RequestContext, DateTime<Utc>),
    ) -> Result<AddressVerified, EmailOtpError> {
        let signing_in = SigningIn {
            user,
            method: SignInMethod::EmailCode,
            context,
            is_remembered: true,
            now,
        };
        match self.targets.completion.complete(db, signing_in).await? {
            Outcome::Completed(completed) => Ok(AddressVerified::Done {
                token: Some(completed.session.token),
                user: Box::new(completed.user),
                effects: completed.effects,
            }),
            Outcome::Challenged(challenge) => Ok(AddressVerified::Challenged(challenge)),
            Outcome::Refused(refusal) => Err(EmailOtpError::Refused(refusal)),
        }
    }
}

/// The session cookie cache of the user's own session contains the verified address.
fn effects(own: Option<&Session>, user: &User, is_remembered: bool) -> ClientEffects {
    let refreshed = |session: &Session| SessionEffect::RefreshCache {
        active_session: Arc::new(ActiveSession {
            session: session.clone(),
            user: user.clone(),
        }),
        is_remembered,
    };
    own.map_or(SessionEffect::Unchanged, refreshed).into()
}
