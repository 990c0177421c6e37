//! Databases with another default isolation level, and schema changes at run time.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl, connection::SimpleConnection, dsl::sql, select, sql_types::Text,
};
use portcullis_application::ports::{Repositories, UnitOfWork};
use portcullis_domain::id::UserId;

use super::{Fixture, insert};

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
    read_on_every_connection(&world).await;

    for kind in ["varchar", "text"] {
        let change = format!("ALTER TABLE session ALTER \"userAgent\" TYPE {kind}");
        world.beside().batch_execute(&change).unwrap();
        read_on_every_connection(&world).await;
    }
}

/// Reads sessions on every connection of the pool, as the first statement of a unit of work.
async fn read_on_every_connection(world: &Fixture) {
    let mut units = Vec::new();
    for _ in 0..world.pool.options().size {
        let mut unit = world.begin();
        unit.sessions()
            .list_by_user(&UserId::new("one"), chrono::DateTime::UNIX_EPOCH, 100)
            .await
            .unwrap();
        units.push(unit);
    }
    for unit in units {
        Box::new(unit).commit().await.unwrap();
    }
    let mut read = world.read();
    read.sessions()
        .list_by_user(&UserId::new("one"), chrono::DateTime::UNIX_EPOCH, 100)
        .await
        .unwrap();
}
