//! The first verification of an address by a link. Earlier sessions may belong to an attacker who signed up with the
//! victim's address (GHSA-qq9h-g4jm-xgf3).

use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";

fn sending() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP", "true")
}

async fn follow(caller: &Caller, token: &str) -> Answer {
    caller.get(&format!("/verify-email?token={token}")).send().await
}

async fn session(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()
}

#[tokio::test]
async fn pre_hijacking_sessions_end_when_the_address_is_verified() {
    let server = sending().start();
    let attacker = server.signed_up("ada").await;
    let other = server.signed_in("ada").await;
    let token = server.mailbox.next(ADA).await.token;
    let victim = server.anonymous();
    assert_eq!(follow(&victim, &token).await.status, 200);
    for caller in [&attacker, &other] {
        assert_eq!(session(caller).await, Value::Null);
        let answer = caller.post("/update-user", &json!({ "name": "x" })).send().await;
        assert_eq!(answer.status, 401);
    }
    assert_eq!(server.rows("select from portcullis_known_address"), 0);
}

#[tokio::test]
async fn the_session_in_which_the_link_is_followed_stays() {
    let server = sending().start();
    let user = server.signed_up("ada").await;
    let other = server.signed_in("ada").await;
    let token = server.mailbox.next(ADA).await.token;
    assert_eq!(follow(&user, &token).await.status, 200);
    assert_eq!(session(&user).await["user"]["emailVerified"], true);
    assert_eq!(session(&other).await, Value::Null);
}

/// A link that is followed again ends no session: a mail scanner may have followed it first.
#[tokio::test]
async fn a_second_proof_ends_no_session() {
    let server = sending().start();
    server.signed_up("ada").await;
    let token = server.mailbox.next(ADA).await.token;
    assert_eq!(follow(&server.anonymous(), &token).await.status, 200);
    let later = server.signed_in("ada").await;
    assert_eq!(follow(&server.anonymous(), &token).await.status, 200);
    assert_eq!(session(&later).await["user"]["emailVerified"], true);
}

/// Login CSRF by a link: an attacker sends a victim the link of the attacker's own account.
#[tokio::test]
async fn a_victim_who_follows_an_attackers_link_stays_signed_in_as_before() {
    let server = sending()
        .set(
            "PORTCULLIS_EMAIL_VERIFICATION__AUTO_SIGN_IN_AFTER_VERIFICATION",
            "true",
        )
        .start();
    let victim = server.signed_up("victim").await;
    server.signed_up("eve").await;
    let token = server.mailbox.next("eve@example.com").await.token;
    let answer = follow(&victim, &token).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.cookies().count(), 0, "{answer}");
    assert_eq!(session(&victim).await["user"]["email"], "victim@example.com");
    assert_eq!(
        server.rows("select from \"user\" where email = 'eve@example.com' and \"emailVerified\""),
        1
    );
}

/// A new address is verified by a link as well.
#[tokio::test]
async fn earlier_sessions_end_when_a_new_address_is_verified() {
    let server = TestServer::with()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .start();
    let attacker = server.signed_up("eve").await;
    let change = json!({ "newEmail": ADA });
    attacker.post("/change-email", &change).send().await;
    let token = server.mailbox.next(ADA).await.token;
    assert_eq!(follow(&server.anonymous(), &token).await.status, 200);
    assert_eq!(session(&attacker).await, Value::Null);
}

#[tokio::test]
async fn the_first_proof_does_not_set_the_phone_number_of_a_user_without_one_to_unverified() {
    let server = sending()
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__ENABLED", "true")
        .start();
    let user = server.signed_up("ada").await;
    let token = server.mailbox.next(ADA).await.token;
    assert_eq!(follow(&server.anonymous(), &token).await.status, 200);
    assert_eq!(session(&user).await, Value::Null);
    let unset = r#"select from "user" where "emailVerified" and "phoneNumberVerified" is null"#;
    assert_eq!(server.rows(unset), 1);
}
