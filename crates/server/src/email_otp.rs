//! Codes by mail: their use cases.

use std::sync::Arc;

use portcullis_application::{
    email_otp::{CodeTargets, EmailOtp},
    password_reset::PasswordReset,
    ports::Ports,
};

use crate::{config::Config, features::Shared, seams};

/// Returns the use cases, or `None` if codes by mail are disabled.
pub(crate) fn use_cases(ports: &Ports, config: &Config, shared: &Shared) -> Option<EmailOtp> {
    let options = (config.email_otp?, config.messages.clone());
    let password_reset = PasswordReset::new(
        ports,
        (Arc::clone(&shared.credentials), seams::first_proof(ports, config)),
        config.password_reset.clone(),
    );
    let targets = CodeTargets {
        sign_in: Arc::clone(&shared.address_sign_in),
        completion: Arc::clone(&shared.completion),
        password_reset,
    };
    Some(EmailOtp::new(ports, targets, options))
}
