//! The repository of the states of authorization requests, in Better Auth's table `verification`.
//!
//! A row's value is the JSON text of the state, as in Better Auth. Other features store other values in this table under
//! texts that a client knows, so only a row whose value has the members of a state is read (GHSA-965c-763c-88jm).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{dsl::sql, expression::SqlLiteral, prelude::*, sql_types::Bool};
use portcullis_application::ports::{AuthorizationStateRepository, Failure, WriteError};
use portcullis_domain::{
    id::VerificationId, secret::Secret, social::AuthorizationState, token::OneTimeToken,
};

use crate::{
    error::require_row,
    schema::verifications,
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
    verification::{identifier, insertion},
};

/// Whether a row's value has the members that every state has. A quotation mark inside of a JSON text has a backslash
/// before it, so a text within another member cannot match.
const IS_STATE: &str = r#"
    "value" ~ '^[[:space:]]*[{]' AND "value" ~ '"callbackURL"[[:space:]]*:[[:space:]]*"'
    AND "value" ~ '"codeVerifier"[[:space:]]*:[[:space:]]*"' AND "value" ~ '"expiresAt"[[:space:]]*:[[:space:]]*-?[0-9]'
"#;

/// A row to read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = verifications)]
struct Row {
    value: String,
    /// NULL in rows of versions of Better Auth before 1.3.
    created_at: Option<Timestamp>,
}

impl Row {
    /// Returns the state, or `None` if the value is not a state.
    fn into_state(self) -> Option<AuthorizationState> {
        let value = Secret::new(self.value);
        AuthorizationState::parse(value.expose()).ok()
    }
}

fn is_state() -> SqlLiteral<Bool> {
    sql(IS_STATE)
}

#[async_trait]
impl AuthorizationStateRepository for PgUnitOfWork {
    async fn insert(
        &mut self,
        id: &VerificationId,
        value: &OneTimeToken,
        state: &AuthorizationState,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let identifier = identifier::state_written(value, self.is_shared());
        let text = state.to_json();
        let insertion = insertion(&identifier, (id.as_str(), text.expose()), state.expires_at, now)?;
        self.run_write_once("authorization_states.insert", move |connection| {
            insertion.execute(connection)
        })
        .await
        .and_then(require_row)
        .map_err(WriteError::into_failure)
    }

    async fn find(&mut self, value: &OneTimeToken) -> Result<Option<AuthorizationState>, Failure> {
        let identifiers = identifier::state_read(value, self.is_shared());
        self.run("authorization_states.find", move |connection| {
            verifications::table
                .filter(verifications::identifier.eq_any(&identifiers))
                .filter(is_state())
                .order((verifications::created_at.desc(), verifications::id.desc()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.and_then(Row::into_state))
    }

    async fn consume(&mut self, value: &OneTimeToken) -> Result<Option<AuthorizationState>, Failure> {
        let identifiers = identifier::state_read(value, self.is_shared());
        let rows = self.run_write_once("authorization_states.consume", move |connection| {
            let shown = verifications::table
                .filter(verifications::identifier.eq_any(&identifiers))
                .filter(is_state());
            diesel::delete(shown)
                .returning(Row::as_returning())
                .get_results(connection)
        });
        let rows: Vec<Row> = rows.await.map_err(WriteError::into_failure)?;
        let newest = rows.into_iter().max_by_key(|row| row.created_at);
        Ok(newest.and_then(Row::into_state))
    }
}
