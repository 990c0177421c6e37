//! Proof of phone numbers by codes.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    additional::AdditionalFields,
    code::{PhoneCode, StoredCode},
    destination::PhoneNumber,
    phone_number::{is_verified, proven},
    token::SessionToken,
    user::{User, UserPatch},
};

use super::{
    PhoneNumbers, VerifyPhoneNumberError,
    holder::{self, Standing},
    password_proof::clearing,
    sending::key,
};
use crate::{
    code::CodeError,
    context::RequestContext,
    ports::{Repositories, UnitOfWork, WriteError},
    session::StrictCaller,
    sign_in::completion::{Challenge, Completed, Outcome, SignInMethod, SigningIn},
};

/// A request to prove a phone number.
#[derive(Clone, Debug)]
pub struct VerifyPhoneNumber {
    /// The number.
    pub number: PhoneNumber,
    /// The code that was sent to the number.
    pub code: String,
    /// Whether the user is signed in.
    pub starts_session: bool,
    /// Whether the number becomes the caller's.
    pub is_change: bool,
    /// The fields of the user, if one is created. `None`: the client sent invalid ones.
    pub fields: Option<AdditionalFields>,
}

/// A proven number.
#[derive(Debug)]
pub enum PhoneNumberVerified {
    /// The number is the caller's now.
    Changed(Box<User>, SessionToken),
    /// The user is signed in.
    SignedIn(Box<Completed>),
    /// The user must take a second step to be signed in.
    Challenged(Challenge),
    /// The request starts no session.
    WithoutSession(Box<User>),
}

/// A request whose code is right.
pub(super) struct Proof<'a> {
    pub(super) command: &'a VerifyPhoneNumber,
    pub(super) by: Option<&'a StrictCaller>,
    pub(super) right: StoredCode,
    pub(super) context: &'a RequestContext,
    pub(super) now: DateTime<Utc>,
}

impl PhoneNumbers {
    /// Verifies a number by a code. Of several concurrent requests with one code, one succeeds.
    ///
    /// If the number is not to become the caller's, signs in the user who has it, or creates one if the deployment allows
    /// that. [`Standing`] decides whether the proof of a number signs in a user who has only claimed it.
    ///
    /// # Errors
    ///
    /// [`VerifyPhoneNumberError::Code`] for a wrong code. After other errors the code stays valid, so that the user can try
    /// again in another way.
    pub async fn verify(
        &self,
        by: Option<&StrictCaller>,
        command: &VerifyPhoneNumber,
        context: &RequestContext,
    ) -> Result<PhoneNumberVerified, VerifyPhoneNumberError> {
        let now = self.clock.now();
        let key = key(PhoneCode::Verification, &command.number);
        let right = self.codes.check(&key, &command.code, context, now).await?;
        let proof = Proof {
            command,
            by,
            right,
            context,
            now,
        };
        let outcome = if command.is_change {
            self.change(&proof).await
        } else {
            self.sign_in_or_up(&proof).await
        };
        if outcome.as_ref().is_err_and(VerifyPhoneNumberError::keeps_code) {
            self.codes.restore(&key, &proof.right, context).await?;
        }
        outcome
    }

    /// Makes the number the caller's. A user who has only claimed it loses it.
    async fn change(&self, proof: &Proof<'_>) -> Result<PhoneNumberVerified, VerifyPhoneNumberError> {
        let (by, number) = (
            proof.by.ok_or(VerifyPhoneNumberError::NoSession)?,
            &proof.command.number,
        );
        let id = &by.user().id;
        let holder = self.store.autocommit().phone_numbers().find_user(number).await?;
        if holder
            .as_ref()
            .is_some_and(|holder| is_verified(holder) || holder.id == *id)
        {
            return Err(VerifyPhoneNumberError::Taken);
        }

        let mut unit = self.store.begin();
        match &holder {
            Some(holder) => holder::lock_both(unit.as_mut(), holder, id, number).await?,
            None => holder::lock_caller(unit.as_mut(), id).await?,
        }
        self.consume(unit.as_mut(), proof).await?;
        if let Some(holder) = &holder {
            holder::remove_number(unit.as_mut(), holder, proof.now).await?;
        }
        let patch = UserPatch {
            additional: proven(number),
            ..UserPatch::default()
        };
        let changed = unit.users().update(id, &patch, proof.now).await;
        let changed = changed.map_err(|error| match error {
            WriteError::Taken(_) => VerifyPhoneNumberError::Taken,
            WriteError::Failure(failure) => failure.into(),
        })?;
        let changed = changed.ok_or(VerifyPhoneNumberError::SessionEnded)?;
        unit.commit().await?;
        Ok(PhoneNumberVerified::Changed(
            Box::new(changed),
            by.session().token.clone(),
        ))
    }

