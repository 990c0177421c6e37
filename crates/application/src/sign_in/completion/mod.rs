//! Sign-in completion: every sign-in method ends here, once the user is authenticated.

mod method;
mod outcome;

use std::{num::NonZeroU32, sync::Arc};

use chrono::TimeDelta;
use portcullis_domain::{
    session::{NewSession, Session, SessionPolicy},
    user::User,
};

pub use self::{
    method::{Identifier, SignInMethod, SigningIn},
    outcome::{Challenge, Completed, Outcome},
};
use crate::{
    account::FirstProof,
    client_token::{ClientEffects, SessionEffect, TokenEffect},
    ports::{Failure, Ports, Random, RandomExt, Repositories, WriteError},
    seams::{
        Decision, Refusal, SecondStep, SessionDefaults, SessionGuard, SessionLifetimes, SignInObserver, Step,
    },
    session::SessionOptions,
};

/// How many sessions one sign-in ends at most. More than one is over the limit only if the limit was lowered, or if the
/// user signed in several times at once.
const MAX_ENDED: u32 = 100;

/// The plugins that take part in sign-ins, in the order in which they are called.
#[derive(Clone, Default)]
pub struct SignInSeams {
    /// Decide whether the user may have a session.
    pub guards: Arc<[Arc<dyn SessionGuard>]>,
    /// Require a second step. The first plugin that requires one, or for which the client has shown that it needs none,
    /// decides.
    pub second_steps: Arc<[Arc<dyn SecondStep>]>,
    /// Set fields of the new session.
    pub session_defaults: Arc<[Arc<dyn SessionDefaults>]>,
    /// Limit how long the new session lives.
    pub session_lifetimes: SessionLifetimes,
    /// Deletes credentials when the owner of an address first proves to own it.
    pub first_proof: FirstProof,
    /// Called when a user signs in.
    pub observers: Arc<[Arc<dyn SignInObserver>]>,
}

/// Completes sign-ins.
pub struct SignInCompletion {
    random: Arc<dyn Random>,
    options: SessionOptions,
    seams: SignInSeams,
}

impl SignInCompletion {
    /// Creates the completion with these options and these plugins.
    #[must_use]
    pub fn new(ports: &Ports, options: SessionOptions, seams: SignInSeams) -> Self {
        Self {
            random: Arc::clone(&ports.random),
            options,
            seams,
        }
    }

    /// Signs the user in: calls the guards, then the second steps, then starts a session and calls the observers. The
    /// token of the session is always new: a token that the client presents is never reused (session fixation). If the
    /// user now has too many live sessions, the oldest ones end in the same unit of work. The user must be new, or
    /// locked by [`Self::lock_for_seams`].
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn complete(
        &self,
        db: &mut dyn Repositories,
        mut signing_in: SigningIn<'_>,
    ) -> Result<Outcome, Failure> {
        if let Some(refusal) = self.refusal(db, &mut signing_in).await? {
            return Ok(Outcome::Refused(refusal));
        }
        let mut tokens = match self.second_step(db, &signing_in).await? {
            Step::NotAsked => Vec::new(),
            Step::Satisfied(tokens) => tokens,
            Step::Challenge(mut tokens) => {
                tokens.extend(self.observe(db, &signing_in, None).await?);
                return Ok(challenge(tokens, signing_in.is_remembered));
            }
        };
        let session = self.start(db, &signing_in).await?;
        tokens.extend(self.observe(db, &signing_in, Some(&session)).await?);
        let SigningIn {
            user, is_remembered, ..
        } = signing_in;
        let is_remembered = is_remembered && self.limit(&session).is_none();
        let effects = ClientEffects {
            tokens,
            ..self.stored(session.clone(), user.clone(), is_remembered)
        };
        Ok(Outcome::Completed(Box::new(Completed {
            session,
            user,
            effects,
        })))
    }

    /// Returns the effects by which a client stores a session for a full lifetime.
    pub(crate) fn stored(&self, session: Session, user: User, is_remembered: bool) -> ClientEffects {
        let lifetime = is_remembered.then_some(self.policy().expires_in);
        SessionEffect::store(session, user, lifetime).into()
    }

    /// Locks the user and returns the current row if a guard, a second step or an observer takes part. The row that
    /// they check must not change before the session is stored, and they may write: rows are locked in the order of
    /// [`UnitOfWork`](crate::ports::UnitOfWork). Otherwise returns the given row. `None`: the user was deleted.
    pub(crate) async fn lock_for_seams(
        &self,
        db: &mut dyn Repositories,
        user: User,
    ) -> Result<Option<User>, Failure> {
        let SignInSeams {
            guards,
            second_steps,
            observers,
            ..
        } = &self.seams;
        if guards.is_empty() && second_steps.is_empty() && observers.is_empty() {
            return Ok(Some(user));
        }
        db.users().lock(&user.id).await
    }

