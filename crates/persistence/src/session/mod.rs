//! The session repository.

mod cached;
mod expression;
mod lookups;
mod queue;
mod row;
mod standby;
mod statement;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Text, Timestamptz},
};
use portcullis_application::ports::{Failure, SessionRepository, WriteError};
use portcullis_domain::{
    additional::AdditionalFields,
    id::{SessionId, UserId},
    session::Session,
    token::SessionToken,
    user::User,
};
use serde_json::Value;

use self::row::{RowWithUser, insertion, with_user};
pub(crate) use self::{lookups::SessionLookups, row::Row};
use crate::{
    additional::Change,
    error::discarded_row,
    schema::{sessions, users},
    session_cache::RowChange,
    text::contains_nul,
    unit_of_work::PgUnitOfWork,
    user,
};

/// Deletes in small batches, so that no lock is held for long. Sessions that are being renewed are skipped, and
/// replicas that delete concurrently do not wait for each other.
const DELETE_EXPIRED: &str = r#"
    DELETE FROM "session" WHERE "id" IN (
        SELECT "id" FROM "session" WHERE "expiresAt" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
    )
"#;

/// Deletes the oldest of a user's live sessions beyond the `$4` newest ones, except session `$3`, and at most `$5`.
/// Sessions that another transaction is changing are skipped, so that concurrent sign-ins of one user do not wait for
/// each other.
pub(crate) const DELETE_OLDEST: &str = r#"
    WITH first_beyond AS MATERIALIZED (
        SELECT "createdAt", "id" FROM "session" WHERE "userId" = $1 AND "expiresAt" > $2 AND "id" <> $3
        ORDER BY "createdAt" DESC, "id" DESC OFFSET $4 LIMIT 1
    ), beyond AS MATERIALIZED (
        SELECT session."id" FROM "session" AS session, first_beyond
        WHERE session."userId" = $1 AND session."expiresAt" > $2 AND session."id" <> $3
            AND (session."createdAt", session."id") <= (first_beyond."createdAt", first_beyond."id")
        ORDER BY session."createdAt", session."id" LIMIT $5
    ), locked AS (
        SELECT "id" FROM "session" WHERE "id" = ANY (ARRAY(SELECT "id" FROM beyond)) FOR UPDATE SKIP LOCKED
    )
    DELETE FROM "session" WHERE "id" = ANY (ARRAY(SELECT "id" FROM locked))
"#;

#[async_trait]
impl SessionRepository for PgUnitOfWork {
    async fn find_by_token(&mut self, token: &SessionToken) -> Result<Option<(Session, User)>, Failure> {
        if contains_nul(token.expose()) {
            return Ok(None);
        }
        if let Some(lookups) = self.lookups() {
            return self.find_shared(&lookups, token).await;
        }
        let token = token.clone();
        let (columns, of_users) = (self.fields().of_sessions(), self.fields().of_users());
        self.run(lookups::NAME, move |connection| {
            sessions::table
                .inner_join(users::table)
                .filter(sessions::token.eq(token.expose()))
                .select((Row::as_select(), &columns, user::Row::as_select(), &of_users))
                .get_result::<RowWithUser>(connection)
                .optional()
                .map(|row| row.map(|row| with_user(row, &columns, &of_users)))
        })
        .await
    }

    async fn find_by_id(&mut self, session: &SessionId) -> Result<Option<(Session, User)>, Failure> {
        if contains_nul(session.as_str()) {
            return Ok(None);
        }
        let session = session.clone();
        let (columns, of_users) = (self.fields().of_sessions(), self.fields().of_users());
        self.run("sessions.find_by_id", move |connection| {
            sessions::table
                .inner_join(users::table)
                .filter(sessions::id.eq(session.as_str()))
                .select((Row::as_select(), &columns, user::Row::as_select(), &of_users))
                .get_result::<RowWithUser>(connection)
                .optional()
                .map(|row| row.map(|row| with_user(row, &columns, &of_users)))
        })
        .await
    }

    async fn insert(&mut self, session: &Session) -> Result<Session, WriteError> {
        let columns = self.fields().of_sessions();
        let insertion = insertion(session, &columns)?.returning((Row::as_select(), columns.clone()));
        let inserted = self
            .run_write_once("sessions.insert", move |connection| {
                insertion
                    .get_result::<(Row, Option<Value>)>(connection)
                    .optional()
            })
            .await?;
        let (row, declared) = inserted.ok_or_else(discarded_row)?;
        Ok(row.into_session(columns.read(declared)))
    }

    async fn renew(&mut self, session: &Session) -> Result<bool, Failure> {
        if contains_nul(session.token.expose()) {
            return Ok(false);
        }
        let (token, expires_at, updated_at) = (session.token.clone(), session.expires_at, session.updated_at);
        self.note_change(|| RowChange::of_token(&session.token));
        self.run_write("sessions.renew", move |connection| {
            diesel::update(sessions::table.filter(sessions::token.eq(token.expose())))
                .set((
                    sessions::expires_at.eq(expires_at),
                    sessions::updated_at.eq(updated_at),
                ))
                .execute(connection)
        })
        .await
        .map(|renewed| renewed > 0)
        .map_err(WriteError::into_failure)
    }

