use diesel::{Connection, PgConnection, connection::SimpleConnection};
use portcullis_test_database::TestDatabase;

use crate::support::{in_production, stderr, stdout};

/// Users with one credential account each, and one without a password.
const USERS: &str = r#"
INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
    SELECT 'u' || i, 'n', i || '@example.com', false, now(), now() FROM generate_series(1, 20) i;
INSERT INTO "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
    SELECT 'a' || i, 'u' || i, 'credential', 'u' || i, now(), now() FROM generate_series(1, 20) i;
INSERT INTO "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
    VALUES ('other', 'u1', 'google', 'u1', 'ignored', now(), now());
"#;

/// Stored hashes, in the order of the users. Their salts and digests differ, as in a real database.
const HASHES: [&str; 18] = [
    "$2b$10$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
    "$2b$10$bbcdefghijklmnopqrstuuKXfcYroBtCt8krRaTiMufJxo2RxuJZu",
    "$2a$12$cbcdefghijklmnopqrstuusjHI0zQHpOe3SFDK1IriYv6N79Gzr32",
    "bcrypt_sha256$$2b$12$dbcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq",
    "$argon2id$v=19$m=64,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$Jc5SM8weTTfpvKMb/vQXEOQERs0ctXWTJ5HF/TeAvTw",
    "$argon2id$v=19$m=64,t=1,p=1$BAECAwQFBgcICQoLDA0ODw$c7udghUB1T2siC5WIuVeOnY7XgdJyOUo2jAKu6LKqPQ",
    "pbkdf2_sha256$3000$seasalt0123456789abcde$uzqCc7TbXQYfFEdlNf4rmEPZurWjuT2coiwaa+sWIUk=",
    "$pbkdf2-sha256$2900$././IHNhbHQg....$bIBIDVEQ6DvxoGVSHMxuddezRdxpu3AopM2bapZ1yyw",
    "$scrypt$ln=10,r=8,p=2$+/+/IHNhbHQ$Gh+DFX0aYDz45CJsn8Smbh1rLDKsmZ5ys0agOpsXbQU",
    "000102030405060708090a0b0c0d0e0f:eedf8cd62212c4ef27d18a5f1f23f875e2571a8d6bc3cea577255d2cfe8729d8d4646badd72958bccbc96ef736af3a9cc0a4735cee8541bee27d392aeafffc3c",
    "firebase-scrypt$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
    "plaintext1",
    "5f4dcc3b5aa765d61d8327deb882cf99",
    "$6$rounds=5000$salt$hash",
    "$2b$15$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
    "$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
    "$argon2id$v=19$m=1048576,t=64,p=1$AAECAwQFBgcICQoLDA0ODw$Jc5SM8weTTfpvKMb/vQXEOQERs0ctXWTJ5HF/TeAvTw",
    "pbkdf2_sha256$2000001$seasalt0123456789abcde$uzqCc7TbXQYfFEdlNf4rmEPZurWjuT2coiwaa+sWIUk=",
];

fn passwords(database: &TestDatabase, settings: &[(&str, &str)]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let mut program = in_production(directory.path(), database.url());
    let output = program
        .arg("check")
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let printed = stdout(&output);
    for hash in HASHES {
        assert!(!printed.contains(hash), "{hash}");
    }
    let lines = printed.lines().filter(|line| line.starts_with("passwords:"));
    lines.map(str::to_owned).collect()
}

#[test]
fn the_check_counts_passwords_by_form_and_those_that_can_never_sign_in() {
    let database = TestDatabase::new();
    assert!(passwords(&database, &[]).is_empty());
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection.batch_execute(USERS).unwrap();
    for (place, hash) in HASHES.iter().enumerate() {
        let number = place + 1;
        let update = format!(r#"UPDATE "account" SET "password" = '{hash}' WHERE "id" = 'a{number}'"#);
        connection.batch_execute(&update).unwrap();
    }
    let known = "passwords: 2 argon2id, 1 Better Auth's scrypt, 1 scrypt, 2 PBKDF2, 4 bcrypt";
    let unknown = "passwords: 3 that can never sign in (unknown form): reset them";
    let excessive = "passwords: 4 that can never sign in (cost above the limit): reset them";
    let firebase = "passwords: 1 that can never sign in (parameters not configured): set \
                    `password.firebase.base64_signer_key`";
    assert_eq!(passwords(&database, &[]), [known, unknown, excessive, firebase]);

    let key = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    let settings = [("PORTCULLIS_PASSWORD__FIREBASE__BASE64_SIGNER_KEY", key)];
    let known = format!("{known}, 1 Firebase's scrypt");
    assert_eq!(passwords(&database, &settings), [&known, unknown, excessive]);
}

#[test]
fn a_table_that_is_locked_does_not_fail_the_check() {
    let database = TestDatabase::new();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection
        .batch_execute(r#"BEGIN; LOCK TABLE "account""#)
        .unwrap();
    let lines = passwords(&database, &[]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("passwords: not counted: counting the password hashes failed: "),
        "{lines:?}"
    );
}
