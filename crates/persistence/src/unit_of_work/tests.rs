//! The fates of a unit of work, against PostgreSQL.

use std::{
    error::Error as _,
    fmt::Write as _,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use diesel::{
    Connection, IntoSql, PgConnection, QueryResult, RunQueryDsl, connection::SimpleConnection, dsl::sql,
    select, sql_query, sql_types::BigInt, sql_types::Integer,
};
use portcullis_application::{
    ports::{Failure, UniqueKey, UnitOfWork, WriteError},
    statistics::Statistics,
};
use portcullis_test_database::TestDatabase;
use tokio::{
    task::JoinSet,
    time::{sleep as sleep_beside, timeout},
};

use super::PgUnitOfWork;
use crate::{DatabaseUrl, PoolOptions, pool::Pool};

/// A database, and a pool of so many connections to it.
struct World {
    pool: Arc<Pool>,
    database: TestDatabase,
}

impl World {
    fn with_pool_of(size: u32) -> Self {
        let options = PoolOptions {
            size,
            ..PoolOptions::default()
        };
        Self::with(options)
    }

    fn with(options: PoolOptions) -> Self {
        let database = TestDatabase::new();
        let url = DatabaseUrl::parse(database.url()).unwrap();
        Self {
            pool: Arc::new(Pool::new(url, options)),
            database,
        }
    }

    /// The same database by way of a pooler, as far as we can know.
    fn behind_a_pooler(self) -> Self {
        let url = format!("{}&pgbouncer=true&connection_limit=1", self.database.url());
        let url = DatabaseUrl::parse(&url).unwrap();
        Self {
            pool: Arc::new(Pool::new(url, PoolOptions::default())),
            ..self
        }
    }

    fn read(&self) -> PgUnitOfWork {
        PgUnitOfWork::autocommit(Arc::clone(&self.pool))
    }

    fn begin(&self) -> PgUnitOfWork {
        PgUnitOfWork::transaction(Arc::clone(&self.pool))
    }

    /// A connection beside the pool.
    fn beside(&self) -> PgConnection {
        PgConnection::establish(self.database.url()).unwrap()
    }

    fn count(&self, query: &str) -> i64 {
        select(sql::<BigInt>(query))
            .get_result(&mut self.beside())
            .unwrap()
    }

    fn users(&self) -> i64 {
        self.count("(SELECT count(*) FROM \"user\")")
    }

    /// Ends every connection of the pool, as an administrator would.
    fn terminate_all(&self) -> i64 {
        self.count(
            "count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'portcullis'",
        )
    }
}

fn insert(id: &'static str) -> impl Fn(&mut PgConnection) -> QueryResult<usize> + Send + 'static {
    move |connection| {
        sql_query(format!(
            "INSERT INTO \"user\" (id, name, email, \"emailVerified\") VALUES ('{id}', '', '{id}', false)"
        ))
        .execute(connection)
    }
}

fn backend(connection: &mut PgConnection) -> QueryResult<i32> {
    select(sql::<Integer>("pg_backend_pid()")).get_result(connection)
}

fn sleep(seconds: f32) -> impl Fn(&mut PgConnection) -> QueryResult<()> + Send + 'static {
    move |connection| connection.batch_execute(&format!("SELECT pg_sleep({seconds})"))
}

fn story(failure: &Failure) -> String {
    let mut story = format!("{failure} {failure:?}");
    let mut source = failure.source();
    while let Some(error) = source {
        write!(story, ": {error}").unwrap();
        source = error.source();
    }
    story
}

#[tokio::test]
async fn a_commit_makes_everything_happen() {
    let world = World::with_pool_of(1);
    let mut unit = world.begin();
    unit.run("one", insert("one")).await.unwrap();
    unit.run("two", insert("two")).await.unwrap();
    assert_eq!(world.users(), 0);

    Box::new(unit).commit().await.unwrap();

    assert_eq!(world.users(), 2);
}

#[tokio::test]
async fn a_unit_that_did_nothing_costs_nothing() {
    let unreachable = DatabaseUrl::parse("postgres:///d?host=/nowhere").unwrap();
    let pool = Arc::new(Pool::new(unreachable, PoolOptions::default()));
    let unit = PgUnitOfWork::transaction(Arc::clone(&pool));
    Box::new(unit).commit().await.unwrap();
    drop(PgUnitOfWork::transaction(pool));
}

#[tokio::test]
async fn a_dropped_unit_is_undone_and_its_connection_kept() {
    let world = World::with_pool_of(1);
    let mut unit = world.begin();
    let before = unit.run("backend", backend).await.unwrap();
    unit.run("one", insert("one")).await.unwrap();

    drop(unit);

    assert_eq!(world.read().run("backend", backend).await.unwrap(), before);
    assert_eq!(world.users(), 0);
}

#[tokio::test]
async fn a_unit_whose_caller_goes_while_a_query_runs_is_undone_and_its_connection_closed() {
    let world = World::with_pool_of(1);
    let mut unit = world.begin();
    let before = unit.run("backend", backend).await.unwrap();
    unit.run("one", insert("one")).await.unwrap();

    let cancelled = timeout(Duration::from_millis(50), unit.run("sleep", sleep(0.3))).await;
    assert!(cancelled.is_err());
    let failure = unit.run("two", insert("two")).await.unwrap_err();
    assert!(!failure.is_unavailable());
    assert!(Box::new(unit).commit().await.is_err());

    assert_ne!(world.read().run("backend", backend).await.unwrap(), before);
    assert_eq!(world.users(), 0);
}

#[tokio::test]
async fn a_panic_ends_the_unit_and_its_connection() {
    let world = World::with_pool_of(1);
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
async fn a_conflict_ends_the_unit_and_keeps_the_connection() {
    let world = World::with_pool_of(1);
    let before = world.read().run("backend", backend).await.unwrap();
    let mut unit = world.begin();
    unit.run_once("one", insert("one")).await.unwrap();

    let double = |connection: &mut PgConnection| {
        connection.batch_execute(
            "INSERT INTO \"user\" (id, name, email, \"emailVerified\") VALUES ('other', '', 'one', false)",
        )
    };
    let error = unit.run_once("double", double).await.unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::UserEmail)));
    assert!(Box::new(unit).commit().await.is_err());

    assert_eq!(world.read().run("backend", backend).await.unwrap(), before);
    assert_eq!(world.users(), 0);
}

