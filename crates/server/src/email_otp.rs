//! Codes by mail: their use cases.

use std::sync::Arc;

use portcullis_application::{
    email_otp::{CodeTargets, EmailOtp},
    ports::Ports,
};

use crate::{config::Config, features::Shared};

/// Returns the use cases, or `None` if codes by mail are disabled.
pub(crate) fn use_cases(ports: &Ports, config: &Config, shared: &Shared) -> Option<EmailOtp> {
    let options = (config.email_otp?, config.messages.clone());
    let targets = CodeTargets {
        sign_in: Arc::clone(&shared.address_sign_in),
        completion: Arc::clone(&shared.completion),
        password_reset: Arc::clone(&shared.password_reset),
    };
    Some(EmailOtp::new(ports, targets, options))
}
