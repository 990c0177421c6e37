//! Account takeover: once the owner has ended a thief's session, links that the thief requested are rejected.

use futures_util::future::join_all;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const EVIL: &str = "evil@example.com";
const SESSIONS: &str = "select from session";

fn enabled() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__VERIFICATION", "true")
}

async fn ask(caller: &Caller, to: &str) -> Answer {
    caller
        .post("/change-email", &json!({ "newEmail": to }))
        .send()
        .await
}

async fn follow(server: &TestServer, token: &str) -> Answer {
    server
        .anonymous()
        .get(&format!("/verify-email?token={token}"))
        .send()
        .await
}

async fn reset(server: &TestServer, token: &str) -> Answer {
    let body = json!({ "token": token, "newPassword": "password9999" });
    server.anonymous().post("/reset-password", &body).send().await
}

async fn request_reset(server: &TestServer, email: &str) -> String {
    let body = json!({ "email": email });
    server
        .anonymous()
        .post("/request-password-reset", &body)
        .send()
        .await;
    server.mailbox.next(email).await.token
}

/// The class of A29: a stolen session requests a change of address, and the owner ends it in one of these ways.
#[tokio::test]
async fn links_that_a_stolen_session_requested_end_with_it() {
    let stolen = |password: &str| json!({ "currentPassword": "password1234", "newPassword": password });
    let ways: [(&str, Value); 5] = [
        ("/change-password", stolen("password5678")),
        ("/revoke-sessions", json!({})),
        ("/revoke-other-sessions", json!({})),
        ("/revoke-session", json!({})),
        ("/reset-password", json!({ "newPassword": "password5678" })),
    ];
    for (path, mut body) in ways {
        let server = enabled().start();
        let owner = server.signed_up("ada").await;
        let thief = server.signed_in("ada").await;
        assert_eq!(ask(&thief, EVIL).await.status, 200);
        let link = server.mailbox.next(EVIL).await.token;
        if path == "/reset-password" {
            body["token"] = json!(request_reset(&server, "ada@example.com").await);
        }
        if path == "/revoke-session" {
            body["token"] = thief.get("/get-session").send().await.json()["session"]["token"].clone();
        }
        assert_eq!(owner.post(path, &body).send().await.status, 200, "{path}");
        assert_eq!(follow(&server, &link).await.code(), "INVALID_TOKEN", "{path}");
        assert_eq!(
            server.rows("select from \"user\" where email = 'ada@example.com'"),
            1,
            "{path}"
        );
    }
}

#[tokio::test]
async fn changing_the_password_revokes_reset_links() {
    let server = enabled().start();
    let owner = server.signed_up("ada").await;
    let token = request_reset(&server, "ada@example.com").await;
    let body = json!({ "currentPassword": "password1234", "newPassword": "password5678" });
    assert_eq!(owner.post("/change-password", &body).send().await.status, 200);
    assert_eq!(reset(&server, &token).await.code(), "INVALID_TOKEN");
}

/// The session requests links while it is being ended.
#[tokio::test]
async fn a_session_leaves_no_valid_link_behind_while_it_is_ended() {
    let server = enabled().start();
    for round in 0..10 {
        let name = format!("ada{round}");
        server.signed_up(&name).await;
        let thief = server.signed_in(&name).await;
        let evil = format!("evil{round}@example.com");
        let token = request_reset(&server, &format!("{name}@example.com")).await;
        let asking = join_all((0..8).map(|_| ask(&thief, &evil)));
        let (answers, ended) = futures_util::future::join(asking, reset(&server, &token)).await;
        assert_eq!(ended.status, 200, "{ended}");
        for answer in &answers {
            assert!([200, 401].contains(&answer.status), "{answer}");
        }
        server.wait_until_delivered().await;
        let messages = server.mailbox.messages();
        for message in messages.into_iter().filter(|message| message.to == evil) {
            assert_eq!(follow(&server, &message.token).await.code(), "INVALID_TOKEN");
        }
        assert_eq!(server.rows("select from \"user\" where email like 'evil%'"), 0);
    }
    assert_eq!(server.rows(SESSIONS), 0);
}

#[tokio::test]
async fn an_immediate_change_of_address_revokes_reset_links() {
    let server = enabled()
        .set(
            "PORTCULLIS_USER__CHANGE_EMAIL__UPDATE_EMAIL_WITHOUT_VERIFICATION",
            "true",
        )
        .start();
    let ada = server.signed_up("ada").await;
    let token = request_reset(&server, "ada@example.com").await;
    assert_eq!(ask(&ada, "countess@example.com").await.status, 200);
    assert_eq!(
        server.rows("select from \"user\" where email = 'countess@example.com'"),
        1
    );
    assert_eq!(reset(&server, &token).await.code(), "INVALID_TOKEN");
}

/// better-auth#8097: mail to the caller's own address must not reveal whether another address is taken.
#[tokio::test]
async fn the_old_address_gets_a_confirmation_for_a_taken_and_a_free_address() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    server.signed_up("eve").await;
    server.execute(r#"update "user" set "emailVerified" = true"#);
    for to in ["eve@example.com", "free@example.com"] {
        assert_eq!(ask(&ada, to).await.status, 200);
        let asked = server.mailbox.next("ada@example.com").await;
        assert_eq!(follow(&server, &asked.token).await.body, r#"{"status":true}"#);
    }
    server.mailbox.next("free@example.com").await;
    server.wait_until_delivered().await;
    assert_eq!(server.mailbox.messages(), []);
}

/// A39 in a shared database: a link is valid there without its row, because a Node server may have made it.
#[tokio::test]
async fn a_revoked_link_is_also_rejected_in_a_shared_database() {
    let shared = || {
        enabled()
            .set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", "true")
            .start()
    };
    let server = shared();
    let thief = server.signed_up("ada").await;
    ask(&thief, EVIL).await;
    let link = server.mailbox.next(EVIL).await.token;
    let token = request_reset(&server, "ada@example.com").await;
    assert_eq!(reset(&server, &token).await.status, 200);
    assert_eq!(follow(&server, &link).await.code(), "INVALID_TOKEN");

    let server = shared();
    let squatter = server.signed_up("ada").await;
    ask(&squatter, EVIL).await;
    let link = server.mailbox.next(EVIL).await.token;
    squatter.post("/delete-user", &json!({})).send().await;
    let leave = server.mailbox.next("ada@example.com").await;
    assert_eq!(squatter.call("GET", &leave.path()).send().await.status, 302);
    server.clock.advance(chrono::TimeDelta::seconds(1));
    server.signed_up("ada").await;
    assert_eq!(follow(&server, &link).await.code(), "INVALID_TOKEN");
    assert_eq!(
        server.rows("select from \"user\" where email = 'ada@example.com'"),
        1
    );
}
