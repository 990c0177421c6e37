//! Sign-in with e-mail address and password.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    account::Account,
    email::EmailAddress,
    email_verification::LinkRequest,
    id::AccountId,
    password::{Password, PasswordHash, PasswordPolicy},
    user::User,
};

use super::{
    Entered, FailedSignIns, SignInError,
    attempts::Attempts,
    finish::{Door, Entering},
};
use crate::{
    context::RequestContext,
    email_verification::{LinkMessage, LinkMessageWriter},
    floor::Floor,
    message::{MessageOptions, Requester},
    ports::{AccountRepository, Clock, Failure, PasswordHasher, Ports, Store, Verdict},
    session::SessionOptions,
};

/// How often a password is compared if its hash changes during the comparison. The same password may have been
/// rehashed, or another password was set, which then does not match.
pub(crate) const MAX_PASSWORD_COMPARISONS: usize = 3;

/// Options of sign-in.
#[derive(Clone, Debug, PartialEq)]
pub struct SignInOptions {
    /// Whether sign-in with e-mail address and password is enabled.
    pub enabled: bool,
    /// The password policy.
    pub password: PasswordPolicy,
    /// Options of the new session.
    pub session: SessionOptions,
    /// Minimum time of a rejection, so that argon2id, scrypt and a missing account cannot be distinguished.
    pub refusal_floor: Duration,
    /// The limit on failed sign-ins to one account. `None`: unlimited.
    pub failed_sign_ins: Option<FailedSignIns>,
    /// Whether sign-in requires a verified e-mail address.
    pub requires_verified_email: bool,
    /// Whether a user who is rejected for that is sent a verification link.
    pub sends_verification_link: bool,
    /// Options of messages.
    pub messages: MessageOptions,
    /// How long the verification link is valid.
    pub link_expires_in: TimeDelta,
}

/// A sign-in request.
#[derive(Clone, Debug)]
pub struct SignInWithEmail {
    /// The e-mail address.
    pub email: EmailAddress,
    /// The password.
    pub password: Password,
    /// Whether the session outlives the browser.
    pub remember_me: bool,
    /// The URL to which the verification link redirects.
    pub callback_url: Option<String>,
}

/// Signs users in.
pub struct SignIn {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hasher: Arc<dyn PasswordHasher>,
    door: Door,
    writer: LinkMessageWriter,
    floor: Floor,
    attempts: Attempts,
    options: SignInOptions,
}

