//! Sessions.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Timestamptz},
};
use portcullis_application::ports::{Failure, SessionRepository, WriteError};
use portcullis_domain::{
    id::{SessionId, UserId},
    session::Session,
    token::SessionToken,
    user::User,
};

use crate::{
    schema::{sessions, users},
    text::{holds_nul, refuse_nul},
    unit_of_work::PgUnitOfWork,
    user,
};

/// A few at a time, so that no lock is held for long. What is being renewed just now is passed over, and replicas
/// that delete at once do not wait for each other.
const DELETE_EXPIRED: &str = r#"
    DELETE FROM "session" WHERE "id" IN (
        SELECT "id" FROM "session" WHERE "expiresAt" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
    )
"#;

/// A row to read or to write.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct Row {
    id: String,
    expires_at: DateTime<Utc>,
    token: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    ip_address: Option<String>,
    user_agent: Option<String>,
    user_id: String,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id: SessionId::new(row.id),
            token: SessionToken::new(row.token),
            user_id: UserId::new(row.user_id),
            expires_at: row.expires_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            ip_address: row.ip_address,
            user_agent: row.user_agent,
        }
    }
}

impl From<&Session> for Row {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id.as_str().to_owned(),
            expires_at: session.expires_at,
            token: session.token.expose().clone(),
            created_at: session.created_at,
            updated_at: session.updated_at,
            ip_address: session.ip_address.clone(),
            user_agent: session.user_agent.clone(),
            user_id: session.user_id.as_str().to_owned(),
        }
    }
}

#[async_trait]
impl SessionRepository for PgUnitOfWork {
    async fn find_by_token(&mut self, token: &SessionToken) -> Result<Option<(Session, User)>, Failure> {
        if holds_nul(token.expose()) {
            return Ok(None);
        }
        let token = token.clone();
        self.run("sessions.find_by_token", move |connection| {
            sessions::table
                .inner_join(users::table)
                .filter(sessions::token.eq(token.expose()))
                .select((Row::as_select(), user::Row::as_select()))
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row: Option<(Row, user::Row)>| row.map(|(session, user)| (session.into(), user.into())))
    }

    async fn insert(&mut self, session: &Session) -> Result<(), WriteError> {
        let row = Row::from(session);
        refuse_nul([
            Some(&row.id),
            Some(&row.token),
            Some(&row.user_id),
            row.ip_address.as_ref(),
            row.user_agent.as_ref(),
        ])?;
        self.run_once("sessions.insert", move |connection| {
            diesel::insert_into(sessions::table)
                .values(&row)
                .execute(connection)
        })
        .await
        .map(|_one| ())
    }

    async fn renew(&mut self, session: &Session) -> Result<bool, Failure> {
        if holds_nul(session.token.expose()) {
            return Ok(false);
        }
        let (token, expires_at, updated_at) = (session.token.clone(), session.expires_at, session.updated_at);
        self.run("sessions.renew", move |connection| {
            diesel::update(sessions::table.filter(sessions::token.eq(token.expose())))
                .set((
                    sessions::expires_at.eq(expires_at),
                    sessions::updated_at.eq(updated_at),
                ))
                .execute(connection)
        })
        .await
        .map(|renewed| renewed > 0)
    }

    async fn delete(&mut self, token: &SessionToken) -> Result<(), Failure> {
        if holds_nul(token.expose()) {
            return Ok(());
        }
        let token = token.clone();
        self.run("sessions.delete", move |connection| {
            diesel::delete(sessions::table.filter(sessions::token.eq(token.expose()))).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn list_by_user(&mut self, user: &UserId, now: DateTime<Utc>) -> Result<Vec<Session>, Failure> {
        let user = user.clone();
        self.run("sessions.list_by_user", move |connection| {
            sessions::table
                .filter(sessions::user_id.eq(user.as_str()))
                .filter(sessions::expires_at.gt(now))
                .order((sessions::created_at, sessions::id))
                .select(Row::as_select())
                .load(connection)
        })
        .await
        .map(|rows: Vec<Row>| rows.into_iter().map(Session::from).collect())
    }

    async fn delete_of_user(&mut self, user: &UserId, token: &SessionToken) -> Result<(), Failure> {
        if holds_nul(token.expose()) {
            return Ok(());
        }
        let (user, token) = (user.clone(), token.clone());
        self.run("sessions.delete_of_user", move |connection| {
            let session = sessions::table
                .filter(sessions::token.eq(token.expose()))
                .filter(sessions::user_id.eq(user.as_str()));
            diesel::delete(session).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure> {
        let user = user.clone();
        self.run("sessions.delete_by_user", move |connection| {
            diesel::delete(sessions::table.filter(sessions::user_id.eq(user.as_str()))).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_others_of_user(&mut self, user: &UserId, keep: &SessionToken) -> Result<(), Failure> {
        let (user, keep) = (user.clone(), keep.clone());
        self.run("sessions.delete_others_of_user", move |connection| {
            let others = sessions::table
                .filter(sessions::user_id.eq(user.as_str()))
                .filter(sessions::token.ne(keep.expose()));
            diesel::delete(others).execute(connection)
        })
        .await
        .map(|_deleted| ())
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
