//! The statement of coalesced lookups.

use std::{collections::HashMap, sync::Arc};

use diesel::{PgConnection, QueryResult, dsl::sql, prelude::*, sql_types::Bool};

use super::row::{Found, Row, RowOfServer};
use crate::{
    additional::Columns,
    schema::{sessions, users},
    standby::Lease,
    store::StoreOptions,
    user,
};

/// Sessions and their users, by the tokens of the sessions.
pub(super) type Sessions = HashMap<String, Found>;

/// The statement that looks sessions up.
#[derive(Clone)]
pub(super) struct Statement {
    pub(super) columns: Columns,
    pub(super) of_users: Columns,
    /// The right to read from the server, if it is a standby.
    pub(super) lease: Option<Arc<Lease>>,
}

impl Statement {
    pub(super) fn new(options: &StoreOptions) -> Self {
        Self {
            columns: options.fields.of_sessions(),
            of_users: options.fields.of_users(),
            lease: None,
        }
    }

    /// Returns the sessions with these tokens, by their tokens. One token is compared for equality: PostgreSQL's plan of an
    /// array costs more.
    pub(super) fn find(&self, connection: &mut PgConnection, tokens: &[String]) -> QueryResult<Sessions> {
        if let Some(lease) = &self.lease {
            return self.find_at_standby(connection, tokens, lease);
        }
        let Self {
            columns, of_users, ..
        } = self;
        let found = sessions::table.inner_join(users::table);
        let is_of_primary = sql::<Bool>("NOT pg_is_in_recovery()");
        let selection = (
            Row::as_select(),
            columns,
            user::Row::as_select(),
            of_users,
            is_of_primary,
        );
        let rows = match tokens {
            [token] => found
                .filter(sessions::token.eq(token))
                .select(selection)
                .load::<RowOfServer>(connection)?,
            tokens => found
                .filter(sessions::token.eq_any(tokens))
                .select(selection)
                .load::<RowOfServer>(connection)?,
        };
        Ok(self.by_token(rows))
    }

    pub(super) fn by_token(&self, rows: Vec<RowOfServer>) -> Sessions {
        rows.into_iter()
            .map(|row| Found::new(row, &self.columns, &self.of_users))
            .map(|found| (found.session.token.expose().clone(), found))
            .collect()
    }
}
