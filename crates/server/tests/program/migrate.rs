use diesel::{Connection, PgConnection, connection::SimpleConnection};
use portcullis_test_database::TestDatabase;

use crate::support::{in_production, stderr, stdout};

#[test]
fn a_database_is_migrated_once_and_a_dry_run_changes_nothing() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let run = |arguments: &[&str]| {
        let mut program = in_production(directory.path(), database.url());
        let output = program.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let planned = run(&["migrate", "--dry-run"]);
    assert!(planned.starts_with("would migrate: "), "{planned}");
    assert_eq!(run(&["migrate", "--dry-run"]), planned);
    assert_eq!(
        run(&["migrate"]),
        planned.replace("would migrate: ", "migrated: ")
    );
    assert_eq!(run(&["migrate"]), "the schema is current: nothing to do\n");
    assert_eq!(
        run(&["migrate", "--dry-run"]),
        "the schema is current: nothing to do\n"
    );
}

#[test]
fn declared_columns_are_added_once() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let run = |arguments: &[&str]| {
        let mut program = in_production(directory.path(), database.url());
        let declared = r#"{"nickname":{"type":"string","required":false}}"#;
        program.env("PORTCULLIS_USER__ADDITIONAL_FIELDS", declared);
        let output = program.args(arguments).output().unwrap();
        (output.status.success(), stdout(&output), stderr(&output))
    };
    let (is_good, _, printed) = run(&["check"]);
    assert!(
        !is_good && printed.contains("nickname") && printed.contains("run `portcullis migrate`"),
        "{printed}"
    );
    let (_, planned, _) = run(&["migrate", "--dry-run"]);
    assert!(
        planned.starts_with("would migrate: ") && planned.contains("nickname"),
        "{planned}"
    );
    let (_, done, _) = run(&["migrate"]);
    assert_eq!(done, planned.replace("would migrate: ", "migrated: "));
    let (_, nothing, _) = run(&["migrate"]);
    assert_eq!(nothing, "the schema is current: nothing to do\n");
    assert!(run(&["check"]).0);
}

#[test]
fn an_index_on_a_large_table_is_printed_before_it_is_built() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut connection = PgConnection::establish(database.url()).unwrap();
    let again = r#"DELETE FROM "__diesel_schema_migrations" WHERE "version" = 'portcullis0007';
        DROP INDEX "portcullis_rateLimit_lastRequest_idx";
        UPDATE pg_class SET reltuples = 2000000 WHERE relname = 'rateLimit'"#;
    connection.batch_execute(again).unwrap();
    for arguments in [&["migrate", "--dry-run"][..], &["migrate"]] {
        let mut program = in_production(directory.path(), database.url());
        let output = program.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let by_hand = r#"CREATE INDEX CONCURRENTLY "portcullis_rateLimit_lastRequest_idx" ON "#;
        assert!(stderr(&output).contains(by_hand), "{}", stderr(&output));
        assert!(stdout(&output).contains("portcullis-0007"), "{}", stdout(&output));
    }
}

#[test]
fn the_triggers_of_the_session_cache_are_created_if_it_is_enabled_and_dropped_if_it_is_not() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let run = |arguments: &[&str], is_enabled: &str| {
        let mut program = in_production(directory.path(), database.url());
        program.env("PORTCULLIS_SESSION_CACHE__ENABLED", is_enabled);
        let output = program.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let warning = "warning: the session cache is enabled, and its triggers are missing";
    assert!(run(&["check"], "true").contains(warning));
    let planned = run(&["migrate", "--dry-run"], "true");
    assert!(planned.contains("CREATE TRIGGER"), "{planned}");
    let created = "created the triggers of the session cache on \"public\".\"session\"";
    let nothing = "the schema is current: nothing to do\n";
    let printed = run(&["migrate"], "true");
    assert!(printed.starts_with(created), "{printed}");
    assert_eq!(run(&["migrate"], "true"), nothing);
    assert!(run(&["check"], "true").contains("session cache: enabled, and the database reports changes"));
    let planned = run(&["migrate", "--dry-run"], "false");
    assert!(planned.contains("\nDROP TRIGGER"), "{planned}");
    let dropped = created.replace("created", "dropped");
    let printed = run(&["migrate"], "false");
    assert!(printed.starts_with(&dropped), "{printed}");
    for arguments in [&["migrate"][..], &["migrate", "--dry-run"]] {
        assert_eq!(run(arguments, "false"), nothing);
    }
    assert!(!run(&["check"], "false").contains("session cache"));
}

#[test]
fn a_table_that_cannot_be_watched_is_named_by_the_check() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection
        .batch_execute("CREATE TABLE archive () INHERITS (\"session\")")
        .unwrap();
    let run = |argument: &str| {
        let mut program = in_production(directory.path(), database.url());
        program.env("PORTCULLIS_SESSION_CACHE__ENABLED", "true");
        let output = program.arg(argument).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    run("migrate");
    let printed = run("check");
    let warning =
        "warning: the session cache would not answer: the tables of sessions and users cannot be watched";
    assert!(printed.contains(warning), "{printed}");
}
