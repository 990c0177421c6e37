//! Rows of sessions.

use diesel::prelude::*;
use portcullis_application::ports::Failure;
use portcullis_domain::{
    additional::AdditionalFields,
    id::{SessionId, UserId},
    session::Session,
    token::SessionToken,
    user::User,
};
use serde_json::{Value, json};

use crate::{
    additional::{Columns, Insert, time},
    schema::sessions,
    stored_id::StoredId,
    timestamp::Timestamp,
    user,
};

/// A row to read, without the declared columns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(crate) struct Row {
    id: StoredId,
    expires_at: Timestamp,
    token: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    ip_address: Option<String>,
    user_agent: Option<String>,
    user_id: StoredId,
}

impl Row {
    /// Returns the session of this row, with the values of the declared columns.
    pub(crate) fn into_session(self, additional: AdditionalFields) -> Session {
        Session {
            id: SessionId::new(self.id.0),
            token: SessionToken::new(self.token),
            user_id: UserId::new(self.user_id.0),
            expires_at: self.expires_at.into(),
            created_at: self.created_at.into(),
            updated_at: self.updated_at.into(),
            ip_address: self.ip_address,
            user_agent: self.user_agent,
            additional,
        }
    }
}

/// A row of a session and the row of its user, each with its declared columns.
pub(super) type RowWithUser = (Row, Option<Value>, user::Row, Option<Value>);

pub(super) fn with_user(row: RowWithUser, columns: &Columns, of_users: &Columns) -> (Session, User) {
    let (session, declared, user, declared_of_user) = row;
    let session = session.into_session(columns.read(declared));
    (session, user.into_user(of_users.read(declared_of_user)))
}

/// A row of a session and the row of its user, each with its declared columns, and whether the primary server answered.
pub(super) type RowOfServer = (Row, Option<Value>, user::Row, Option<Value>, bool);

/// A session that was found, and its user.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) session: Session,
    pub(super) user: User,
    /// Whether the primary server answered. The answer of a standby may be older than the latest change.
    pub(super) is_of_primary: bool,
}

impl Found {
    pub(super) fn new(row: RowOfServer, columns: &Columns, of_users: &Columns) -> Self {
        let (session, declared, user, declared_of_user, is_of_primary) = row;
        let (session, user) = with_user((session, declared, user, declared_of_user), columns, of_users);
        Self {
            session,
            user,
            is_of_primary,
        }
    }
}

/// Returns the insertion of a session.
pub(super) fn insertion(session: &Session, columns: &Columns) -> Result<Insert, Failure> {
    Insert::new(
        columns,
        &session.additional,
        [
            ("id", json!(session.id.as_str())),
            ("expiresAt", time(session.expires_at)),
            ("token", json!(session.token.expose())),
            ("createdAt", time(session.created_at)),
            ("updatedAt", time(session.updated_at)),
            ("ipAddress", json!(session.ip_address)),
            ("userAgent", json!(session.user_agent)),
            ("userId", json!(session.user_id.as_str())),
        ],
    )
}
