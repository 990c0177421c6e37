//! Removal of an adoption.

use diesel::{PgConnection, QueryResult, connection::SimpleConnection, sql_query};

use super::{
    record::{self, Addition, Kind},
    sql::quoted,
};
use crate::migrations::catalog::is_true;

/// Removes the adoption, and returns what was done.
pub(super) fn run(connection: &mut PgConnection, adopted_schema: &str) -> QueryResult<Vec<String>> {
    if !record::exists(connection, adopted_schema)? {
        return Ok(Vec::new());
    }
    let additions = record::additions(connection, adopted_schema)?;
    let schema = quoted(adopted_schema);
    // First, since the views read the columns.
    connection.batch_execute(&format!("DROP SCHEMA {schema} CASCADE"))?;
    let mut done = vec![format!("dropped the schema {schema} with everything in it")];
    for addition in additions.into_iter().rev() {
        done.push(remove(connection, &addition)?);
    }
    Ok(done)
}

fn remove(connection: &mut PgConnection, addition: &Addition) -> QueryResult<String> {
    let (schema, name) = (quoted(&addition.schema), quoted(&addition.name));
    let table = format!("{schema}.{}", quoted(&addition.table));
    match addition.kind {
        Kind::Index => {
            connection.batch_execute(&format!("DROP INDEX IF EXISTS {schema}.{name}"))?;
            Ok(format!("dropped the index {name} of {table}"))
        }
        Kind::Column if has_values(connection, &table, &name)? => Ok(format!(
            "kept the column {name} of {table}, since it contains values: drop it if you do not need them"
        )),
        Kind::Column => {
            connection.batch_execute(&format!("ALTER TABLE {table} DROP COLUMN IF EXISTS {name}"))?;
            Ok(format!("dropped the column {name} of {table}"))
        }
    }
}

/// Returns whether a row has another value in the column than NULL or `false`.
fn has_values(connection: &mut PgConnection, table: &str, column: &str) -> QueryResult<bool> {
    is_true(
        connection,
        sql_query(format!(
            "SELECT EXISTS (SELECT FROM {table} WHERE coalesce({column}::text, 'false') <> 'false') AS is_true"
        )),
    )
}
