//! Sign-in with a password, after the user was looked up by any identifier.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{email_verification::LinkRequest, rate_limit::Decision, user::User};
use serde_json::Value;

use super::{
    PasswordAttempt, PasswordRequest, Requirement, SignInError,
    completion::{Identifier, Outcome, SignInCompletion, SignInMethod, SigningIn},
};
use crate::{
    context::RequestContext,
    credential::{AttemptKey, Credentials, MAX_COMPARISONS, VerifiedPassword},
    email_verification::{LinkMessage, LinkMessageWriter},
    message::{MessageOptions, Requester},
    ports::{Clock, Failure, Ports, Store},
};

/// Options of sign-in with a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordSignInOptions {
    /// Whether sign-in requires a verified e-mail address.
    pub requires_verified_email: bool,
    /// Whether a user who is rejected for that is sent a verification link.
    pub sends_verification_link: bool,
    /// Options of messages.
    pub messages: MessageOptions,
    /// How long the verification link is valid.
    pub link_expires_in: TimeDelta,
}

/// The result of a password check.
enum PasswordCheck<'u> {
    /// It is the password of this user's account.
    Right(&'u User, VerifiedPassword),
    /// It is another password, or there is no account.
    Wrong,
    /// It is the password of a sign-up that was rejected because another user has the e-mail address.
    RefusedSignUp,
}

/// Signs users in with their passwords.
pub struct PasswordSignIn {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    credentials: Arc<Credentials>,
    completion: Arc<SignInCompletion>,
    writer: LinkMessageWriter,
    options: PasswordSignInOptions,
}

