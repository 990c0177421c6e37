//! In with an address and a password.

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
    email_verification::{LinkWriter, Wanted},
    floor::Floor,
    message::{MessageOptions, Requester},
    ports::{AccountRepository, Clock, Failure, PasswordHasher, Ports, Store, Verdict},
    session::SessionOptions,
};

/// How often a password is compared anew where its hash was replaced meanwhile: by the same password in another
/// form, or by another password, which then refuses it.
pub(crate) const PROOFS: usize = 3;

/// How people may come in.
#[derive(Clone, Debug, PartialEq)]
pub struct SignInOptions {
    /// Whether an address and a password are a way in at all.
    pub enabled: bool,
    /// How long a password may be.
    pub password: PasswordPolicy,
    /// What a session is like.
    pub session: SessionOptions,
    /// A refusal leaves this long after the request's arrival, so that argon2id, scrypt and no account at all
    /// look alike.
    pub refusal_floor: Duration,
    /// How many sign-ins to one account may fail; none: as many as one likes.
    pub failed_sign_ins: Option<FailedSignIns>,
    /// Whether only those come in whose address is proven.
    pub requires_verified_email: bool,
    /// Whether those who are refused for that are sent a link.
    pub sends_link: bool,
    /// What is told to people.
    pub messages: MessageOptions,
    /// How long such a link may be followed.
    pub link_expires_in: TimeDelta,
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
    /// Where a link in a mail leads afterwards.
    pub callback_url: Option<String>,
}

/// Lets people in.
pub struct SignIn {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hasher: Arc<dyn PasswordHasher>,
    door: Door,
    writer: LinkWriter,
    floor: Floor,
    attempts: Attempts,
    options: SignInOptions,
}

impl SignIn {
    /// Lets people in by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: SignInOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            hasher: Arc::clone(&ports.hasher),
            door: Door::new(ports, options.session.clone()),
            writer: LinkWriter::new(ports, options.messages.clone(), options.link_expires_in),
            floor: Floor::new(Arc::clone(&ports.clock), options.refusal_floor),
            attempts: Attempts::new(ports, options.failed_sign_ins),
            options,
        }
    }

    /// Lets somebody in who knows the password of an address. A hash in an old form is replaced on the way.
    ///
    /// # Errors
    ///
    /// [`SignInError::InvalidCredentials`] for an unknown address as for a wrong password, at the same time, and
    /// [`SignInError::TooManyAttempts`] alike after too many of either. [`SignInError::EmailNotVerified`] only to
    /// whoever knows the password.
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

        if let Some(refused) = self.attempts.begin(&command.email, context, arrival).await? {
            self.floor.wait(arrival).await;
            return Err(SignInError::TooManyAttempts(refused));
        }
        for _ in 0..PROOFS {
            let proven = match self.prove(&command).await? {
                Proof::Right(proven) => proven,
                Proof::Wrong => break,
                Proof::RefusedSignUp => {
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

    async fn prove(&self, command: &SignInWithEmail) -> Result<Proof, Failure> {
        let Some((user, account, hash)) = self.find(&command.email).await? else {
            self.hasher.burn(&command.password).await?;
            return self.prove_refused(None, command).await;
        };
        let fresh = match self.hasher.verify(&command.password, &hash).await? {
            Verdict::Mismatch => return self.prove_refused(Some(&user), command).await,
            Verdict::Match => None,
            Verdict::MatchButStale => Some(self.hasher.hash(&command.password).await?),
        };
        Ok(Proof::Right(Box::new(Proven {
            user,
            account: account.id,
            hash,
            fresh,
        })))
    }

    /// A sign-up with a proven address is refused without telling so. Its password must be answered here as the
    /// password of any account whose address is not proven, or the answer would tell that the address was taken. The
    /// work is the same if no such password is kept.
    async fn prove_refused(&self, user: Option<&User>, command: &SignInWithEmail) -> Result<Proof, Failure> {
        if !self.options.requires_verified_email {
            return Ok(Proof::Wrong);
        }
        let refused = match user {
            Some(user) => self.store.read().refused_sign_ups().find(&user.id).await?,
            None => None,
        };
        let Some(refused) = refused else {
            self.hasher.burn(&command.password).await?;
            return Ok(Proof::Wrong);
        };
        Ok(match self.hasher.verify(&command.password, &refused).await? {
            Verdict::Mismatch => Proof::Wrong,
            Verdict::Match | Verdict::MatchButStale => Proof::RefusedSignUp,
        })
    }

    async fn find(&self, email: &EmailAddress) -> Result<Option<(User, Account, PasswordHash)>, Failure> {
        let mut db = self.store.read();
        let Some(user) = db.users().find_by_email(email).await? else {
            return Ok(None);
        };
        let account = db.accounts().find_credential(&user.id).await?;
        let found = account.and_then(Account::with_hash);
        Ok(found.map(|(account, hash)| (user, account, hash)))
    }

    /// Starts the session; none where the hash that was compared is no longer there.
    async fn admit(
        &self,
        proven: Proven,
        remembered: bool,
        context: &RequestContext,
    ) -> Result<Option<Entered>, Failure> {
        let now = self.clock.now();
        let mut unit = self.store.begin();
        if !proven.holds(unit.accounts(), now).await? {
            return Ok(None);
        }
        let user = proven.user;
        let who = (&user.email, &user.id);
        self.attempts.succeed(unit.as_mut(), who, context, now).await?;
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

    /// Sends the user a link, if the deployment wants that. The attempt stays counted: that of a sign-up that was
    /// refused is counted too, and the two must look alike.
    async fn refuse_unverified(&self, proven: &Proven, command: &SignInWithEmail) -> Result<(), Failure> {
        if !self.options.sends_link || !self.options.messages.is_sending {
            return Ok(());
        }
        let now = self.clock.now();
        let wanted = Wanted {
            user: &proven.user,
            request: LinkRequest::Verify,
            callback: command.callback_url.as_deref(),
            requester: Requester::User,
        };
        let letter = self.writer.write(wanted, now);
        if self.writer.post.admits(&letter, now).await? {
            let mut unit = self.store.begin();
            letter.queue(unit.as_mut(), now).await?;
            self.writer.post.commit(unit).await?;
        }
        Ok(())
    }
}

/// What a password is to the account of an e-mail address.
enum Proof {
    /// It is the account's.
    Right(Box<Proven>),
    /// It is not, or there is no account.
    Wrong,
    /// It is that of a sign-up that was refused because the address is another user's.
    RefusedSignUp,
}

/// A user who has shown the password.
struct Proven {
    user: User,
    account: AccountId,
    /// What the password was compared with.
    hash: PasswordHash,
    /// The same password's hash in the form that is configured, where the other is in an old one.
    fresh: Option<PasswordHash>,
}

impl Proven {
    /// Whether the hash is still there; from now on until the unit's end nobody changes it, so that no session
    /// begins by a password that is just being changed. An old form is replaced on the way.
    async fn holds(&self, accounts: &mut dyn AccountRepository, now: DateTime<Utc>) -> Result<bool, Failure> {
        match &self.fresh {
            None => accounts.hold_password(&self.account, &self.hash).await,
            Some(fresh) => {
                accounts
                    .replace_password(&self.account, &self.hash, fresh, now)
                    .await
            }
        }
    }
}
