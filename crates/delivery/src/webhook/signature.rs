//! Signatures by Standard Webhooks.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use hmac::{Hmac, KeyInit, Mac};
use portcullis_domain::secret::Secret;
use sha2::Sha256;

use super::WebhookError;

/// Prefix of secrets in base64.
const PREFIX: &str = "whsec_";

/// Padding is optional, since it is easily lost when a secret is copied.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Signs requests.
pub(super) struct Signer(Secret<Vec<u8>>);

impl Signer {
    /// Parses a secret: `whsec_` and base64, or any other text, whose bytes are the key.
    pub(super) fn new(secret: &Secret<String>) -> Result<Self, WebhookError> {
        let text = secret.expose();
        let key = match text.strip_prefix(PREFIX) {
            Some(encoded) => LENIENT.decode(encoded).map_err(|_| WebhookError::Secret)?,
            None => text.as_bytes().to_vec(),
        };
        if key.is_empty() {
            return Err(WebhookError::Secret);
        }
        Ok(Self(Secret::new(key)))
    }

    /// Returns the length of the key in bytes; at least 1.
    pub(super) const fn key_length(&self) -> usize {
        self.0.expose().len()
    }

    /// Returns a signature for the header `webhook-signature`, which may contain several.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &str) -> Result<String, WebhookError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose()).map_err(|_| WebhookError::Secret)?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body.as_bytes());
        Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &str = r#"{"test": 2432232314}"#;

    fn signature(secret: &str) -> Result<String, WebhookError> {
        Signer::new(&Secret::new(secret.to_owned()))?.sign(ID, 1_614_265_330, BODY)
    }

    #[test]
    fn signatures_equal_the_published_test_vector() {
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(
            signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap(),
            expected
        );
    }

    #[test]
    fn padding_is_optional_and_other_texts_are_used_unchanged() {
        let expected = signature("a raw secret").unwrap();
        assert_eq!(signature("whsec_YSByYXcgc2VjcmV0").unwrap(), expected);
        assert_ne!(signature("another raw secret").unwrap(), expected);
        assert_eq!(signature("whsec_YQ==").unwrap(), signature("whsec_YQ").unwrap());
    }

    #[test]
    fn an_empty_secret_and_invalid_base64_are_rejected() {
        for secret in ["", "whsec_", "whsec_***", "whsec_a raw secret"] {
            assert!(matches!(signature(secret), Err(WebhookError::Secret)), "{secret}");
        }
    }
}
