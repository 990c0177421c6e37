//! Test databases are separate, and dropped at the end.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its fixtures fails")]

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::{Connection, RunQueryDsl, sql_query};
use portcullis_test_database::TestDatabase;

fn tables(connection: &mut PgConnection, name: &str) -> usize {
    sql_query(format!(
        "SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = '{name}'"
    ))
    .execute(connection)
    .unwrap()
}

#[test]
fn a_test_does_not_see_the_writes_of_another() {
    let (one, other) = (TestDatabase::new(), TestDatabase::new());
    let mut writer = PgConnection::establish(one.url()).unwrap();
    let mut reader = PgConnection::establish(other.url()).unwrap();

    writer.batch_execute("CREATE TABLE mine ()").unwrap();

    assert_eq!(tables(&mut writer, "mine"), 1);
    assert_eq!(tables(&mut reader, "mine"), 0);
}

#[test]
fn a_new_database_has_our_tables_and_an_empty_one_has_none() {
    let (new, empty) = (TestDatabase::new(), TestDatabase::empty());

    assert_eq!(
        tables(&mut PgConnection::establish(new.url()).unwrap(), "session"),
        1
    );
    assert_eq!(
        tables(&mut PgConnection::establish(empty.url()).unwrap(), "session"),
        0
    );
}

#[test]
fn a_database_with_open_connections_is_dropped() {
    let database = TestDatabase::empty();
    let url = database.url().to_owned();
    let mut connection = PgConnection::establish(&url).unwrap();

    drop(database);

    assert!(connection.batch_execute("SELECT 1").is_err());
    let refusal = PgConnection::establish(&url).err().unwrap();
    assert!(refusal.to_string().contains("does not exist"), "{refusal}");
}

#[test]
fn many_databases_are_created_concurrently() {
    let makers: Vec<_> = (0..16).map(|_| std::thread::spawn(TestDatabase::new)).collect();

    let databases: Vec<TestDatabase> = makers.into_iter().map(|maker| maker.join().unwrap()).collect();

    for database in &databases {
        PgConnection::establish(database.url()).unwrap();
    }
}
