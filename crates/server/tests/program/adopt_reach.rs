//! What connections find in an adopted database: search paths, roles and statements that an operator runs.

use std::{fs, path::Path, process::Command, process::Output};

use diesel::{Connection, PgConnection, connection::SimpleConnection, sql_query};
use diesel::{QueryableByName, RunQueryDsl, sql_types::Text};
use nix::sys::signal::Signal;
use portcullis_test_database::{Server, TestDatabase};
use tempfile::TempDir;

use crate::support::{Running, in_production, stderr, stdout};

const UP_TO_DATE: &str = "the adoption is up to date: nothing to do\n";
const SIGN_UP: &str = r#"{"name":"N","email":"n@example.com","password":"correct horse battery"}"#;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The program with the URL of an adopted database.
struct Program {
    directory: TempDir,
    url: String,
}

impl Program {
    fn of(url: &str, parameters: &str) -> Self {
        let separator = if url.contains('?') { '&' } else { '?' };
        Self {
            directory: tempfile::tempdir().unwrap(),
            url: format!("{url}{separator}{parameters}"),
        }
    }

    fn command(&self) -> Command {
        in_production(self.directory.path(), &self.url)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().unwrap()
    }

    fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        stdout(&output)
    }

    fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
        stderr(&output)
    }

    fn serve(&self) {
        let mut server = Running::start(&mut self.command());
        server.wait_for_status("/health/ready", 200);
        assert_eq!(server.post("/api/auth/sign-up/email", SIGN_UP).answer(), 200);
        server.signal(Signal::SIGTERM);
        assert!(server.wait().success());
    }
}

fn tables(kind: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat/adopt/databases");
    fs::read_to_string(folder.join(format!("{kind}.sql"))).unwrap()
}

fn database(kind: &str) -> TestDatabase {
    let database = TestDatabase::empty();
    connect(database.url()).batch_execute(&tables(kind)).unwrap();
    database
}

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap()
}

/// Returns the only value of a query, whose column is called `text`.
fn text(connection: &mut PgConnection, query: &str) -> String {
    sql_query(query).get_result::<Row>(connection).unwrap().text
}

/// Returns the lines that begin with an SQL command.
fn statements<'a>(printed: &'a str, command: &str) -> Vec<&'a str> {
    let lines = printed.lines().map(str::trim);
    lines.filter(|line| line.starts_with(command)).collect()
}

#[test]
fn an_adopted_database_is_used_with_every_search_path() {
    for path in ["", "%22%22", "%20", "%22public%22", "%22Other%22,public"] {
        let database = database("drizzle");
        let program = Program::of(database.url(), &format!("options=-csearch_path%3D{path}"));
        program.succeed(&["adopt", "--apply"]);
        assert!(program.succeed(&["adopt"]).ends_with(UP_TO_DATE), "{path}");
        assert!(program.succeed(&["check"]).contains("schema: current"), "{path}");
        program.serve();
        program.succeed(&["adopt", "--undo"]);
    }
}

#[test]
fn the_statements_that_a_check_prints_run_as_printed_in_an_adopted_database() {
    let database = database("drizzle-plural");
    let program = Program::of(database.url(), "");
    program.succeed(&["adopt", "--apply"]);
    let mut connection = connect(database.url());
    for (id, email) in [
        ("1", "First@Example.com"),
        ("2", "twin@example.com"),
        ("3", "Twin@example.com"),
    ] {
        connection
            .batch_execute(&format!(
                "INSERT INTO users (id, name, email) VALUES ('{id}', 'N', '{email}')"
            ))
            .unwrap();
    }
    let addresses = "SELECT string_agg(email, ' ' ORDER BY id) AS text FROM users";
    let repaired = "first@example.com twin@example.com Twin@example.com";
    let printed = program.succeed(&["check"]);
    let (repair, show) = (statements(&printed, "UPDATE"), statements(&printed, "SELECT"));
    assert_eq!((repair.len(), show.len()), (1, 1), "{printed}");

    connection.batch_execute(repair[0]).unwrap();
    assert_eq!(text(&mut connection, addresses), repaired);
    connection
        .batch_execute("UPDATE users SET email = 'First@Example.com' WHERE id = '1'")
        .unwrap();
    program.succeed(&["psql", "-Xc", repair[0]]);
    assert_eq!(text(&mut connection, addresses), repaired);
    let shown = program.succeed(&["psql", "-XAtc", show[0]]);
    assert!(
        shown.contains("twin@example.com") && shown.contains("Twin@example.com"),
        "{shown}"
    );
}

