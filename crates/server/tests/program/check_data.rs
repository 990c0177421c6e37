//! `portcullis check` reads the data in the database and changes nothing.

use std::fs;

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Text},
};
use portcullis_test_database::TestDatabase;

use crate::support::{Running, in_development, in_production, stderr, stdout};

const OTHER_SECRET: &str = "Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE";
const WARNING: &str =
    "warning: none of `secrets` decrypts the newest JWT signing key: the server would make a new key";

/// Ids and addresses of users, some with capital letters.
const USERS: [(&str, &str); 7] = [
    ("1", "lower@example.com"),
    ("2", "First.Last@Example.com"),
    ("3", "Taken@example.com"),
    ("4", "taken@example.com"),
    ("5", "Twin@example.com"),
    ("6", "tWin@example.com"),
    ("7", "INFO@example.com"),
];
const REPAIRED: [&str; 7] = [
    "lower@example.com",
    "first.last@example.com",
    "Taken@example.com",
    "taken@example.com",
    "Twin@example.com",
    "tWin@example.com",
    "info@example.com",
];

#[derive(QueryableByName)]
struct Address {
    #[diesel(sql_type = Text)]
    email: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn addresses(connection: &mut PgConnection) -> Vec<String> {
    let query = sql_query(r#"SELECT "email" FROM "user" ORDER BY "id""#);
    let rows: Vec<Address> = query.load(connection).unwrap();
    rows.into_iter().map(|row| row.email).collect()
}

fn add(connection: &mut PgConnection, users: &[(&str, &str)]) {
    for (id, email) in users {
        let row = format!(
            r#"INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
            VALUES ('{id}', 'N', '{email}', true, now(), now())"#
        );
        connection.batch_execute(&row).unwrap();
    }
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

#[test]
fn addresses_with_capitals_are_counted_and_the_printed_statement_repairs_those_without_a_conflict() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut connection = PgConnection::establish(database.url()).unwrap();
    add(&mut connection, &USERS);
    let check = || {
        let output = in_production(directory.path(), database.url())
            .arg("check")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let printed = check();
    assert!(
        printed.contains("their \"email\" contains capital letters: 5\n"),
        "{printed}"
    );
    assert!(printed.contains("to repair 2 of them"), "{printed}");
    assert!(printed.contains("apart from capital letters: 3;"), "{printed}");
    assert!(!printed.to_lowercase().contains("@example"), "{printed}");
    assert_eq!(addresses(&mut connection), USERS.map(|(_, email)| email));

    let statement = |start: &str| {
        let mut lines = printed.lines().map(str::trim);
        lines.find(|line| line.starts_with(start)).unwrap().to_owned()
    };
    connection.batch_execute(&statement("UPDATE")).unwrap();
    assert_eq!(addresses(&mut connection), REPAIRED);
    let shown: Vec<Address> = sql_query(statement("SELECT")).load(&mut connection).unwrap();
    let mut shown: Vec<_> = shown.into_iter().map(|row| row.email).collect();
    shown.sort();
    assert_eq!(
        shown,
        [
            "Taken@example.com",
            "Twin@example.com",
            "tWin@example.com",
            "taken@example.com"
        ]
    );

    let printed = check();
    assert!(printed.contains("contains capital letters: 3\n"), "{printed}");
    assert!(!printed.contains("UPDATE"), "{printed}");
    connection
        .batch_execute(r#"DELETE FROM "user" WHERE "id" IN ('3', '5', '6')"#)
        .unwrap();
    assert!(!check().contains("capital letters"));
}

#[test]
fn a_user_whose_address_was_repaired_can_sign_in() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut connection = PgConnection::establish(database.url()).unwrap();
    let server = Running::start(&mut in_production(directory.path(), database.url()));
    let body = r#"{"name":"N","email":"First.Last@example.com","password":"long enough"}"#;
    assert_eq!(server.post("/api/auth/sign-up/email", body).answer(), 200);
    connection
        .batch_execute(r#"UPDATE "user" SET "email" = 'First.Last@example.com'"#)
        .unwrap();
    assert_eq!(server.post("/api/auth/sign-in/email", body).answer(), 401);

    let output = in_production(directory.path(), database.url())
        .arg("check")
        .output()
        .unwrap();
    let printed = stdout(&output);
    let repair = printed
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("UPDATE"));
    connection.batch_execute(repair.unwrap()).unwrap();
    assert_eq!(server.post("/api/auth/sign-in/email", body).answer(), 200);
}
