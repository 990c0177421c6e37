//! Trust in a device, whose sign-ins need no second step.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use portcullis_domain::{id::UserId, secret::Secret, token::OneTimeToken, verification::Purpose};

use super::{TRUSTED_DEVICE, Tokens};
use crate::{
    client_token::TokenEffect,
    context::RequestContext,
    ports::{Failure, Purpose as MacPurpose, RandomExt, Repositories},
};

/// Separates the two parts of the token of a trusted device.
const SEPARATOR: char = '!';

impl Tokens {
    /// Trusts the client's device.
    pub(in crate::two_factor) async fn trust(
        &self,
        db: &mut dyn Repositories,
        user: &UserId,
        now: DateTime<Utc>,
    ) -> Result<TokenEffect, Failure> {
        let token = self.random.trusted_device();
        let text = token.expose();
        let signature = self.signature(user, text);
        let value = Secret::new(format!("{signature}{SEPARATOR}{text}"));
        let lifetime = self.trust_lifetime;
        self.issue(db, (Purpose::TrustedDevice, token), user, (now, lifetime))
            .await?;
        Ok(TokenEffect::Set {
            kind: TRUSTED_DEVICE,
            value,
            lifetime,
        })
    }

    /// Consumes the token of a trusted device. Returns whether the device is trusted for this user.
    pub(in crate::two_factor) async fn consume_trust(
        &self,
        db: &mut dyn Repositories,
        user: &UserId,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let presented = context.token(TRUSTED_DEVICE);
        let Some((signature, text)) = presented.and_then(|value| value.split_once(SEPARATOR)) else {
            return Ok(false);
        };
        let message = signed_text(user, text);
        let is_genuine = URL_SAFE_NO_PAD
            .decode(signature)
            .is_ok_and(|tag| self.mac.verify(MacPurpose::Cookie, message.as_bytes(), &tag));
        if !is_genuine {
            return Ok(false);
        }
        let consumed = db
            .verifications()
            .consume(Purpose::TrustedDevice, &OneTimeToken::new(text))
            .await?;
        Ok(consumed.is_some_and(|device| device.user_id == *user && device.is_live(now)))
    }

    fn signature(&self, user: &UserId, text: &str) -> String {
        let message = signed_text(user, text);
        URL_SAFE_NO_PAD.encode(self.mac.tag(MacPurpose::Cookie, message.as_bytes()))
    }
}

/// What the signature of a trusted device covers, as in Better Auth.
fn signed_text(user: &UserId, text: &str) -> String {
    format!("{}{SEPARATOR}{text}", user.as_str())
}
