//! A database of one test.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::thread;

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;

use crate::error::{Error, fail, required};
use crate::shared::{Shared, shared};

/// A database that only one test uses. It is dropped with the value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: String,
}

impl TestDatabase {
    /// Creates a database with all migrations applied.
    ///
    /// # Panics
    ///
    /// If there is no PostgreSQL. The message contains the command to install it.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "it creates a database, so it is not a default value"
    )]
    pub fn new() -> Self {
        let shared = shared();
        Self::copy_of(shared, shared.template)
    }

    /// Creates an empty database.
    ///
    /// # Panics
    ///
    /// If there is no PostgreSQL. The message contains the command to install it.
    #[must_use]
    pub fn empty() -> Self {
        Self::copy_of(shared(), "template0")
    }

    /// Returns a libpq connection string for a user with all privileges.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    fn copy_of(shared: &Shared, template: &str) -> Self {
        let name = format!(
            "portcullis_test_{:016x}",
            RandomState::new().build_hasher().finish()
        );
        required(administrate(
            shared,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        ));
        Self {
            url: shared.administration.url(&name),
            name,
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let dropped = administrate(
            shared(),
            &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
        );
        if let Err(error) = dropped
            && !thread::panicking()
        {
            fail(&error.chain());
        }
    }
}

fn administrate(shared: &Shared, statement: &str) -> Result<(), Error> {
    let mut connection = PgConnection::establish(&shared.administration.url("postgres"))?;
    connection.batch_execute(statement)?;
    Ok(())
}
