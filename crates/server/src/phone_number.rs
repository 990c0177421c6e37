//! Phone numbers: their use cases, and the rules for what clients send.

use std::sync::Arc;

use portcullis_application::{
    phone_number::{PhoneNumberGuard, PhoneNumberInput, PhoneNumbers, SharedUseCases, UnprovenPhoneNumber},
    ports::Ports,
    seams::{UnprovenCredential, UserDeletionGuard, UserInput},
};

use crate::{config::Config, features::Shared};

/// Returns the use cases, or `None` if phone numbers are disabled.
pub(crate) fn use_cases(ports: &Ports, config: &Config, shared: &Shared) -> Option<PhoneNumbers> {
    let options = config.phone_number.clone()?;
    let shared = SharedUseCases {
        completion: Arc::clone(&shared.completion),
        credentials: Arc::clone(&shared.credentials),
        passwords: Arc::clone(&shared.password_sign_in),
        users: Arc::clone(&shared.users),
    };
    Some(PhoneNumbers::new(ports, shared, options))
}

/// Returns the check that refuses phone numbers that clients must prove first.
pub(crate) fn input(config: &Config) -> Option<Arc<dyn UserInput>> {
    let options = config.phone_number.as_ref()?;
    Some(Arc::new(PhoneNumberInput {
        format: options.format,
        accepts_at_sign_up: options.accepts_at_sign_up,
    }))
}

/// Returns what removes the phone number of an unproven owner of an account.
pub(crate) fn unproven(ports: &Ports, config: &Config) -> Option<Arc<dyn UnprovenCredential>> {
    config.phone_number.as_ref()?;
    Some(Arc::new(UnprovenPhoneNumber::new(ports)))
}

/// Returns the guard that keeps guests who can sign in again with a phone number.
pub(crate) fn deletion_guard(config: &Config) -> Option<Arc<dyn UserDeletionGuard>> {
    config.phone_number.as_ref()?;
    Some(Arc::new(PhoneNumberGuard))
}
