//! The template of the test databases.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::{Connection, RunQueryDsl, sql_query};
use portcullis_persistence::{DatabaseUrl, DeclaredFields, migrations};

use crate::error::Error;
use crate::shared::AdminServer;

/// Contains the hash of the embedded migrations.
const NAME: &str = concat!("portcullis_template_", env!("MIGRATIONS"));

const UNFINISHED: &str = concat!("portcullis_unfinished_", env!("MIGRATIONS"));

/// The lock for the creation of templates. The number is arbitrary.
const LOCK: &str = "SELECT pg_advisory_lock(7361020411)";

/// Creates the template if it does not exist, and returns its name.
pub(crate) fn make(administration: &AdminServer) -> Result<&'static str, Error> {
    let mut connection = PgConnection::establish(&administration.url("postgres"))?;
    connection.batch_execute(LOCK)?;
    let existing = sql_query(format!("SELECT 1 FROM pg_database WHERE datname = '{NAME}'"));
    if existing.execute(&mut connection)? > 0 {
        return Ok(NAME);
    }

    connection.batch_execute(&format!("DROP DATABASE IF EXISTS {UNFINISHED} WITH (FORCE)"))?;
    connection.batch_execute(&format!("CREATE DATABASE {UNFINISHED} TEMPLATE template0"))?;
    migrate(&administration.url(UNFINISHED))?;
    connection.batch_execute(&format!("ALTER DATABASE {UNFINISHED} RENAME TO {NAME}"))?;
    Ok(NAME)
}

fn migrate(url: &str) -> Result<(), Error> {
    let url = DatabaseUrl::parse(url).map_err(|error| Error::Migrations(error.into()))?;
    migrations::migrate(&url, &DeclaredFields::default()).map_err(|error| Error::Migrations(error.into()))?;
    Ok(())
}
