//! Adoption of a database whose tables have other names or types than those of Better Auth's own migration.
//!
//! Drizzle's and Prisma's generators, and Better Auth's options, give tables and columns other names. An adoption creates
//! a schema of views that have Better Auth's names, and of our own tables. Connections then find these first in their
//! search path. The application's tables keep their names, so a Node server keeps running on them; only missing columns
//! and indexes are added to them.

mod addition;
mod assembly;
mod candidates;
mod change;
mod columns;
mod contradiction;
mod facts;
pub(super) mod follow;
mod hints;
mod index;
mod left_out;
mod mapping;
mod names;
mod objects;
mod own;
mod plan;
pub(super) mod reach;
mod recognition;
pub(super) mod record;
mod requirements;
pub(super) mod sql;
mod stale;
pub(super) mod step;
mod trust;
mod unadopted;
mod undo;
mod view;

use diesel::{PgConnection, connection::SimpleConnection};

pub(super) use self::names::plain;
pub use self::{
    change::{Change, Side},
    mapping::fields,
    names::{Name, Names, TableNames, camel},
    plan::Plan,
    reach::Unreached,
};
use super::{
    LIMIT_LOCK_WAITS, LOCK_MIGRATIONS, MigrateError, expected::TABLES, in_transaction, refused, session_cache,
};
use crate::{
    additional::DeclaredFields,
    database_url::{DatabaseUrl, search_path_from},
};

/// Returns what [`adopt`] would do. Changes nothing.
///
/// # Errors
///
/// As [`adopt`].
pub fn plan(url: &DatabaseUrl, fields: &DeclaredFields, names: &Names) -> Result<Plan, MigrateError> {
    in_transaction(url, |connection| {
        connection.batch_execute("SET TRANSACTION READ ONLY")?;
        plan::make(connection, url.adopted_schema(), fields, names)
    })
}

/// Adopts the database, or brings its adoption up to date, in one transaction. Returns what was done.
///
/// # Errors
///
/// If the database cannot be reached, its tables are not recognised or do not fit, a big table lacks an index, or a table
/// stays locked. In this case nothing is changed.
pub fn adopt(url: &DatabaseUrl, fields: &DeclaredFields, names: &Names) -> Result<Plan, MigrateError> {
    in_transaction(url, |connection| {
        lock(connection)?;
        let plan = plan::make(connection, url.adopted_schema(), fields, names)?;
        if !plan.by_hand.is_empty() {
            return Err(MigrateError::SlowIndexes(plan.by_hand));
        }
        execute(connection, url.adopted_schema(), &plan.changes)?;
        Ok(plan)
    })
}

/// Removes an adoption: its views, its tables with everything in them, its schema if it has created it and it is then empty,
/// and what it has added to the application's tables. A column that contains values stays, and so does what belongs to
/// others. Returns what was done; nothing, if the database is not adopted.
///
/// # Errors
///
/// If the database cannot be reached, a table stays locked, objects of others depend on the adoption, or row-level security
/// may hide values. In this case nothing is changed.
pub fn undo(url: &DatabaseUrl) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| {
        lock(connection)?;
        let mut done = session_cache::remove_adopted(connection, url)?;
        done.extend(undo::run(connection, url.adopted_schema())?);
        Ok(done)
    })
}

/// Returns the schema that contains the application's tables, if an adoption would find them and the current schema lacks
/// them. Changes nothing.
///
/// # Errors
///
/// If the database cannot be reached, or a query fails.
pub fn elsewhere(
    url: &DatabaseUrl,
    fields: &DeclaredFields,
    names: &Names,
) -> Result<Option<String>, MigrateError> {
    in_transaction(url, |connection| {
        unadopted::elsewhere(connection, url.adopted_schema(), (fields, names))
    })
}

/// Returns what an operator must do so that connections find the views of an adoption. `None`: they do, or the database is
/// not adopted. Changes nothing.
///
/// # Errors
///
/// If the database cannot be reached, or a query fails.
pub fn unreached(url: &DatabaseUrl) -> Result<Option<Unreached>, MigrateError> {
    in_transaction(url, |connection| {
        reach::find(connection, url).map_err(|error| refused("reading the search path", &error))
    })
}

/// Applies the missing migrations to an adopted database.
pub(super) fn migrate(
    connection: &mut PgConnection,
    adopted_schema: &str,
    fields: &DeclaredFields,
) -> Result<(), MigrateError> {
    let plan = plan::update(connection, adopted_schema, fields)?;
    let of_application = plan
        .changes
        .iter()
        .filter(|change| change.side == Side::Application);
    let of_application = of_application.map(|change| change.sql.clone());
    let of_plugins = plan
        .changes
        .iter()
        .filter(|change| creates_optional_table(change));
    let of_plugins = of_plugins.map(|change| change.sql.clone());
    let of_application: Vec<_> = of_application
        .chain(of_plugins)
        .chain(plan.by_hand.iter().cloned())
        .collect();
    if !of_application.is_empty() {
        return Err(MigrateError::NeedsAdoption(of_application));
    }
    execute(connection, adopted_schema, &plan.changes)
}

/// Returns whether a change creates the table of a plugin that was enabled after the adoption. Only an adoption finds out
/// whether the application has that table.
fn creates_optional_table(change: &Change) -> bool {
    let is_optional = |table| {
        TABLES
            .iter()
            .any(|expected| expected.name == table && expected.is_optional)
    };
    change.sql.starts_with("CREATE TABLE") && step::table_of(&change.sql).is_some_and(is_optional)
}

fn lock(connection: &mut PgConnection) -> Result<(), MigrateError> {
    connection
        .batch_execute(LOCK_MIGRATIONS)
        .map_err(|error| refused("waiting for another migration", &error))?;
    Ok(connection.batch_execute(LIMIT_LOCK_WAITS)?)
}

fn execute(
    connection: &mut PgConnection,
    adopted_schema: &str,
    changes: &[Change],
) -> Result<(), MigrateError> {
    // Also a schema that this transaction creates.
    let path = search_path_from(adopted_schema);
    let path = format!("SELECT set_config('search_path', {path}, true)");
    connection.batch_execute(&path)?;
    for change in changes {
        tracing::debug!(statement = change.sql, "adopting");
        connection
            .batch_execute(&change.sql)
            .map_err(|error| change.failed(&error))?;
    }
    Ok(())
}
