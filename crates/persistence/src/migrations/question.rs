//! Queries about a database whose schema is current.

use super::{
    MigrateError,
    capitals::{self, CapitalAddresses},
    catalog, in_transaction,
    password_groups::PasswordGroup,
    queue::{self, QueuedMessages},
    read, refused, unique,
};
use crate::{
    additional::DeclaredFields,
    database_url::DatabaseUrl,
    facts::{Known, SchemaFacts},
};

/// Reads the facts about the schema that a server needs. [`inspect`](super::inspect) must have found the schema to be
/// current.
///
/// # Errors
///
/// If the database cannot be reached, or a query fails.
pub fn learn(url: &DatabaseUrl, fields: &DeclaredFields, facts: &SchemaFacts) -> Result<(), MigrateError> {
    in_transaction(url, |connection| {
        let catalog = read(connection)?;
        let reading = |error| refused("reading the schema", &error);
        let schema = catalog::current_schema(connection).map_err(reading)?;
        let schema = schema.ok_or(MigrateError::NoSchema)?;
        facts.learn(Known {
            has_uuids: catalog.has_uuids(),
            unique: unique::read(connection, &schema, &catalog, fields).map_err(reading)?,
        });
        Ok(())
    })
}

/// Returns a sentence for each Better Auth feature in use on this database that restricts sign-in and that this program
/// does not enforce. A server that runs on this database nevertheless would ignore these restrictions. `enforced` are
/// the columns of users by which enabled features restrict sign-in. Changes nothing.
///
/// # Errors
///
/// If the database cannot be reached, or a query fails.
pub fn unenforced(url: &DatabaseUrl, enforced: &[&str]) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| {
        let catalog = read(connection)?;
        super::unenforced::find(connection, &catalog, enforced)
            .map_err(|error| refused("reading the users", &error))
    })
}

/// Returns the password hashes of credential accounts in groups, by one query that is cancelled after 30 seconds. The
/// schema must be current. Changes nothing.
///
/// # Errors
///
/// If the database cannot be reached, or the query fails or takes too long.
pub fn password_groups(url: &DatabaseUrl) -> Result<Vec<PasswordGroup>, MigrateError> {
    in_transaction(url, |connection| {
        super::password_groups::find(connection)
            .map_err(|error| refused("counting the password hashes", &error))
    })
}

/// Counts the users who cannot sign in because their address contains capital letters. Changes nothing.
///
/// # Errors
///
/// If the database cannot be reached, or a query fails.
pub fn capital_addresses(url: &DatabaseUrl) -> Result<CapitalAddresses, MigrateError> {
    in_transaction(url, |connection| {
        capitals::count(connection).map_err(|error| refused("reading the users", &error))
    })
}

/// Counts the messages that have not been sent. Changes nothing.
///
/// # Errors
///
/// If the database cannot be reached, or a query fails.
pub fn queued_messages(url: &DatabaseUrl) -> Result<QueuedMessages, MigrateError> {
    in_transaction(url, |connection| {
        queue::count(connection).map_err(|error| refused("counting the messages", &error))
    })
}
