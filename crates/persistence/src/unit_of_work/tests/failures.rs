//! Lost connections and failing statements.

use std::time::Duration;

use diesel::{PgConnection, connection::SimpleConnection};
use portcullis_application::ports::UnitOfWork;
use tokio::task::JoinSet;

use super::{Fixture, backend, insert, messages, patient, sleep};
use crate::PoolOptions;

#[tokio::test]
async fn a_connection_that_is_lost_while_idle_causes_no_failure() {
    let world = Fixture::with_pool_of(1);
    world.read().run("backend", backend).await.unwrap();

    assert_eq!(world.terminate_all(), 1);
    world.read().run("backend", backend).await.unwrap();

    assert_eq!(world.terminate_all(), 1);
    let mut unit = world.begin();
    unit.run_write_once("one", insert("one")).await.unwrap();
    Box::new(unit).commit().await.unwrap();
    assert_eq!(world.users(), 1);
}

#[tokio::test]
async fn the_loss_of_all_idle_connections_causes_no_failure() {
    let world = Fixture::with_pool_of(4);
    for _ in 0..3 {
        let mut units = Vec::new();
        for _ in 0..4 {
            let mut unit = world.begin();
            unit.run("backend", backend).await.unwrap();
            units.push(unit);
        }
        drop(units);
        assert_eq!(world.terminate_all(), 4);
        let mut readers = JoinSet::new();
        for _ in 0..12 {
            let mut read = world.read();
            readers.spawn(async move { read.run("backend", backend).await });
        }
        for result in readers.join_all().await {
            result.unwrap();
        }
    }
}

#[tokio::test]
async fn the_loss_of_its_connection_rolls_a_unit_back() {
    let world = Fixture::with_pool_of(1);
    let mut unit = world.begin();
    unit.run("one", insert("one")).await.unwrap();
    world.terminate_all();

    let failure = unit.run("two", insert("two")).await.unwrap_err();
    assert!(failure.is_unavailable());
    assert!(Box::new(unit).commit().await.is_err());

    world.read().run("backend", backend).await.unwrap();
    assert_eq!(world.users(), 0);
}

#[tokio::test]
async fn a_write_outside_of_a_transaction_is_not_repeated_after_a_lost_answer() {
    let world = Fixture::with_pool_of(1);
    world.read().run("backend", backend).await.unwrap();
    world.terminate_all();
    let error = world
        .read()
        .run_write_once("one", insert("one"))
        .await
        .unwrap_err();
    assert!(error.into_failure().is_unavailable());
}

#[tokio::test]
async fn a_slow_statement_fails_and_is_cancelled() {
    let options = PoolOptions {
        size: 1,
        operation: Duration::from_secs(2),
        ..patient()
    };
    let world = Fixture::with(options);
    let failure = world.read().run("sleep", sleep).await.unwrap_err();
    assert!(failure.is_unavailable());
    // PostgreSQL has cancelled the statement: otherwise this operation would wait for the only connection.
    world.read().run("backend", backend).await.unwrap();
}

#[tokio::test]
async fn temporary_errors_are_reported_as_unavailable_and_others_are_not() {
    let world = Fixture::with_pool_of(1);
    for (statement, is_unavailable) in [
        ("SET TRANSACTION READ ONLY; DELETE FROM \"user\"", true),
        (
            "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$",
            true,
        ),
        (
            "DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$",
            true,
        ),
        (
            "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
            true,
        ),
        ("SELECT pg_terminate_backend(pg_backend_pid())", true),
        ("SELECT * FROM no_such_table", false),
        ("INSERT INTO \"user\" (id) VALUES ('x')", false),
    ] {
        let mut unit = world.begin();
        let failure = unit
            .run("trouble", move |connection| connection.batch_execute(statement))
            .await
            .unwrap_err();
        assert_eq!(
            failure.is_unavailable(),
            is_unavailable,
            "{statement}: {}",
            messages(&failure)
        );
    }
}

#[tokio::test]
async fn a_failure_names_the_operation_and_contains_no_value() {
    let world = Fixture::with_pool_of(1);
    world.read().run("one", insert("hidden")).await.unwrap();
    let again = |connection: &mut PgConnection| {
        connection.batch_execute(
            "INSERT INTO \"user\" (id, name, email, \"emailVerified\") VALUES ('hidden', '', 'x', false)",
        )
    };
    let failure = world.read().run("users.again", again).await.unwrap_err();
    let messages = messages(&failure);
    assert!(
        messages.contains("users.again") && messages.contains("user_pkey"),
        "{messages}"
    );
    assert!(!messages.contains("hidden"), "{messages}");
}

#[tokio::test]
async fn a_connection_is_closed_after_an_error_of_an_unknown_kind() {
    let world = Fixture::with_pool_of(1);
    let before = world.read().run("backend", backend).await.unwrap();
    let unknown = |connection: &mut PgConnection| connection.batch_execute("SELECT * FROM no_such_table");
    world.read().run("unknown", unknown).await.unwrap_err();
    assert_ne!(world.read().run("backend", backend).await.unwrap(), before);
}
