//! In with an address and a password.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::Account,
    email::EmailAddress,
    password::{Password, PasswordHash, PasswordPolicy},
    rate_limit::Refused,
    session::SessionPolicy,
    user::User,
};

use super::{
    Entered, FailedSignIns, SignInError,
    attempts::Attempts,
    finish::{Entering, enter},
};
use crate::{
    context::RequestContext,
    password::Floor,
    ports::{Clock, Failure, PasswordHasher, Ports, Random, Store, Verdict},
};

/// How people may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInOptions {
    /// Whether an address and a password are a way in at all.
    pub enabled: bool,
    /// How long a password may be.
    pub password: PasswordPolicy,
    /// How long a session lives.
    pub session: SessionPolicy,
    /// A refusal leaves this long after the request's arrival, so that argon2id, scrypt and no account at all
    /// look alike.
    pub refusal_floor: Duration,
    /// How many sign-ins to one account may fail; none: as many as one likes.
    pub failed_sign_ins: Option<FailedSignIns>,
}

/// Somebody asks to come in.
#[derive(Clone, Debug)]
pub struct SignInWithEmail {
    /// The address.
    pub email: EmailAddress,
    /// The password.
    pub password: Password,
    /// Whether the client is to keep the session when the browser closes.
    pub remember_me: bool,
}

/// Lets people in.
pub struct SignIn {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    hasher: Arc<dyn PasswordHasher>,
    floor: Floor,
    attempts: Option<Attempts>,
    options: SignInOptions,
}

impl SignIn {
    /// Lets people in by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: SignInOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            hasher: Arc::clone(&ports.hasher),
            floor: Floor::new(Arc::clone(&ports.clock), options.refusal_floor),
            attempts: options
                .failed_sign_ins
                .map(|options| Attempts::new(ports, options)),
            options,
        }
    }

    /// Lets somebody in who knows the password of an address. A hash in an old form is replaced on the way.
    ///
    /// # Errors
    ///
    /// [`SignInError::InvalidCredentials`] for an unknown address as for a wrong password, at the same time, and
    /// [`SignInError::TooManyAttempts`] alike after too many of either.
    pub async fn with_email(
        &self,
        command: SignInWithEmail,
        context: &RequestContext,
    ) -> Result<Entered, SignInError> {
        let arrival = self.clock.now();
        if !self.options.enabled {
            return Err(SignInError::Disabled);
        }
        if self.options.password.admit_presented(&command.password).is_err() {
            return Err(SignInError::PasswordTooLong);
        }

        if let Some(refused) = self.begin(&command.email, context, arrival).await? {
            self.floor.wait(arrival).await;
            return Err(SignInError::TooManyAttempts(refused));
        }
        let Some(proven) = self.prove(&command).await? else {
            self.floor.wait(arrival).await;
            return Err(SignInError::InvalidCredentials);
        };
        Ok(self.admit(proven, command.remember_me, context).await?)
    }

    async fn begin(
        &self,
        email: &EmailAddress,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<Option<Refused>, Failure> {
        match &self.attempts {
            Some(attempts) => attempts.begin(email, context, now).await,
            None => Ok(None),
        }
    }

    async fn prove(&self, command: &SignInWithEmail) -> Result<Option<Proven>, Failure> {
        let Some((user, account, hash)) = self.find(&command.email).await? else {
            self.hasher.burn(&command.password).await?;
            return Ok(None);
        };
        let replacement = match self.hasher.verify(&command.password, &hash).await? {
            Verdict::Mismatch => return Ok(None),
            Verdict::Match => None,
            Verdict::MatchButStale => Some(Replacement {
                account,
                stale: hash,
                fresh: self.hasher.hash(&command.password).await?,
            }),
        };
        Ok(Some(Proven { user, replacement }))
    }

    async fn find(&self, email: &EmailAddress) -> Result<Option<(User, Account, PasswordHash)>, Failure> {
        let mut db = self.store.read();
        let Some(user) = db.users().find_by_email(email).await? else {
            return Ok(None);
        };
        let account = db.accounts().find_credential(&user.id).await?;
        Ok(account.and_then(|account| {
            let hash = account.password.clone()?;
            Some((user, account, hash))
        }))
    }

    async fn admit(
        &self,
        Proven { user, replacement }: Proven,
        remembered: bool,
        context: &RequestContext,
    ) -> Result<Entered, Failure> {
        let now = self.clock.now();
        let entering = Entering {
            user: &user.id,
            context,
            remembered,
            now,
        };
        let mut unit = self.store.begin();
        let (session, effect) = enter(
            unit.as_mut(),
            self.random.as_ref(),
            self.options.session,
            &entering,
        )
        .await?;
        if let Some(Replacement {
            account,
            stale,
            fresh,
        }) = &replacement
        {
            // Whoever changed the password meanwhile is right: then nothing is replaced.
            unit.accounts()
                .replace_password(&account.id, stale, fresh, now)
                .await?;
        }
        if let Some(attempts) = &self.attempts {
            let who = (&user.email, &user.id);
            attempts.succeed(unit.as_mut(), who, context, now).await?;
        }
        unit.commit().await?;
        Ok(Entered {
            session,
            user,
            effect,
        })
    }
}

/// A user who has shown the password.
struct Proven {
    user: User,
    replacement: Option<Replacement>,
}

/// A hash in an old form, and the same password's in the form that is configured.
struct Replacement {
    account: Account,
    stale: PasswordHash,
    fresh: PasswordHash,
}