    async fn set_fields(
        &mut self,
        token: &SessionToken,
        fields: &AdditionalFields,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, Failure> {
        let columns = self.fields().of_sessions();
        let change = Change::<sessions::table>::new(columns.clone(), fields)?;
        if contains_nul(token.expose()) {
            return Ok(None);
        }
        self.note_change(|| RowChange::of_token(token));
        let token = token.clone();
        self.run_write("sessions.set_fields", move |connection| {
            diesel::update(sessions::table.filter(sessions::token.eq(token.expose())))
                .set((sessions::updated_at.eq(now), &change))
                .returning((Row::as_returning(), &columns))
                .get_result::<(Row, Option<Value>)>(connection)
                .optional()
                .map(|row| row.map(|(row, declared)| row.into_session(columns.read(declared))))
        })
        .await
        .map_err(WriteError::into_failure)
    }

    async fn delete(&mut self, token: &SessionToken) -> Result<(), Failure> {
        if contains_nul(token.expose()) {
            return Ok(());
        }
        self.note_change(|| RowChange::of_token(token));
        let token = token.clone();
        self.run_deletion("sessions.delete", move |connection| {
            diesel::delete(sessions::table.filter(sessions::token.eq(token.expose()))).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_all(&mut self, tokens: &[SessionToken]) -> Result<(), Failure> {
        for token in tokens {
            self.note_change(|| RowChange::of_token(token));
        }
        let tokens = tokens.iter().map(SessionToken::expose);
        let tokens: Vec<String> = tokens.filter(|token| !contains_nul(token)).cloned().collect();
        self.run_deletion("sessions.delete_all", move |connection| {
            diesel::delete(sessions::table.filter(sessions::token.eq_any(&tokens))).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn list_by_user(
        &mut self,
        user: &UserId,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Session>, Failure> {
        let (user, columns) = (user.clone(), self.fields().of_sessions());
        self.run("sessions.list_by_user", move |connection| {
            let rows = sessions::table
                .filter(sessions::user_id.eq(user.as_str()))
                .filter(sessions::expires_at.gt(now))
                .order((sessions::created_at.desc(), sessions::id.desc()))
                .limit(limit.into())
                .select((Row::as_select(), &columns))
                .load::<(Row, Option<Value>)>(connection)?;
            let session = |(row, declared): (Row, _)| row.into_session(columns.read(declared));
            Ok(rows.into_iter().map(session).collect())
        })
        .await
    }

    async fn delete_of_user(&mut self, user: &UserId, token: &SessionToken) -> Result<bool, Failure> {
        if contains_nul(token.expose()) {
            return Ok(false);
        }
        self.note_change(|| RowChange::of_token(token));
        let (user, token) = (user.clone(), token.clone());
        self.run_deletion("sessions.delete_of_user", move |connection| {
            let session = sessions::table
                .filter(sessions::token.eq(token.expose()))
                .filter(sessions::user_id.eq(user.as_str()));
            diesel::delete(session).execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
    }

    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure> {
        self.note_change(|| RowChange::of_user(user));
        let user = user.clone();
        self.run_deletion("sessions.delete_by_user", move |connection| {
            diesel::delete(sessions::table.filter(sessions::user_id.eq(user.as_str()))).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_others_of_user(&mut self, user: &UserId, keep: &SessionToken) -> Result<(), Failure> {
        self.note_change(|| RowChange::of_user(user));
        let (user, keep) = (user.clone(), keep.clone());
        self.run_deletion("sessions.delete_others_of_user", move |connection| {
            let others = sessions::table
                .filter(sessions::user_id.eq(user.as_str()))
                .filter(sessions::token.ne(keep.expose()));
            diesel::delete(others).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_oldest(&mut self, new: &Session, others: u32, limit: u32) -> Result<(), Failure> {
        self.note_change(|| RowChange::of_user(&new.user_id));
        let (user, id, now) = (new.user_id.clone(), new.id.clone(), new.created_at);
        let deleting = self.run_deletion("sessions.delete_oldest", move |connection| {
            diesel::sql_query(DELETE_OLDEST)
                .bind::<Text, _>(user.as_str())
                .bind::<Timestamptz, _>(now)
                .bind::<Text, _>(id.as_str())
                .bind::<BigInt, _>(i64::from(others))
                .bind::<BigInt, _>(i64::from(limit))
                .execute(connection)
        });
        let deleted = deleting.await?;
        if deleted > 0 {
            self.outdate_standby();
        }
        Ok(())
    }

    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        self.run("sessions.delete_expired", move |connection| {
            diesel::sql_query(DELETE_EXPIRED)
                .bind::<Timestamptz, _>(before)
                .bind::<BigInt, _>(i64::from(limit))
                .execute(connection)
        })
        .await
        .map(|deleted| u64::try_from(deleted).unwrap_or(u64::MAX))
    }
}
