//! The objects that use cases share.

use std::sync::Arc;

use super::fixtures::{credential_options, session_options};
use crate::{
    credential::{CredentialOptions, Credentials},
    ports::Ports,
    seams::NewPasswordChecks,
    session::SessionOptions,
    sign_in::completion::{SignInCompletion, SignInSeams},
    user::UserCreation,
};

/// The objects that use cases share.
pub struct Services {
    /// Creates users, without defaults of plugins.
    pub users: Arc<UserCreation>,
    /// Completes sign-ins.
    pub completion: Arc<SignInCompletion>,
    /// Compares passwords.
    pub credentials: Arc<Credentials>,
}

/// Options of [`Services`]. By default no attempts are limited, and no plugin takes part.
#[derive(Clone)]
pub struct ServiceOptions {
    /// Options of sessions.
    pub sessions: SessionOptions,
    /// Options of passwords.
    pub credentials: CredentialOptions,
    /// The plugins that take part in sign-ins.
    pub seams: SignInSeams,
    /// The plugins that may refuse new passwords.
    pub new_passwords: NewPasswordChecks,
}

impl Default for ServiceOptions {
    fn default() -> Self {
        Self {
            sessions: session_options(),
            credentials: credential_options(),
            seams: SignInSeams::default(),
            new_passwords: NewPasswordChecks::default(),
        }
    }
}

impl Services {
    /// Creates the objects by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: ServiceOptions) -> Self {
        Self {
            users: Arc::new(UserCreation::new(ports, Arc::default())),
            completion: Arc::new(SignInCompletion::new(ports, options.sessions, options.seams)),
            credentials: Arc::new(Credentials::new(
                ports,
                options.credentials,
                options.new_passwords,
            )),
        }
    }

    /// Returns the completion and the credentials, for the constructor of a use case.
    #[must_use]
    pub fn share(&self) -> (Arc<SignInCompletion>, Arc<Credentials>) {
        (Arc::clone(&self.completion), Arc::clone(&self.credentials))
    }
}
