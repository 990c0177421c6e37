//! Keys that stand for a session of their owners.

use portcullis_domain::{
    additional::AdditionalFields, api_key::PlainKey, id::SessionId, session::Session, token::SessionToken,
};

use super::{ApiKeys, KeySessionError};
use crate::{client_token::ActiveSession, context::RequestContext, session::KeySession};

impl ApiKeys {
    /// Returns the session that a key stands for, for one request. No session is stored: its id is the key's, and its
    /// token is the key itself, as in Better Auth. It is one use of the key.
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
        let verified = self.verify(key, None).await?;

        let now = self.clock.now();
        let present = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let session = Session {
            id: SessionId::new(verified.key.id.as_str()),
            token: SessionToken::new(key.expose().as_str()),
            user_id: verified.key.user_id,
            expires_at: verified
                .key
                .expires_at
                .unwrap_or(now + self.options.session_lifetime),
            created_at: now,
            updated_at: now,
            ip_address: present(&context.ip_address),
            user_agent: present(&context.user_agent),
            additional: AdditionalFields::default(),
        };
        Ok(KeySession(ActiveSession {
            session,
            user: verified.user,
        }))
    }
}
