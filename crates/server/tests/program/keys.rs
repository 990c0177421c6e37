use diesel::{Connection, PgConnection, RunQueryDsl, sql_types::Text};
use portcullis_test_database::TestDatabase;

use crate::support::{in_production, stderr, stdout};

#[derive(diesel::QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    id: String,
}

/// The keys that have no end.
fn signing(database: &TestDatabase) -> Vec<String> {
    let mut connection = PgConnection::establish(database.url()).unwrap();
    let query = diesel::sql_query(r#"SELECT "id" FROM "jwks" WHERE "expiresAt" IS NULL"#);
    let keys: Vec<Key> = query.load(&mut connection).unwrap();
    keys.into_iter().map(|key| key.id).collect()
}

#[test]
fn a_new_key_takes_the_place_of_the_one_that_signs() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let rotate = || {
        let mut program = in_production(directory.path(), database.url());
        program.env("PORTCULLIS_PLUGINS__JWT__ENABLED", "true");
        let output = program.args(["keys", "rotate"]).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).trim().to_owned()
    };
    let first = rotate();
    assert_eq!(signing(&database), std::slice::from_ref(&first));
    let second = rotate();
    assert_ne!(first, second);
    assert_eq!(signing(&database), [second]);
}

#[test]
fn without_jwts_there_is_nothing_to_rotate() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_production(directory.path(), database.url());
    let output = program.args(["keys", "rotate"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("`plugins.jwt`"), "{}", stderr(&output));
    assert_eq!(signing(&database), [""; 0]);
}

#[test]
fn a_schema_without_keys_is_migrated_first() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let mut program = in_production(directory.path(), database.url());
    program.env("PORTCULLIS_PLUGINS__JWT__ENABLED", "true");
    let output = program.args(["keys", "rotate"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("run `portcullis migrate`"), "{said}");
}
