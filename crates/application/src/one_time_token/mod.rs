//! One-time tokens by which a user transfers a session to another client.

mod error;

use std::{slice, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    payload_token::{Payload, PayloadPurpose, PayloadToken, TokenForm},
    secret::Secret,
    session::Session,
    token::{OneTimeToken, SessionToken},
};

pub use self::error::HandOverError;
use crate::{
    client_token::{ActiveSession, ClientEffects, SessionEffect},
    ports::{Clock, Failure, Ports, Random, RandomExt, Store},
    session::{Reading, Sessions},
};

const PURPOSE: PayloadPurpose = PayloadPurpose::SessionHandOver;

/// Options of the tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeTokenOptions {
    /// How long a token is valid.
    pub lifetime: TimeDelta,
    /// How long a client stores a session that outlives the browser.
    pub session_lifetime: TimeDelta,
    /// The form of tokens in a database that a Node server shares.
    pub form: TokenForm,
    /// Whether clients may request a token.
    pub may_be_requested: bool,
    /// Whether a client stores the session that it receives.
    pub sets_cookie: bool,
    /// Whether each response that makes a client store a session contains a token.
    pub sets_header: bool,
}

/// Hands sessions over to other clients.
pub struct OneTimeTokens {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    sessions: Arc<Sessions>,
    options: OneTimeTokenOptions,
}

impl OneTimeTokens {
    /// Creates the use cases, which read sessions with `sessions`.
    #[must_use]
    pub fn new(ports: &Ports, sessions: Arc<Sessions>, options: OneTimeTokenOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            sessions,
            options,
        }
    }

    /// Returns whether clients may request a token.
    #[must_use]
    pub const fn may_be_requested(&self) -> bool {
        self.options.may_be_requested
    }

    /// Returns whether each response that makes a client store a session contains a token.
    #[must_use]
    pub const fn sets_header(&self) -> bool {
        self.options.sets_header
    }

    /// Stores and returns a token for a live session. `None`: another user acts in the session, which only the client that
    /// started it may use.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn create(&self, session: &Session) -> Result<Option<OneTimeToken>, Failure> {
        if self.sessions.is_delegated(session) {
            return Ok(None);
        }
        let now = self.clock.now();
        let secret = self.random.hand_over_token();
        let token = PayloadToken {
            id: self.random.id(),
            purpose: PURPOSE,
            secret: secret.clone(),
            form: self.options.form,
            // As in Better Auth, so that a Node server that shares the database can complete the hand-over.
            payload: Secret::new(session.token.expose().clone()),
            expires_at: now + self.options.lifetime,
            created_at: now,
        };
        self.store.autocommit().payload_tokens().insert(&token).await?;
        Ok(Some(secret))
    }

    /// Returns the session of a token, which is consumed, and the changes by which the client stores the session.
    /// `is_remembered` is whether the client remembers sessions.
    ///
    /// # Errors
    ///
    /// [`HandOverError`] with the reason. The token is also consumed if its session is refused.
    pub async fn redeem(
        &self,
        secret: &OneTimeToken,
        is_remembered: bool,
    ) -> Result<(Arc<ActiveSession>, ClientEffects), HandOverError> {
        let mut db = self.store.autocommit();
        let payload = db.payload_tokens().find(PURPOSE, secret).await?;
        let payload = payload.ok_or(HandOverError::InvalidToken)?;
        let found = self.session(&payload, self.clock.now(), is_remembered).await;
        if let Err(HandOverError::Failure(failure)) = found {
            return Err(failure.into());
        }

        let is_first = db.payload_tokens().consume(PURPOSE, secret, &payload).await?;
        if is_first {
            found
        } else {
            Err(HandOverError::InvalidToken)
        }
    }

    /// Returns the live session of a token's payload.
    async fn session(
        &self,
        payload: &Payload,
        now: DateTime<Utc>,
        is_remembered: bool,
    ) -> Result<(Arc<ActiveSession>, ClientEffects), HandOverError> {
        if !payload.is_live(now) {
            return Err(HandOverError::TokenExpired);
        }
        let token = SessionToken::new(payload.text.expose().clone());
        let row = self.store.autocommit().sessions().find_by_token(&token).await?;
        let (session, _user) = row.ok_or(HandOverError::SessionNotFound)?;
        if session.is_expired(now) {
            return Err(HandOverError::SessionExpired);
        }
        let caller = self.sessions.caller(slice::from_ref(&token), Reading::UNCHANGED);
        let caller = caller.await?.ok_or(HandOverError::SessionNotFound)?;
        let is_remembered = is_remembered && caller.is_remembered();
        let active_session = caller.active_session();
        Ok((
            Arc::clone(&active_session),
            self.stored(active_session, is_remembered).into(),
        ))
    }

    fn stored(&self, active_session: Arc<ActiveSession>, is_remembered: bool) -> SessionEffect {
        if !self.options.sets_cookie {
            return SessionEffect::Unchanged;
        }
        SessionEffect::Store {
            active_session,
            lifetime: is_remembered.then_some(self.options.session_lifetime),
        }
    }
}

#[cfg(test)]
mod tests;
