//! Adoption of databases that Drizzle, Prisma and other versions of Better Auth made.

use std::{collections::BTreeMap, fs, path::Path, process::Output};

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use nix::sys::signal::Signal;
use portcullis_test_database::TestDatabase;
use serde::Deserialize;
use tempfile::TempDir;

use crate::support::{Running, in_production, stderr, stdout};

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
struct World {
    directory: TempDir,
    database: TestDatabase,
}

impl World {
    fn of(kind: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat/adopt/databases");
        let world = Self::with(&fs::read_to_string(folder.join(format!("{kind}.sql"))).unwrap());
        if NAMED.contains(&kind) {
            world.configure(&names(&folder.join(format!("{kind}.names.json"))));
        }
        world
    }

    fn with(sql: &str) -> Self {
        let world = Self {
            directory: tempfile::tempdir().unwrap(),
            database: TestDatabase::empty(),
        };
        world.execute(sql);
        world
    }

    fn configure(&self, file: &str) {
        fs::write(self.directory.path().join("portcullis.toml"), file).unwrap();
    }

    fn execute(&self, sql: &str) {
        self.connection().batch_execute(sql).unwrap();
    }

    fn connection(&self) -> PgConnection {
        PgConnection::establish(self.database.url()).unwrap()
    }

    fn digest(&self) -> String {
        sql_query(DIGEST)
            .get_result::<Digest>(&mut self.connection())
            .unwrap()
            .text
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut program = in_production(self.directory.path(), self.database.url());
        program.args(arguments).output().unwrap()
    }

    fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        stdout(&output)
    }

    fn fail(&self, arguments: &[&str]) -> String {
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
    fn serve(&self) {
        let server = Running::start(&mut in_production(self.directory.path(), self.database.url()));
        server.wait_for_status("/health/ready", 200);
        assert_eq!(server.post("/api/auth/sign-up/email", SIGN_UP).answer(), 200);
        assert_eq!(server.post("/api/auth/sign-in/email", SIGN_IN).answer(), 200);
        server.signal(Signal::SIGTERM);
        let mut server = server;
        assert!(server.wait().success());
    }
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

#[test]
fn every_kind_is_adopted_served_and_given_back() {
    for kind in RECOGNISED.into_iter().chain(NAMED) {
        let world = World::of(kind);
        let before = world.digest();
        if !kind.ends_with("schema") && kind != "prisma" {
            let reason = world.fail(&["check"]);
            assert!(
                reason.contains("`portcullis adopt`") || NAMED.contains(&kind),
                "{kind}: {reason}"
            );
        }
        let plan = world.succeed(&["adopt"]);
        assert!(
            plan.contains("is `session`") && plan.contains("nothing was changed"),
            "{kind}: {plan}"
        );
        assert_eq!(world.digest(), before, "{kind}");

        world.succeed(&["adopt", "--apply"]);
        for again in [&["adopt"][..], &["adopt", "--apply"]] {
            assert!(world.succeed(again).ends_with(UP_TO_DATE), "{kind}");
        }
        assert!(world.succeed(&["check"]).contains("schema: current"), "{kind}");
        assert!(world.succeed(&["migrate"]).contains("nothing to do"), "{kind}");
        world.serve();

        world.succeed(&["adopt", "--undo"]);
        assert_eq!(world.digest(), before, "{kind}");
        assert!(
            world.succeed(&["adopt", "--undo"]).contains("not adopted"),
            "{kind}"
        );
        world.succeed(&["adopt", "--apply"]);
    }
}

#[test]
fn a_database_that_does_not_fit_is_rejected_with_every_reason() {
    let world = World::of("drizzle");
    world.execute(
        "ALTER TABLE session DROP COLUMN user_agent, ALTER COLUMN expires_at TYPE date; \
         ALTER TABLE \"user\" DROP COLUMN name, ADD COLUMN tenant integer NOT NULL",
    );
    let before = world.digest();
    for arguments in [&["adopt"][..], &["adopt", "--apply"]] {
        let printed = world.fail(arguments);
        for reason in [
            "\"session\".\"expiresAt\" is date",
            "\"public\".\"user\" has no column for \"name\"",
            "\"user\".\"tenant\" must have a default or allow NULL",
        ] {
            assert!(printed.contains(reason), "{reason}: {printed}");
        }
    }
    assert_eq!(world.digest(), before);
    let empty = World::with("CREATE TABLE users (id integer)");
    assert!(empty.fail(&["adopt"]).contains("`user.model_name`"));
}

#[test]
fn missing_columns_are_added_by_an_adoption_only() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.configure("user.additional_fields.favouriteColour = { type = \"string\", required = false }");
    for command in ["check", "migrate"] {
        let printed = world.fail(&[command]);
        assert!(printed.contains("portcullis adopt"), "{command}: {printed}");
    }
    let added = "ALTER TABLE \"public\".\"user\" ADD COLUMN \"favourite_colour\" text";
    assert!(world.succeed(&["adopt"]).contains(added));
    world.succeed(&["adopt", "--apply"]);
    assert!(world.succeed(&["check"]).contains("schema: current"));
    world.serve();
    world.execute("UPDATE \"user\" SET favourite_colour = 'green'");
    let undone = world.succeed(&["adopt", "--undo"]);
    assert!(
        undone.contains("kept the column \"favourite_colour\""),
        "{undone}"
    );
}

#[test]
fn tables_in_several_schemas_are_told_apart() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat/adopt/databases");
    let sql = fs::read_to_string(folder.join("kysely-schema.sql")).unwrap();
    let world = World::with(&sql);
    world.execute(&sql.replace("\"auth\"", "\"login\""));
    let printed = world.fail(&["adopt"]);
    assert!(
        printed.contains("auth, login") && printed.contains("search_path"),
        "{printed}"
    );
    world.execute(&format!(
        "ALTER DATABASE \"{}\" SET search_path = login",
        world
            .database
            .url()
            .rsplit('/')
            .next()
            .unwrap()
            .split('?')
            .next()
            .unwrap()
    ));
    assert!(world.succeed(&["adopt"]).contains("login.user is `user`"));
}

#[test]
fn an_empty_schema_that_exists_already_receives_all_tables() {
    let world = World::of("drizzle");
    world.execute("CREATE SCHEMA portcullis");
    world.succeed(&["adopt", "--apply"]);
    let digest = world.digest();
    assert!(!digest.contains("public.portcullis_"), "{digest}");
    world.serve();
}
