//! The schema: what it should be, what it is, and how it gets there.
//!
//! Everything here blocks; it is for the start of the program and for its commands.

use std::error::Error;

use diesel::{
    Connection, PgConnection,
    connection::{CacheSize, SimpleConnection},
    migration::{Migration, MigrationConnection, MigrationSource},
    pg::Pg,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use self::catalog::Catalog;
use crate::{
    additional::DeclaredFields,
    database_url::DatabaseUrl,
    error::{DatabaseTrouble, unreachable_reason},
};

mod catalog;
mod declared;
mod expected;
mod inspection;
mod slow;
mod unenforced;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The lock of our migrations (`portcull` in ASCII). Another program that migrates holds it for the whole of its
/// transaction.
const TAKE_TURNS: &str = "SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock(8101822562441653356)";
/// Whoever waits for a table's lock makes everybody wait who comes later, so a step does not wait long. Once it
/// has the lock, it may take its time.
const BE_BRIEF: &str = "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = 0";

/// How a database's schema stands to ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// It is the one we know.
    Current,
    /// These steps are missing. One that adds a declared column is called by it, such as `user.timezone`.
    Behind(Vec<String>),
    /// These steps are not known here: a newer program has made them.
    Ahead(Vec<String>),
    /// It is not Better Auth's own. Each sentence names one thing that would have to change.
    Foreign(Vec<String>),
}

/// Why a schema was not inspected or not changed. It never holds the URL or a value of a row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// There is no connection.
    #[error("the database cannot be reached: {0}")]
    Unreachable(&'static str),
    /// New tables would have no place to go to.
    #[error("none of the schemas in the search path exists")]
    NoSchema,
    /// The schema is newer than this program.
    #[error("the schema is newer than this program, by {}", .0.join(", "))]
    Ahead(Vec<String>),
    /// The schema is not Better Auth's own.
    #[error("the schema is not Better Auth's own: {}", .0.join("; "))]
    Foreign(Vec<String>),
    /// PostgreSQL refused.
    #[error("{act} failed")]
    Refused {
        /// What was being done.
        act: String,
        /// What PostgreSQL said.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl From<diesel::result::Error> for MigrateError {
    fn from(error: diesel::result::Error) -> Self {
        refused("the transaction", &error)
    }
}

/// Brings the schema up to date, with the columns that are declared, all steps or none; returns the names of those
/// that were missing.
///
/// Nothing is ever removed or rewritten. Programs that migrate at once take turns.
///
/// # Errors
///
/// Where the database cannot be reached, its schema is foreign or too new, or a table stays locked. Nothing has
/// been changed then.
pub fn migrate(url: &DatabaseUrl, fields: &DeclaredFields) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| {
        connection
            .batch_execute(TAKE_TURNS)
            .map_err(|error| refused("waiting for another migration", &error))?;
        connection.batch_execute(BE_BRIEF)?;
        let missing = missing(connection, fields)?;
        if !missing.is_empty() {
            connection.setup()?;
        }
        take_steps(connection, &missing)?;
        add_columns(connection, &missing, fields)?;
        Ok(missing)
    })
}

/// The names of the steps that [`migrate`] would take. Changes nothing.
///
/// # Errors
///
/// As [`migrate`].
pub fn pending(url: &DatabaseUrl, fields: &DeclaredFields) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| missing(connection, fields))
}

/// Statements that make indexes which [`migrate`] would otherwise make while writes to their big tables wait. Whoever
/// runs them before keeps nobody waiting: what is there is passed over. Changes nothing.
///
/// # Errors
///
/// As [`migrate`].
pub fn slow_indexes(url: &DatabaseUrl, fields: &DeclaredFields) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| {
        let missing = missing(connection, fields)?;
        slow::find(connection, &missing).map_err(|error| refused("looking at the indexes", &error))
    })
}

