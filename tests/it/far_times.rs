//! Times that PostgreSQL stores and that have no four-digit year: `infinity`, years before 1 and beyond 9999.
//!
//! Other programs write them into the shared tables. A row with such a time is read like any other.

use chrono::TimeDelta;
use portcullis_testkit::TestServer;
use serde_json::{Value, json};

const FIRST: &str = "0001-01-01T00:00:00.000Z";
const LAST: &str = "9999-12-31T23:59:59.999Z";
/// Each time, and the time that clients get instead.
const FAR: [(&str, &str); 4] = [
    ("infinity", LAST),
    ("294276-12-31", LAST),
    ("-infinity", FIRST),
    ("0044-03-15 BC", FIRST),
];

#[tokio::test]
async fn a_session_that_never_expires_is_live_and_shown_as_expiring_in_9999() {
    for cache in ["false", "true"] {
        let server = TestServer::with()
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", cache)
            .start();
        let ada = server.signed_up("ada").await;
        server.execute(r#"update session set "expiresAt" = 'infinity'"#);
        server.clock.advance(TimeDelta::days(500));
        for path in ["/get-session?disableCookieCache=true", "/get-session"] {
            let answer = ada.get(path).send().await;
            assert_eq!(answer.status, 200, "{path}: {answer}");
            assert_eq!(answer.json()["session"]["expiresAt"], LAST, "{path}: {answer}");
        }
        let listed = ada.get("/list-sessions").send().await;
        assert_eq!(listed.json()[0]["expiresAt"], LAST, "{listed}");
        let changed = ada.post("/update-user", &json!({ "name": "Ada" })).send().await;
        assert_eq!(changed.status, 200, "{changed}");
    }
}

#[tokio::test]
async fn a_far_time_in_any_column_of_sessions_users_and_accounts_is_no_error() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    for (far, shown) in FAR {
        let ada = server.signed_in("ada").await;
        for table in ["session", "account", "\"user\""] {
            server.execute(&format!(
                r#"update {table} set "createdAt" = '{far}', "updatedAt" = '{far}'"#
            ));
        }
        let session = ada.get("/get-session").send().await;
        assert_eq!(session.status, 200, "{far}: {session}");
        for part in ["session", "user"] {
            let part = &session.json()[part];
            assert_eq!(
                (&part["createdAt"], &part["updatedAt"]),
                (&json!(shown), &json!(shown))
            );
        }
        let accounts = ada.get("/list-accounts").send().await;
        assert_eq!(accounts.json()[0]["createdAt"], shown, "{accounts}");
        let body = json!({ "currentPassword": "password1234", "newPassword": "password1234" });
        let changed = ada.post("/change-password", &body).send().await;
        assert_eq!(changed.status, 200, "{far}: {changed}");
    }
}

#[tokio::test]
async fn a_session_that_expired_before_year_1_is_rejected() {
    for far in ["-infinity", "0044-03-15 BC"] {
        let server = TestServer::start();
        let ada = server.signed_up("ada").await;
        server.execute(&format!(r#"update session set "expiresAt" = '{far}'"#));
        let answer = ada.get("/get-session").send().await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "null"), "{far}");
    }
}

#[tokio::test]
async fn a_one_time_token_that_never_expires_is_accepted() {
    for far in ["infinity", "294276-12-31"] {
        let server = TestServer::start();
        server.signed_up("ada").await;
        let asked = json!({ "email": "ada@example.com" });
        server
            .anonymous()
            .post("/request-password-reset", &asked)
            .send()
            .await;
        let token = server.mailbox.next("ada@example.com").await.token;
        server.execute(&format!(
            r#"update verification set "expiresAt" = '{far}', "createdAt" = '-infinity', "updatedAt" = '{far}'"#
        ));
        server.clock.advance(TimeDelta::days(500));
        let body = json!({ "token": token, "newPassword": "password5678" });
        let answer = server.anonymous().post("/reset-password", &body).send().await;
        assert_eq!(answer.status, 200, "{far}: {answer}");
    }
}

#[tokio::test]
async fn a_signing_key_with_far_times_signs_and_is_published() {
    let signing = || TestServer::with().set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true");
    for (created, ends) in [
        ("-infinity", "'infinity'"),
        ("infinity", "null"),
        ("0044-03-15 BC", "'294276-12-31'"),
    ] {
        let server = signing().start();
        let ada = server.signed_up("ada").await;
        assert_eq!(ada.get("/token").send().await.status, 200);
        server.execute(&format!(
            r#"update jwks set "createdAt" = '{created}', "expiresAt" = {ends}"#
        ));
        // A replica that has read no key yet.
        let replica = signing().replica_of(&server).start();
        let call = replica.anonymous();
        let token = call.get("/token").header("cookie", &ada.cookies()).send().await;
        assert_eq!(token.status, 200, "{created}: {token}");
        let keys = call.get("/jwks").send().await;
        assert_eq!(keys.json()["keys"].as_array().map(Vec::len), Some(1), "{keys}");
    }
}

#[tokio::test]
async fn a_declared_date_with_a_far_time_is_shown_as_the_nearest_representable_time() {
    let fields = r#"{"born": {"type": "date", "required": false}}"#;
    let server = TestServer::with()
        .set("PORTCULLIS_USER__ADDITIONAL_FIELDS", fields)
        .start();
    let ada = server.signed_up("ada").await;
    for (far, shown) in FAR {
        server.execute(&format!("update \"user\" set born = '{far}'"));
        let answer = ada.get("/get-session").send().await;
        assert_eq!(
            answer.json()["user"]["born"],
            Value::from(shown),
            "{far}: {answer}"
        );
    }
}