    async fn sign_in_or_up(&self, proof: &Proof<'_>) -> Result<PhoneNumberVerified, VerifyPhoneNumberError> {
        let number = &proof.command.number;
        let holder = self.store.autocommit().phone_numbers().find_user(number).await?;
        match holder {
            Some(holder) => match self.standing(proof, &holder) {
                Standing::Claimed => self.sign_up(proof, Some(&holder)).await,
                Standing::Proven | Standing::InPerson => self.sign_in_holder(proof, &holder).await,
            },
            None => self.sign_up(proof, None).await,
        }
    }

    fn standing(&self, proof: &Proof<'_>, holder: &User) -> Standing {
        let number = &proof.command.number;
        let proofs = &self.password_proofs;
        let knows_password = proofs.is_presented(&holder.id, number, proof.context, proof.now);
        Standing::of(holder, proof.by, knows_password)
    }

    async fn sign_in_holder(
        &self,
        proof: &Proof<'_>,
        holder: &User,
    ) -> Result<PhoneNumberVerified, VerifyPhoneNumberError> {
        let number = &proof.command.number;
        let mut unit = self.store.begin();
        let user = holder::lock(unit.as_mut(), holder, number).await?;
        self.consume(unit.as_mut(), proof).await?;
        // As in Better Auth, each proof changes the time of the user's last change.
        let patch = UserPatch {
            additional: proven(number),
            ..UserPatch::default()
        };
        let verified = unit.users().update(&user.id, &patch, proof.now).await;
        let verified = verified.map_err(WriteError::into_failure)?;
        let user = verified.ok_or(CodeError::Wrong)?;
        self.finish(unit, proof, user).await
    }

    /// Signs the user in if the request asks for it, and commits.
    pub(super) async fn finish(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        proof: &Proof<'_>,
        user: User,
    ) -> Result<PhoneNumberVerified, VerifyPhoneNumberError> {
        if !proof.command.starts_session {
            unit.commit().await?;
            return Ok(PhoneNumberVerified::WithoutSession(Box::new(user)));
        }
        let signing_in = SigningIn {
            user,
            method: SignInMethod::PhoneCode,
            context: proof.context,
            is_remembered: true,
            now: proof.now,
        };
        let outcome = self.shared.completion.complete(unit.as_mut(), signing_in).await?;
        let verified = match outcome {
            Outcome::Refused(refusal) => return Err(VerifyPhoneNumberError::Refused(refusal)),
            Outcome::Challenged(mut challenge) => {
                challenge.effects.tokens.extend(clearing(proof.context));
                PhoneNumberVerified::Challenged(challenge)
            }
            Outcome::Completed(mut completed) => {
                completed.effects.tokens.extend(clearing(proof.context));
                let attempts = self.shared.credentials.attempts();
                attempts
                    .store_known_address(unit.as_mut(), &completed.user, proof.context, proof.now)
                    .await?;
                PhoneNumberVerified::SignedIn(completed)
            }
        };
        unit.commit().await?;
        Ok(verified)
    }

    pub(super) async fn consume(
        &self,
        db: &mut dyn Repositories,
        proof: &Proof<'_>,
    ) -> Result<(), CodeError> {
        let key = key(PhoneCode::Verification, &proof.command.number);
        self.codes.consume(db, &key, &proof.right, proof.context).await
    }
}
