//! Sign-up by the proof of a phone number.

use portcullis_domain::{
    phone_number::proven,
    user::{NewUser, User},
};

use super::{PhoneNumberVerified, PhoneNumbers, VerifyPhoneNumberError, holder, verification::Proof};
use crate::{ports::WriteError, sign_in::completion::SignInMethod};

impl PhoneNumbers {
    /// Creates a user with the number. `holder` is a user who has only claimed it, and loses it.
    pub(super) async fn sign_up(
        &self,
        proof: &Proof<'_>,
        holder: Option<&User>,
    ) -> Result<PhoneNumberVerified, VerifyPhoneNumberError> {
        let user = self.new_user(proof)?;

        let mut unit = self.store.begin();
        if let Some(holder) = holder {
            holder::lock(unit.as_mut(), holder, &proof.command.number).await?;
        }
        self.consume(unit.as_mut(), proof).await?;
        if let Some(holder) = holder {
            holder::remove_number(unit.as_mut(), holder, proof.now).await?;
        }
        let stored = unit.users().insert(&user).await;
        let stored = stored.map_err(|error| match error {
            WriteError::Taken(_) => VerifyPhoneNumberError::NotCreated,
            WriteError::Failure(failure) => failure.into(),
        })?;
        self.finish(unit, proof, stored).await
    }

    fn new_user(&self, proof: &Proof<'_>) -> Result<User, VerifyPhoneNumberError> {
        let number = &proof.command.number;
        let identity = self.options.sign_up.as_ref();
        let identity = identity.ok_or(VerifyPhoneNumberError::UnknownNumber)?;
        let fields = proof.command.fields.clone();
        let fields = fields.ok_or(VerifyPhoneNumberError::InvalidFields)?;
        let email = identity.email(number);
        let new = NewUser {
            name: identity.name(number),
            email: email.ok_or(VerifyPhoneNumberError::InvalidNumber)?,
            email_verified: false,
            image: None,
            additional: fields.with(&proven(number)),
        };
        let users = &self.shared.users;
        Ok(users.create(new, Some(&SignInMethod::PhoneCode), proof.now))
    }
}
