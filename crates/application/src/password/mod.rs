//! Verification and change of the caller's password.

use std::sync::Arc;

use portcullis_domain::{
    account::Account,
    message::MessageKind,
    password::{Password, PasswordHash},
    user::User,
    verification::RevokingEvent,
};

use crate::{
    client_token::{ClientEffects, SessionEffect},
    context::RequestContext,
    credential::{Credentials, MAX_COMPARISONS, PasswordError},
    message::{MessageOptions, MessageWriter},
    ports::{Clock, Ports, Repositories, Store},
    seams::PasswordSource,
    session::{StrictCaller, delete_sessions},
    sign_in::completion::{Outcome, SignInCompletion, SignInMethod, SigningIn},
};

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
    /// The changes to the data that the client stores: the new session if one was started.
    pub effects: ClientEffects,
}

/// Verifies and changes passwords of callers.
pub struct Passwords {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    credentials: Arc<Credentials>,
    completion: Arc<SignInCompletion>,
    messages: MessageWriter,
}

/// A change of the password that is about to be stored.
struct Change<'a> {
    by: &'a StrictCaller,
    command: &'a ChangePassword,
    context: &'a RequestContext,
    account: Account,
    from: PasswordHash,
    to: PasswordHash,
}

impl Passwords {
    /// Creates the use cases. `messages` decides whether users are notified of changes.
    #[must_use]
    pub fn new(
        ports: &Ports,
        completion: Arc<SignInCompletion>,
        credentials: Arc<Credentials>,
        messages: MessageOptions,
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            credentials,
            completion,
            messages: MessageWriter::new(ports, messages),
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
        match self.credentials.prove(by, password, context).await {
            Err(PasswordError::NoCredential) => {
                self.credentials.burn(password).await?;
                self.credentials.wait(arrival).await;
                Err(PasswordError::Wrong)
            }
            outcome => outcome,
        }
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
        let (credentials, arrival) = (&self.credentials, self.clock.now());
        credentials.check_new(&command.new)?;
        credentials.check_presented(&command.current)?;
        let user = &by.user().id;
        let mut found = credentials.find(user).await?.ok_or(PasswordError::NoCredential)?;
        credentials.count(by, context, arrival).await?;

        for _ in 0..MAX_COMPARISONS {
            let (account, from) = found;
            if !credentials.matches(&command.current, &from).await? {
                break;
            }
            let change = Change {
                by,
                command: &command,
                context,
                account,
                from,
                to: credentials.hash(&command.new, PasswordSource::Change).await?,
            };
            if let Some(changed) = self.store(&change).await? {
                return Ok(changed);
            }
            found = credentials.find(user).await?.ok_or(PasswordError::NoCredential)?;
        }
        credentials.wait(arrival).await;
        Err(PasswordError::Wrong)
    }

    /// Stores the new hash. `None`: the old hash was replaced, or the user deleted, meanwhile.
    async fn store(&self, change: &Change<'_>) -> Result<Option<Changed>, PasswordError> {
        let (user, now) = (change.by.user(), self.clock.now());
        let notice = self
            .messages
            .notice(MessageKind::PasswordChanged, user, &user.email, now);
        let mut unit = self.store.begin();
        let Some(locked) = unit.users().lock(&user.id).await? else {
            return Ok(None);
        };
        unit.verifications()
            .revoke(RevokingEvent::PasswordChange, &user.id)
            .await?;
        let Change {
            account, from, to, ..
        } = change;
        if !unit.accounts().replace_hash(&account.id, from, to, now).await? {
            return Ok(None);
        }
        let effects = if change.command.revoke_other_sessions {
            self.replace_sessions(unit.as_mut(), change, locked.clone())
                .await?
        } else {
            SessionEffect::Unchanged.into()
        };
        if let Some(notice) = notice {
            notice.queue(unit.as_mut(), now).await?;
        }
        let attempts = self.credentials.attempts();
        attempts
            .record_success(unit.as_mut(), user, change.context, now)
            .await?;
        self.messages.commit(unit).await?;
        Ok(Some(Changed {
            user: locked,
            effects,
        }))
    }

    /// Revokes all sessions and starts a new one for this client. The user is locked.
    async fn replace_sessions(
        &self,
        db: &mut dyn Repositories,
        change: &Change<'_>,
        user: User,
    ) -> Result<ClientEffects, PasswordError> {
        delete_sessions(db, &user.id, None).await?;
        let signing_in = SigningIn {
            user,
            method: SignInMethod::PasswordChange,
            context: change.context,
            is_remembered: change.command.remembered,
            now: self.clock.now(),
        };
        match self.completion.complete(db, signing_in).await? {
            Outcome::Completed(completed) => Ok(completed.effects),
            Outcome::Challenged(challenge) => Ok(challenge.effects),
            Outcome::Refused(refusal) => Err(PasswordError::SessionRefused(refusal)),
        }
    }
}

#[cfg(test)]
mod tests;
