//! Errors of inspections and migrations.

use std::error::Error;

use super::{adoption, refused};

/// Why a schema could not be inspected or migrated. It never contains the URL or a value of a row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The connection failed.
    #[error("the database cannot be reached: {0}")]
    Unreachable(&'static str),
    /// There is no schema in which tables could be created.
    #[error("none of the schemas in the search path exists")]
    NoSchema,
    /// The schema is newer than this program.
    #[error("the schema is newer than this program; unknown migrations: {}", .0.join(", "))]
    Ahead(Vec<String>),
    /// The schema differs from Better Auth's.
    #[error("the schema differs from Better Auth's: {}", .0.join("; "))]
    Foreign(Vec<String>),
    /// The tables of an adopted database do not fit any more.
    #[error("the adopted tables do not fit any more: {}", .0.join("; "))]
    Misfit(Vec<String>),
    /// The tables are not recognised as Better Auth's.
    #[error("the application's tables were not recognised: {}", .0.join("; "))]
    Unrecognised(Vec<String>),
    /// An adopted database lacks these changes to the application's tables.
    #[error("the application's tables lack: {}", .0.join("; "))]
    NeedsAdoption(Vec<String>),
    /// The application's tables do not fit an adoption.
    #[error("the application's tables do not fit: {}", .0.join("; "))]
    Unfit(Vec<String>),
    /// An operator must create these indexes on big tables before the adoption.
    #[error("big tables lack indexes: {}", .0.join("; "))]
    SlowIndexes(Vec<String>),
    /// Something forbids the removal of an adoption.
    #[error("the adoption cannot be removed: {}", .0.join("; "))]
    CannotUndo(Vec<String>),
    /// Another transaction has locked this table of the application.
    #[error("another transaction holds a lock on {0}, so nothing was changed: try again when it has ended")]
    Locked(String),
    /// The role may not create or drop the triggers of the session cache. Its owner must run these statements.
    #[error("the role of `database.url` does not own the tables; let their owner run: {}", .0.join("; "))]
    NotOwner(Vec<String>),
    /// Connections do not find the views of an adopted database.
    #[error("{0}")]
    Unreached(adoption::Unreached),
    /// PostgreSQL returned an error.
    #[error("{act} failed")]
    Refused {
        /// The action that failed.
        act: String,
        /// The error.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl From<diesel::result::Error> for MigrateError {
    fn from(error: diesel::result::Error) -> Self {
        refused("the transaction", &error)
    }
}
