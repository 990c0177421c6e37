//! Migration of empty databases and of databases that Better Auth has made.

use std::{
    fs,
    path::{Path, PathBuf},
};

use portcullis_application::ports::Store;
use portcullis_persistence::{
    DatabaseUrl, DeclaredFields, PgStore, StoreOptions,
    migrations::{MigrateError, SchemaState, inspect, migrate, pending},
};

use crate::fixture::{STRICT, account, session, user};

mod declared;
mod foreign;
mod optional;
mod schema;
mod slow;
mod unenforced;

pub(crate) use optional::assert_table_of_better_auth;
pub(super) use schema::Schema;

pub(super) const CORE: &str = include_str!("../../fixtures/better_auth_core.sql");
const RATE_LIMIT: &str = include_str!("../../fixtures/better_auth_rate_limit.sql");
const JWKS: &str = include_str!("../../fixtures/better_auth_jwks.sql");
const TWO_FACTOR: &str = include_str!("../../fixtures/better_auth_two_factor.sql");
pub(super) const PLUGINS: &str = include_str!("../../fixtures/better_auth_plugins.sql");
pub(super) const ROWS: &str = include_str!("../../fixtures/better_auth_rows.sql");

/// The migrations that create tables of Better Auth that every deployment needs.
const OF_BETTER_AUTH: [&str; 6] = [
    "portcullis-0001_user",
    "portcullis-0002_session",
    "portcullis-0003_account",
    "portcullis-0004_verification",
    "portcullis-0005_rate_limit",
    "portcullis-0009_jwks",
];
/// The other migrations of every database. All further ones are those of optional tables.
const OURS: [&str; 10] = [
    "portcullis-0006_known_address",
    "portcullis-0007_housekeeping",
    "portcullis-0008_message",
    "portcullis-0010_verification_indexes",
    "portcullis-0011_rate_limit_log",
    "portcullis-0012_session_list",
    "portcullis-0013_refused_sign_up",
    "portcullis-0014_two_factor",
    "portcullis-0015_account_identity",
    "portcullis-0016_admin",
];

/// No declared fields.
pub(super) fn undeclared() -> DeclaredFields {
    DeclaredFields::default()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations")
}

/// Returns the names of the migrations of every database, oldest first.
fn steps() -> Vec<String> {
    let mut steps = all_steps();
    steps.retain(|step| !is_optional(step));
    steps
}

fn is_optional(step: &str) -> bool {
    !OF_BETTER_AUTH.contains(&step) && !OURS.contains(&step)
}

/// Returns the statements of a migration.
fn up(step: &str) -> String {
    fs::read_to_string(folder().join(step).join("up.sql")).unwrap()
}

/// Returns the names of all migrations, oldest first.
fn all_steps() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut steps: Vec<String> = folders
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    steps.sort();
    steps
}

/// The schema that Better Auth creates with all tables that every deployment needs, with our own tables added.
fn expected_schema() -> Schema {
    let ours = OURS.map(up).concat();
    Schema::made_by(&format!("{CORE}{RATE_LIMIT}{JWKS}{TWO_FACTOR}{ours}"))
}

/// Reverts all migrations, as a developer does.
fn revert(schema: &Schema) {
    for step in all_steps().iter().rev() {
        schema.execute(&fs::read_to_string(folder().join(step).join("down.sql")).unwrap());
    }
    schema.execute("DELETE FROM __diesel_schema_migrations");
}

#[test]
fn an_empty_database_gets_exactly_the_schema_of_better_auth() {
    let ours = Schema::made_by("");
    assert_eq!(pending(&ours.url, &undeclared()).unwrap(), steps());
    assert_eq!(
        inspect(&ours.url, &undeclared()).unwrap(),
        SchemaState::Behind(steps())
    );
    assert_eq!(ours.shape(), Vec::<String>::new());

    assert_eq!(migrate(&ours.url, &undeclared()).unwrap(), steps());

    assert_eq!(inspect(&ours.url, &undeclared()).unwrap(), SchemaState::Current);
    assert_eq!(migrate(&ours.url, &undeclared()).unwrap(), Vec::<String>::new());
    assert_eq!(ours.shape(), expected_schema().shape());
}

#[test]
fn up_and_down_and_up_again_gives_the_same_schema() {
    let schema = Schema::made_by("");
    migrate(&schema.url, &undeclared()).unwrap();
    let before = schema.shape();

    revert(&schema);
    assert_eq!(schema.shape(), Vec::<String>::new());
    migrate(&schema.url, &undeclared()).unwrap();

    assert_eq!(schema.shape(), before);
}

#[test]
fn a_database_of_better_auth_is_migrated_without_a_change_to_its_rows() {
    for made in [CORE.to_owned(), format!("{PLUGINS}{ROWS}")] {
        let schema = Schema::made_by(&made);
        let (shape, rows) = (schema.shape(), schema.rows());
        assert_eq!(
            inspect(&schema.url, &undeclared()).unwrap(),
            SchemaState::Behind(steps())
        );

        migrate(&schema.url, &undeclared()).unwrap();

        assert_eq!(inspect(&schema.url, &undeclared()).unwrap(), SchemaState::Current);
        let (shape_now, rows_now) = (schema.shape(), schema.rows());
        assert!(shape.iter().all(|line| shape_now.contains(line)));
        assert!(rows.iter().all(|line| rows_now.contains(line)));
    }
}

