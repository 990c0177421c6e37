//! The statement of coalesced lookups.

use std::collections::HashMap;

use diesel::{PgConnection, QueryResult, dsl::sql, prelude::*, sql_types::Bool};

use super::row::{Found, Row, RowOfServer};
use crate::{
    additional::Columns,
    schema::{sessions, users},
    store::StoreOptions,
    user,
};

/// Sessions and their users, by the tokens of the sessions.
pub(super) type Sessions = HashMap<String, Found>;

/// The statement that looks sessions up.
pub(super) struct Statement {
    columns: Columns,
    of_users: Columns,
}

impl Statement {
    pub(super) fn new(options: &StoreOptions) -> Self {
        Self {
            columns: options.fields.of_sessions(),
            of_users: options.fields.of_users(),
        }
    }

    /// Returns the sessions with these tokens, by their tokens. One token is compared for equality: PostgreSQL's plan of an
    /// array costs more.
    pub(super) fn find(&self, connection: &mut PgConnection, tokens: &[String]) -> QueryResult<Sessions> {
        let Self { columns, of_users } = self;
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
        let found = rows.into_iter().map(|row| Found::new(row, columns, of_users));
        Ok(found
            .map(|found| (found.session.token.expose().clone(), found))
            .collect())
    }
}
