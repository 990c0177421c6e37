//! One-time tokens with a payload, in memory.

use async_trait::async_trait;
use portcullis_domain::{
    payload_token::{Payload, PayloadPurpose, PayloadToken},
    token::OneTimeToken,
};

use super::{MemoryUnitOfWork, remove};
use crate::ports::{Failure, PayloadTokenRepository};

fn is_the(token: &PayloadToken, purpose: PayloadPurpose, secret: &OneTimeToken) -> bool {
    token.purpose == purpose && token.secret.expose() == secret.expose()
}

#[async_trait]
impl PayloadTokenRepository for MemoryUnitOfWork {
    async fn insert(&mut self, token: &PayloadToken) -> Result<(), Failure> {
        self.write(|rows| rows.payload_tokens.push(token.clone()));
        Ok(())
    }

    async fn find(
        &mut self,
        purpose: PayloadPurpose,
        secret: &OneTimeToken,
    ) -> Result<Option<Payload>, Failure> {
        Ok(self.read(|rows| {
            let mut newest_first = rows.payload_tokens.iter().rev();
            let token = newest_first.find(|token| is_the(token, purpose, secret))?;
            Some(Payload {
                text: token.payload.clone(),
                expires_at: token.expires_at,
            })
        }))
    }

    async fn consume(
        &mut self,
        purpose: PayloadPurpose,
        secret: &OneTimeToken,
        payload: &Payload,
    ) -> Result<bool, Failure> {
        let has_payload = |token: &PayloadToken| {
            is_the(token, purpose, secret) && token.payload.expose() == payload.text.expose()
        };
        Ok(self.write(|rows| remove(&mut rows.payload_tokens, u32::MAX, has_payload) > 0))
    }
}
