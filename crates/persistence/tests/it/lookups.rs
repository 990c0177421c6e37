//! Lookups of sessions that share statements.

use std::{sync::Arc, time::Duration};

use diesel::{PgConnection, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::BigInt};
use portcullis_application::{
    ports::{Failure, Store},
    statistics::Statistics,
};
use portcullis_domain::{session::Session, token::SessionToken, user::User};
use portcullis_persistence::{PgStore, PoolOptions, StoreOptions};
use tokio::{
    task::{JoinHandle, yield_now},
    time::{sleep, timeout},
};

use crate::fixture::{Fixture, session, user};

type Found = Result<Option<(Session, User)>, Failure>;

/// A database with sessions `token-0` to `token-99` of one user.
async fn with_sessions() -> Fixture {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    for number in 0..100 {
        let stored = session(&format!("token-{number}"), &jane);
        world.store.autocommit().sessions().insert(&stored).await.unwrap();
    }
    world
}

/// The same, with this time limit of operations.
async fn with_sessions_and_limit(operation: Duration) -> Fixture {
    let mut world = with_sessions().await;
    let pool = PoolOptions {
        acquire: Duration::from_mins(1),
        operation,
        ..PoolOptions::default()
    };
    let options = StoreOptions {
        pool,
        ..StoreOptions::default()
    };
    world.store = PgStore::connect(&world.url(), options);
    world
}

fn look_up(world: &Fixture, token: String) -> JoinHandle<(Found, u32)> {
    let store = world.store.clone();
    tokio::spawn(async move {
        let statistics = Arc::new(Statistics::default());
        let mut db = store.autocommit();
        let token = SessionToken::new(token);
        let lookup = db.sessions().find_by_token(&token);
        let found = Arc::clone(&statistics).scope(lookup).await;
        (found, statistics.statements())
    })
}

