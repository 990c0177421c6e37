//! A database for one test.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::thread;

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;

use crate::error::{Error, fail, required};
use crate::shared::{Shared, shared};

/// A database that no other test sees; dropped with the value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: String,
}

impl TestDatabase {
    /// A database with all migrations applied.
    ///
    /// # Panics
    ///
    /// Where there is no PostgreSQL; the message tells how to get one.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it is a resource, not a value")]
    pub fn new() -> Self {
        let shared = shared();
        Self::copy_of(shared, shared.template)
    }

    /// A database with nothing in it.
    ///
    /// # Panics
    ///
    /// Where there is no PostgreSQL; the message tells how to get one.
    #[must_use]
    pub fn empty() -> Self {
        Self::copy_of(shared(), "template0")
    }

    /// A connection string for libpq, of a user that may do everything.
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
            fail(&error.story());
        }
    }
}

fn administrate(shared: &Shared, statement: &str) -> Result<(), Error> {
    let mut connection = PgConnection::establish(&shared.administration.url("postgres"))?;
    connection.batch_execute(statement)?;
    Ok(())
}
