//! Services that assess solved captchas.

use async_trait::async_trait;
use portcullis_domain::{captcha::Assessment, secret::Secret};

use super::Failure;

/// A service that assesses solved captchas.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait CaptchaService: Send + Sync {
    /// Returns what the service reports about the text that a page got for a solved challenge. The text is sent once, because
    /// a service accepts it once. An empty `address` is that of an unknown client.
    ///
    /// Fails if the service does not answer in time, or its answer cannot be used.
    async fn assess(&self, response: &Secret<String>, address: &str) -> Result<Assessment, Failure>;
}