/// Locks the table, so that lookups do not end before the transaction of this connection does.
fn lock(world: &Fixture) -> PgConnection {
    let mut connection = world.connect();
    connection
        .batch_execute(r#"BEGIN; LOCK TABLE "session" IN ACCESS EXCLUSIVE MODE"#)
        .unwrap();
    connection
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Returns how many statements wait for a lock in this database.
fn statements_that_wait(connection: &mut PgConnection) -> i64 {
    let query = "SELECT count(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    sql_query(query).get_result::<Count>(connection).unwrap().count
}

/// Waits until this number of statements wait, and all other lookups have begun.
async fn until_statements_wait(connection: &mut PgConnection, count: i64) {
    let waiting = async {
        while statements_that_wait(connection) < count {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(30), waiting).await.unwrap();
    for _ in 0..1000 {
        yield_now().await;
    }
}

#[tokio::test]
async fn lookups_that_wait_share_the_next_statement_and_each_gets_its_own_session() {
    let world = with_sessions().await;
    let mut locked = lock(&world);
    let lookups: Vec<_> = (0..110)
        .map(|number| look_up(&world, format!("token-{number}")))
        .collect();
    until_statements_wait(&mut locked, 2).await;
    assert_eq!(statements_that_wait(&mut locked), 2);
    locked.batch_execute("COMMIT").unwrap();
    for (number, lookup) in lookups.into_iter().enumerate() {
        let (found, statements) = lookup.await.unwrap();
        let found = found
            .unwrap()
            .map(|(session, user)| (session.token.expose().clone(), user.id));
        let expected = (number < 100).then(|| (format!("token-{number}"), user("jane").id));
        assert_eq!(found, expected);
        assert_eq!(statements, 1, "lookup {number}");
    }
}

#[tokio::test]
async fn callers_with_the_same_token_all_get_the_session() {
    let world = with_sessions().await;
    let locked = lock(&world);
    let lookups: Vec<_> = (0..20).map(|_| look_up(&world, "token-7".to_owned())).collect();
    drop(locked);
    for lookup in lookups {
        let (found, _statements) = lookup.await.unwrap();
        assert_eq!(found.unwrap().unwrap().0.token.expose(), "token-7");
    }
}

#[tokio::test]
async fn a_caller_that_is_gone_does_not_affect_the_others() {
    let world = with_sessions().await;
    let mut locked = lock(&world);
    let lookups: Vec<_> = (0..40)
        .map(|number| look_up(&world, format!("token-{number}")))
        .collect();
    until_statements_wait(&mut locked, 1).await;
    for lookup in lookups.iter().step_by(2) {
        lookup.abort();
    }
    drop(locked);
    for lookup in lookups.into_iter().skip(1).step_by(2) {
        assert!(lookup.await.unwrap().0.unwrap().is_some());
    }
    assert!(
        look_up(&world, "token-0".to_owned())
            .await
            .unwrap()
            .0
            .unwrap()
            .is_some()
    );
}

/// Makes PostgreSQL evaluate an expression each time it reads the user agent of a session.
fn read_user_agents_by(connection: &mut PgConnection, expression: &str) {
    connection
        .batch_execute(&format!(
            r#"ALTER TABLE "session" RENAME TO stored;
            CREATE VIEW "session" AS SELECT id, "expiresAt", token, "createdAt", "updatedAt", "ipAddress", "userId",
                {expression} AS "userAgent"
            FROM stored"#
        ))
        .unwrap();
}

#[tokio::test]
async fn lookups_that_hang_stop_no_others() {
    let world = with_sessions().await;
    let mut connection = world.connect();
    let hangs =
        "CASE WHEN token IN ('token-0', 'token-1') THEN pg_advisory_xact_lock_shared(7)::text ELSE '' END";
    read_user_agents_by(&mut connection, hangs);
    connection
        .batch_execute("BEGIN; SELECT pg_advisory_xact_lock(7)")
        .unwrap();
    let mut hanging = Vec::new();
    for number in 0..2 {
        hanging.push(look_up(&world, format!("token-{number}")));
        until_statements_wait(&mut connection, number + 1).await;
    }
    let other = timeout(Duration::from_secs(20), look_up(&world, "token-2".to_owned()));
    assert!(other.await.unwrap().unwrap().0.unwrap().is_some());
    assert!(hanging.iter().all(|lookup| !lookup.is_finished()));
    drop(connection);
    for lookup in hanging {
        assert!(lookup.await.unwrap().0.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_a_temporary_failure_of_all_its_lookups() {
    let world = with_sessions_and_limit(Duration::from_millis(300)).await;
    read_user_agents_by(&mut world.connect(), "pg_sleep(5)::text");
    let lookups: Vec<_> = (0..5)
        .map(|number| look_up(&world, format!("token-{number}")))
        .collect();
    for lookup in lookups {
        let (found, _statements) = lookup.await.unwrap();
        assert!(found.unwrap_err().is_unavailable());
    }
}

#[tokio::test]
async fn a_lock_that_stops_a_statement_fails_its_lookups_without_a_repetition() {
    let world = with_sessions_and_limit(Duration::from_millis(1500)).await;
    let locked = lock(&world);
    let lookups: Vec<_> = (0..40)
        .map(|number| look_up(&world, format!("token-{number}")))
        .collect();
    for lookup in lookups {
        let (found, statements) = lookup.await.unwrap();
        assert!(found.unwrap_err().is_unavailable());
        assert!(statements <= 1, "{statements} statements");
    }
    drop(locked);
}

#[tokio::test]
async fn a_session_that_cannot_be_read_fails_only_its_own_lookup() {
    let world = with_sessions().await;
    let mut connection = world.connect();
    let fails = r#"CASE token WHEN 'token-5' THEN (1 / (length(token) - 7))::text ELSE "userAgent" END"#;
    read_user_agents_by(&mut connection, fails);
    connection
        .batch_execute("BEGIN; LOCK TABLE stored IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let lookups: Vec<_> = (0..20)
        .map(|number| look_up(&world, format!("token-{number}")))
        .collect();
    until_statements_wait(&mut connection, 1).await;
    drop(connection);
    for (number, lookup) in lookups.into_iter().enumerate() {
        let (found, _statements) = lookup.await.unwrap();
        assert_eq!(found.is_ok(), number != 5, "lookup {number}: {found:?}");
    }
}
