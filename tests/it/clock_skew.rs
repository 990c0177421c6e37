//! A replica whose clock differs from the database's.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, TestServer};
use serde_json::json;

/// A replica on the same database as `server`, with a clock that is eight days ahead.
fn replica(server: &TestServer) -> TestServer {
    TestServer::with()
        .replica_of(server)
        .clock_ahead(TimeDelta::days(8))
        .start()
}

fn right() -> TestServer {
    TestServer::with().clock_ahead(TimeDelta::zero()).start()
}

async fn ready(server: &TestServer) -> Answer {
    server.anonymous().call("GET", "/health/ready").send().await
}

#[tokio::test]
async fn a_replica_with_a_wrong_clock_ends_no_session() {
    let server = right();
    let cookies = server.signed_up("ada").await.cookies();
    let ahead = replica(&server);

    let caller = ahead.anonymous();
    let answer = caller.get("/get-session").header("cookie", &cookies).send().await;
    assert_eq!(answer.status, 503, "{answer}");
    assert_eq!(answer.cookies().count(), 0);
    let answer = caller
        .get("/list-sessions")
        .header("cookie", &cookies)
        .send()
        .await;
    assert_eq!(answer.status, 503, "{answer}");

    let answer = server
        .anonymous()
        .get("/get-session")
        .header("cookie", &cookies)
        .send()
        .await;
    assert_eq!(answer.json()["user"]["name"], "ada");
}

#[tokio::test]
async fn a_replica_with_a_wrong_clock_is_not_ready_and_reports_it() {
    let server = right();
    let ahead = replica(&server);
    assert_eq!(ready(&server).await.status, 200);
    let answer = ready(&ahead).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "CLOCK_SKEW"));
    let within = TestServer::with()
        .replica_of(&server)
        .clock_ahead(TimeDelta::seconds(4))
        .start();
    assert_eq!(ready(&within).await.status, 200);
    let behind = TestServer::with()
        .replica_of(&server)
        .clock_ahead(TimeDelta::seconds(-30))
        .start();
    assert_eq!(ready(&behind).await.code(), "CLOCK_SKEW");
}

/// A token that has expired only by the wrong clock is not rejected as used or unknown.
#[tokio::test]
async fn a_replica_with_a_wrong_clock_refuses_no_one_time_token_for_its_age() {
    let server = right();
    server.signed_up("ada").await;
    let request = json!({ "email": "ada@example.com", "redirectTo": "/reset" });
    server
        .anonymous()
        .post("/request-password-reset", &request)
        .send()
        .await;
    let message = server.mailbox.next("ada@example.com").await;
    let ahead = replica(&server);
    let reset = json!({ "newPassword": "password5678", "token": message.token });

    let answer = ahead.anonymous().post("/reset-password", &reset).send().await;
    assert_eq!(answer.status, 503, "{answer}");
    let answer = server.anonymous().post("/reset-password", &reset).send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn a_replica_with_a_wrong_clock_refuses_no_link_for_its_age() {
    let deleting = || {
        TestServer::with()
            .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
            .set("PORTCULLIS_USER__DELETE_USER__VERIFICATION", "true")
            // The session must still be valid by the wrong clock.
            .set("PORTCULLIS_SESSION__EXPIRES_IN", "2592000")
    };
    let server = deleting().clock_ahead(TimeDelta::zero()).start();
    let ada = server.signed_up("ada").await;
    ada.post("/delete-user", &json!({})).send().await;
    let deletion = server.mailbox.next("ada@example.com").await.token;
    let email = json!({ "email": "ada@example.com" });
    ada.post("/send-verification-email", &email).send().await;
    let proof = server.mailbox.next("ada@example.com").await.token;
    let ahead = deleting()
        .replica_of(&server)
        .clock_ahead(TimeDelta::days(8))
        .start();
    let cookies = ada.cookies();
    for path in [
        format!("/verify-email?token={proof}"),
        format!("/delete-user/callback?token={deletion}"),
    ] {
        let caller = ahead.anonymous();
        let answer = caller.get(&path).header("cookie", &cookies).send().await;
        assert_eq!(answer.status, 503, "{path}: {answer}");
    }
    assert_eq!(server.rows("select from verification"), 2);
}
