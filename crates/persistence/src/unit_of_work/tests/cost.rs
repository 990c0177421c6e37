//! Counted statements, prepared statements and the warning about idle units of work.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::DateTime;
use diesel::{
    IntoSql, PgConnection, QueryResult, RunQueryDsl,
    dsl::sql,
    select,
    sql_types::{BigInt, Integer},
};
use portcullis_application::{
    ports::{Repositories, UnitOfWork},
    statistics::Statistics,
};
use portcullis_domain::{
    additional::{FieldDefinition, FieldKind, FieldSchema},
    id::UserId,
    token::SessionToken,
    user::UserPatch,
};
use tokio::time::sleep;

use super::{Fixture, backend, insert};
use crate::{DeclaredFields, unit_of_work::blocking::PAUSE};

#[tokio::test]
async fn every_statement_is_counted() {
    let world = Fixture::with_pool_of(1);
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
async fn statements_are_prepared_except_behind_a_pooler() {
    let world = Fixture::with_pool_of(1);
    let prepared = |connection: &mut PgConnection| {
        select(sql::<Integer>("1")).get_result::<i32>(connection)?;
        select(1.into_sql::<Integer>()).get_result::<i32>(connection)?;
        count_prepared(connection)
    };
    assert_ne!(world.read().run("prepared", prepared).await.unwrap(), 0);
    let world = world.behind_a_pooler();
    assert_eq!(world.read().run("prepared", prepared).await.unwrap(), 0);
}

#[tokio::test]
async fn declared_fields_need_no_extra_statement_and_no_extra_prepared_statement() {
    let names = ["a", "b", "c", "d"];
    let schema = FieldSchema::new(names.map(number).to_vec());
    let fields = DeclaredFields {
        user: schema.clone(),
        session: schema.clone(),
        ..DeclaredFields::default()
    };
    let world = Fixture::with_pool_of(1).declaring(fields);
    world.read().run("one", insert("one")).await.unwrap();
    let statistics = Arc::new(Statistics::default());
    let prepared = Arc::clone(&statistics).scope(async {
        let mut counts = Vec::new();
        for round in 0..16_u32 {
            let mut read = world.read();
            let token = SessionToken::new(round.to_string());
            read.sessions().find_by_token(&token).await.unwrap();
            let chosen = names.iter().zip(0..).filter(|(_, bit)| round & (1 << bit) != 0);
            let sent = chosen
                .map(|(name, _)| ((*name).to_owned(), round.into()))
                .collect();
            let patch = UserPatch {
                additional: schema.update(&sent).unwrap(),
                ..UserPatch::default()
            };
            let one = UserId::new("one");
            let changed = read
                .users()
                .update(&one, &patch, DateTime::UNIX_EPOCH)
                .await
                .unwrap();
            assert!(changed.is_some());
            counts.push(read.run("prepared", count_prepared).await.unwrap());
        }
        counts
    });
    let prepared = prepared.await;
    assert_eq!(statistics.statements(), 16 * 3);
    // diesel does not cache UPDATE statements, so only the session lookup is prepared.
    assert_eq!(prepared, [1; 16]);
}

#[tokio::test]
async fn a_session_check_is_prepared_once_and_sent_once() {
    let world = Fixture::with_pool_of(1);
    let statistics = Arc::new(Statistics::default());
    let prepared = Arc::clone(&statistics).scope(async {
        let mut read = world.read();
        let mut counts = Vec::new();
        for token in ["a", "b", "c"] {
            read.sessions()
                .find_by_token(&SessionToken::new(token))
                .await
                .unwrap();
            counts.push(read.run("prepared", count_prepared).await.unwrap());
        }
        counts
    });
    assert_eq!(prepared.await, [1, 1, 1]);
    assert_eq!(statistics.statements(), 3 * 2);
}

fn count_prepared(connection: &mut PgConnection) -> QueryResult<i64> {
    select(sql::<BigInt>("(SELECT count(*) FROM pg_prepared_statements)")).get_result(connection)
}

fn number(name: &str) -> FieldDefinition {
    FieldDefinition {
        name: name.to_owned(),
        kind: FieldKind::Number,
        is_required: false,
        default: None,
        is_input: true,
        is_returned: true,
        is_unique: false,
    }
}

/// Collects log output.
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
async fn a_unit_of_work_that_is_idle_too_long_is_logged() {
    let world = Fixture::with_pool_of(1);
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

    let output = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(output.contains("WARN") && output.contains("two"), "{output}");
}
