//! Adoption of databases that Drizzle, Prisma and other versions of Better Auth made.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use nix::sys::signal::Signal;
use portcullis_test_database::TestDatabase;
use serde::Deserialize;
use tempfile::TempDir;

use crate::support::{Running, in_production, stderr, stdout};

mod kinds;
mod missing;
mod plan;
mod renames;
mod trust;
mod undo;
mod update;

/// The files in `tests/compat/adopt/databases` that need no names in the configuration.
const RECOGNISED: [&str; 8] = [
    "better-auth-1.2",
    "drizzle",
    "drizzle-plural",
    "drizzle-schema",
    "drizzle-uuid",
    "kysely-schema",
    "kysely-uuid",
    "prisma",
];
const NAMED: [&str; 2] = ["drizzle-named", "prisma-named"];
const UP_TO_DATE: &str = "the adoption is up to date: nothing to do\n";
const SIGN_UP: &str = r#"{"name":"N","email":"n@example.com","password":"correct horse battery"}"#;
const SIGN_IN: &str = r#"{"email":"n@example.com","password":"correct horse battery"}"#;

/// Everything outside of the adoption's schema: columns, indexes and constraints.
const DIGEST: &str = "
    SELECT string_agg(line, E'\\n' ORDER BY line) AS text FROM (
        SELECT format('%s.%s.%s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable, column_default)
            AS line
        FROM information_schema.columns
        WHERE table_schema NOT IN ('portcullis', 'information_schema', 'pg_catalog')
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname NOT IN ('portcullis', 'pg_catalog')
        UNION ALL SELECT format('schema %s', nspname) FROM pg_namespace
        UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
            WHERE contype IN ('f', 'p', 'u') AND connamespace::regnamespace::text NOT IN ('portcullis', 'pg_catalog')
    ) AS lines";

#[derive(QueryableByName)]
struct Digest {
    #[diesel(sql_type = Text)]
    text: String,
}

/// A database of a kind, and a folder with its configuration.
pub(crate) struct World {
    directory: TempDir,
    database: TestDatabase,
}

impl World {
    pub(crate) fn of(kind: &str) -> Self {
        let folder = databases();
        let world = Self::with(&fs::read_to_string(folder.join(format!("{kind}.sql"))).unwrap());
        if NAMED.contains(&kind) {
            world.configure(&names(&folder.join(format!("{kind}.names.json"))));
        }
        world
    }

    pub(crate) fn with(sql: &str) -> Self {
        let world = Self {
            directory: tempfile::tempdir().unwrap(),
            database: TestDatabase::empty(),
        };
        world.execute(sql);
        world
    }

    pub(crate) fn configure(&self, file: &str) {
        fs::write(self.directory.path().join("portcullis.toml"), file).unwrap();
    }

    pub(crate) fn put_into_search_path(&self, schema: &str) {
        let set = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = {schema}', current_database()); END $$"
        );
        self.execute(&set);
    }

    pub(crate) fn execute(&self, sql: &str) {
        self.connection().batch_execute(sql).unwrap();
    }

    fn connection(&self) -> PgConnection {
        PgConnection::establish(self.database.url()).unwrap()
    }

    pub(crate) fn digest(&self) -> String {
        self.text(DIGEST)
    }

    /// Creates a role without privileges, which is dropped with the value.
    fn role(&self) -> Role {
        let name = format!("adopter_{}", self.text("SELECT current_database()::text AS text"));
        self.execute(&format!(
            "CREATE ROLE {name}; GRANT USAGE ON SCHEMA public TO {name}"
        ));
        Role {
            name,
            connection: self.connection(),
        }
    }

    /// Runs the program as a role, and returns its errors.
    fn fail_as(&self, role: &Role, arguments: &[&str]) -> String {
        let output = self.run_as(role, arguments);
        assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
        stderr(&output)
    }

    /// Runs the program as a role, and returns what it printed.
    fn succeed_as(&self, role: &Role, arguments: &[&str]) -> String {
        let output = self.run_as(role, arguments);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    }

    fn run_as(&self, role: &Role, arguments: &[&str]) -> Output {
        let url = format!("{}&options=-c%20role%3D{}", self.database.url(), role.name);
        let mut program = in_production(self.directory.path(), &url);
        program.args(arguments).output().unwrap()
    }

    /// Returns the only value of a query, which is called `text`.
    fn text(&self, query: &str) -> String {
        sql_query(query)
            .get_result::<Digest>(&mut self.connection())
            .unwrap()
            .text
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut program = in_production(self.directory.path(), self.database.url());
        program.args(arguments).output().unwrap()
    }

    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        stdout(&output)
    }

    pub(crate) fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{arguments:?}: {}",
            stdout(&output)
        );
        stderr(&output)
    }

    /// Starts a server, signs a user up and in, and stops it.
    pub(crate) fn serve(&self) {
        let server = Running::start(&mut in_production(self.directory.path(), self.database.url()));
        server.wait_for_status("/health/ready", 200);
        assert_eq!(server.post("/api/auth/sign-up/email", SIGN_UP).answer(), 200);
        assert_eq!(server.post("/api/auth/sign-in/email", SIGN_IN).answer(), 200);
        server.signal(Signal::SIGTERM);
        let mut server = server;
        assert!(server.wait().success());
    }
}

/// A role of the database server.
struct Role {
    name: String,
    connection: PgConnection,
}

impl Drop for Role {
    fn drop(&mut self) {
        let name = &self.name;
        let sql = format!("DROP OWNED BY {name} CASCADE; DROP ROLE {name}");
        self.connection.batch_execute(&sql).unwrap();
    }
}

/// The folder of the databases.
fn databases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat/adopt/databases")
}

/// The names in a file.
#[derive(Deserialize)]
struct Names {
    tables: BTreeMap<String, Table>,
}

#[derive(Deserialize)]
struct Table {
    table: String,
    columns: BTreeMap<String, String>,
}

/// Returns the configuration of the names in a file.
fn names(file: &Path) -> String {
    let names: Names = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut lines = Vec::new();
    for (name, table) in names.tables {
        let key = match name.as_str() {
            "rateLimit" => "rate_limit".to_owned(),
            "twoFactor" => "plugins.two_factor.schema.twoFactor".to_owned(),
            "jwks" => "plugins.jwt.schema.jwks".to_owned(),
            core => core.to_owned(),
        };
        lines.push(format!("{key}.model_name = \"{}\"", table.table));
        let columns = table.columns.iter();
        lines.extend(columns.map(|(field, column)| format!("{key}.fields.{field} = \"{column}\"")));
    }
    lines.join("\n")
}
