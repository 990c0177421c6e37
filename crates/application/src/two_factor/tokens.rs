//! The tokens that clients keep: a pending challenge, and the trust in a device.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    id::UserId,
    secret::Secret,
    token::OneTimeToken,
    verification::{Purpose, Verification},
};

use crate::{
    client_token::{TokenEffect, TokenKind},
    context::RequestContext,
    ports::{Failure, Mac, Ports, Purpose as MacPurpose, Random, RandomExt, Repositories},
};

/// The token of a sign-in that waits for its second step.
pub const CHALLENGE: TokenKind = TokenKind::new("two_factor");
/// The token of a device whose sign-ins need no second step.
pub const TRUSTED_DEVICE: TokenKind = TokenKind::new("trust_device");
/// Separates the two parts of the token of a trusted device.
const SEPARATOR: char = '!';

/// Issues and checks these tokens.
#[derive(Clone)]
pub(super) struct Tokens {
    random: Arc<dyn Random>,
    mac: Arc<dyn Mac>,
    challenge_lifetime: TimeDelta,
    trust_lifetime: TimeDelta,
}

impl Tokens {
    pub(super) fn new(ports: &Ports, challenge_lifetime: TimeDelta, trust_lifetime: TimeDelta) -> Self {
        Self {
            random: Arc::clone(&ports.random),
            mac: Arc::clone(&ports.mac),
            challenge_lifetime,
            trust_lifetime,
        }
    }

    /// Begins a challenge of the user.
    pub(super) async fn challenge(
        &self,
        db: &mut dyn Repositories,
        user: &UserId,
        now: DateTime<Utc>,
    ) -> Result<TokenEffect, Failure> {
        let token = self.random.two_factor_challenge();
        let value = Secret::new(token.expose().clone());
        let lifetime = self.challenge_lifetime;
        self.issue(db, (Purpose::TwoFactorChallenge, token), user, (now, lifetime))
            .await?;
        Ok(TokenEffect::Set {
            kind: CHALLENGE,
            value,
            lifetime,
        })
    }

    /// Trusts the client's device.
    pub(super) async fn trust(
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
    pub(super) async fn consume_trust(
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

    async fn issue(
        &self,
        db: &mut dyn Repositories,
        (purpose, secret): (Purpose, OneTimeToken),
        user: &UserId,
        (now, lifetime): (DateTime<Utc>, TimeDelta),
    ) -> Result<(), Failure> {
        let verification = Verification {
            id: self.random.id(),
            purpose,
            secret,
            user_id: user.clone(),
            expires_at: now + lifetime,
            created_at: now,
        };
        db.verifications().insert(&verification).await
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
