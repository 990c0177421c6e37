use std::{
    collections::BTreeSet,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::{Connection, PgConnection, RunQueryDsl, sql_types::Text};
use portcullis_test_database::TestDatabase;

use crate::support::{PATIENCE, Running, in_production, stderr, stdout};

#[derive(diesel::QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    id: String,
}

/// Returns the ids of the keys that do not expire.
fn signing(database: &TestDatabase) -> Vec<String> {
    let mut connection = PgConnection::establish(database.url()).unwrap();
    let query = diesel::sql_query(r#"SELECT "id" FROM "jwks" WHERE "expiresAt" IS NULL"#);
    let keys: Vec<Key> = query.load(&mut connection).unwrap();
    keys.into_iter().map(|key| key.id).collect()
}

#[test]
fn a_new_key_replaces_the_signing_key() {
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

/// Signs up a user; returns the id of the key that signs the user's token, and the published keys.
fn signer_and_keys(server: &Running, email: &str) -> (String, String) {
    let body = format!(r#"{{"name":"N","email":"{email}","password":"long enough"}}"#);
    let signed_up = server.post("/api/auth/sign-up/email", &body).text();
    let cookie = signed_up
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: __Secure-better-auth.session_token="));
    let cookie = cookie.unwrap().split(';').next().unwrap();
    let head = format!("Cookie: __Secure-better-auth.session_token={cookie}\r\n");
    let answer = server.ask("/api/auth/token", &head).text();
    let (_, token) = answer.split_once("{\"token\":\"").unwrap();
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header = String::from_utf8(header).unwrap();
    let (_, kid) = header.split_once("\"kid\":\"").unwrap();
    (
        kid.split('"').next().unwrap().to_owned(),
        server.ask("/api/auth/jwks", "").text(),
    )
}

/// A cache in front of a verifier may not contain a new key for five minutes.
#[test]
fn a_new_key_signs_at_once_unless_it_is_announced() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let program = || {
        let mut program = in_production(directory.path(), database.url());
        program.env("PORTCULLIS_PLUGINS__JWT__ENABLED", "true");
        program
    };
    let rotate = |arguments: &[&str]| {
        let output = program()
            .args(["keys", "rotate"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).trim().to_owned()
    };
    let signer_and_keys = |email: &str| signer_and_keys(&Running::start(&mut program()), email);

    let first = rotate(&["--announce"]);
    let second = rotate(&["--announce"]);
    let (kid, keys) = signer_and_keys("n@example.com");
    assert_eq!(kid, first);
    assert!(keys.contains(&second), "{keys}");
    let third = rotate(&[]);
    assert_eq!(signer_and_keys("m@example.com").0, third);
}

#[test]
fn a_rotation_creates_a_key_for_each_algorithm_in_use_and_a_check_opens_each() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let run = |arguments: &[&str]| {
        let mut program = in_production(directory.path(), database.url());
        let audiences = r#"{"api":{"algorithm":"ES256"},"legacy":{"algorithm":"RS256"}}"#;
        program.env("PORTCULLIS_PLUGINS__JWT__AUDIENCES", audiences);
        let output = program.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let algorithms = |printed: &str| -> Vec<String> {
        let names = printed
            .lines()
            .map(|line| line.split(' ').nth(1).unwrap_or_default());
        names.map(str::to_owned).collect()
    };
    let checked = run(&["check"]);
    assert!(checked.contains("ES256 JWT signing key: none yet\n"), "{checked}");
    let first = run(&["keys", "rotate"]);
    assert_eq!(algorithms(&first), ["EdDSA", "ES256", "RS256"], "{first}");
    let second = run(&["keys", "rotate"]);
    let ids: BTreeSet<_> = second
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    let signing = signing(&database);
    assert_eq!(signing.iter().map(String::as_str).collect::<BTreeSet<_>>(), ids);
    let checked = run(&["check"]);
    for algorithm in ["EdDSA", "ES256", "RS256"] {
        let expected = format!("{algorithm} JWT signing key: decrypted\n");
        assert!(checked.contains(&expected), "{checked}");
    }
}

/// Otherwise a request would wait for the key for longer than a request may take.
#[test]
fn the_first_rsa_key_is_created_at_the_start() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_production(directory.path(), database.url());
    let of_rsa = ("PORTCULLIS_PLUGINS__JWT__JWKS__KEY_PAIR_CONFIG__ALG", "RS256");
    let _server = Running::start(program.envs([of_rsa]));
    let end = Instant::now() + PATIENCE;
    while signing(&database).is_empty() {
        assert!(Instant::now() < end, "no key was created");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn of_twenty_concurrent_new_keys_one_signs_and_all_are_published() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let program = || {
        let mut program = in_production(directory.path(), database.url());
        program.env("PORTCULLIS_PLUGINS__JWT__ENABLED", "true");
        program
    };
    let rotations: Vec<_> = (0..20)
        .map(|_| {
            let mut program = program();
            program.args(["keys", "rotate"]);
            program.stdout(Stdio::piped()).stderr(Stdio::piped());
            program.spawn().unwrap()
        })
        .collect();
    let made: BTreeSet<_> = rotations
        .into_iter()
        .map(|rotation| {
            let output = rotation.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", stderr(&output));
            stdout(&output).trim().to_owned()
        })
        .collect();
    assert_eq!(made.len(), 20);

    let signing = signing(&database);
    assert_eq!(signing.len(), 1, "{signing:?}");
    let server = Running::start(&mut program());
    let (kid, keys) = signer_and_keys(&server, "n@example.com");
    assert_eq!(kid, signing[0]);
    assert_eq!(keys.matches("\"kid\"").count(), 20, "{keys}");
    assert!(made.iter().all(|key| keys.contains(key)), "{keys}");
}

#[test]
fn without_jwts_keys_rotate_fails() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_production(directory.path(), database.url());
    let output = program.args(["keys", "rotate"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("`plugins.jwt.enabled = true`"),
        "{}",
        stderr(&output)
    );
    assert_eq!(signing(&database), [""; 0]);
}

#[test]
fn keys_rotate_fails_if_the_schema_is_behind() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let mut program = in_production(directory.path(), database.url());
    program.env("PORTCULLIS_PLUGINS__JWT__ENABLED", "true");
    let output = program.args(["keys", "rotate"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let printed = stderr(&output);
    assert!(printed.contains("run `portcullis migrate`"), "{printed}");
}
