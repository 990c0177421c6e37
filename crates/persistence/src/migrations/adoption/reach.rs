//! Whether connections look for tables in the schema of the adoption first.

use std::fmt;

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{Bool, Text},
};

use super::record;
use crate::database_url::{DatabaseUrl, search_path_from};

/// An adopted database whose views connections do not find, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// Why, and what to do before and after the statements.
    reason: String,
    /// The statements that an operator must run.
    statements: Vec<String>,
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the database is adopted, but {}:", self.reason)?;
        self.statements
            .iter()
            .try_for_each(|statement| write!(f, "\n  {statement};"))
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Bool)]
    is_first: bool,
    #[diesel(sql_type = Bool)]
    may_use: bool,
    #[diesel(sql_type = Bool)]
    is_in_utc: bool,
    #[diesel(sql_type = Text)]
    grant_usage: String,
    #[diesel(sql_type = Text)]
    set_path: String,
    #[diesel(sql_type = Text)]
    set_zone: String,
}

/// Returns what to do if connections do not look for tables in the schema of the adoption first. `None`: they do, or the
/// database is not adopted.
pub(in crate::migrations) fn find(
    connection: &mut PgConnection,
    url: &DatabaseUrl,
) -> QueryResult<Option<Unreached>> {
    let schema = url.adopted_schema();
    if !record::exists(connection, schema)? {
        return Ok(None);
    }
    let row: Row = sql_query(format!(
        "SELECT (current_schemas(false))[1] IS NOT DISTINCT FROM $1::name AS is_first,
            has_schema_privilege($1, 'USAGE') AS may_use,
            (SELECT reset_val = 'UTC' FROM pg_settings WHERE name = 'TimeZone') AS is_in_utc,
            format('GRANT USAGE ON SCHEMA %I TO %I', $1, current_user) AS grant_usage,
            format('ALTER ROLE %I IN DATABASE %I SET search_path = %s', session_user, current_database(), {})
                AS set_path,
            format('ALTER ROLE %I IN DATABASE %I SET timezone = ''UTC''', session_user, current_database())
                AS set_zone",
        search_path_from(schema)
    ))
    .bind::<Text, _>(schema)
    .get_result(connection)?;
    Ok((!row.is_first).then(|| row.advice(url)))
}

impl Row {
    fn advice(self, url: &DatabaseUrl) -> Unreached {
        let schema = url.adopted_schema();
        if !self.may_use {
            return Unreached {
                reason: format!(
                    "the role of `database.url` may not use the schema \"{schema}\", and so does not find its views; let the owner of the schema run this statement"
                ),
                statements: vec![self.grant_usage],
            };
        }
        let path_of_url = if url.sets_search_path() {
            "remove the search path from `database.url` (`schema` or `options`), which overrides that of the role, "
        } else {
            ""
        };
        let set_zone = (!self.is_in_utc).then_some(self.set_zone);
        Unreached {
            reason: format!(
                "its connections do not look for tables in the schema \"{schema}\" first, and behind a pooler \
                 (`pgbouncer=true`) the server cannot change their search path: let `database.url` name a role that \
                 only Portcullis uses, {path_of_url}run these statements for that role, and let the pooler connect \
                 again (PgBouncer: `RECONNECT`)"
            ),
            statements: [self.set_path].into_iter().chain(set_zone).collect(),
        }
    }
}