    /// Returns the deletion of credentials that other persons may have set.
    pub(crate) const fn first_proof(&self) -> &FirstProof {
        &self.seams.first_proof
    }

    const fn policy(&self) -> SessionPolicy {
        self.options.policy
    }

    fn limit(&self, session: &Session) -> Option<TimeDelta> {
        self.seams.session_lifetimes.limit(session)
    }

    async fn refusal(
        &self,
        db: &mut dyn Repositories,
        signing_in: &mut SigningIn<'_>,
    ) -> Result<Option<Refusal>, Failure> {
        let now = signing_in.now;
        for guard in self.seams.guards.iter() {
            if let Decision::Refused(refusal) = guard.check(db, &mut signing_in.user, now).await? {
                return Ok(Some(refusal));
            }
        }
        Ok(None)
    }

    async fn second_step(
        &self,
        db: &mut dyn Repositories,
        signing_in: &SigningIn<'_>,
    ) -> Result<Step, Failure> {
        if !signing_in.method.asks_for_second_step() {
            return Ok(Step::NotAsked);
        }
        for second_step in self.seams.second_steps.iter() {
            match second_step.challenge(db, signing_in).await? {
                Step::NotAsked => {}
                step => return Ok(step),
            }
        }
        Ok(Step::NotAsked)
    }

    async fn observe(
        &self,
        db: &mut dyn Repositories,
        signing_in: &SigningIn<'_>,
        session: Option<&Session>,
    ) -> Result<Vec<TokenEffect>, Failure> {
        let mut tokens = Vec::new();
        for observer in self.seams.observers.iter() {
            tokens.extend(observer.observe(db, signing_in, session).await?);
        }
        Ok(tokens)
    }

    async fn start(&self, db: &mut dyn Repositories, signing_in: &SigningIn<'_>) -> Result<Session, Failure> {
        let SigningIn {
            is_remembered, now, ..
        } = *signing_in;
        let mut session = Session::start(self.new_session(signing_in), self.policy(), is_remembered, now);
        for defaults in self.seams.session_defaults.iter() {
            defaults.prepare(db, &mut session).await?;
        }
        if let Some(lifetime) = self.limit(&session) {
            session.expires_at = signing_in.method.limited_end(now + lifetime);
        }
        let stored = db.sessions().insert(&session).await;
        let session = stored.map_err(WriteError::into_failure)?;
        // After the insertion, which locks the user: a deletion of the user also locks the user before the sessions.
        let max = self
            .options
            .max_per_user
            .filter(|_| signing_in.method.may_end_oldest());
        if let Some(others) = max.map(NonZeroU32::get) {
            db.sessions()
                .delete_oldest(&session, others - 1, MAX_ENDED)
                .await?;
        }
        Ok(session)
    }

    fn new_session(&self, signing_in: &SigningIn<'_>) -> NewSession {
        let new = NewSession {
            id: self.random.id(),
            token: self.random.session_token(),
            user_id: signing_in.user.id.clone(),
            ip_address: signing_in.context.ip_address.clone(),
            user_agent: signing_in.context.user_agent.clone(),
            additional: self.options.fields.defaults(),
        };
        match &signing_in.method {
            SignInMethod::Session(old) => NewSession {
                ip_address: old.ip_address.clone().unwrap_or_default(),
                user_agent: old.user_agent.clone().unwrap_or_default(),
                additional: old.additional.clone(),
                ..new
            },
            SignInMethod::Delegated(values) => NewSession {
                additional: new.additional.with(values),
                ..new
            },
            SignInMethod::Password(_)
            | SignInMethod::SignUp
            | SignInMethod::EmailLink
            | SignInMethod::MagicLink
            | SignInMethod::EmailCode
            | SignInMethod::PhoneCode
            | SignInMethod::Passkey { .. }
            | SignInMethod::Anonymous
            | SignInMethod::Provider { .. }
            | SignInMethod::PasswordChange
            | SignInMethod::SecondFactor => new,
        }
    }
}

/// No session starts before the second step: the client must not keep the token of an older session, which may be
/// another user's.
fn challenge(tokens: Vec<TokenEffect>, is_remembered: bool) -> Outcome {
    let session = SessionEffect::Postpone { is_remembered };
    Outcome::Challenged(Challenge {
        effects: ClientEffects { session, tokens },
    })
}

#[cfg(test)]
mod tests;
