//! `GET /list-accounts`, `POST /unlink-account`.

use chrono::TimeDelta;
use futures_util::future::join_all;
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

/// Links a provider's account to every user.
fn link(server: &TestServer, provider: &str, account: &str, scope: &str) {
    server.execute(&format!(
        r#"insert into account (id, "accountId", "providerId", "userId", scope, "accessToken", "createdAt", "updatedAt")
        select '{provider}-{account}', '{account}', '{provider}', id, {scope}, 'a secret of the provider',
            '2026-01-02T00:00:00.005Z', '2026-01-02T00:00:00.005Z' from "user""#
    ));
}

async fn unlink(caller: &Caller, body: Value) -> Answer {
    caller.post("/unlink-account", &body).send().await
}

#[tokio::test]
async fn list_accounts_returns_no_secrets() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    link(&server, "github", "42", "'read,write'");
    link(&server, "google", "43", "''");
    let list = ada.get("/list-accounts").send().await;
    assert_snapshot!(list, @r#"
    200
    cache-control: no-store
    content-type: application/json
    [{"accountId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","providerId":"credential","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"KprdGPM0SfeARnAyxElqRGbBnXLyskdP","scopes":[]},{"accountId":"42","providerId":"github","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","createdAt":"2026-01-02T00:00:00.005Z","updatedAt":"2026-01-02T00:00:00.005Z","id":"github-42","scopes":["read","write"]},{"accountId":"43","providerId":"google","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","createdAt":"2026-01-02T00:00:00.005Z","updatedAt":"2026-01-02T00:00:00.005Z","id":"google-43","scopes":[""]}]
    "#);
    assert!(!list.body.contains("secret"));
    assert_snapshot!(server.anonymous().get("/list-accounts").send().await, @"
    401
    content-type: application/json
    ");
}

#[tokio::test]
async fn unlink_account_deletes_any_account_but_the_last() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    link(&server, "github", "42", "null");
    assert_snapshot!(unlink(&ada, json!({ "providerId": "google" })).await, @r#"
    400
    content-type: application/json
    {"code":"ACCOUNT_NOT_FOUND","message":"Account not found"}
    "#);
    assert_snapshot!(unlink(&ada, json!({ "providerId": "github", "accountId": "43" })).await, @r#"
    400
    content-type: application/json
    {"code":"ACCOUNT_NOT_FOUND","message":"Account not found"}
    "#);
    assert_snapshot!(unlink(&ada, json!({ "providerId": "github", "accountId": "42" })).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true}
    "#);
    assert_snapshot!(unlink(&ada, json!({ "providerId": "credential" })).await, @r#"
    400
    content-type: application/json
    {"code":"YOU_CANT_UNLINK_YOUR_LAST_ACCOUNT","message":"You can't unlink your last account"}
    "#);
    assert_eq!(
        unlink(&ada, json!({ "providerId": "github" })).await.code(),
        "YOU_CANT_UNLINK_YOUR_LAST_ACCOUNT"
    );
    assert_snapshot!(unlink(&ada, json!({})).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.providerId] Invalid input: expected string, received undefined"}
    "#);
    assert_eq!(server.rows("select from account"), 1);
}

#[tokio::test]
async fn the_last_account_can_be_unlinked_if_the_configuration_allows_it() {
    let server = TestServer::with()
        .set("PORTCULLIS_ACCOUNT__ACCOUNT_LINKING__ALLOW_UNLINKING_ALL", "true")
        .start();
    let ada = server.signed_up("ada").await;
    assert_eq!(
        unlink(&ada, json!({ "providerId": "credential" })).await.status,
        200
    );
    assert_eq!(server.rows("select from account"), 0);
}

#[tokio::test]
async fn unlink_account_requires_a_fresh_session() {
    let server = TestServer::with()
        .set("PORTCULLIS_SESSION__UPDATE_AGE", "604800")
        .start();
    let ada = server.signed_up("ada").await;
    link(&server, "github", "42", "null");
    server.clock.advance(TimeDelta::days(1));
    assert_snapshot!(unlink(&ada, json!({ "providerId": "github" })).await, @r#"
    403
    content-type: application/json
    {"code":"SESSION_IS_NOT_FRESH","message":"Session is not fresh"}
    "#);
    let again = server.signed_in("ada").await;
    assert_eq!(
        unlink(&again, json!({ "providerId": "github" })).await.status,
        200
    );
}

/// The class of GHSA-4vcf-q4xf-f48m: a request names an account of another user.
#[tokio::test]
async fn a_user_cannot_unlink_another_users_account() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    link(&server, "github", "42", "null");
    let eve = server.signed_up("eve").await;
    server.execute(
        r#"insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
        select 'x', '99', 'gitlab', id, now(), now() from "user" where name = 'eve'"#,
    );
    assert_eq!(
        unlink(&eve, json!({ "providerId": "github", "accountId": "42" }))
            .await
            .code(),
        "ACCOUNT_NOT_FOUND"
    );
    assert_eq!(server.rows("select from account where id = 'github-42'"), 1);
}

#[tokio::test]
async fn parallel_unlink_requests_leave_one_account() {
    let server = TestServer::start();
    for round in 0..10 {
        let ada = server.signed_up(&format!("ada{round}")).await;
        server.execute(&format!(
            r#"insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
            select 'git{round}', '1', 'github', id, now(), now() from "user" where name = 'ada{round}'"#
        ));
        let cookies = ada.cookies();
        let requests = (0..20).map(|number| {
            let provider = if number % 2 == 0 { "github" } else { "credential" };
            let caller = server.anonymous();
            let cookies = &cookies;
            async move {
                let body = json!({ "providerId": provider });
                caller
                    .post("/unlink-account", &body)
                    .header("cookie", cookies)
                    .send()
                    .await
                    .status
            }
        });
        let statuses = join_all(requests).await;
        assert_eq!(
            statuses.iter().filter(|status| **status == 200).count(),
            1,
            "{statuses:?}"
        );
        let left =
            format!(r#"select from account join "user" u on u.id = "userId" where name = 'ada{round}'"#);
        assert_eq!(server.rows(&left), 1);
    }
}
