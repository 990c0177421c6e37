//! The repository of one-time tokens with a payload, which is the row's value.

use async_trait::async_trait;
use diesel::prelude::*;
use portcullis_application::ports::{Failure, PayloadTokenRepository, WriteError};
use portcullis_domain::{
    payload_token::{Payload, PayloadPurpose, PayloadToken},
    secret::Secret,
    token::OneTimeToken,
};

use super::{Row, identifier, insertion};
use crate::{
    error::require_row,
    schema::verifications,
    text::{contains_nul, reject_nul},
    unit_of_work::PgUnitOfWork,
};

#[async_trait]
impl PayloadTokenRepository for PgUnitOfWork {
    async fn insert(&mut self, token: &PayloadToken) -> Result<(), Failure> {
        let identifier = identifier::payload_written(token, self.is_shared());
        let (id, payload) = (token.id.as_str(), token.payload.expose());
        reject_nul([Some(&identifier), Some(payload)])?;
        let insertion = insertion(&identifier, (id, payload), token.expires_at, token.created_at)?;
        self.run_write_once("payload_tokens.insert", move |connection| {
            insertion.execute(connection)
        })
        .await
        .and_then(require_row)
        .map_err(WriteError::into_failure)
    }

    async fn find(
        &mut self,
        purpose: PayloadPurpose,
        secret: &OneTimeToken,
    ) -> Result<Option<Payload>, Failure> {
        let identifiers = identifier::payload_read(purpose, secret, self.is_shared());
        self.run("payload_tokens.find", move |connection| {
            verifications::table
                .filter(verifications::identifier.eq_any(&identifiers))
                .order((verifications::created_at.desc(), verifications::id.desc()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row: Option<Row>| row.map(Row::into_payload))
    }

    async fn consume(
        &mut self,
        purpose: PayloadPurpose,
        secret: &OneTimeToken,
        payload: &Payload,
    ) -> Result<bool, Failure> {
        let identifiers = identifier::payload_read(purpose, secret, self.is_shared());
        let value = payload.text.expose().clone();
        if contains_nul(&value) {
            return Ok(false);
        }
        self.run_write_once("payload_tokens.consume", move |connection| {
            let token = verifications::table
                .filter(verifications::identifier.eq_any(&identifiers))
                .filter(verifications::value.eq(&value));
            diesel::delete(token).execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
        .map_err(WriteError::into_failure)
    }
}

impl Row {
    fn into_payload(self) -> Payload {
        Payload {
            text: Secret::new(self.value),
            expires_at: self.expires_at.into(),
        }
    }
}
