//! Codes of second factors.

use chrono::{DateTime, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use portcullis_application::ports::TwoFactorCodes;
use portcullis_domain::{secret::Secret, two_factor::TotpPolicy};
use totp_rs::{Algorithm, Builder};

/// The characters that JavaScript's `encodeURIComponent` encodes.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
/// Steps before and after the current one whose codes are accepted.
const SKEW: u16 = 1;

/// TOTP by RFC 6238 with HMAC-SHA1, which authenticator apps expect.
#[derive(Clone, Copy, Debug, Default)]
pub struct SecondFactorCodes;

fn totp(secret: &Secret<String>, policy: TotpPolicy) -> totp_rs::Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(policy.digits)
        .with_skew(SKEW)
        .with_step_duration(u64::from(policy.period))
        .with_secret(secret.expose().as_bytes())
        .build_noncompliant()
}

impl TwoFactorCodes for SecondFactorCodes {
    fn matching_step(
        &self,
        secret: &Secret<String>,
        policy: TotpPolicy,
        code: &str,
        now: DateTime<Utc>,
    ) -> Option<u64> {
        let now = u64::try_from(now.timestamp()).ok()?;
        totp(secret, policy).check(code, now)
    }

    fn uri(
        &self,
        secret: &Secret<String>,
        policy: TotpPolicy,
        issuer: &str,
        account: &str,
    ) -> Secret<String> {
        let encoded = |text| utf8_percent_encode(text, COMPONENT);
        let base32 = totp_rs::Secret::from(secret.expose().as_bytes()).to_base32();
        let (issuer_path, account) = (encoded(issuer), encoded(account));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("secret", &base32)
            .append_pair("issuer", issuer)
            .append_pair("digits", &policy.digits.to_string())
            .append_pair("period", &policy.period.to_string())
            .finish();
        Secret::new(format!("otpauth://totp/{issuer_path}:{account}?{query}"))
    }
}

#[cfg(test)]
mod tests;
