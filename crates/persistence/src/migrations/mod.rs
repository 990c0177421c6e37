//! Inspection and migration of the database's schema.
//!
//! All functions block. They are for the start of the program and for its commands.

use diesel::{
    Connection, PgConnection,
    connection::{CacheSize, SimpleConnection},
    migration::{Migration, MigrationConnection, MigrationSource},
    pg::Pg,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use self::catalog::Catalog;
pub use self::{
    capitals::CapitalAddresses,
    error::MigrateError,
    password_groups::PasswordGroup,
    question::{capital_addresses, learn, password_groups, queued_messages, unenforced},
    queue::QueuedMessages,
};
use crate::{
    additional::DeclaredFields, connect_error::unreachable_reason, database_url::DatabaseUrl,
    error::DatabaseError,
};

pub mod adoption;
mod capitals;
mod catalog;
mod catalog_queries;
mod declared;
mod error;
mod expected;
mod inspection;
mod key_table;
mod kind;
mod of_organizations;
mod passkey_table;
mod password_groups;
mod question;
mod queue;
pub mod session_cache;
mod slow;
mod source;
mod unenforced;
mod unique;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Takes the lock of our migrations (`portcull` in ASCII). Another program that migrates holds it until its transaction
/// ends.
const LOCK_MIGRATIONS: &str =
    "SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock(8101822562441653356)";
/// A migration that waits for a table's lock blocks all later statements on that table, so it must not wait long. Once
/// it has the lock, it may run without a time limit.
const LIMIT_LOCK_WAITS: &str = "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = 0";

/// State of a database's schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// It is up to date.
    Current,
    /// These steps are missing. A step that adds a declared column has its name, such as `user.timezone`.
    Behind(Vec<String>),
    /// These applied migrations are unknown to this program: a newer one has applied them.
    Ahead(Vec<String>),
    /// It differs from Better Auth's schema. Each sentence names a change that it needs.
    Foreign(Vec<String>),
    /// It is adopted, and the application's tables do not fit any more. Each sentence names a change that it needs.
    Misfit(Vec<String>),
}

/// Brings the schema up to date, including the declared columns, in one transaction. Returns the names of the steps
/// that were missing.
///
/// Nothing is ever removed or rewritten. Programs that migrate concurrently wait for each other.
///
/// # Errors
///
/// If the database cannot be reached, its schema is foreign or too new, or a table stays locked. In this case nothing
/// is changed.
pub fn migrate(url: &DatabaseUrl, fields: &DeclaredFields) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| {
        connection
            .batch_execute(LOCK_MIGRATIONS)
            .map_err(|error| refused("waiting for another migration", &error))?;
        connection.batch_execute(LIMIT_LOCK_WAITS)?;
        let missing = missing(connection, url, fields)?;
        if adoption::record::exists(connection, url.adopted_schema())? {
            // The role of a server may not read the application's tables, apart from the views.
            if !missing.is_empty() {
                adoption::migrate(connection, url.adopted_schema(), fields)?;
            }
            return Ok(missing);
        }
        if !missing.is_empty() {
            connection.setup()?;
        }
        take_steps(connection, &missing)?;
        add_columns(connection, &missing, fields)?;
        Ok(missing)
    })
}

/// Returns the names of the steps that [`migrate`] would apply. Changes nothing.
///
/// # Errors
///
/// As [`migrate`].
pub fn pending(url: &DatabaseUrl, fields: &DeclaredFields) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| missing(connection, url, fields))
}

/// Returns statements that create the indexes on big tables that [`migrate`] would create while writes to these tables
/// wait. An operator can run the statements first, without blocking writes; [`migrate`] skips existing indexes. Changes
/// nothing.
///
/// # Errors
///
/// As [`migrate`].
pub fn slow_indexes(url: &DatabaseUrl, fields: &DeclaredFields) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| {
        let missing = missing(connection, url, fields)?;
        slow::find(connection, &missing).map_err(|error| refused("reading the indexes", &error))
    })
}

/// Compares the schema, including the declared columns, with the expected one. Changes nothing.
///
/// # Errors
///
/// If the database cannot be reached, or a query fails.
pub fn inspect(url: &DatabaseUrl, fields: &DeclaredFields) -> Result<SchemaState, MigrateError> {
    in_transaction(url, |connection| state(connection, url, fields))
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

fn missing(
    connection: &mut PgConnection,
    url: &DatabaseUrl,
    fields: &DeclaredFields,
) -> Result<Vec<String>, MigrateError> {
    match state(connection, url, fields)? {
        SchemaState::Current => Ok(Vec::new()),
        SchemaState::Behind(missing) => Ok(missing),
        SchemaState::Ahead(unknown) => Err(MigrateError::Ahead(unknown)),
        SchemaState::Foreign(reasons) => Err(MigrateError::Foreign(reasons)),
        SchemaState::Misfit(reasons) => Err(MigrateError::Misfit(reasons)),
    }
}

fn state(
    connection: &mut PgConnection,
    url: &DatabaseUrl,
    fields: &DeclaredFields,
) -> Result<SchemaState, MigrateError> {
    let unreached = adoption::reach::find(connection, url);
    if let Some(unreached) = unreached.map_err(|error| refused("reading the search path", &error))? {
        return Err(MigrateError::Unreached(unreached));
    }
    schema_state(connection, fields)
}

/// Returns the state of the schema that connections find first.
fn schema_state(connection: &mut PgConnection, fields: &DeclaredFields) -> Result<SchemaState, MigrateError> {
    let known = steps()?
        .iter()
        .map(|step| inspection::Step {
            name: step.name().to_string(),
            version: step.name().version().to_string(),
            is_used: source::is_used(&step.name().to_string(), fields),
        })
        .collect();
    Ok(inspection::compare_catalog(&read(connection)?, known, fields))
}

fn read(connection: &mut PgConnection) -> Result<Catalog, MigrateError> {
    let reading = "reading the schema";
    let schema = catalog::current_schema(connection).map_err(|error| refused(reading, &error))?;
    let schema = schema.ok_or(MigrateError::NoSchema)?;
    catalog::read(connection, &schema).map_err(|error| refused(reading, &error))
}

/// Returns the migrations, oldest first.
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
    } else {
        let settings = connection.batch_execute(&url.session_settings());
        settings.map_err(|error| refused("setting up the connection", &error))?;
    }
    // After waiting for another migration, this one must see its changes.
    connection.build_transaction().read_committed().run(work)
}

fn refused(act: &str, error: &diesel::result::Error) -> MigrateError {
    MigrateError::Refused {
        act: act.to_owned(),
        source: Box::new(DatabaseError::of(error)),
    }
}
