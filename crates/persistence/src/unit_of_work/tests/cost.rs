//! What is counted, prepared and told to the log.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use diesel::{
    IntoSql, PgConnection, RunQueryDsl,
    dsl::sql,
    select,
    sql_types::{BigInt, Integer},
};
use portcullis_application::{ports::UnitOfWork, statistics::Statistics};
use tokio::time::sleep;

use super::{World, backend, insert};
use crate::unit_of_work::PAUSE;

#[tokio::test]
async fn every_statement_is_counted() {
    let world = World::with_pool_of(1);
    let statistics = Arc::new(Statistics::default());
    let counted = Arc::clone(&statistics).scope(async {
        world.read().run("backend", backend).await.unwrap();
        let alone = statistics.statements();
        let mut unit = world.begin();
        unit.run("one", insert("one")).await.unwrap();
        unit.run("two", insert("two")).await.unwrap();
        Box::new(unit).commit().await.unwrap();
        let committed = statistics.statements();
        let mut unit = world.begin();
        unit.run("three", insert("three")).await.unwrap();
        drop(unit);
        (alone, committed, statistics.statements())
    });
    assert_eq!(counted.await, (1, 1 + 4, 1 + 4 + 3));
    assert!(!statistics.time().is_zero());
}

#[tokio::test]
async fn statements_are_prepared_unless_behind_a_pooler() {
    let world = World::with_pool_of(1);
    let prepared = |connection: &mut PgConnection| {
        select(sql::<Integer>("1")).get_result::<i32>(connection)?;
        select(1.into_sql::<Integer>()).get_result::<i32>(connection)?;
        select(sql::<BigInt>("(SELECT count(*) FROM pg_prepared_statements)")).get_result::<i64>(connection)
    };
    assert_ne!(world.read().run("prepared", prepared).await.unwrap(), 0);
    let world = world.behind_a_pooler();
    assert_eq!(world.read().run("prepared", prepared).await.unwrap(), 0);
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_unit_that_is_held_open_for_something_else_is_told_to_the_log() {
    let world = World::with_pool_of(1);
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .finish();
    let _until_the_end = tracing::subscriber::set_default(subscriber);

    let mut unit = world.begin();
    unit.run("one", insert("one")).await.unwrap();
    sleep(PAUSE + Duration::from_millis(1)).await;
    unit.run("two", insert("two")).await.unwrap();

    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("WARN") && said.contains("two"), "{said}");
}
