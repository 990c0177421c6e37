//! Whoever shuts a thief out shuts them out for good: no link that the thief asked for comes in afterwards.

use futures_util::future::join_all;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const EVIL: &str = "evil@example.com";
const SESSIONS: &str = "select from session";

fn open() -> TestServerBuilder {
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

/// A29's kind: a stolen session asks for another address, and its owner shuts it out in one of these ways.
#[tokio::test]
async fn what_a_stolen_session_asked_for_ends_with_it() {
    let stolen = |password: &str| json!({ "currentPassword": "password1234", "newPassword": password });
    let ways: [(&str, Value); 5] = [
        ("/change-password", stolen("password5678")),
        ("/revoke-sessions", json!({})),
        ("/revoke-other-sessions", json!({})),
        ("/revoke-session", json!({})),
        ("/reset-password", json!({ "newPassword": "password5678" })),
    ];
    for (path, mut body) in ways {
        let server = open().start();
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
async fn whoever_changes_the_password_needs_no_fear_of_a_link_that_resets_it() {
    let server = open().start();
    let owner = server.signed_up("ada").await;
    let token = request_reset(&server, "ada@example.com").await;
    let body = json!({ "currentPassword": "password1234", "newPassword": "password5678" });
    assert_eq!(owner.post("/change-password", &body).send().await.status, 200);
    assert_eq!(reset(&server, &token).await.code(), "INVALID_TOKEN");
}

/// A session that is just being ended asks for links all the while.
#[tokio::test]
async fn a_session_leaves_no_link_behind_while_it_is_ended() {
    let server = open().start();
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
        server.settled().await;
        let letters = server.mailbox.letters();
        for letter in letters.into_iter().filter(|letter| letter.to == evil) {
            assert_eq!(follow(&server, &letter.token).await.code(), "INVALID_TOKEN");
        }
        assert_eq!(server.rows("select from \"user\" where email like 'evil%'"), 0);
    }
    assert_eq!(server.rows(SESSIONS), 0);
}

#[tokio::test]
async fn an_address_that_gave_way_at_once_resets_nothing() {
    let server = open()
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

/// better-auth#8097: the own mailbox must not tell who has an address either.
#[tokio::test]
async fn the_old_address_is_asked_whether_the_new_one_is_taken_or_not() {
    let server = open().start();
    let ada = server.signed_up("ada").await;
    server.signed_up("eve").await;
    server.execute(r#"update "user" set "emailVerified" = true"#);
    for to in ["eve@example.com", "free@example.com"] {
        assert_eq!(ask(&ada, to).await.status, 200);
        let asked = server.mailbox.next("ada@example.com").await;
        assert_eq!(follow(&server, &asked.token).await.body, r#"{"status":true}"#);
    }
    server.mailbox.next("free@example.com").await;
    server.settled().await;
    assert_eq!(server.mailbox.letters(), []);
}

/// A39, where a link counts without its row, since another server may have made it.
#[tokio::test]
async fn a_link_of_ours_that_is_worthless_is_so_in_a_shared_database_too() {
    let shared = || {
        open()
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
