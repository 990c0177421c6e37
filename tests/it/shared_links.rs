//! Links in a database that a Node server shares. There, a link is valid without a row of ours, and names its user by
//! address only.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::json;

const CONTESTED: &str = "contested@example.com";

fn shared() -> TestServer {
    TestServer::with()
        .set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", "true")
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .start()
}

async fn change(caller: &Caller, to: &str) {
    let body = json!({ "newEmail": to });
    let answer = caller.post("/change-email", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

async fn follow(caller: &Caller, token: &str) -> Answer {
    caller.get(&format!("/verify-email?token={token}")).send().await
}

/// Signs up with the contested address, requests a change to another, and deletes the account. Returns the link's
/// token.
async fn leave_a_link_behind(server: &TestServer) -> String {
    let attacker = server.signed_up("contested").await;
    change(&attacker, "evil@example.com").await;
    let token = server.mailbox.next("evil@example.com").await.token;
    let body = json!({ "password": "password1234" });
    let answer = attacker.post("/delete-user", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    token
}

/// The class: a flow that names a user by address acts on the next user who has the address.
#[tokio::test]
async fn a_link_of_a_deleted_user_does_not_change_the_next_user_with_the_address() {
    for (has_row, minutes) in [(true, 0), (true, 10), (false, 0), (false, 10)] {
        let server = shared();
        let owner = server.signed_up("ada").await;
        server.clock.advance(TimeDelta::minutes(minutes));
        let token = leave_a_link_behind(&server).await;
        if !has_row {
            // As if a Node server had made the link and deleted the user: no row of ours is left.
            server.execute("delete from verification");
        }
        server.clock.advance(TimeDelta::minutes(minutes));
        change(&owner, CONTESTED).await;
        let own = server.mailbox.next(CONTESTED).await.token;
        assert_eq!(follow(&owner, &own).await.status, 200);

        let answer = follow(&server.anonymous(), &token).await;
        assert_eq!(answer.code(), "INVALID_TOKEN", "{answer}");
        let session = owner.get("/get-session").send().await.json();
        assert_eq!(session["user"]["email"], CONTESTED);
        assert_eq!(
            server.rows("select from \"user\" where email = 'evil@example.com'"),
            0
        );
    }
}

/// The owner is lured to follow the attacker's link in the owner's own session.
#[tokio::test]
async fn a_link_older_than_the_users_address_is_rejected_in_the_users_session() {
    let server = shared();
    let owner = server.signed_up("ada").await;
    let token = leave_a_link_behind(&server).await;
    server.execute("delete from verification");
    server.clock.advance(TimeDelta::seconds(1));
    change(&owner, CONTESTED).await;
    let own = server.mailbox.next(CONTESTED).await.token;
    assert_eq!(follow(&owner, &own).await.status, 200);

    assert_eq!(follow(&owner, &token).await.code(), "INVALID_TOKEN");
    assert_eq!(
        server.rows("select from \"user\" where email = 'evil@example.com'"),
        0
    );
}

#[tokio::test]
async fn a_change_link_without_a_row_needs_the_users_own_session() {
    let server = shared();
    let owner = server.signed_up("ada").await;
    change(&owner, "countess@example.com").await;
    let token = server.mailbox.next("countess@example.com").await.token;
    server.execute("delete from verification");
    assert_eq!(follow(&server.anonymous(), &token).await.code(), "INVALID_TOKEN");
    assert_eq!(follow(&owner, &token).await.status, 200);
    let session = owner.get("/get-session").send().await.json();
    assert_eq!(session["user"]["email"], "countess@example.com");
    assert_eq!(follow(&owner, &token).await.code(), "USER_NOT_FOUND");
}

/// Deleting a user marks the user's links as used, as revoking them does.
#[tokio::test]
async fn the_links_of_a_deleted_user_are_marked_as_used() {
    let server = shared();
    leave_a_link_behind(&server).await;
    assert_eq!(
        server.rows("select from verification where identifier like 'change-email-verification-claimed:%'"),
        1
    );
}