#[test]
fn behind_a_pooler_every_command_says_how_connections_find_the_views() {
    let database = database("drizzle");
    connect(database.url())
        .batch_execute(
            "DO $$ BEGIN
                EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Kolkata''', current_database());
            END $$",
        )
        .unwrap();
    let program = Program::of(database.url(), "pgbouncer=true");
    let first = program.succeed(&["adopt", "--apply"]);
    let commands = statements(&first, "ALTER ROLE");
    assert_eq!(commands.len(), 2, "{first}");
    assert!(
        commands[0].ends_with("SET search_path = portcullis, \"$user\", public;")
            && commands[1].ends_with("SET timezone = 'UTC';"),
        "{first}"
    );
    let again = program.succeed(&["adopt"]);
    assert!(again.contains(UP_TO_DATE), "{again}");
    assert_eq!(statements(&again, "ALTER ROLE"), commands, "{again}");
    for arguments in [&["check"][..], &["migrate"], &["serve"]] {
        let printed = program.fail(arguments);
        assert!(
            printed.contains("the database is adopted, but its connections do not look for tables in the schema \"portcullis\" first"),
            "{printed}"
        );
        assert!(printed.contains("a role that only Portcullis uses"), "{printed}");
        assert!(!printed.contains("must be called"), "{printed}");
        assert!(!printed.contains("run `portcullis adopt`"), "{printed}");
        for command in &commands {
            assert!(printed.contains(command), "{arguments:?}: {printed}");
        }
    }
    let other = Program::of(database.url(), "pgbouncer=true&options=-csearch_path%3Dpublic");
    let printed = other.fail(&["check"]);
    assert!(
        printed.contains("remove the search path from `database.url`"),
        "{printed}"
    );

    connect(database.url()).batch_execute(&commands.concat()).unwrap();
    assert!(program.succeed(&["check"]).contains("schema: current"));
    assert!(program.succeed(&["adopt"]).ends_with(UP_TO_DATE));
    program.serve();
}

#[test]
fn a_role_of_its_own_leaves_the_connections_of_the_application_as_they_are() {
    let server = Server::start();
    let mut admin = connect(&server.url("postgres"));
    for statement in [
        "CREATE ROLE application LOGIN",
        "CREATE DATABASE shop OWNER application",
        "CREATE ROLE portcullis LOGIN IN ROLE application",
        "ALTER ROLE portcullis IN DATABASE shop SET search_path = portcullis, public",
        "ALTER ROLE portcullis IN DATABASE shop SET timezone = 'UTC'",
    ] {
        admin.batch_execute(statement).unwrap();
    }
    let url = server.url("shop");
    let as_role = |role: &str| url.replace("user=postgres", &format!("user={role}"));
    let mut application = connect(&as_role("application"));
    application.batch_execute(&tables("drizzle")).unwrap();
    let program = Program::of(&as_role("portcullis"), "pgbouncer=true");
    let applied = program.succeed(&["adopt", "--apply"]);
    assert!(!applied.contains("ALTER ROLE"), "{applied}");
    assert!(program.succeed(&["check"]).contains("schema: current"));
    program.serve();

    let mut application = connect(&as_role("application"));
    let verified = "SELECT string_agg(email_verified::text, '') AS text FROM \"user\"";
    assert_eq!(text(&mut application, verified), "false");
    application
        .batch_execute("CREATE TABLE orders (id text)")
        .unwrap();
    let place = "SELECT 'orders'::regclass::oid::regclass || relnamespace::regnamespace::text AS text \
                 FROM pg_class WHERE relname = 'orders'";
    assert_eq!(text(&mut application, place), "orderspublic");
}

#[test]
fn a_role_that_may_not_use_the_schema_of_an_adoption_is_reported_with_the_grant() {
    let server = Server::start();
    let url = server.url("postgres");
    let mut admin = connect(&url);
    admin.batch_execute(&tables("drizzle")).unwrap();
    admin.batch_execute("CREATE ROLE plain LOGIN").unwrap();
    Program::of(&url, "").succeed(&["adopt", "--apply"]);
    let program = Program::of(&url.replace("user=postgres", "user=plain"), "");
    let printed = program.fail(&["check"]);
    let grant = statements(&printed, "GRANT");
    assert_eq!(grant, ["GRANT USAGE ON SCHEMA portcullis TO plain;"], "{printed}");
    admin.batch_execute(grant[0]).unwrap();
    assert!(!program.fail(&["check"]).contains("GRANT USAGE"));
}
