//! The triggers: their creation and removal, and what happens without them.

use std::{fs, path::Path, thread};

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use portcullis_persistence::{
    DatabaseUrl, DeclaredFields, PgStore,
    migrations::{
        MigrateError,
        adoption::{self, Names},
        session_cache::{install, missing, remove, superfluous},
    },
};
use portcullis_test_database::TestDatabase;
use tokio::time::sleep;

use super::{BOUND, find_after_bound, look_up, options, until_cached, with_sessions};
use crate::fixture::Fixture;

const TRIGGERS: &str =
    "SELECT FROM pg_trigger WHERE tgname LIKE 'portcullis_session_cache_%' AND tgenabled = 'A'";
const FUNCTIONS: &str =
    "SELECT FROM pg_proc WHERE proname IN ('portcullis_session_changed', 'portcullis_user_changed')";

#[tokio::test]
async fn the_triggers_are_created_once_and_dropped_with_their_functions() {
    let world = Fixture::new();
    let url = world.url();
    assert_eq!(remove(&url).unwrap(), [""; 0]);
    assert!(!missing(&url).unwrap().is_empty());
    assert_eq!(install(&url).unwrap().len(), 2);
    assert_eq!((world.count(TRIGGERS), world.count(FUNCTIONS)), (6, 2));
    assert_eq!(missing(&url).unwrap(), [""; 0]);
    assert_eq!(install(&url).unwrap(), [""; 0]);
    assert!(!superfluous(&url).unwrap().is_empty());
    assert_eq!(remove(&url).unwrap().len(), 2);
    assert_eq!(superfluous(&url).unwrap(), [""; 0]);
    assert_eq!((world.count(TRIGGERS), world.count(FUNCTIONS)), (0, 0));
}

#[tokio::test]
async fn replicas_that_start_at_the_same_time_create_the_triggers_once() {
    let world = Fixture::new();
    thread::scope(|scope| {
        let installs: Vec<_> = (0..4)
            .map(|_| {
                let url = world.url();
                scope.spawn(move || install(&url).unwrap().len())
            })
            .collect();
        let created: usize = installs.into_iter().map(|install| install.join().unwrap()).sum();
        assert_eq!(created, 2);
    });
}

#[tokio::test]
async fn a_role_that_does_not_own_the_tables_gets_the_statements_for_their_owner() {
    let world = Fixture::new();
    let role = "portcullis_not_owner";
    world.execute(&format!(
        r#"DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
        GRANT USAGE ON SCHEMA public TO {role}; GRANT ALL ON "session", "user" TO {role}"#
    ));
    let url = format!("{}&options=-c%20role%3D{role}", world.url().expose());
    let url = DatabaseUrl::parse(&url).unwrap();
    let Err(MigrateError::NotOwner(statements)) = install(&url) else {
        panic!("the role may create triggers");
    };
    world.execute(&statements.join(";"));
    assert_eq!(missing(&world.url()).unwrap(), [""; 0]);
}

