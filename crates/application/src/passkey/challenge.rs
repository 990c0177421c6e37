//! The challenges that authenticators sign, each for one answer.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use portcullis_domain::{
    id::UserId,
    passkey::{CHALLENGE_LENGTH, PasskeyChallenge},
    payload_token::{PayloadPurpose, PayloadToken, TokenForm},
    secret::Secret,
    token::OneTimeToken,
};

use super::Passkeys;
use crate::{
    client_token::{TokenEffect, TokenKind},
    context::RequestContext,
    ports::{Failure, RandomExt as _},
};

/// The token of the challenge that a client is to answer.
pub const PASSKEY_CHALLENGE: TokenKind = TokenKind::new("better-auth-passkey");
/// How long a user may take, as in Better Auth.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

impl Passkeys {
    /// Stores a new challenge, and returns it and its token. `user` is the user who is signed in.
    pub(super) async fn challenge(&self, user: Option<&UserId>) -> Result<(String, TokenEffect), Failure> {
        let mut bytes = [0; CHALLENGE_LENGTH];
        self.random.fill(&mut bytes);
        let challenge = PasskeyChallenge {
            challenge: URL_SAFE_NO_PAD.encode(bytes),
            user_id: user.cloned(),
        };
        let (secret, now) = (self.random.authorization_state(), self.clock.now());
        let value = Secret::new(secret.expose().clone());
        let token = PayloadToken {
            id: self.random.id(),
            purpose: PayloadPurpose::PasskeyChallenge,
            secret,
            form: TokenForm::Plain,
            payload: Secret::new(challenge.to_text()),
            expires_at: now + LIFETIME,
            created_at: now,
        };
        self.store.autocommit().payload_tokens().insert(&token).await?;
        let effect = TokenEffect::Set {
            kind: PASSKEY_CHALLENGE,
            value,
            lifetime: LIFETIME,
        };
        Ok((challenge.challenge, effect))
    }

    /// Returns the token that a client presents.
    pub(super) fn presented(context: &RequestContext) -> Option<OneTimeToken> {
        context.token(PASSKEY_CHALLENGE).map(OneTimeToken::new)
    }

    /// Returns the challenge of a token, and deletes it: of several concurrent callers only one receives it. `None`: there
    /// is none, or it has expired.
    pub(super) async fn consume(&self, token: &OneTimeToken) -> Result<Option<PasskeyChallenge>, Failure> {
        let purpose = PayloadPurpose::PasskeyChallenge;
        let mut db = self.store.autocommit();
        let Some(payload) = db.payload_tokens().find(purpose, token).await? else {
            return Ok(None);
        };
        let Some(challenge) = PasskeyChallenge::parse(payload.text.expose()) else {
            return Ok(None);
        };
        let is_first = db.payload_tokens().consume(purpose, token, &payload).await?;
        let is_valid = is_first && payload.is_live(self.clock.now());
        Ok(is_valid.then_some(challenge))
    }
}
