//! Passkeys: their owners register and manage them, and sign in with them.

mod authentication;
mod browser_options;
mod challenge;
mod error;
mod options;
mod registration;
mod registry;
mod signature;
mod unproven_credential;
mod user_deletion_guard;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use portcullis_domain::passkey::{
    AuthenticatorData, Ceremony, ClientData, PasskeyChallenge, PasskeyRejection, Requirement,
};

pub use self::{
    authentication::Authentication,
    challenge::PASSKEY_CHALLENGE,
    error::{AuthenticationError, PasskeyChangeError, RegistrationError},
    options::{AuthenticationOptions, PasskeyOptions, RegistrationOptions, RegistrationWish},
    registration::{Registration, RegistrationResponse},
    unproven_credential::UnprovenPasskeys,
    user_deletion_guard::PasskeyGuard,
};
use crate::{
    ports::{Clock, PasskeyVerifier, Ports, Random, Store},
    sign_in::completion::SignInCompletion,
};

/// Registers and manages passkeys, and signs users in with them.
pub struct Passkeys {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    verifier: Arc<dyn PasskeyVerifier>,
    completion: Arc<SignInCompletion>,
    options: PasskeyOptions,
}

impl Passkeys {
    /// Creates the use cases by these options.
    #[must_use]
    pub fn new(ports: &Ports, completion: Arc<SignInCompletion>, options: PasskeyOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            verifier: Arc::clone(&ports.passkey_verifier),
            completion,
            options,
        }
    }

    /// Returns the options.
    #[must_use]
    pub const fn options(&self) -> &PasskeyOptions {
        &self.options
    }

    /// Checks what the browser states: it must answer the challenge, on a page of the deployment. `origin` is the origin
    /// that the request names.
    fn check_client(
        &self,
        (json, origin): (&[u8], Option<&str>),
        challenge: &PasskeyChallenge,
        ceremony: Ceremony,
    ) -> Result<(), PasskeyRejection> {
        let client = ClientData::parse(json)?;
        client.check(ceremony, &challenge.challenge)?;
        self.options
            .accepts(origin, &client.origin)
            .then_some(())
            .ok_or(PasskeyRejection::Origin)
    }

    /// Checks what the authenticator states about its user.
    fn check_user(&self, data: AuthenticatorData) -> Result<(), PasskeyRejection> {
        if !data.flags.is_user_present() {
            return Err(PasskeyRejection::UserAbsent);
        }
        let is_required = self.options.selection.user_verification == Requirement::Required;
        if is_required && !data.flags.is_user_verified() {
            return Err(PasskeyRejection::UserUnverified);
        }
        Ok(())
    }
}

/// Logs why a passkey is rejected, which clients do not learn.
fn log(rejection: PasskeyRejection) -> PasskeyRejection {
    tracing::debug!(reason = %rejection, "a passkey was rejected");
    rejection
}