#[tokio::test]
async fn reading_beside_an_open_unit_waits_for_it_and_is_refused_in_time() {
    let options = PoolOptions {
        size: 1,
        acquire: Duration::from_millis(200),
        ..PoolOptions::default()
    };
    let world = World::with(options);
    // What reads holds nothing between two operations.
    let mut read = world.read();
    read.run("backend", backend).await.unwrap();
    let mut unit = world.begin();
    unit.run("one", insert("one")).await.unwrap();

    assert!(read.run("backend", backend).await.unwrap_err().is_unavailable());
    Box::new(unit).commit().await.unwrap();

    read.run("backend", backend).await.unwrap();
}

#[tokio::test]
async fn many_units_on_a_pool_of_one_take_turns() {
    let world = World::with_pool_of(1);
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

#[tokio::test]
async fn a_connection_that_died_before_its_first_statement_costs_nobody_a_failure() {
    let world = World::with_pool_of(1);
    world.read().run("backend", backend).await.unwrap();

    assert_eq!(world.terminate_all(), 1);
    world.read().run("backend", backend).await.unwrap();

    assert_eq!(world.terminate_all(), 1);
    let mut unit = world.begin();
    unit.run_once("one", insert("one")).await.unwrap();
    Box::new(unit).commit().await.unwrap();
    assert_eq!(world.users(), 1);
}

#[tokio::test]
async fn all_connections_that_died_cost_nobody_a_failure() {
    let world = World::with_pool_of(4);
    for _ in 0..3 {
        let mut sleepers = JoinSet::new();
        for _ in 0..12 {
            let mut read = world.read();
            sleepers.spawn(async move { read.run("sleep", sleep(0.05)).await });
        }
        for result in sleepers.join_all().await {
            result.unwrap();
        }
        assert!(world.terminate_all() > 1);
    }
}

#[tokio::test]
async fn a_connection_that_dies_amid_a_unit_undoes_it() {
    let world = World::with_pool_of(1);
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
async fn a_write_that_stands_alone_and_has_no_answer_is_not_repeated() {
    let world = World::with_pool_of(1);
    world.read().run("backend", backend).await.unwrap();
    world.terminate_all();
    let error = world.read().run_once("one", insert("one")).await.unwrap_err();
    assert!(error.into_failure().is_unavailable());
}

#[tokio::test]
async fn a_slow_statement_is_given_up_and_ended() {
    let options = PoolOptions {
        size: 1,
        operation: Duration::from_millis(200),
        ..PoolOptions::default()
    };
    let world = World::with(options);
    let failure = world.read().run("sleep", sleep(60.0)).await.unwrap_err();
    assert!(failure.is_unavailable());
    // The statement was ended, too: with one connection this would have to wait for it otherwise.
    world.read().run("backend", backend).await.unwrap();
}

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
async fn passing_troubles_are_unavailable_and_others_are_not() {
    let world = World::with_pool_of(1);
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
            story(&failure)
        );
    }
}

#[tokio::test]
async fn a_failure_tells_the_operation_and_no_value() {
    let world = World::with_pool_of(1);
    world.read().run("one", insert("hidden")).await.unwrap();
    let again = |connection: &mut PgConnection| {
        connection.batch_execute(
            "INSERT INTO \"user\" (id, name, email, \"emailVerified\") VALUES ('hidden', '', 'x', false)",
        )
    };
    let failure = world.read().run("users.again", again).await.unwrap_err();
    let story = story(&failure);
    assert!(
        story.contains("users.again") && story.contains("user_pkey"),
        "{story}"
    );
    assert!(!story.contains("hidden"), "{story}");
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
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .finish();
    let _until_the_end = tracing::subscriber::set_default(subscriber);
    let world = World::with_pool_of(1);

    let mut unit = world.begin();
    unit.run("one", insert("one")).await.unwrap();
    unit.run("two", insert("two")).await.unwrap();
    assert!(log.0.lock().unwrap().is_empty());
    sleep_beside(super::PAUSE + Duration::from_millis(1)).await;
    unit.run("three", insert("three")).await.unwrap();

    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("WARN") && said.contains("three"), "{said}");
}
