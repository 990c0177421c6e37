//! Sign-in with a phone number and a password.

use portcullis_domain::{destination::PhoneNumber, phone_number::PHONE_NUMBER_VERIFIED};

use super::{PhoneNumbers, PhoneSignInError};
use crate::{
    context::RequestContext,
    credential::AttemptKey,
    message::Requester,
    sign_in::{
        PasswordRequest, Requirement, SignInError,
        completion::{Identifier, Outcome},
    },
};

/// A request to sign in with a phone number.
#[derive(Clone, Debug)]
pub struct SignInWithPhoneNumber {
    /// The phone number as the client sent it.
    pub number: PhoneNumber,
    /// The password and the rest of the request.
    pub request: PasswordRequest,
}

impl PhoneNumbers {
    /// Signs in the user with this phone number and password. An unproven number is as good as a proven one, unless the
    /// deployment requires proof: then a code is sent, which [`Self::verify`] accepts from this client. It is sent only
    /// if the password is right, so strangers cause no messages.
    ///
    /// # Errors
    ///
    /// [`PhoneSignInError::NotVerified`] only if the password is right. An unknown number and a wrong password get the same
    /// error after the same time.
    pub async fn sign_in(
        &self,
        command: SignInWithPhoneNumber,
        context: &RequestContext,
    ) -> Result<Outcome, PhoneSignInError> {
        let SignInWithPhoneNumber { number, request } = command;
        if !self.options.format.accepts(&number) {
            return Err(PhoneSignInError::InvalidNumber);
        }
        let passwords = &self.shared.passwords;
        let attempt = passwords.begin(Identifier::PhoneNumber, request)?;
        let attempt = attempt.requiring(self.requirement());
        let user = self.store.autocommit().phone_numbers().find_user(&number).await?;
        let id = user.as_ref().map(|user| user.id.clone());
        let unknown = AttemptKey::of_unknown(number.as_str());
        match (passwords.finish(attempt, user, unknown, context).await, id) {
            (Err(SignInError::IdentifierNotVerified), Some(id)) => {
                self.send_verification_code(&number, Requester::User).await?;
                let proof = self.password_proofs.issue(&id, &number, self.clock.now());
                Err(PhoneSignInError::NotVerified(Box::new(proof)))
            }
            (outcome, _) => Ok(outcome?),
        }
    }

    const fn requirement(&self) -> Requirement {
        if self.options.requires_verification {
            Requirement::Field(PHONE_NUMBER_VERIFIED)
        } else {
            Requirement::Nothing
        }
    }
}