impl PasswordSignIn {
    /// Creates the sign-in with these options.
    #[must_use]
    pub fn new(
        ports: &Ports,
        completion: Arc<SignInCompletion>,
        credentials: Arc<Credentials>,
        options: PasswordSignInOptions,
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            credentials,
            completion,
            writer: LinkMessageWriter::new(ports, options.messages.clone(), options.link_expires_in),
            options,
        }
    }

    /// Begins an attempt, before the user is looked up by this kind of identifier.
    ///
    /// # Errors
    ///
    /// [`SignInError::PasswordTooLong`].
    pub fn begin(
        &self,
        identifier: Identifier,
        request: PasswordRequest,
    ) -> Result<PasswordAttempt, SignInError> {
        if self.credentials.check_presented(&request.password).is_err() {
            return Err(SignInError::PasswordTooLong);
        }
        Ok(PasswordAttempt {
            identifier,
            requirement: Requirement::EmailAddress,
            request,
            arrival: self.clock.now(),
        })
    }

    /// Signs in the user who was looked up. A hash in an old form is replaced. The attempt is counted for the user, or
    /// under `unknown` if there is no such user.
    ///
    /// # Errors
    ///
    /// [`SignInError::InvalidCredentials`] for an unknown user and for a wrong password, after the same time.
    /// [`SignInError::TooManyAttempts`] after too many of either. [`SignInError::EmailNotVerified`] and
    /// [`SignInError::IdentifierNotVerified`] only if the password is right.
    pub async fn finish(
        &self,
        attempt: PasswordAttempt,
        user: Option<User>,
        unknown: AttemptKey,
        context: &RequestContext,
    ) -> Result<Outcome, SignInError> {
        let outcome = self.judge(&attempt, user, unknown, context).await;
        if let Err(
            SignInError::InvalidCredentials
            | SignInError::TooManyAttempts(_)
            | SignInError::EmailNotVerified
            | SignInError::IdentifierNotVerified,
        ) = outcome
        {
            self.credentials.wait(attempt.arrival).await;
        }
        outcome
    }

    async fn judge(
        &self,
        attempt: &PasswordAttempt,
        user: Option<User>,
        unknown: AttemptKey,
        context: &RequestContext,
    ) -> Result<Outcome, SignInError> {
        let PasswordAttempt { request, arrival, .. } = attempt;
        let attempts = self.credentials.attempts();
        let key = user.as_ref().map_or(unknown, AttemptKey::from);
        if let Decision::Denied(denied) = attempts.count(&key, context, *arrival).await? {
            return Err(SignInError::TooManyAttempts(denied));
        }
        for _ in 0..MAX_COMPARISONS {
            let (user, verified) = match self.check(user.as_ref(), attempt).await? {
                PasswordCheck::Right(user, verified) => (user, verified),
                PasswordCheck::Wrong => break,
                PasswordCheck::RefusedSignUp => return Err(SignInError::EmailNotVerified),
            };
            match attempt.requirement {
                Requirement::EmailAddress if self.options.requires_verified_email && !user.email_verified => {
                    self.send_verification_link(user, request).await?;
                    return Err(SignInError::EmailNotVerified);
                }
                Requirement::Field(name) if *user.additional.get(name) != Value::Bool(true) => {
                    return Err(SignInError::IdentifierNotVerified);
                }
                Requirement::EmailAddress | Requirement::Field(_) | Requirement::Nothing => {}
            }
            if let Some(outcome) = self.complete(user, &verified, attempt, context).await? {
                return Ok(outcome);
            }
        }
        Err(SignInError::InvalidCredentials)
    }

    async fn check<'u>(
        &self,
        user: Option<&'u User>,
        attempt: &PasswordAttempt,
    ) -> Result<PasswordCheck<'u>, Failure> {
        let password = &attempt.request.password;
        let found = match user {
            Some(user) => self.credentials.find(&user.id).await?.map(|found| (user, found)),
            None => None,
        };
        let Some((user, found)) = found else {
            self.credentials.burn(password).await?;
            return self.check_refused_sign_up(None, attempt).await;
        };
        match self.credentials.verify(password, found).await? {
            Some(verified) => Ok(PasswordCheck::Right(user, verified)),
            None => self.check_refused_sign_up(Some(user), attempt).await,
        }
    }

    /// A sign-up with a verified e-mail address is rejected without revealing that. A sign-in with the password of that
    /// sign-up must therefore get the response of an account with an unverified address; otherwise the response would
    /// reveal that the address is registered. The same work is done if no such password is stored.
    async fn check_refused_sign_up<'u>(
        &self,
        user: Option<&User>,
        attempt: &PasswordAttempt,
    ) -> Result<PasswordCheck<'u>, Failure> {
        let password = &attempt.request.password;
        if !self.options.requires_verified_email || attempt.requirement != Requirement::EmailAddress {
            return Ok(PasswordCheck::Wrong);
        }
        let refused = match user {
            Some(user) => self.store.autocommit().refused_sign_ups().find(&user.id).await?,
            None => None,
        };
        let Some(refused) = refused else {
            self.credentials.burn(password).await?;
            return Ok(PasswordCheck::Wrong);
        };
        Ok(if self.credentials.matches(password, &refused).await? {
            PasswordCheck::RefusedSignUp
        } else {
            PasswordCheck::Wrong
        })
    }

    /// Completes the sign-in. `None`: the compared hash was replaced, or the user deleted, meanwhile.
    async fn complete(
        &self,
        user: &User,
        verified: &VerifiedPassword,
        attempt: &PasswordAttempt,
        context: &RequestContext,
    ) -> Result<Option<Outcome>, Failure> {
        let now = self.clock.now();
        let mut unit = self.store.begin();
        let user = self.completion.lock_for_seams(unit.as_mut(), user.clone());
        let Some(user) = user.await? else {
            return Ok(None);
        };
        if !verified.lock(unit.accounts(), now).await? {
            return Ok(None);
        }
        let attempts = self.credentials.attempts();
        attempts.delete_counts(unit.as_mut(), &user, context).await?;
        let signing_in = SigningIn {
            user,
            method: SignInMethod::Password(attempt.identifier),
            context,
            is_remembered: attempt.request.remember_me,
            now,
        };
        let outcome = self.completion.complete(unit.as_mut(), signing_in).await?;
        if let Outcome::Completed(signed_in) = &outcome {
            attempts
                .store_known_address(unit.as_mut(), &signed_in.user, context, now)
                .await?;
        }
        if !matches!(outcome, Outcome::Refused(_)) {
            unit.commit().await?;
        }
        Ok(Some(outcome))
    }

    /// Sends the user a verification link if the deployment is configured to do so. The attempt stays counted, since
    /// that of a rejected sign-up is counted as well and the two must not be distinguishable.
    async fn send_verification_link(&self, user: &User, request: &PasswordRequest) -> Result<(), Failure> {
        if !self.options.sends_verification_link || !self.options.messages.is_sending {
            return Ok(());
        }
        let now = self.clock.now();
        let wanted = LinkMessage {
            user,
            request: LinkRequest::Verify,
            callback: request.callback_url.as_deref(),
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
