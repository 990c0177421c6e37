//! Password hashes that were imported from other programs.

use std::time::Duration;

use portcullis_testkit::{Answer, TestServer};
use serde_json::{Value, json};

/// Hashes that the original libraries made.
const VECTORS: &str = include_str!("../../crates/crypto/vectors/passwords.json");
/// The longest password that sign-in accepts, in UTF-16 code units.
const LONGEST: usize = 128;

fn start(vectors: &Value) -> TestServer {
    let firebase = &vectors["firebase"];
    let text = |name: &str| match &firebase[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    TestServer::with()
        .set(
            "PORTCULLIS_PASSWORD__FIREBASE__BASE64_SIGNER_KEY",
            &text("base64_signer_key"),
        )
        .set(
            "PORTCULLIS_PASSWORD__FIREBASE__BASE64_SALT_SEPARATOR",
            &text("base64_salt_separator"),
        )
        .set("PORTCULLIS_PASSWORD__FIREBASE__ROUNDS", &text("rounds"))
        .set("PORTCULLIS_PASSWORD__FIREBASE__MEM_COST", &text("mem_cost"))
        .start()
}

fn import(server: &TestServer, hash: &str) {
    server.execute(&format!(
        "update account set password = '{}'",
        hash.replace('\'', "''")
    ));
}

fn stored(server: &TestServer) -> String {
    server.shown("select password from account").unwrap()
}

async fn sign_in(server: &TestServer, password: &str) -> Answer {
    let body = json!({ "email": "ada@example.com", "password": password });
    server.anonymous().post("/sign-in/email", &body).send().await
}

#[tokio::test]
async fn an_imported_hash_signs_in_and_is_replaced_at_the_first_sign_in() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let server = start(&vectors);
    server.signed_up("ada").await;
    for entry in vectors["hashes"].as_array().unwrap() {
        let [made_by, hash, right, wrong] =
            ["made_by", "hash", "password", "wrong"].map(|name| entry[name].as_str().unwrap());
        // Sign-in rejects such passwords before any comparison.
        if right.encode_utf16().count() > LONGEST || right.contains('\0') {
            continue;
        }
        import(&server, hash);
        assert_eq!(sign_in(&server, wrong).await.status, 401, "{made_by}");
        assert_eq!(stored(&server), hash, "{made_by}");
        assert_eq!(sign_in(&server, right).await.status, 200, "{made_by}");
        let replaced = stored(&server);
        assert!(replaced.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{made_by}");
        assert_eq!(sign_in(&server, right).await.status, 200, "{made_by}");
        assert_eq!(sign_in(&server, wrong).await.status, 401, "{made_by}");
        assert_eq!(stored(&server), replaced, "{made_by}");
    }
}

/// The answers are those to a wrong password, and are sent after the same time.
#[tokio::test]
async fn a_hash_that_no_password_matches_is_rejected_as_a_wrong_password() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let wrong = sign_in(&server, "password9999").await.to_string();
    let useless = [
        "password1234",
        "$6$rounds=5000$salt$hash",
        "$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
        "firebase-scrypt$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
    ];
    for hash in useless {
        import(&server, hash);
        assert_eq!(
            sign_in(&server, "password1234").await.to_string(),
            wrong,
            "{hash}"
        );
        assert_eq!(stored(&server), hash);
    }
    assert_eq!(server.clock.slept(), [Duration::from_millis(300); 5]);
}
