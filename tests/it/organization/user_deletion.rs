//! Deletion of users who are members of organizations.

use futures_util::future::{join, join_all};
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServerBuilder};
use serde_json::json;

use super::{create, done, invite, joined, post, read, with_teams};

fn with_deletion() -> TestServerBuilder {
    with_teams().set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
}

async fn delete(caller: &Caller) -> Answer {
    caller.post("/delete-user", &json!({})).send().await
}

#[tokio::test]
async fn the_only_owner_of_an_organization_with_other_members_is_not_deleted() {
    let server = with_deletion().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "admin").await;
    create(&ada, "own").await;
    assert_snapshot!(delete(&ada).await, @r#"
    400
    content-type: application/json
    {"code":"USER_IS_THE_ONLY_OWNER_OF_AN_ORGANIZATION","message":"User is the only owner of an organization"}
    "#);
    assert_eq!(server.rows("select from organization"), 2);
    assert_eq!(server.rows(r#"select from "user""#), 2);

    let role = json!({ "memberId": bob.member, "role": "owner", "organizationId": id });
    done(&ada, "update-member-role", role).await;
    assert_eq!(delete(&ada).await.status, 200);
    assert_eq!(server.rows("select from organization"), 1);
    assert_eq!(server.rows("select from member"), 1);
}

#[tokio::test]
async fn an_organization_without_other_members_is_deleted_with_the_user() {
    let server = with_deletion().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    invite(&ada, &id, "bob", "member").await;
    assert_eq!(delete(&ada).await.status, 200);
    for table in ["organization", "member", "invitation", "team", r#""teamMember""#] {
        assert_eq!(server.rows(&format!("select from {table}")), 0, "{table}");
    }
}

#[tokio::test]
async fn an_owner_is_left_if_one_is_deleted_while_the_other_leaves() {
    for _ in 0..5 {
        let server = with_deletion().start();
        let ada = server.signed_up("ada").await;
        let id = create(&ada, "acme").await;
        let bob = joined(&server, &ada, &id, "bob", "owner").await;
        joined(&server, &ada, &id, "carl", "member").await;
        let leave = post(&bob.caller, "leave", json!({ "organizationId": id }));
        let (deleted, left) = join(delete(&ada), leave).await;
        let successes = [&deleted, &left]
            .iter()
            .filter(|answer| answer.status == 200)
            .count();
        assert_eq!(successes, 1, "{deleted} {left}");
        assert_eq!(server.rows("select from member where role = 'owner'"), 1);
    }
}

/// Locks are taken in one order, so that requests do not deadlock.
#[tokio::test]
async fn changes_of_one_organization_at_once_do_not_block_each_other() {
    let server = with_deletion().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "owner").await;
    let carl = joined(&server, &ada, &id, "carl", "admin").await;
    let dora = server.signed_up("dora").await;
    let invitation = invite(&ada, &id, "dora", "member").await;
    let team = read(&ada, "list-teams").await[0]["id"].clone();
    let answers = join_all([
        post(&dora, "accept-invitation", json!({ "invitationId": invitation })),
        post(
            &ada,
            "remove-member",
            json!({ "memberIdOrEmail": carl.member, "organizationId": id }),
        ),
        post(
            &bob.caller,
            "update-member-role",
            json!({ "memberId": carl.member, "role": "member", "organizationId": id }),
        ),
        post(
            &bob.caller,
            "invite-member",
            json!({ "email": "eve@example.com", "role": "member", "organizationId": id }),
        ),
        post(
            &ada,
            "add-team-member",
            json!({ "teamId": team, "userId": bob.user }),
        ),
        post(
            &ada,
            "update",
            json!({ "data": { "name": "New" }, "organizationId": id }),
        ),
        post(&carl.caller, "leave", json!({ "organizationId": id })),
        post(
            &bob.caller,
            "create-team",
            json!({ "name": "t", "organizationId": id }),
        ),
    ]);
    let (answers, deleted) = join(answers, delete(&bob.caller)).await;
    for answer in answers.iter().chain([&deleted]) {
        assert!(answer.status < 500, "{answer}");
    }
    assert_eq!(
        server.rows("select from member where role = 'owner'"),
        if deleted.status == 200 { 1 } else { 2 }
    );
}
