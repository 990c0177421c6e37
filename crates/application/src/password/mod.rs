//! Verification and change of the caller's password.

mod error;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::Account,
    message::MessageKind,
    password::{Password, PasswordHash, PasswordPolicy},
    user::User,
    verification::RevokingEvent,
};

pub use self::error::PasswordError;
use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    floor::Floor,
    message::{MessageOptions, MessageWriter},
    ports::{Clock, Failure, PasswordHasher, Ports, Repositories, Store, Verdict},
    session::{SessionOptions, StrictCaller},
    sign_in::{
        Attempts, FailedSignIns, MAX_PASSWORD_COMPARISONS,
        finish::{Door, Entering},
    },
};

/// Options of password verification and change.
#[derive(Clone, Debug, PartialEq)]
pub struct PasswordOptions {
    /// The password policy.
    pub policy: PasswordPolicy,
    /// Options of a session that a change starts.
    pub session: SessionOptions,
    /// Minimum time of a rejection.
    pub refusal_floor: Duration,
    /// The limit on failed attempts, counted together with sign-ins. `None`: unlimited.
    pub failed_sign_ins: Option<FailedSignIns>,
    /// Options of messages.
    pub messages: MessageOptions,
}

/// A request to change the password.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The current password.
    pub current: Password,
    /// The new password.
    pub new: Password,
    /// Whether all sessions are revoked and a new one is started for this client.
    pub revoke_other_sessions: bool,
    /// Whether the session outlives the browser.
    pub remembered: bool,
}

/// A changed password.
#[derive(Debug)]
pub struct Changed {
    /// The password's user.
    pub user: User,
    /// The change to the client's session data: store the new session if one was started.
    pub effect: SessionEffect,
}

/// Verifies and changes passwords of callers.
pub struct Passwords {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hasher: Arc<dyn PasswordHasher>,
    door: Door,
    messages: MessageWriter,
    floor: Floor,
    attempts: Attempts,
    options: PasswordOptions,
}

impl Passwords {
    /// Verifies and changes passwords by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: PasswordOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            hasher: Arc::clone(&ports.hasher),
            door: Door::new(ports, options.session.clone()),
            messages: MessageWriter::new(ports, options.messages.clone()),
            floor: Floor::new(Arc::clone(&ports.clock), options.refusal_floor),
            attempts: Attempts::new(ports, options.failed_sign_ins),
            options,
        }
    }

    /// Verifies the caller's password.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Wrong`] also for a caller who has no password, after the same work.
    pub async fn verify(
        &self,
        by: &StrictCaller,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), PasswordError> {
        let arrival = self.clock.now();
        match self.prove(by, password, context).await {
            Err(PasswordError::NoCredential) => {
                self.hasher.hash_dummy(password).await?;
                self.floor.wait(arrival).await;
                Err(PasswordError::Wrong)
            }
            outcome => outcome,
        }
    }

    /// Verifies the caller's password, and distinguishes a wrong password from a missing one.
    ///
    /// # Errors
    ///
    /// [`PasswordError::NoCredential`] for a caller who has no password.
    pub(crate) async fn prove(
        &self,
        by: &StrictCaller,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), PasswordError> {
        let arrival = self.clock.now();
        self.options.policy.check_presented(password)?;
        let (_, hash) = self.find(by).await?.ok_or(PasswordError::NoCredential)?;
        self.begin(by, context, arrival).await?;
        if self.hasher.verify(password, &hash).await? == Verdict::Mismatch {
            self.floor.wait(arrival).await;
            return Err(PasswordError::Wrong);
        }
        self.succeed(self.store.autocommit().as_mut(), by, context, self.clock.now())
            .await?;
        Ok(())
    }

    /// Replaces the caller's password.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Wrong`] also after a lost race: the given password is then no longer the current one.
    pub async fn change(
        &self,
        by: &StrictCaller,
        command: ChangePassword,
        context: &RequestContext,
    ) -> Result<Changed, PasswordError> {
        let arrival = self.clock.now();
        self.options.policy.check_new(&command.new)?;
        self.options.policy.check_presented(&command.current)?;
        let mut found = self.find(by).await?.ok_or(PasswordError::NoCredential)?;
        self.begin(by, context, arrival).await?;

        for _ in 0..MAX_PASSWORD_COMPARISONS {
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

    /// Counts the attempt as a sign-in attempt: an attacker with a stolen session must not get more guesses.
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

    /// Deletes the counts of failures after a right password.
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

    /// Replaces the hash. `None`: the hash was replaced meanwhile.
    async fn replace(
        &self,
        by: &StrictCaller,
        command: &ChangePassword,
        context: &RequestContext,
        Replacement { account, from, to }: &Replacement,
    ) -> Result<Option<Changed>, Failure> {
        let (user, now) = (by.user(), self.clock.now());
        let notice = self
            .messages
            .notice(MessageKind::PasswordChanged, user, &user.email, now);
        let mut unit = self.store.begin();
        unit.users().lock(&user.id).await?;
        unit.verifications()
            .revoke(RevokingEvent::PasswordChange, &user.id)
            .await?;
        let accounts = unit.accounts();
        if !accounts.replace_hash(&account.id, from, to, now).await? {
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
        self.messages.commit(unit).await?;
        Ok(Some(Changed {
            user: user.clone(),
            effect,
        }))
    }

    async fn find(&self, by: &StrictCaller) -> Result<Option<(Account, PasswordHash)>, Failure> {
        let account = self
            .store
            .autocommit()
            .accounts()
            .find_credential(&by.user().id)
            .await?;
        Ok(account.and_then(Account::with_hash))
    }
}

/// An old and a new hash.
struct Replacement {
    account: Account,
    from: PasswordHash,
    to: PasswordHash,
}

#[cfg(test)]
mod tests;
