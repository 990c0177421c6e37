//! The ways in which a unit of work ends.

use std::{sync::Arc, time::Duration};

use diesel::{PgConnection, QueryResult, connection::SimpleConnection};
use portcullis_application::ports::{UniqueKey, UnitOfWork, WriteError};
use tokio::{task::JoinSet, time::timeout};

use super::{Fixture, backend, insert, patient};
use crate::{DatabaseUrl, PoolOptions, pool::Pool, unit_of_work::PgUnitOfWork};

#[tokio::test]
async fn a_commit_makes_all_writes_visible() {
    let world = Fixture::with_pool_of(1);
    let mut unit = world.begin();
    unit.run("one", insert("one")).await.unwrap();
    unit.run("two", insert("two")).await.unwrap();
    assert_eq!(world.users(), 0);

    Box::new(unit).commit().await.unwrap();

    assert_eq!(world.users(), 2);
}

#[tokio::test]
async fn a_unit_without_operations_needs_no_connection() {
    let unreachable = DatabaseUrl::parse("postgres:///d?host=/nowhere").unwrap();
    let pool = Arc::new(Pool::new(unreachable, PoolOptions::default()));
    let unit = PgUnitOfWork::transaction(Arc::clone(&pool), Arc::default());
    Box::new(unit).commit().await.unwrap();
    drop(PgUnitOfWork::transaction(pool, Arc::default()));
}

#[tokio::test]
async fn a_dropped_unit_is_rolled_back_and_its_connection_kept() {
    let world = Fixture::with_pool_of(1);
    let mut unit = world.begin();
    let before = unit.run("backend", backend).await.unwrap();
    unit.run("one", insert("one")).await.unwrap();

    drop(unit);

    assert_eq!(world.read().run("backend", backend).await.unwrap(), before);
    assert_eq!(world.users(), 0);
}

/// Takes a lock, or waits for it.
fn lock(connection: &mut PgConnection) -> QueryResult<()> {
    connection.batch_execute("SELECT pg_advisory_lock(1)")
}

#[tokio::test]
async fn a_unit_whose_caller_is_cancelled_during_a_query_is_rolled_back_and_its_connection_closed() {
    let world = Fixture::with_pool_of(1);
    let mut unit = world.begin();
    let before = unit.run("backend", backend).await.unwrap();
    unit.run("one", insert("one")).await.unwrap();

    let mut other = world.beside();
    lock(&mut other).unwrap();
    let cancelled = timeout(Duration::from_millis(50), unit.run("lock", lock)).await;
    assert!(cancelled.is_err());
    drop(other);
    let failure = unit.run("two", insert("two")).await.unwrap_err();
    assert!(!failure.is_unavailable());
    assert!(Box::new(unit).commit().await.is_err());

    assert_ne!(world.read().run("backend", backend).await.unwrap(), before);
    assert_eq!(world.users(), 0);
}

#[tokio::test]
async fn a_panic_ends_the_unit_and_closes_its_connection() {
    let world = Fixture::with_pool_of(1);
    let mut unit = world.begin();
    let before = unit.run("backend", backend).await.unwrap();
    unit.run("one", insert("one")).await.unwrap();

    let failure = unit
        .run("bug", |_| -> QueryResult<()> { panic!("a bug") })
        .await
        .unwrap_err();
    assert!(!failure.is_unavailable());
    assert!(Box::new(unit).commit().await.is_err());

    assert_ne!(world.read().run("backend", backend).await.unwrap(), before);
    assert_eq!(world.users(), 0);
}

#[tokio::test]
async fn a_unique_violation_ends_the_unit_and_keeps_the_connection() {
    let world = Fixture::with_pool_of(1);
    let before = world.read().run("backend", backend).await.unwrap();
    let mut unit = world.begin();
    unit.run_write_once("one", insert("one")).await.unwrap();

    let double = |connection: &mut PgConnection| {
        connection.batch_execute(
            "INSERT INTO \"user\" (id, name, email, \"emailVerified\") VALUES ('other', '', 'one', false)",
        )
    };
    let error = unit.run_write_once("double", double).await.unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::UserEmail)));
    assert!(Box::new(unit).commit().await.is_err());

    assert_eq!(world.read().run("backend", backend).await.unwrap(), before);
    assert_eq!(world.users(), 0);
}

#[tokio::test]
async fn a_read_fails_after_the_time_limit_while_a_unit_holds_the_only_connection() {
    let options = PoolOptions {
        size: 1,
        acquire: Duration::from_secs(3),
        ..patient()
    };
    let world = Fixture::with(options);
    // A read holds no connection between two operations.
    let mut read = world.read();
    read.run("backend", backend).await.unwrap();
    let mut unit = world.begin();
    unit.run("one", insert("one")).await.unwrap();

    assert!(read.run("backend", backend).await.unwrap_err().is_unavailable());
    Box::new(unit).commit().await.unwrap();

    read.run("backend", backend).await.unwrap();
}

#[tokio::test]
async fn many_units_share_a_single_connection() {
    let world = Fixture::with_pool_of(1);
    let mut units = JoinSet::new();
    for id in ["a", "b", "c", "d", "e", "f"] {
        let (mut read, mut unit) = (world.read(), world.begin());
        units.spawn(async move {
            read.run("backend", backend).await?;
            unit.run("insert", insert(id)).await?;
            unit.run("backend", backend).await?;
            Box::new(unit).commit().await
        });
    }
    for result in units.join_all().await {
        result.unwrap();
    }
    assert_eq!(world.users(), 6);
}
