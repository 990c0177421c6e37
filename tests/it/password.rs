//! `POST /change-password` and `/verify-password`.

use std::time::Duration;

use futures_util::future::join_all;
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

const RIGHT: &str = "password1234";

async fn change(caller: &Caller, current: &str, new: &str) -> Answer {
    let body = json!({ "currentPassword": current, "newPassword": new });
    caller.post("/change-password", &body).send().await
}

async fn verify(caller: &Caller, password: &str) -> Answer {
    caller
        .post("/verify-password", &json!({ "password": password }))
        .send()
        .await
}

async fn signs_in(server: &TestServer, password: &str) -> bool {
    let body = json!({ "email": "ada@example.com", "password": password });
    let answer = server.anonymous().post("/sign-in/email", &body).send().await;
    answer.status == 200
}

#[tokio::test]
async fn the_new_password_signs_in_and_the_old_one_does_not() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let elsewhere = server.signed_in("ada").await;
    assert_snapshot!(change(&ada, RIGHT, "password4321").await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"token":null,"user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
    assert!(signs_in(&server, "password4321").await);
    assert!(!signs_in(&server, RIGHT).await);
    for caller in [&ada, &elsewhere] {
        assert_ne!(caller.get("/get-session").send().await.body, "null");
    }
}

#[tokio::test]
async fn revoke_other_sessions_ends_every_session_and_starts_a_new_one() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let elsewhere = server.signed_in("ada").await;
    let bob = server.signed_up("bob").await;
    let old = ada.cookies();
    let body =
        json!({ "currentPassword": RIGHT, "newPassword": "password4321", "revokeOtherSessions": true });
    assert_snapshot!(ada.post("/change-password", &body).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=cFegJetVzCJfaCqsbipsVGzy40NxyzhP.lyyGDcIL2KRTXRs%2F14qrUJhkxVQfaDbh%2BWh%2F0LrNGZU%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"token":"cFegJetVzCJfaCqsbipsVGzy40NxyzhP","user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
    assert_ne!(ada.get("/get-session").send().await.body, "null");
    assert_ne!(bob.get("/get-session").send().await.body, "null");
    assert_eq!(elsewhere.get("/get-session").send().await.body, "null");
    let thief = server.anonymous();
    let replayed = thief.get("/get-session").header("cookie", &old).send().await;
    assert_eq!(replayed.body, "null");
}

#[tokio::test]
async fn change_password_keeps_remember_me_false() {
    let server = TestServer::start();
    let ada = server.anonymous();
    let body = json!({ "name": "ada", "email": "ada@example.com", "password": RIGHT, "rememberMe": false });
    ada.post("/sign-up/email", &body).send().await;
    let body =
        json!({ "currentPassword": RIGHT, "newPassword": "password4321", "revokeOtherSessions": true });
    let answer = ada.post("/change-password", &body).send().await;
    assert_eq!(answer.cookies().count(), 2);
    assert!(answer.cookies().all(|line| !line.contains("Max-Age")));
    assert_eq!(
        server.rows("select 1 from session where \"expiresAt\" = '2026-01-02'"),
        1
    );
}

#[tokio::test]
async fn a_wrong_current_password_changes_nothing() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(change(&ada, "password9999", "password4321").await, @r#"
    400
    content-type: application/json
    {"code":"INVALID_PASSWORD","message":"Invalid password"}
    "#);
    assert_eq!(server.clock.slept(), [Duration::from_millis(300)]);
    assert!(signs_in(&server, RIGHT).await);
}

#[tokio::test]
async fn a_new_password_that_is_too_short_or_too_long_is_rejected() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(change(&ada, "whatever", "1234567").await, @r#"
    400
    content-type: application/json
    {"code":"PASSWORD_TOO_SHORT","message":"Password too short"}
    "#);
    assert_snapshot!(change(&ada, "whatever", &"x".repeat(129)).await, @r#"
    400
    content-type: application/json
    {"code":"PASSWORD_TOO_LONG","message":"Password too long"}
    "#);
    assert_eq!(change(&ada, RIGHT, "🔑🔑🔑🔑").await.status, 200);
}

#[tokio::test]
async fn a_user_without_a_password_cannot_change_it() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    server.execute("update account set password = null");
    assert_snapshot!(change(&ada, RIGHT, "password4321").await, @r#"
    400
    content-type: application/json
    {"code":"CREDENTIAL_ACCOUNT_NOT_FOUND","message":"Credential account not found"}
    "#);
    assert_eq!(verify(&ada, RIGHT).await.code(), "INVALID_PASSWORD");
    server.execute("delete from account");
    assert_eq!(
        change(&ada, RIGHT, "password4321").await.code(),
        "CREDENTIAL_ACCOUNT_NOT_FOUND"
    );
}

#[tokio::test]
async fn every_issue_of_a_body_is_reported_at_once() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let body = json!({ "newPassword": 1, "revokeOtherSessions": "true" });
    assert_snapshot!(ada.post("/change-password", &body).send().await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.newPassword] Invalid input: expected string, received number; [body.currentPassword] Invalid input: expected string, received undefined; [body.revokeOtherSessions] Invalid input: expected boolean, received string"}
    "#);
}