#[test]
fn every_table_of_better_auth_has_rows_in_the_fixture() {
    let schema = Schema::made_by(&format!("{PLUGINS}{ROWS}"));
    let empty: Vec<String> = schema
        .rows()
        .into_iter()
        .filter(|line| line.contains(" 0 "))
        .collect();
    assert_eq!(empty, Vec::<String>::new());
    assert_eq!(schema.rows().len(), 11);
}

#[tokio::test]
async fn a_database_of_better_auth_with_plugins_is_usable() {
    let schema = Schema::made_by(&format!("{PLUGINS}{ROWS}"));
    migrate(&schema.url, &undeclared()).unwrap();
    let store = PgStore::connect(&schema.url, StoreOptions::default());
    let jane = user("jane");
    let mut unit = store.begin();
    unit.users().insert(&jane).await.unwrap();
    unit.accounts()
        .insert(&account("account", &jane, "hash"))
        .await
        .unwrap();
    unit.sessions().insert(&session("token", &jane)).await.unwrap();
    unit.commit().await.unwrap();
    let found = store
        .autocommit()
        .sessions()
        .find_by_token(&session("token", &jane).token)
        .await
        .unwrap();
    assert_eq!(found.unwrap().1, jane);
}

#[test]
fn indexes_that_an_older_better_auth_did_not_create_are_added() {
    let schema = Schema::made_by(CORE);
    schema.execute("DROP INDEX \"session_userId_idx\", \"account_userId_idx\", verification_identifier_idx");
    migrate(&schema.url, &undeclared()).unwrap();
    assert_eq!(schema.shape(), expected_schema().shape());
}

#[test]
fn tables_are_created_in_the_schema_of_the_search_path() {
    let mut schema = Schema::made_by("CREATE SCHEMA \"Auth\"");
    let url = format!("{}&schema=Auth", schema.url.expose());
    let public = schema.url.clone();
    schema.url = DatabaseUrl::parse(&url).unwrap();

    migrate(&schema.url, &undeclared()).unwrap();

    assert_eq!(inspect(&schema.url, &undeclared()).unwrap(), SchemaState::Current);
    let tables = schema.lines(
        "SELECT DISTINCT schemaname::text AS line FROM pg_tables WHERE tablename IN ('user', 'session')",
    );
    assert_eq!(tables, ["Auth"]);
    assert_eq!(
        inspect(&public, &undeclared()).unwrap(),
        SchemaState::Behind(steps())
    );
    let missing = DatabaseUrl::parse(&url.replace("Auth", "nowhere")).unwrap();
    assert!(matches!(
        migrate(&missing, &undeclared()),
        Err(MigrateError::NoSchema)
    ));
}

#[test]
fn concurrent_migrations_apply_each_step_once() {
    let schema = Schema::made_by("");
    let taken: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| migrate(&schema.url, &undeclared()).unwrap().len()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(taken, steps().len());
}

#[test]
fn concurrent_migrations_work_with_another_default_isolation_level() {
    let schema = Schema::made_by(STRICT);
    let taken: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| migrate(&schema.url, &undeclared()).unwrap().len()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(taken, steps().len());
}

#[test]
fn a_newer_schema_is_rejected() {
    let schema = Schema::made_by("");
    migrate(&schema.url, &undeclared()).unwrap();
    schema.execute(
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('portcullis9999'), ('20260101000000')",
    );
    let newer = vec!["portcullis9999".to_owned()];
    assert_eq!(
        inspect(&schema.url, &undeclared()).unwrap(),
        SchemaState::Ahead(newer.clone())
    );
    assert!(matches!(migrate(&schema.url, &undeclared()), Err(MigrateError::Ahead(found)) if found == newer));
}

#[test]
fn a_table_that_was_dropped_is_reported() {
    let schema = Schema::made_by("");
    migrate(&schema.url, &undeclared()).unwrap();
    schema.execute("DROP TABLE verification");
    let reason = "the table \"verification\" is missing, although its migration was applied".to_owned();
    assert_eq!(
        inspect(&schema.url, &undeclared()).unwrap(),
        SchemaState::Foreign(vec![reason])
    );
}

#[test]
fn tables_of_another_program_are_ignored() {
    let others = Schema::made_by(
        "CREATE TABLE users (id serial PRIMARY KEY, email text, email_verified boolean);
         CREATE TABLE refresh_tokens (token text, expires_at timestamp, user_id integer);
         CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
         INSERT INTO __diesel_schema_migrations VALUES ('20260101000000')",
    );
    assert_eq!(
        inspect(&others.url, &undeclared()).unwrap(),
        SchemaState::Behind(steps())
    );
    migrate(&others.url, &undeclared()).unwrap();
    assert_eq!(inspect(&others.url, &undeclared()).unwrap(), SchemaState::Current);
}

#[test]
fn the_error_for_an_unreachable_database_contains_no_part_of_its_url() {
    let url = DatabaseUrl::parse("postgres://hidden:hidden@127.0.0.1:1/hidden").unwrap();
    let error = migrate(&url, &undeclared()).unwrap_err();
    assert!(
        matches!(error, MigrateError::Unreachable(reason) if reason.starts_with("the connection was refused"))
    );
    assert!(!format!("{error} {error:?}").contains("hidden"));
}

#[test]
fn every_migration_has_our_prefix_and_the_next_number() {
    for (step, number) in all_steps().iter().zip(1..) {
        assert!(step.starts_with(&format!("portcullis-{number:04}_")), "{step}");
    }
}
