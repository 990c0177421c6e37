//! The second step of a sign-in.

use async_trait::async_trait;
use portcullis_domain::two_factor;

use super::{
    TwoFactorOptions,
    tokens::{TRUSTED_DEVICE, Tokens},
};
use crate::{
    client_token::TokenEffect,
    ports::{Failure, Ports, Repositories},
    seams::{SecondStep, Step},
    sign_in::completion::SigningIn,
};

/// Asks users who have enabled a second factor for it, unless they trust the device.
pub struct TwoFactorStep {
    tokens: Tokens,
}

impl TwoFactorStep {
    /// Creates the step with these options.
    #[must_use]
    pub fn new(ports: &Ports, options: &TwoFactorOptions) -> Self {
        Self {
            tokens: Tokens::new(ports, options.challenge_lifetime, options.trust_lifetime),
        }
    }
}

#[async_trait]
impl SecondStep for TwoFactorStep {
    async fn challenge(
        &self,
        db: &mut dyn Repositories,
        signing_in: &SigningIn<'_>,
    ) -> Result<Step, Failure> {
        let SigningIn {
            user, context, now, ..
        } = signing_in;
        if !two_factor::is_enabled(user) {
            return Ok(Step::NotAsked);
        }
        if self.tokens.consume_trust(db, &user.id, context, *now).await? {
            let renewed = self.tokens.trust(db, &user.id, *now).await?;
            return Ok(Step::Satisfied(vec![renewed]));
        }
        let mut effects = Vec::new();
        if context.token(TRUSTED_DEVICE).is_some() {
            effects.push(TokenEffect::Clear { kind: TRUSTED_DEVICE });
        }
        effects.push(self.tokens.challenge(db, &user.id, *now).await?);
        Ok(Step::Challenge(effects))
    }
}
