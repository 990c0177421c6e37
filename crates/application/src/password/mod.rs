//! The caller's own password: shown again, or changed.

mod error;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::Account,
    message::MessageKind,
    password::{Password, PasswordHash, PasswordPolicy},
    user::User,
    verification::Purpose,
};

pub use self::error::PasswordError;
use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    floor::Floor,
    message::{MessageOptions, Post},
    ports::{Clock, Failure, PasswordHasher, Ports, Repositories, Store, Verdict},
    session::{SessionOptions, StrictCaller},
    sign_in::{
        Attempts, FailedSignIns, PROOFS,
        finish::{Door, Entering},
    },
};

/// What passwords may be and how refusals leave.
#[derive(Clone, Debug, PartialEq)]
pub struct PasswordOptions {
    /// How long a password may be.
    pub policy: PasswordPolicy,
    /// What a session is like that a change begins.
    pub session: SessionOptions,
    /// A refusal leaves this long after the request's arrival.
    pub refusal_floor: Duration,
    /// How many attempts may fail, counted together with those to sign in; none: as many as one likes.
    pub failed_sign_ins: Option<FailedSignIns>,
    /// What is told to people.
    pub messages: MessageOptions,
}

/// The caller asks for another password.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The password that is to go.
    pub current: Password,
    /// The password that is to come.
    pub new: Password,
    /// Whether every session ends and a new one begins for this client.
    pub revoke_other_sessions: bool,
    /// Whether the client keeps its session when the browser closes.
    pub remembered: bool,
}

/// The password is another.
#[derive(Debug)]
pub struct Changed {
    /// Whose it is.
    pub user: User,
    /// What the client is to do: keep the new session, where one began.
    pub effect: SessionEffect,
}

/// Compares and changes passwords of callers.
pub struct Passwords {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hasher: Arc<dyn PasswordHasher>,
    door: Door,
    post: Post,
    floor: Floor,
    attempts: Attempts,
    options: PasswordOptions,
}

impl Passwords {
    /// Works by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: PasswordOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            hasher: Arc::clone(&ports.hasher),
            door: Door::new(ports, options.session.clone()),
            post: Post::new(ports, options.messages.clone()),
            floor: Floor::new(Arc::clone(&ports.clock), options.refusal_floor),
            attempts: Attempts::new(ports, options.failed_sign_ins),
            options,
        }
    }

    /// Whether the caller knows the password.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Wrong`] also for a caller who has none, after the same work.
    pub async fn verify(
        &self,
        by: &StrictCaller,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), PasswordError> {
        let arrival = self.clock.now();
        match self.prove(by, password, context).await {
            Err(PasswordError::NoCredential) => {
                self.hasher.burn(password).await?;
                self.floor.wait(arrival).await;
                Err(PasswordError::Wrong)
            }
            outcome => outcome,
        }
    }

    /// Whether the caller knows the password, told from whether there is one.
    ///
    /// # Errors
    ///
    /// [`PasswordError::NoCredential`] for a caller who has none.
    pub(crate) async fn prove(
        &self,
        by: &StrictCaller,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), PasswordError> {
        let arrival = self.clock.now();
        self.options.policy.admit_presented(password)?;
        let (_, hash) = self.find(by).await?.ok_or(PasswordError::NoCredential)?;
        self.begin(by, context, arrival).await?;
        if self.hasher.verify(password, &hash).await? == Verdict::Mismatch {
            self.floor.wait(arrival).await;
            return Err(PasswordError::Wrong);
        }
        self.succeed(self.store.read().as_mut(), by, context, self.clock.now())
            .await?;
        Ok(())
    }

    /// Replaces the caller's password.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Wrong`] also to whoever loses a race: the current password is then no longer the current.
    pub async fn change(
        &self,
        by: &StrictCaller,
        command: ChangePassword,
        context: &RequestContext,
    ) -> Result<Changed, PasswordError> {
        let arrival = self.clock.now();
        self.options.policy.admit_new(&command.new)?;
        self.options.policy.admit_presented(&command.current)?;
        let mut found = self.find(by).await?.ok_or(PasswordError::NoCredential)?;
        self.begin(by, context, arrival).await?;

        for _ in 0..PROOFS {
            let (account, from) = found;
            if self.hasher.verify(&command.current, &from).await? == Verdict::Mismatch {
                break;
            }
            let to = self.hasher.hash(&command.new).await?;
            let replacement = Replacement { account, from, to };
            if let Some(changed) = self.replace(by, &command, context, &replacement).await? {
                return Ok(changed);
            }
            found = self.find(by).await?.ok_or(PasswordError::NoCredential)?;
        }
        self.floor.wait(arrival).await;
        Err(PasswordError::Wrong)
    }

    /// Counts the attempt as one to sign in: whoever has somebody's session may guess no more often.
    async fn begin(
        &self,
        by: &StrictCaller,
        context: &RequestContext,
        arrival: DateTime<Utc>,
    ) -> Result<(), PasswordError> {
        if let Some(refused) = self.attempts.begin(&by.user().email, context, arrival).await? {
            self.floor.wait(arrival).await;
            return Err(PasswordError::TooManyAttempts(refused));
        }
        Ok(())
    }

    /// The password was right.
    async fn succeed(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let who = (&by.user().email, &by.user().id);
        self.attempts.succeed(db, who, context, now).await
    }

    /// Replaces the hash; none where another was there meanwhile.
    async fn replace(
        &self,
        by: &StrictCaller,
        command: &ChangePassword,
        context: &RequestContext,
        Replacement { account, from, to }: &Replacement,
    ) -> Result<Option<Changed>, Failure> {
        let (user, now) = (by.user(), self.clock.now());
        let notice = self
            .post
            .notice(MessageKind::PasswordChanged, user, &user.email, now);
        let mut unit = self.store.begin();
        unit.users().hold(&user.id).await?;
        unit.verifications()
            .delete_by_user(&Purpose::ENDED_BY_PASSWORD, &user.id)
            .await?;
        let accounts = unit.accounts();
        if !accounts.replace_password(&account.id, from, to, now).await? {
            return Ok(None);
        }
        let mut effect = SessionEffect::None;
        if command.revoke_other_sessions {
            unit.sessions().delete_by_user(&user.id).await?;
            unit.known_addresses().delete_by_user(&user.id).await?;
            let entering = Entering {
                user: user.clone(),
                context,
                remembered: command.remembered,
                now,
            };
            effect = self.door.enter(unit.as_mut(), entering).await?.effect;
        }
        if let Some(notice) = notice {
            notice.queue(unit.as_mut(), now).await?;
        }
        self.succeed(unit.as_mut(), by, context, now).await?;
        self.post.commit(unit).await?;
        Ok(Some(Changed {
            user: user.clone(),
            effect,
        }))
    }

    async fn find(&self, by: &StrictCaller) -> Result<Option<(Account, PasswordHash)>, Failure> {
        let account = self
            .store
            .read()
            .accounts()
            .find_credential(&by.user().id)
            .await?;
        Ok(account.and_then(Account::with_hash))
    }
}

/// One hash for another.
struct Replacement {
    account: Account,
    from: PasswordHash,
    to: PasswordHash,
}

#[cfg(test)]
mod tests;