#[tokio::test]
async fn verify_password_accepts_only_the_right_password() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(verify(&ada, RIGHT).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true}
    "#);
    assert_snapshot!(verify(&ada, "password9999").await, @r#"
    400
    content-type: application/json
    {"code":"INVALID_PASSWORD","message":"Invalid password"}
    "#);
    assert_eq!(verify(&ada, "").await.code(), "INVALID_PASSWORD");
    assert_snapshot!(ada.post("/verify-password", &json!({})).send().await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.password] Invalid input: expected string, received undefined"}
    "#);
}

/// The class of GHSA-4vcf-q4xf-f48m: members of a body that name another user are ignored.
#[tokio::test]
async fn a_user_cannot_change_another_users_password() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let bob = server.signed_up("bob").await;
    let body = json!({
        "currentPassword": RIGHT, "newPassword": "password4321", "email": "ada@example.com",
        "userId": "any", "accountId": "any", "id": "any", "providerId": "any",
    });
    assert_eq!(bob.post("/change-password", &body).send().await.status, 200);
    assert!(signs_in(&server, RIGHT).await);
    assert!(!signs_in(&server, "password4321").await);
}

#[tokio::test]
async fn one_of_twenty_parallel_password_changes_succeeds() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let news: Vec<String> = (0..20).map(|number| format!("password-{number}")).collect();
    let answers = join_all(news.iter().map(|new| change(&ada, RIGHT, new))).await;
    let winners: Vec<&String> = news
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| answer.status == 200)
        .map(|(new, _)| new)
        .collect();
    assert_eq!(winners.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.code(), "INVALID_PASSWORD");
    }
    assert!(signs_in(&server, winners[0]).await);
    assert!(!signs_in(&server, RIGHT).await);
}

/// A password that no user could have set costs no hashing.
#[tokio::test]
async fn a_password_over_the_limit_is_rejected_on_every_route() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let inputs = |password: &str| -> Vec<(&str, Value)> {
        vec![
            (
                "/sign-up/email",
                json!({ "name": "n", "email": "n@example.com", "password": password }),
            ),
            (
                "/sign-in/email",
                json!({ "email": "ada@example.com", "password": password }),
            ),
            ("/verify-password", json!({ "password": password })),
            (
                "/change-password",
                json!({ "currentPassword": password, "newPassword": "password4321" }),
            ),
            (
                "/change-password",
                json!({ "currentPassword": RIGHT, "newPassword": password }),
            ),
        ]
    };
    for (path, body) in inputs(&"x".repeat(129)) {
        let answer = ada.post(path, &body).send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "PASSWORD_TOO_LONG"),
            "{path}"
        );
    }
    for (path, body) in inputs(&"x".repeat(1 << 20)) {
        let answer = ada.post(path, &body).send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (413, "PAYLOAD_TOO_LARGE"),
            "{path}"
        );
    }
    // A rejection after hashing would have waited for `refusal_floor_milliseconds`.
    assert!(server.clock.slept().is_empty());
}

/// A thief who knows the old password must not keep a session after the change, in whatever order the requests run.
#[tokio::test]
async fn no_session_started_with_the_old_password_outlives_its_change() {
    let server = TestServer::start();
    let owner = server.signed_up("ada").await;
    let thieves: Vec<_> = (0..12).map(|_| server.anonymous()).collect();
    let old = json!({ "email": "ada@example.com", "password": "password1234" });
    let change = json!({ "currentPassword": "password1234", "newPassword": "password5678", "revokeOtherSessions": true });
    let sign_ins = join_all(
        thieves
            .iter()
            .map(|thief| thief.post("/sign-in/email", &old).send()),
    );
    let (answers, changed) = tokio::join!(sign_ins, owner.post("/change-password", &change).send());
    assert_eq!(changed.status, 200, "{changed}");
    assert!(answers.iter().all(|answer| [200, 401].contains(&answer.status)));
    for thief in &thieves {
        assert_eq!(thief.get("/get-session").send().await.body, "null");
    }
    assert_ne!(owner.get("/get-session").send().await.body, "null");
    assert_eq!(server.rows("select 1 from session"), 1);
}
