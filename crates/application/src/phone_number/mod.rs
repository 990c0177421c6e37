//! Phone numbers: sign-in with a password or a code, proof of numbers, and reset of passwords.

mod error;
mod holder;
mod options;
mod password_proof;
mod password_reset;
mod sending;
mod sign_in;
mod sign_up;
mod unproven_credential;
mod user_deletion_guard;
mod user_input;
mod verification;

use std::sync::Arc;

use portcullis_domain::destination::PhoneNumber;

use self::password_proof::PasswordProofs;
pub use self::{
    error::{PhonePasswordResetError, PhoneSignInError, SendPhoneCodeError, VerifyPhoneNumberError},
    options::{NumberFormat, PhoneNumberOptions},
    password_proof::PASSWORD_PROOF,
    sign_in::SignInWithPhoneNumber,
    unproven_credential::UnprovenPhoneNumber,
    user_deletion_guard::PhoneNumberGuard,
    user_input::PhoneNumberInput,
    verification::{PhoneNumberVerified, VerifyPhoneNumber},
};
use crate::{
    code::RecipientCodes,
    credential::Credentials,
    message::MessageWriter,
    ports::{Clock, Ports, Store},
    sign_in::{PasswordSignIn, completion::SignInCompletion},
    user::UserCreation,
};

/// What the use cases of phone numbers share with the core.
pub struct SharedUseCases {
    /// Completes sign-ins.
    pub completion: Arc<SignInCompletion>,
    /// Sets passwords.
    pub credentials: Arc<Credentials>,
    /// Signs users in with their passwords.
    pub passwords: Arc<PasswordSignIn>,
    /// Creates users.
    pub users: Arc<UserCreation>,
}

/// Signs users in by their phone numbers, and changes the numbers.
pub struct PhoneNumbers {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    codes: RecipientCodes,
    password_proofs: PasswordProofs,
    messages: MessageWriter,
    shared: SharedUseCases,
    options: PhoneNumberOptions,
}

impl PhoneNumbers {
    /// Creates the use cases with these options.
    #[must_use]
    pub fn new(ports: &Ports, shared: SharedUseCases, options: PhoneNumberOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            codes: RecipientCodes::new(ports, options.codes, options.known_for),
            password_proofs: PasswordProofs::new(ports, options.codes.lifetime),
            messages: MessageWriter::new(ports, options.messages.clone()),
            shared,
            options,
        }
    }

    /// Whether users may sign up by proving a number.
    #[must_use]
    pub const fn may_sign_up(&self) -> bool {
        self.options.sign_up.is_some()
    }
}

impl NumberFormat {
    /// Whether the number has this format.
    #[must_use]
    pub fn accepts(self, number: &PhoneNumber) -> bool {
        match self {
            Self::Any => !number.as_str().is_empty(),
            Self::E164 => number.is_e164(),
        }
    }
}

#[cfg(test)]
mod tests;
