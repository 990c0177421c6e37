//! Captchas: the service that assesses them, and the check of requests.

use std::sync::Arc;

use portcullis_application::{captcha::Captcha, ports::Failure};
use portcullis_outbound::{CaptchaVerifier, Client};

use crate::config::Config;

/// Returns the check, or `None` if captchas are disabled.
///
/// # Errors
///
/// If TLS cannot be set up.
pub(crate) fn check(config: &Config) -> Result<Option<Captcha>, Failure> {
    let Some(captcha) = &config.captcha else {
        return Ok(None);
    };
    let client = Client::new(captcha.client.clone())?;
    let service = CaptchaVerifier::new(client, captcha.service.clone());
    Ok(Some(Captcha::new(Arc::new(service), captcha.options.clone())))
}
