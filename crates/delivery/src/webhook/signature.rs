//! Signatures of Standard Webhooks.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use hmac::{Hmac, KeyInit, Mac};
use portcullis_domain::secret::Secret;
use sha2::Sha256;

use super::WebhookError;

/// What begins the text of a secret in base64.
const PREFIX: &str = "whsec_";

/// Secrets are copied by hand, and lose their padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Signs requests.
pub(super) struct Signer(Secret<Vec<u8>>);

impl Signer {
    /// Takes a secret as `whsec_` and base64, or as the bytes of any other text.
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

    /// The length of the key in bytes; at least 1.
    pub(super) const fn key_length(&self) -> usize {
        self.0.expose().len()
    }

    /// A signature in the header `webhook-signature`, which may hold several.
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
    fn signatures_are_those_of_the_published_vector() {
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(
            signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap(),
            expected
        );
    }

    #[test]
    fn padding_may_be_lost_and_other_texts_are_taken_as_they_are() {
        let expected = signature("a raw secret").unwrap();
        assert_eq!(signature("whsec_YSByYXcgc2VjcmV0").unwrap(), expected);
        assert_ne!(signature("another raw secret").unwrap(), expected);
        assert_eq!(signature("whsec_YQ==").unwrap(), signature("whsec_YQ").unwrap());
    }

    #[test]
    fn a_secret_that_is_no_base64_or_empty_is_refused() {
        for secret in ["", "whsec_", "whsec_***", "whsec_a raw secret"] {
            assert!(matches!(signature(secret), Err(WebhookError::Secret)), "{secret}");
        }
    }
}
