//! Tables whose changes the triggers cannot all see, and rights to them.

use std::time::Duration;

use portcullis_application::ports::Store;
use portcullis_domain::token::SessionToken;
use portcullis_persistence::{DatabaseUrl, PgStore, PoolOptions, StoreOptions, check_session_cache};
use tokio::time::sleep;

use super::{BOUND, find_after_bound, look_up, options, until_cached, with_sessions};
use crate::fixture::Fixture;

#[tokio::test]
async fn tables_with_a_parent_or_a_child_are_not_cached() {
    for (relate, part) in [
        (
            r#"CREATE TABLE base (id text NOT NULL); ALTER TABLE "session" INHERIT base"#,
            r#"ALTER TABLE "session" NO INHERIT base"#,
        ),
        (
            r#"CREATE TABLE base (id text NOT NULL); ALTER TABLE "user" INHERIT base"#,
            r#"ALTER TABLE "user" NO INHERIT base"#,
        ),
        (
            r#"CREATE TABLE child () INHERITS ("session")"#,
            "DROP TABLE child",
        ),
    ] {
        let world = with_sessions().await;
        until_cached(&world.store, "jane-1").await;
        world.execute(relate);
        for _ in 0..5 {
            sleep(BOUND).await;
            assert_eq!(look_up(&world.store, "jane-1").await.1, 1, "{relate}");
        }
        let reason = check_session_cache(&world.url(), &options().session_cache.unwrap());
        assert!(reason.unwrap_err().contains("cannot be watched"), "{relate}");
        world.execute(part);
        until_cached(&world.store, "jane-1").await;
    }
}

#[tokio::test]
async fn a_session_that_is_deleted_by_way_of_a_parent_table_is_gone() {
    let world = with_sessions().await;
    until_cached(&world.store, "jane-1").await;
    world.execute(r#"CREATE TABLE base (id text NOT NULL); ALTER TABLE "session" INHERIT base"#);
    sleep(BOUND).await;
    world.execute("DELETE FROM base WHERE id = 'session-jane-1'");
    assert_eq!(find_after_bound(&world.store, "jane-1").await, None);
}

/// Returns a store of a role that has the right to read the tables.
fn as_reader(world: &Fixture) -> PgStore {
    world.execute(
        r#"DO $$ BEGIN CREATE ROLE portcullis_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
        GRANT USAGE ON SCHEMA public TO portcullis_reader; GRANT ALL ON "session", "user" TO portcullis_reader"#,
    );
    let url = format!("{}&options=-c%20role%3Dportcullis_reader", world.url().expose());
    let pool = PoolOptions {
        acquire: Duration::from_mins(1),
        operation: Duration::from_mins(1),
        ..PoolOptions::default()
    };
    let options = StoreOptions { pool, ..options() };
    PgStore::connect(&DatabaseUrl::parse(&url).unwrap(), options)
}

#[tokio::test]
async fn a_session_that_a_policy_can_hide_is_not_cached() {
    let world = with_sessions().await;
    world.execute(
        r#"CREATE TABLE blocked (id text); GRANT SELECT ON blocked TO public;
        ALTER TABLE "session" ENABLE ROW LEVEL SECURITY;
        CREATE POLICY unblocked ON "session" USING (NOT EXISTS (SELECT FROM blocked))"#,
    );
    let store = as_reader(&world);
    for _ in 0..5 {
        sleep(BOUND).await;
        let (found, statements) = look_up(&store, "jane-1").await;
        assert_eq!((found.is_some(), statements), (true, 1));
    }
    world.execute("INSERT INTO blocked VALUES ('all')");
    assert_eq!(find_after_bound(&store, "jane-1").await, None);
    // The owner of the table sees all rows.
    until_cached(&world.store, "jane-1").await;
}

#[tokio::test]
async fn a_role_that_may_not_read_a_session_any_more_does_not_get_it() {
    for end in [
        r#"REVOKE ALL ON "session" FROM portcullis_reader"#,
        r#"REVOKE ALL ON "user" FROM portcullis_reader"#,
        r#"ALTER TABLE "session" ENABLE ROW LEVEL SECURITY"#,
    ] {
        let world = with_sessions().await;
        let store = as_reader(&world);
        until_cached(&store, "jane-1").await;
        world.execute(end);
        for _ in 0..5 {
            sleep(BOUND).await;
            let mut db = store.autocommit();
            let found = db.sessions().find_by_token(&SessionToken::new("jane-1")).await;
            assert!(!matches!(found, Ok(Some(_))), "{end}");
        }
    }
}
