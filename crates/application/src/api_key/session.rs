//! Keys that stand for a session of their owners.

use portcullis_domain::{
    additional::AdditionalFields,
    api_key::{ApiKey, PlainKey},
    id::SessionId,
    session::Session,
    token::SessionToken,
};

use super::{ApiKeys, KeySessionError, VerifiedKey};
use crate::{client_token::ActiveSession, context::RequestContext, session::KeySession};

impl ApiKeys {
    /// Returns the session that a key stands for, for one request. No session is stored: its id is the key's, and its
    /// token is the key itself, as in Better Auth. It counts as one use of the key.
    ///
    /// # Errors
    ///
    /// If the key is not valid.
    pub async fn session(
        &self,
        key: &PlainKey,
        context: &RequestContext,
    ) -> Result<KeySession, KeySessionError> {
        if !self.options.policy.may_be_key(key.expose()) {
            return Err(KeySessionError::TooShort);
        }
        let VerifiedKey { key: row, user } = self.verify(key, None).await?;

        let present = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let session = Session {
            token: SessionToken::new(key.expose().as_str()),
            ip_address: present(&context.ip_address),
            user_agent: present(&context.user_agent),
            ..self.session_of(&row)
        };
        Ok(KeySession(ActiveSession { session, user }))
    }

    /// Returns the session that a key stands for, without the key itself and without its client.
    pub(super) fn session_of(&self, key: &ApiKey) -> Session {
        let now = self.clock.now();
        Session {
            id: SessionId::new(key.id.as_str()),
            token: SessionToken::new(""),
            user_id: key.user_id.clone(),
            expires_at: key.expires_at.unwrap_or(now + self.options.session_lifetime),
            created_at: now,
            updated_at: now,
            ip_address: None,
            user_agent: None,
            additional: AdditionalFields::default(),
        }
    }
}
