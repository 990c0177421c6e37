//! The tokens that clients keep: a pending challenge, and the trust in a device.

mod trusted_device;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    id::UserId,
    secret::Secret,
    token::OneTimeToken,
    verification::{Purpose, Verification},
};

use crate::{
    client_token::{TokenEffect, TokenKind},
    ports::{Failure, Mac, Ports, Random, RandomExt, Repositories},
};

/// The token of a sign-in that waits for its second step.
pub const CHALLENGE: TokenKind = TokenKind::new("two_factor");
/// The token of a device whose sign-ins need no second step.
pub const TRUSTED_DEVICE: TokenKind = TokenKind::new("trust_device");

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
}
