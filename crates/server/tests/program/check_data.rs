//! `portcullis check` reads the data in the database and changes nothing.

use std::fs;

use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use portcullis_test_database::TestDatabase;

use crate::support::{in_development, in_production, stderr, stdout};

const OTHER_SECRET: &str = "Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE";
const WARNING: &str =
    "warning: none of `secrets` decrypts the newest JWT signing key: the server would make a new key";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[test]
fn a_signing_key_that_no_secret_decrypts_is_reported_and_kept() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let run = |arguments: &[&str], secrets: Option<&str>| {
        let mut program = in_production(directory.path(), database.url());
        program.env("PORTCULLIS_PLUGINS__JWT__ENABLED", "true");
        if let Some(secrets) = secrets {
            program.env_remove("BETTER_AUTH_SECRET");
            program.env("PORTCULLIS_SECRETS", secrets);
        }
        let output = program.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let keys = || {
        let mut connection = PgConnection::establish(database.url()).unwrap();
        let query = sql_query(r#"SELECT count(*) AS "count" FROM "jwks""#);
        query.get_result::<Count>(&mut connection).unwrap().count
    };
    let printed = run(&["check"], None);
    assert!(printed.contains("JWT signing key: none yet\n"), "{printed}");
    assert_eq!(keys(), 0);

    run(&["keys", "rotate"], None);
    let printed = run(&["check"], None);
    assert!(printed.contains("JWT signing key: decrypted\n"), "{printed}");
    let printed = run(&["check"], Some(OTHER_SECRET));
    assert!(printed.contains(WARNING), "{printed}");
    assert!(
        printed.contains("add the secret that encrypted it to the end of `secrets`"),
        "{printed}"
    );
    let both = format!("{OTHER_SECRET};n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e");
    let printed = run(&["check"], Some(&both));
    assert!(printed.contains("JWT signing key: decrypted\n"), "{printed}");
    assert_eq!(keys(), 1);
}

#[test]
fn a_check_in_development_uses_the_secret_of_the_project_and_creates_none() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let run = |arguments: &[&str]| {
        let mut program = in_development(directory.path(), database.url());
        program.env("PORTCULLIS_PLUGINS__JWT__ENABLED", "true");
        let output = program.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let printed = run(&["check"]);
    assert!(printed.contains("JWT signing key: none yet\n"), "{printed}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    run(&["keys", "rotate"]);
    let printed = run(&["check"]);
    assert!(printed.contains("JWT signing key: decrypted\n"), "{printed}");
    fs::remove_dir_all(directory.path().join(".portcullis")).unwrap();
    let printed = run(&["check"]);
    assert!(printed.contains(WARNING), "{printed}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}
