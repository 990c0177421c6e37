//! Routes that need a session: the requests that each of them rejects.

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Call, Caller, TestServer};
use serde_json::json;

use crate::requests::{Request, with_session};

fn ask(caller: &Caller, (method, path, input): Request) -> Call<'_> {
    if method == "GET" {
        return caller.get(&format!("{path}{input}"));
    }
    caller
        .post(path, &json!(null))
        .body("application/json", input.to_owned())
}

fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!(
        answer.to_string(),
        "401\ncontent-type: application/json\n",
        "{what}"
    );
}

#[tokio::test]
async fn a_request_without_a_session_gets_401_without_a_body() {
    let server = TestServer::with_all_features();
    let caller = server.anonymous();
    for route in with_session() {
        assert_refused(&ask(&caller, route).send().await, route.1);
        let forged = ask(&caller, route).header("cookie", "better-auth.session_token=abc.def");
        assert_refused(&forged.send().await, route.1);
    }
}

/// A session also ends with its user (GHSA-2vg6-77g8-24mp).
#[tokio::test]
async fn an_ended_session_is_rejected_on_every_route() {
    for (how, end) in [
        ("signed out", End::SignOut),
        ("revoked", End::Revoke),
        ("expired", End::Expire),
        ("deleted", End::Delete),
    ] {
        let server = TestServer::with_all_features();
        let ada = server.signed_up("ada").await;
        server.signed_up("bob").await;
        let cookies = ada.cookies();
        let session = ada.get("/get-session").send().await.json();
        let token = session["session"]["token"].as_str().unwrap();
        end.of(&server, &ada).await;
        server.execute("create table user_before as select * from \"user\"");
        server.execute("create table account_before as select * from account");
        server.execute(&format!(
            "create table session_before as select * from session where token <> '{token}'"
        ));

        for route in with_session() {
            let answer = ask(&server.anonymous(), route)
                .header("cookie", &cookies)
                .send()
                .await;
            assert_refused(&answer, &format!("{how}: {}", route.1));
        }

        for table in ["user", "account", "session"] {
            let changed = format!("(table {table}_before except table \"{table}\")");
            assert_eq!(server.rows(&changed), 0, "{how}: {table}");
        }
    }
}

enum End {
    SignOut,
    Revoke,
    Expire,
    Delete,
}

impl End {
    async fn of(&self, server: &TestServer, caller: &Caller) {
        match self {
            Self::SignOut => {
                caller.post("/sign-out", &json!({})).send().await;
            }
            Self::Revoke => {
                let elsewhere = server.signed_in("ada").await;
                elsewhere.post("/revoke-other-sessions", &json!({})).send().await;
            }
            Self::Expire => server.clock.advance(TimeDelta::days(8)),
            Self::Delete => server.execute("delete from \"user\" where name = 'ada'"),
        }
    }
}

#[tokio::test]
async fn bodies_are_validated_before_the_session() {
    let server = TestServer::with_all_features();
    let caller = server.anonymous();
    for (_, path, body) in with_session().filter(|(method, ..)| *method == "POST") {
        let broken = caller
            .post(path, &json!(null))
            .body("application/json", "{")
            .send()
            .await;
        assert_eq!(broken.code(), "INVALID_JSON", "{path}");
        let text = caller
            .post(path, &json!(null))
            .body("text/plain", body)
            .send()
            .await;
        assert_eq!(
            (text.status, text.code().as_str()),
            (415, "UNSUPPORTED_MEDIA_TYPE"),
            "{path}"
        );
        let form = caller
            .post(path, &json!(null))
            .body("application/x-www-form-urlencoded", "token=x&password=y&name=z")
            .send()
            .await;
        assert_eq!(form.status, 415, "{path}");
    }
    let list = caller.post("/update-user", &json!([])).send().await;
    assert_snapshot!(list, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body] Invalid input: expected record, received array"}
    "#);
    let word = caller.post("/change-password", &json!("x")).send().await;
    assert_snapshot!(word, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body] Invalid input: expected object, received string"}
    "#);
}

#[tokio::test]
async fn a_page_on_an_untrusted_origin_changes_nothing() {
    let server = TestServer::with_all_features();
    let ada = server.signed_up("ada").await;
    for route in with_session().filter(|(method, ..)| *method == "POST") {
        for (origin, code) in [
            ("https://evil.test", "INVALID_ORIGIN"),
            ("null", "MISSING_OR_NULL_ORIGIN"),
            ("http://localhost:30000", "INVALID_ORIGIN"),
        ] {
            let answer = ask(&ada, route).header("origin", origin).send().await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (403, code),
                "{}",
                route.1
            );
        }
        let without_origin = ask(&ada, route)
            .without("origin")
            .header("sec-fetch-site", "cross-site")
            .send()
            .await;
        assert_eq!(without_origin.code(), "MISSING_OR_NULL_ORIGIN", "{}", route.1);
    }
    assert_eq!(server.rows("select 1 from session"), 1);
    assert_eq!(server.rows("select 1 from \"user\" where name = 'ada'"), 1);
}

#[tokio::test]
async fn a_route_answers_404_to_other_methods() {
    let server = TestServer::with_all_features();
    let ada = server.signed_up("ada").await;
    for (own, path, body) in with_session() {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if method != own {
                let call = ada.call(method, &format!("/api/auth{path}"));
                let answer = call
                    .header("origin", "http://localhost:3000")
                    .body("application/json", body)
                    .send()
                    .await;
                assert_eq!(
                    (answer.status, answer.body.as_str()),
                    (404, ""),
                    "{method} {path}"
                );
            }
        }
    }
}

/// wire: such a route stores the renewal and sends no cookie. The row shows that the browser has not got its cookie.
#[tokio::test]
async fn a_remembered_session_is_renewed_without_a_cookie() {
    let server = TestServer::with_all_features();
    let ada = server.signed_up("ada").await;
    let bob = server.anonymous();
    let body =
        json!({ "name": "bob", "email": "bob@example.com", "password": "password1234", "rememberMe": false });
    bob.post("/sign-up/email", &body).send().await;
    server.clock.advance(TimeDelta::hours(23));
    bob.get("/list-sessions").send().await;
    server.clock.advance(TimeDelta::hours(1));

    ada.get("/list-sessions?disableRefresh=true").send().await;
    assert_eq!(
        server.rows("select 1 from session where \"expiresAt\" = '2026-01-08'"),
        1
    );
    let answer = ada.get("/list-sessions").send().await;
    assert_eq!(answer.cookies().count(), 0);
    assert_eq!(
        server.rows("select 1 from session where \"expiresAt\" = '2026-01-09 00:00:00.001'"),
        1
    );
    assert_eq!(
        server.rows("select 1 from session where \"expiresAt\" = '2026-01-02'"),
        1
    );
}

/// An unreachable database must not sign users out.
#[tokio::test]
async fn without_a_database_every_route_answers_503_and_clears_no_cookie() {
    let cookies = TestServer::with_all_features().signed_up("ada").await.cookies();
    let away = TestServer::with_every_feature()
        .set("DATABASE_URL", "postgres://user@127.0.0.1:1/none")
        .start();
    for route in with_session() {
        let answer = ask(&away.anonymous(), route)
            .header("cookie", &cookies)
            .send()
            .await;
        assert_eq!(
            (answer.status, answer.code().as_str(), answer.cookies().count()),
            (503, "SERVICE_UNAVAILABLE", 0),
            "{}",
            route.1
        );
    }
}
