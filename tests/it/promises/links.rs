//! The codes of accounts, and of flows that end with a link.

use chrono::TimeDelta;
use portcullis_testkit::{Caller, TestServer};
use serde_json::json;

use super::{Produced, ada};

const ADA: &str = "ada@example.com";

pub(super) async fn met(produced: &Produced) {
    switched_off(produced).await;
    let server = TestServer::with()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .set("PORTCULLIS_SESSION__FRESH_AGE", "3600")
        .start();
    let caller = server.signed_up("ada").await;
    accounts(produced, &server, &caller).await;
    proofs(produced, &server, &caller).await;
    deletions(produced, &server, &caller).await;
    strict(produced).await;
}

async fn switched_off(produced: &Produced) {
    let plain = TestServer::start();
    let caller = plain.signed_up("ada").await;
    let change = json!({ "newEmail": "countess@example.com" });
    produced.post(&caller, "/change-email", change).await;
    produced.post(&caller, "/delete-user", json!({})).await;
    let silent = TestServer::with()
        .set("PORTCULLIS_DELIVERY__TRANSPORT", "none")
        .start();
    let anonymous = silent.anonymous();
    for path in ["/send-verification-email", "/request-password-reset"] {
        produced.post(&anonymous, path, json!({ "email": ADA })).await;
    }
    let closed = TestServer::with()
        .set("PORTCULLIS_EMAIL_AND_PASSWORD__DISABLE_SIGN_UP", "true")
        .start();
    produced
        .post(&closed.anonymous(), "/sign-up/email", ada("password1234"))
        .await;
}

async fn accounts(produced: &Produced, server: &TestServer, caller: &Caller) {
    let unlink = async || {
        produced
            .post(caller, "/unlink-account", json!({ "providerId": "github" }))
            .await;
    };
    unlink().await;
    server.execute(
        r#"insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
        select 'other', 'other', 'google', "userId", "createdAt", "updatedAt" from account"#,
    );
    unlink().await;
    produced
        .post(caller, "/change-email", json!({ "newEmail": ADA }))
        .await;
    produced
        .post(
            caller,
            "/reset-password",
            json!({ "token": "x", "newPassword": "password5678" }),
        )
        .await;
}

async fn proofs(produced: &Produced, server: &TestServer, caller: &Caller) {
    let ask = async |email: &str| {
        produced
            .post(caller, "/send-verification-email", json!({ "email": email }))
            .await;
    };
    let follow = async |token: &str| {
        // In the caller's own session, which the verification does not end.
        let answer = caller.get(&format!("/verify-email?token={token}")).send().await;
        produced.note(&answer);
    };
    ask("eve@example.com").await;
    ask(ADA).await;
    let token = server.mailbox.next(ADA).await.token;
    server.execute(r#"update "user" set email = 'gone@example.com'"#);
    follow(&token).await;
    server.execute(r#"update "user" set email = 'ada@example.com'"#);
    follow(&token).await;
    ask(ADA).await;
    let stranger = server.signed_up("eve").await;
    produced
        .post(
            &stranger,
            "/send-verification-email",
            json!({ "email": "eve@example.com" }),
        )
        .await;
    let late = server.mailbox.next("eve@example.com").await.token;
    server.clock.advance(TimeDelta::hours(2));
    follow(&late).await;
}

async fn deletions(produced: &Produced, server: &TestServer, caller: &Caller) {
    let follow = async |caller: &Caller| {
        let answer = caller.get("/delete-user/callback?token=x").send().await;
        produced.note(&answer);
    };
    follow(&server.anonymous()).await;
    follow(caller).await;
    produced.post(caller, "/delete-user", json!({})).await;
    produced
        .post(caller, "/unlink-account", json!({ "providerId": "github" }))
        .await;
}

async fn strict(produced: &Produced) {
    let server = TestServer::with()
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
            "true",
        )
        .start();
    let anonymous = server.anonymous();
    for path in ["/sign-up/email", "/sign-in/email"] {
        produced.post(&anonymous, path, ada("password1234")).await;
    }
}