#[tokio::test]
async fn without_a_trigger_the_cache_is_silent_until_it_is_back() {
    for break_it in [
        r#"DROP TRIGGER portcullis_session_cache_delete ON "session""#,
        r#"ALTER TABLE "user" DISABLE TRIGGER portcullis_session_cache_update"#,
        r#"ALTER TABLE "session" ENABLE TRIGGER portcullis_session_cache_delete"#,
    ] {
        let world = with_sessions().await;
        until_cached(&world.store, "jane-1").await;
        world.execute(break_it);
        sleep(BOUND).await;
        assert_eq!(look_up(&world.store, "jane-1").await.1, 1, "{break_it}");
        world.execute(r#"DELETE FROM "session" WHERE token = 'jane-1'"#);
        assert_eq!(find_after_bound(&world.store, "jane-1").await, None, "{break_it}");
        install(&world.url()).unwrap();
        until_cached(&world.store, "john-1").await;
    }
}

#[tokio::test]
async fn a_function_of_another_version_is_not_trusted_and_is_replaced() {
    let world = with_sessions().await;
    until_cached(&world.store, "jane-1").await;
    world.execute(
        "CREATE OR REPLACE FUNCTION portcullis_session_changed() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN RETURN NULL; END'",
    );
    sleep(BOUND).await;
    world.execute(r#"DELETE FROM "session" WHERE token = 'jane-1'"#);
    assert_eq!(find_after_bound(&world.store, "jane-1").await, None);
    for _ in 0..5 {
        sleep(BOUND).await;
        assert_eq!(look_up(&world.store, "john-1").await.1, 1);
    }
    assert_eq!(install(&world.url()).unwrap().len(), 1);
    until_cached(&world.store, "john-1").await;
    assert_eq!(missing(&world.url()).unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_table_that_is_created_again_is_not_cached_until_it_has_triggers() {
    let world = with_sessions().await;
    until_cached(&world.store, "jane-1").await;
    world.execute(
        r#"ALTER TABLE "session" RENAME TO old;
        CREATE TABLE "session" (LIKE old INCLUDING ALL);
        INSERT INTO "session" SELECT * FROM old WHERE token <> 'jane-1'"#,
    );
    assert_eq!(find_after_bound(&world.store, "jane-1").await, None);
    assert_eq!(look_up(&world.store, "john-1").await.1, 1);
    install(&world.url()).unwrap();
    until_cached(&world.store, "john-1").await;
}

#[tokio::test]
async fn a_write_succeeds_although_the_column_of_the_id_was_renamed() {
    let world = with_sessions().await;
    until_cached(&world.store, "jane-1").await;
    world.execute(
        r#"ALTER TABLE "session" RENAME COLUMN id TO key; DELETE FROM "session" WHERE token = 'jane-1';
        ALTER TABLE "session" RENAME COLUMN key TO id"#,
    );
    assert_eq!(find_after_bound(&world.store, "jane-1").await, None);
}

#[tokio::test]
async fn changes_of_an_adopted_database_are_seen_and_an_adoption_is_removed_with_its_triggers() {
    for (kind, tables, ids) in [
        ("drizzle-plural", ("sessions", "users"), ["jane", "one"]),
        (
            "drizzle-uuid",
            ("session", "user"),
            [
                "550e8400-e29b-41d4-a716-446655440000",
                "550e8400-e29b-41d4-a716-446655440001",
            ],
        ),
    ] {
        let database = TestDatabase::empty();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat/adopt/databases");
        let sql = fs::read_to_string(folder.join(format!("{kind}.sql"))).unwrap();
        let mut connection = PgConnection::establish(database.url()).unwrap();
        connection.batch_execute(&sql).unwrap();
        let url = DatabaseUrl::parse(database.url()).unwrap();
        adoption::adopt(&url, &DeclaredFields::default(), &Names::new()).unwrap();
        assert_eq!(install(&url).unwrap().len(), 2, "{kind}");
        let [user, session] = ids;
        connection
            .batch_execute(&format!(
                r#"INSERT INTO portcullis."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
                VALUES ('{user}', 'Jane', 'jane@example.com', true, now(), now());
                INSERT INTO portcullis."session" (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
                VALUES ('{session}', 'jane-1', '{user}', now(), now(), now())"#
            ))
            .unwrap();
        let store = PgStore::connect(&url, options());
        until_cached(&store, "jane-1").await;
        let (sessions, users) = tables;
        connection
            .batch_execute(&format!("UPDATE \"{users}\" SET name = 'Changed'"))
            .unwrap();
        let found = find_after_bound(&store, "jane-1").await.unwrap();
        assert!(found.0.contains("\"Changed\""), "{kind}: {found:?}");
        connection
            .batch_execute(&format!("DELETE FROM \"{sessions}\""))
            .unwrap();
        assert_eq!(find_after_bound(&store, "jane-1").await, None, "{kind}");
        let done = adoption::undo(&url).unwrap();
        assert!(
            done.iter()
                .any(|line| line == "dropped the schema \"portcullis\""),
            "{kind}: {done:#?}"
        );
    }
}
