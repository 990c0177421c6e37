//! The second factor: its use cases, and its step in sign-ins.

use std::sync::Arc;

use portcullis_application::{
    ports::Ports,
    seams::{SecondStep, UnprovenCredential},
    two_factor::{TwoFactor, TwoFactorStep, UnprovenSecondFactor},
};

use crate::{config::Config, features::Shared};

/// Returns the use cases, or `None` if the second factor is disabled.
pub(crate) fn use_cases(ports: &Ports, config: &Config, shared: &Shared) -> Option<TwoFactor> {
    let options = (config.two_factor.clone()?, config.messages.clone());
    let Shared {
        completion,
        credentials,
        ..
    } = shared;
    Some(TwoFactor::new(ports, completion, credentials, options))
}

/// Returns the step in which users prove their second factor.
pub(crate) fn step(ports: &Ports, config: &Config) -> Option<Arc<dyn SecondStep>> {
    let options = config.two_factor.as_ref()?;
    Some(Arc::new(TwoFactorStep::new(ports, options)))
}

/// Returns what deletes the second factor of an unproven owner of an account.
pub(crate) fn unproven(ports: &Ports, config: &Config) -> Option<Arc<dyn UnprovenCredential>> {
    config.two_factor.as_ref()?;
    Some(Arc::new(UnprovenSecondFactor::new(ports)))
}