/// How the schema stands to ours, with the columns that are declared. Changes nothing.
///
/// # Errors
///
/// Where the database cannot be reached, or refuses to tell.
pub fn inspect(url: &DatabaseUrl, fields: &DeclaredFields) -> Result<SchemaState, MigrateError> {
    in_transaction(url, |connection| state(connection, fields))
}

/// What features of another program on this database refuse that this one would let pass, a sentence each: whoever
/// serves on it all the same opens what that program has closed. Changes nothing.
///
/// # Errors
///
/// Where the database cannot be reached, or refuses to tell.
pub fn unenforced(url: &DatabaseUrl) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| {
        let catalog = read(connection)?;
        unenforced::find(connection, &catalog).map_err(|error| refused("looking at the users", &error))
    })
}

fn take_steps(connection: &mut PgConnection, missing: &[String]) -> Result<(), MigrateError> {
    for step in steps()? {
        let name = step.name().to_string();
        if missing.contains(&name) {
            tracing::info!(step = name, "migrating");
            connection
                .run_migration(&step)
                .map_err(|source| MigrateError::Refused {
                    act: format!("the step {name}"),
                    source,
                })?;
        }
    }
    Ok(())
}

fn add_columns(
    connection: &mut PgConnection,
    missing: &[String],
    fields: &DeclaredFields,
) -> Result<(), MigrateError> {
    for column in declared::all(fields) {
        let name = column.step();
        if missing.contains(&name) {
            tracing::info!(step = name, "migrating");
            let added = column.add(connection);
            added.map_err(|error| refused(&format!("the step {name}"), &error))?;
        }
    }
    Ok(())
}

fn missing(connection: &mut PgConnection, fields: &DeclaredFields) -> Result<Vec<String>, MigrateError> {
    match state(connection, fields)? {
        SchemaState::Current => Ok(Vec::new()),
        SchemaState::Behind(missing) => Ok(missing),
        SchemaState::Ahead(unknown) => Err(MigrateError::Ahead(unknown)),
        SchemaState::Foreign(reasons) => Err(MigrateError::Foreign(reasons)),
    }
}

fn state(connection: &mut PgConnection, fields: &DeclaredFields) -> Result<SchemaState, MigrateError> {
    let known = steps()?
        .iter()
        .map(|step| inspection::Step {
            name: step.name().to_string(),
            version: step.name().version().to_string(),
        })
        .collect();
    Ok(inspection::judge(&read(connection)?, known, fields))
}

fn read(connection: &mut PgConnection) -> Result<Catalog, MigrateError> {
    let reading = "reading the schema";
    let schema = catalog::current_schema(connection).map_err(|error| refused(reading, &error))?;
    let schema = schema.ok_or(MigrateError::NoSchema)?;
    catalog::read(connection, &schema).map_err(|error| refused(reading, &error))
}

/// The steps, oldest first.
fn steps() -> Result<Vec<Box<dyn Migration<Pg>>>, MigrateError> {
    let mut steps = MIGRATIONS.migrations().map_err(|source| MigrateError::Refused {
        act: "reading the steps".to_owned(),
        source,
    })?;
    steps.sort_by(|one, other| one.name().version().cmp(&other.name().version()));
    Ok(steps)
}

fn in_transaction<T>(
    url: &DatabaseUrl,
    work: impl FnOnce(&mut PgConnection) -> Result<T, MigrateError>,
) -> Result<T, MigrateError> {
    let mut connection = PgConnection::establish(url.expose())
        .map_err(|error| MigrateError::Unreachable(unreachable_reason(&error).0))?;
    if url.is_behind_a_pooler() {
        connection.set_prepared_statement_cache_size(CacheSize::Disabled);
    }
    // Whoever has waited for another migration must see what that has done.
    connection.build_transaction().read_committed().run(work)
}

fn refused(act: &str, error: &diesel::result::Error) -> MigrateError {
    MigrateError::Refused {
        act: act.to_owned(),
        source: Box::new(DatabaseTrouble::of(error)),
    }
}
