//! Captchas: routes that only requests with a solved challenge reach.

use std::sync::Arc;

use portcullis_domain::{
    captcha::{CaptchaPolicy, CaptchaRejection},
    glob::Glob,
    secret::Secret,
};

use crate::ports::{CaptchaService, Failure};

/// Options of captchas.
#[derive(Clone, Debug, PartialEq)]
pub struct CaptchaOptions {
    /// The paths of routes, below the base path, that only requests with a solved challenge reach.
    pub endpoints: Vec<Glob>,
    /// Which solved challenges are accepted.
    pub policy: CaptchaPolicy,
}

/// Why a request does not reach its route.
#[derive(Debug, thiserror::Error)]
pub enum CaptchaError {
    /// The challenge is not solved, or the policy does not accept the solution.
    #[error("the captcha is not accepted")]
    Rejected(#[source] CaptchaRejection),
    /// The service cannot be reached. The request is rejected.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Checks solved challenges.
pub struct Captcha {
    service: Arc<dyn CaptchaService>,
    options: CaptchaOptions,
}

impl Captcha {
    /// Creates the check by this service, with these options.
    #[must_use]
    pub fn new(service: Arc<dyn CaptchaService>, options: CaptchaOptions) -> Self {
        Self { service, options }
    }

    /// Returns whether only requests with a solved challenge reach the route with this path. It is the path that the route
    /// declares, so that no spelling of a URL avoids the check.
    #[must_use]
    pub fn protects(&self, path: &str) -> bool {
        self.options
            .endpoints
            .iter()
            .any(|endpoint| endpoint.matches(path))
    }

    /// Accepts the text that a page got for a solved challenge.
    ///
    /// # Errors
    ///
    /// [`CaptchaError::Rejected`] if the challenge is not solved, or was solved elsewhere.
    pub async fn check(&self, response: &Secret<String>, address: &str) -> Result<(), CaptchaError> {
        let assessment = self.service.assess(response, address).await?;
        let accepted = self.options.policy.check(&assessment);
        accepted.map_err(CaptchaError::Rejected)
    }
}

#[cfg(test)]
mod tests;
