//! Codes that are sent to the user's address: sign-in, verification of the address, reset of the password.

mod check;
mod error;
mod reset;
mod send;
mod sign_in;
mod verify;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use portcullis_domain::{
    code::{AddressCode, CodeKey, StoredCode},
    email::EmailAddress,
};

pub use self::{
    error::EmailOtpError,
    verify::{AddressVerified, VerifyAddress},
};
use crate::{
    code::{CodeError, CodeOptions, RecipientCodes},
    context::RequestContext,
    floor::Floor,
    message::{MessageOptions, MessageWriter},
    password_reset::PasswordReset,
    ports::{Clock, Failure, Ports, Store, UnitOfWork},
    sign_in::{AddressSignIn, completion::SignInCompletion},
};

/// Options of codes by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmailOtpOptions {
    /// Options of the codes.
    pub codes: CodeOptions,
    /// How long the client's IP address stays known to the account after a sign-in.
    pub known_for: TimeDelta,
    /// Whether a code may create a user.
    pub may_sign_up: bool,
    /// Whether a code that verifies an address signs the user in.
    pub auto_sign_in: bool,
    /// Minimum time of responses that must not reveal whether an address is registered.
    pub floor: Duration,
}

/// A code that a user has typed.
#[derive(Clone, Debug)]
pub struct TypedCode {
    /// The address that the code was sent to.
    pub email: EmailAddress,
    /// The code.
    pub code: String,
}

/// The use cases that codes complete.
pub struct CodeTargets {
    /// Signs users in.
    pub sign_in: Arc<AddressSignIn>,
    /// Starts sessions of users who have verified their addresses.
    pub completion: Arc<SignInCompletion>,
    /// Sets new passwords.
    pub password_reset: Arc<PasswordReset>,
}

/// Sends codes by mail, and checks them.
pub struct EmailOtp {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    codes: RecipientCodes,
    messages: MessageWriter,
    targets: CodeTargets,
    floor: Floor,
    options: EmailOtpOptions,
}

impl EmailOtp {
    /// Creates the use cases with these options.
    #[must_use]
    pub fn new(
        ports: &Ports,
        targets: CodeTargets,
        (options, messages): (EmailOtpOptions, MessageOptions),
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            codes: RecipientCodes::new(ports, options.codes, options.known_for),
            messages: MessageWriter::new(ports, messages),
            targets,
            floor: Floor::new(Arc::clone(&ports.clock), options.floor),
            options,
        }
    }

    /// Checks a typed code, and returns it as it is stored.
    async fn compare(
        &self,
        kind: AddressCode,
        typed: &TypedCode,
        context: &RequestContext,
    ) -> Result<(CodeKey, StoredCode), CodeError> {
        let key = CodeKey::Address(kind, typed.email.clone());
        let now = self.clock.now();
        let stored = self.codes.check(&key, &typed.code, context, now).await?;
        Ok((key, stored))
    }

    /// Consumes a right code of an address that no user has, and returns the error of a wrong code: an unknown user must not
    /// be distinguishable.
    async fn reject_unknown(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        (key, stored): (&CodeKey, &StoredCode),
        context: &RequestContext,
    ) -> Result<CodeError, Failure> {
        match self.codes.consume(unit.as_mut(), key, stored, context).await {
            Ok(()) => unit.commit().await?,
            Err(CodeError::Failure(failure)) => return Err(failure),
            Err(_) => {}
        }
        Ok(CodeError::Wrong)
    }
}

#[cfg(test)]
mod tests;
