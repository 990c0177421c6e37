//! Databases with another default isolation level, and schema changes at run time.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl, connection::SimpleConnection, dsl::sql, select, sql_types::Text,
};
use portcullis_application::ports::{Repositories, UnitOfWork};
use portcullis_domain::id::UserId;
use tokio::task::JoinSet;

use super::{Fixture, insert, sleep};

const STRICT: &str = "DO $$ BEGIN EXECUTE format(
    $alter$ALTER DATABASE %I SET default_transaction_isolation = 'repeatable read'$alter$, current_database()
); END $$";

fn isolation(connection: &mut PgConnection) -> QueryResult<String> {
    select(sql::<Text>("current_setting('transaction_isolation')")).get_result(connection)
}

#[tokio::test]
async fn the_isolation_level_is_read_committed_whatever_the_default_of_the_database() {
    let world = Fixture::with_pool_of(1);
    world.beside().batch_execute(STRICT).unwrap();
    let alone = world.read().run("isolation", isolation).await.unwrap();
    let mut unit = world.begin();
    let inside = unit.run("isolation", isolation).await.unwrap();
    Box::new(unit).commit().await.unwrap();
    assert_eq!([alone, inside], ["read committed"; 2]);

    let world = world.behind_a_pooler();
    let alone = world.read().run("isolation", isolation).await.unwrap();
    assert_eq!(alone, "read committed");
    let mut unit = world.begin();
    let inside = unit.run("isolation", isolation).await.unwrap();
    assert_eq!(inside, "read committed");
}

#[tokio::test]
async fn a_change_of_a_columns_type_causes_no_failure() {
    let world = Fixture::with_pool_of(4);
    world.read().run("one", insert("one")).await.unwrap();
    read_four_times_at_once(&world).await;

    for kind in ["varchar", "text"] {
        let change = format!("ALTER TABLE session ALTER \"userAgent\" TYPE {kind}");
        world.beside().batch_execute(&change).unwrap();
        read_four_times_at_once(&world).await;
    }
}

/// Reads sessions on every connection of the pool concurrently.
async fn read_four_times_at_once(world: &Fixture) {
    let mut readers = JoinSet::new();
    for _ in 0..4 {
        let mut unit = world.begin();
        readers.spawn(async move {
            unit.sessions()
                .list_by_user(&UserId::new("one"), chrono::DateTime::UNIX_EPOCH, 100)
                .await?;
            unit.run("sleep", sleep(0.2)).await?;
            Box::new(unit).commit().await
        });
    }
    for result in readers.join_all().await {
        result.unwrap();
    }
    let mut read = world.read();
    read.sessions()
        .list_by_user(&UserId::new("one"), chrono::DateTime::UNIX_EPOCH, 100)
        .await
        .unwrap();
}
