//! Proof of passwords: credential accounts are looked up, attempts counted, and passwords compared. Sign-in, changes of the
//! password and operations that ask for the password share one [`Credentials`], so that no operation offers more guesses
//! than another.

mod attempts;
mod error;
mod verified;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::Account,
    id::UserId,
    password::{Password, PasswordHash, PasswordPolicy, PasswordRejection},
    rate_limit::Decision,
    verification::RevokingEvent,
};

pub(crate) use self::{attempts::Attempts, verified::VerifiedPassword};
pub use self::{
    attempts::{AttemptKey, FailedSignIns},
    error::{NewPasswordError, PasswordError},
};
use crate::{
    context::RequestContext,
    floor::Floor,
    ports::{Clock, Failure, PasswordHasher, Ports, Random, RandomExt, Repositories, Store, Verdict},
    seams::{Decision as Check, NewPasswordChecks, PasswordSource},
    session::StrictCaller,
};

/// How often a password is compared if its hash changes during the comparison. The same password may have been
/// rehashed, or another password was set, which then does not match.
pub(crate) const MAX_COMPARISONS: usize = 3;

/// Options of passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialOptions {
    /// The password policy.
    pub policy: PasswordPolicy,
    /// Minimum time of a rejection, so that argon2id, scrypt and a missing account cannot be distinguished.
    pub refusal_floor: Duration,
    /// The limit on failed attempts for one account. `None`: unlimited.
    pub failed_sign_ins: Option<FailedSignIns>,
}

/// Looks up and compares passwords.
pub struct Credentials {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hasher: Arc<dyn PasswordHasher>,
    random: Arc<dyn Random>,
    attempts: Attempts,
    floor: Floor,
    policy: PasswordPolicy,
    checks: NewPasswordChecks,
}

impl Credentials {
    /// Creates the credentials with these options. `checks` may refuse new passwords.
    #[must_use]
    pub fn new(ports: &Ports, options: CredentialOptions, checks: NewPasswordChecks) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            hasher: Arc::clone(&ports.hasher),
            random: Arc::clone(&ports.random),
            attempts: Attempts::new(ports, options.failed_sign_ins),
            floor: Floor::new(Arc::clone(&ports.clock), options.refusal_floor),
            policy: options.policy,
            checks,
        }
    }

    /// Verifies the caller's password, and distinguishes a wrong password from a missing one.
    ///
    /// # Errors
    ///
    /// [`PasswordError::NoCredential`] for a caller who has no password. [`PasswordError::Wrong`] and
    /// [`PasswordError::TooManyAttempts`] after the minimum time.
    pub async fn prove(
        &self,
        by: &StrictCaller,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), PasswordError> {
        let arrival = self.clock.now();
        self.check_presented(password)?;
        let found = self.find(&by.user().id).await?;
        let (_, hash) = found.ok_or(PasswordError::NoCredential)?;
        self.count(by, context, arrival).await?;
        if !self.matches(password, &hash).await? {
            self.wait(arrival).await;
            return Err(PasswordError::Wrong);
        }
        let mut db = self.store.autocommit();
        self.attempts
            .record_success(db.as_mut(), by.user(), context, self.clock.now())
            .await?;
        Ok(())
    }

    /// Returns a new password's hash, unless a plugin refuses the password. No unit of work may be open: a plugin may send
    /// a request to another server.
    pub(crate) async fn hash(
        &self,
        password: &Password,
        source: PasswordSource,
    ) -> Result<PasswordHash, NewPasswordError> {
        match self.checks.check(password, source).await? {
            Check::Allowed => Ok(self.hasher.hash(password).await?),
            Check::Refused(refusal) => Err(NewPasswordError::Refused(refusal)),
        }
    }

    /// Checks that a presented password is no longer than any valid password.
    pub(crate) fn check_presented(&self, password: &Password) -> Result<(), PasswordRejection> {
        self.policy.check_presented(password)
    }

    /// Checks a new password by the policy.
    pub(crate) fn check_new(&self, password: &Password) -> Result<(), PasswordRejection> {
        self.policy.check_new(password)
    }

    /// Returns the counts of failed attempts.
    pub(crate) const fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    /// Counts an attempt of a caller as a sign-in attempt: an attacker with a stolen session must not get more guesses.
    pub(crate) async fn count(
        &self,
        by: &StrictCaller,
        context: &RequestContext,
        arrival: DateTime<Utc>,
    ) -> Result<(), PasswordError> {
        let key = AttemptKey::from(by.user());
        if let Decision::Denied(denied) = self.attempts.count(&key, context, arrival).await? {
            self.wait(arrival).await;
            return Err(PasswordError::TooManyAttempts(denied));
        }
        Ok(())
    }

    /// Returns the user's credential account and its hash. `None`: the user has no password.
    pub(crate) async fn find(&self, user: &UserId) -> Result<Option<(Account, PasswordHash)>, Failure> {
        let account = self.store.autocommit().accounts().find_credential(user).await?;
        Ok(account.and_then(Account::with_hash))
    }

    /// Returns whether the password has this hash.
    pub(crate) async fn matches(&self, password: &Password, hash: &PasswordHash) -> Result<bool, Failure> {
        Ok(match self.compare(password, hash).await? {
            Verdict::Match | Verdict::MatchButStale => true,
            Verdict::Mismatch | Verdict::Unverifiable(_) => false,
        })
    }

    /// Compares a password with a hash, and logs a hash that no password matches: an operator may have imported it.
    async fn compare(&self, password: &Password, hash: &PasswordHash) -> Result<Verdict, Failure> {
        let verdict = self.hasher.verify(password, hash).await?;
        if let Verdict::Unverifiable(reason) = verdict {
            tracing::warn!(
                %reason,
                "no password matches a stored hash; its user cannot sign in with a password before resetting it"
            );
        }
        Ok(verdict)
    }

    /// Does the work of a comparison, if there is no hash to compare with.
    pub(crate) async fn burn(&self, password: &Password) -> Result<(), Failure> {
        self.hasher.hash_dummy(password).await
    }

    /// Compares a password with the hash of an account. `None`: it does not match. A hash in an old form is renewed.
    pub(crate) async fn verify(
        &self,
        password: &Password,
        (account, hash): (Account, PasswordHash),
    ) -> Result<Option<VerifiedPassword>, Failure> {
        let renewed = match self.compare(password, &hash).await? {
            Verdict::Mismatch | Verdict::Unverifiable(_) => return Ok(None),
            Verdict::Match => None,
            Verdict::MatchButStale => Some(self.hasher.hash(password).await?),
        };
        Ok(Some(VerifiedPassword {
            account: account.id,
            hash,
            renewed,
        }))
    }

    /// Sets the user's password, of which this is the hash, and creates a credential account if there is none. Revokes the
    /// one-time tokens that a change of the password ends. The user must be locked.
    pub(crate) async fn set_password(
        &self,
        db: &mut dyn Repositories,
        user: &UserId,
        hash: PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        if !db.accounts().set_hash(user, &hash, now).await? {
            let account = Account::credential(self.random.id(), user.clone(), hash, now);
            db.accounts().insert(&account).await?;
        }
        db.verifications()
            .revoke(RevokingEvent::PasswordChange, user)
            .await
    }

    /// Waits until the minimum time of a rejection has passed since the request arrived.
    pub(crate) async fn wait(&self, arrival: DateTime<Utc>) {
        self.floor.wait(arrival).await;
    }
}
