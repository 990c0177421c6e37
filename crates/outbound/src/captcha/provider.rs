//! Providers of captchas.

/// A provider of captchas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptchaProvider {
    /// Turnstile of Cloudflare.
    CloudflareTurnstile,
    /// reCAPTCHA of Google, version 2 or 3. Only version 3 reports scores.
    GoogleRecaptcha,
    /// hCaptcha.
    HCaptcha,
    /// CaptchaFox.
    CaptchaFox,
}

impl CaptchaProvider {
    /// Returns the URL at which challenges are assessed.
    pub(super) const fn url(self) -> &'static str {
        match self {
            Self::CloudflareTurnstile => "https://challenges.cloudflare.com/turnstile/v0/siteverify",
            Self::GoogleRecaptcha => "https://www.google.com/recaptcha/api/siteverify",
            Self::HCaptcha => "https://api.hcaptcha.com/siteverify",
            Self::CaptchaFox => "https://api.captchafox.com/siteverify",
        }
    }

    /// Returns the name of the member that contains the address of the client.
    pub(super) const fn address(self) -> &'static str {
        match self {
            Self::CloudflareTurnstile | Self::GoogleRecaptcha | Self::HCaptcha => "remoteip",
            Self::CaptchaFox => "remoteIp",
        }
    }

    /// Returns whether the service reads JSON instead of forms.
    pub(super) const fn takes_json(self) -> bool {
        matches!(self, Self::CloudflareTurnstile)
    }
}