impl SignIn {
    /// Signs users in by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: SignInOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            hasher: Arc::clone(&ports.hasher),
            door: Door::new(ports, options.session.clone()),
            writer: LinkMessageWriter::new(ports, options.messages.clone(), options.link_expires_in),
            floor: Floor::new(Arc::clone(&ports.clock), options.refusal_floor),
            attempts: Attempts::new(ports, options.failed_sign_ins),
            options,
        }
    }

    /// Signs in the user with this e-mail address and password. A hash in an old form is replaced.
    ///
    /// # Errors
    ///
    /// [`SignInError::InvalidCredentials`] for an unknown e-mail address and for a wrong password, after the same time.
    /// [`SignInError::TooManyAttempts`] after too many of either. [`SignInError::EmailNotVerified`] only if the
    /// password is right.
    pub async fn with_email(
        &self,
        command: SignInWithEmail,
        context: &RequestContext,
    ) -> Result<Entered, SignInError> {
        let arrival = self.clock.now();
        if !self.options.enabled {
            return Err(SignInError::Disabled);
        }
        if self.options.password.check_presented(&command.password).is_err() {
            return Err(SignInError::PasswordTooLong);
        }

        if let Some(refused) = self.attempts.count(&command.email, context, arrival).await? {
            self.floor.wait(arrival).await;
            return Err(SignInError::TooManyAttempts(refused));
        }
        for _ in 0..MAX_PASSWORD_COMPARISONS {
            let proven = match self.prove(&command).await? {
                PasswordCheck::Right(proven) => proven,
                PasswordCheck::Wrong => break,
                PasswordCheck::RefusedSignUp => {
                    self.floor.wait(arrival).await;
                    return Err(SignInError::EmailNotVerified);
                }
            };
            if self.options.requires_verified_email && !proven.user.email_verified {
                self.refuse_unverified(&proven, &command).await?;
                self.floor.wait(arrival).await;
                return Err(SignInError::EmailNotVerified);
            }
            if let Some(entered) = self.admit(*proven, command.remember_me, context).await? {
                return Ok(entered);
            }
        }
        self.floor.wait(arrival).await;
        Err(SignInError::InvalidCredentials)
    }

    async fn prove(&self, command: &SignInWithEmail) -> Result<PasswordCheck, Failure> {
        let Some((user, account, hash)) = self.find(&command.email).await? else {
            self.hasher.hash_dummy(&command.password).await?;
            return self.prove_refused(None, command).await;
        };
        let fresh = match self.hasher.verify(&command.password, &hash).await? {
            Verdict::Mismatch => return self.prove_refused(Some(&user), command).await,
            Verdict::Match => None,
            Verdict::MatchButStale => Some(self.hasher.hash(&command.password).await?),
        };
        Ok(PasswordCheck::Right(Box::new(VerifiedPassword {
            user,
            account: account.id,
            hash,
            fresh,
        })))
    }

    /// A sign-up with a verified e-mail address is rejected without revealing that. A sign-in with the password of that
    /// sign-up must therefore get the response of an account with an unverified address; otherwise the response would
    /// reveal that the address is registered. The same work is done if no such password is stored.
    async fn prove_refused(
        &self,
        user: Option<&User>,
        command: &SignInWithEmail,
    ) -> Result<PasswordCheck, Failure> {
        if !self.options.requires_verified_email {
            return Ok(PasswordCheck::Wrong);
        }
        let refused = match user {
            Some(user) => self.store.autocommit().refused_sign_ups().find(&user.id).await?,
            None => None,
        };
        let Some(refused) = refused else {
            self.hasher.hash_dummy(&command.password).await?;
            return Ok(PasswordCheck::Wrong);
        };
        Ok(match self.hasher.verify(&command.password, &refused).await? {
            Verdict::Mismatch => PasswordCheck::Wrong,
            Verdict::Match | Verdict::MatchButStale => PasswordCheck::RefusedSignUp,
        })
    }

    async fn find(&self, email: &EmailAddress) -> Result<Option<(User, Account, PasswordHash)>, Failure> {
        let mut db = self.store.autocommit();
        let Some(user) = db.users().find_by_email(email).await? else {
            return Ok(None);
        };
        let account = db.accounts().find_credential(&user.id).await?;
        let found = account.and_then(Account::with_hash);
        Ok(found.map(|(account, hash)| (user, account, hash)))
    }

    /// Starts the session. `None`: the compared hash was replaced meanwhile.
    async fn admit(
        &self,
        proven: VerifiedPassword,
        remembered: bool,
        context: &RequestContext,
    ) -> Result<Option<Entered>, Failure> {
        let now = self.clock.now();
        let mut unit = self.store.begin();
        if !proven.lock_hash(unit.accounts(), now).await? {
            return Ok(None);
        }
        let user = proven.user;
        let who = (&user.email, &user.id);
        self.attempts
            .record_success(unit.as_mut(), who, context, now)
            .await?;
        let entering = Entering {
            user,
            context,
            remembered,
            now,
        };
        let entered = self.door.enter(unit.as_mut(), entering).await?;
        unit.commit().await?;
        Ok(Some(entered))
    }

    /// Sends the user a verification link if the deployment is configured to do so. The attempt stays counted, since
    /// that of a rejected sign-up is counted as well and the two must not be distinguishable.
    async fn refuse_unverified(
        &self,
        proven: &VerifiedPassword,
        command: &SignInWithEmail,
    ) -> Result<(), Failure> {
        if !self.options.sends_verification_link || !self.options.messages.is_sending {
            return Ok(());
        }
        let now = self.clock.now();
        let wanted = LinkMessage {
            user: &proven.user,
            request: LinkRequest::Verify,
            callback: command.callback_url.as_deref(),
            requester: Requester::User,
        };
        let message = self.writer.write(wanted, now);
        if self.writer.messages.is_within_limits(&message, now).await? {
            let mut unit = self.store.begin();
            message.queue(unit.as_mut(), now).await?;
            self.writer.messages.commit(unit).await?;
        }
        Ok(())
    }
}

/// The result of a password check.
enum PasswordCheck {
    /// It is the account's password.
    Right(Box<VerifiedPassword>),
    /// It is another password, or there is no account.
    Wrong,
    /// It is the password of a sign-up that was rejected because another user has the e-mail address.
    RefusedSignUp,
}

/// A user whose password was verified.
struct VerifiedPassword {
    user: User,
    account: AccountId,
    /// The hash that the password was compared with.
    hash: PasswordHash,
    /// A new hash of the same password in the configured form, if `hash` is in an old form.
    fresh: Option<PasswordHash>,
}

impl VerifiedPassword {
    /// Returns whether the hash is unchanged, and locks it until the unit of work ends: no session may start with a
    /// password that is being changed. An old form is replaced.
    async fn lock_hash(
        &self,
        accounts: &mut dyn AccountRepository,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        match &self.fresh {
            None => accounts.lock_if_unchanged(&self.account, &self.hash).await,
            Some(fresh) => accounts.replace_hash(&self.account, &self.hash, fresh, now).await,
        }
    }
}
