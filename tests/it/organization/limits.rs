//! Limits of the deployment.

use serde_json::json;

use super::{create, done, joined, key, post, refused, text, with_plugin, with_teams};

#[tokio::test]
async fn a_user_creates_no_more_organizations_than_permitted() {
    let server = with_plugin().set(&key("ORGANIZATION_LIMIT"), "1").start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    let reached = (403, "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS");
    refused(&ada, "create", json!({ "name": "n", "slug": "s" }), reached).await;
}

#[tokio::test]
async fn an_organization_sends_no_more_invitations_than_permitted() {
    let server = with_plugin().set(&key("INVITATION_LIMIT"), "1").start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    done(
        &ada,
        "invite-member",
        json!({ "email": "a@example.com", "role": "member" }),
    )
    .await;
    let body = json!({ "email": "b@example.com", "role": "member" });
    refused(&ada, "invite-member", body, (403, "INVITATION_LIMIT_REACHED")).await;
}

#[tokio::test]
async fn an_organization_has_no_more_teams_than_permitted() {
    let server = with_teams().set(&key("TEAMS__MAXIMUM_TEAMS"), "1").start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    let reached = (400, "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_TEAMS");
    refused(&ada, "create-team", json!({ "name": "t" }), reached).await;
}

/// Better Auth checks the limit only if an invitation names the team.
#[tokio::test]
async fn a_team_has_no_more_members_than_permitted() {
    let server = with_teams()
        .set(&key("TEAMS__MAXIMUM_MEMBERS_PER_TEAM"), "1")
        .start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "member").await;
    let carl = joined(&server, &ada, &id, "carl", "member").await;
    let team = text(&done(&ada, "create-team", json!({ "name": "Sales" })).await["id"]);
    done(
        &ada,
        "add-team-member",
        json!({ "teamId": team, "userId": bob.user }),
    )
    .await;
    done(
        &ada,
        "add-team-member",
        json!({ "teamId": team, "userId": bob.user }),
    )
    .await;
    let reached = (403, "TEAM_MEMBER_LIMIT_REACHED");
    refused(
        &ada,
        "add-team-member",
        json!({ "teamId": team, "userId": carl.user }),
        reached,
    )
    .await;
    let invitation = json!({ "email": "eve@example.com", "role": "member", "teamId": team });
    refused(&ada, "invite-member", invitation, reached).await;
}

/// Better Auth accepts the invitation, adds the user to the team, and rejects the membership.
#[tokio::test]
async fn an_acceptance_that_a_full_team_prevents_changes_nothing() {
    let server = with_teams()
        .set(&key("TEAMS__MAXIMUM_MEMBERS_PER_TEAM"), "1")
        .start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "member").await;
    let team = text(&done(&ada, "create-team", json!({ "name": "Sales" })).await["id"]);
    let invitation = json!({ "email": "eve@example.com", "role": "member", "teamId": team });
    let invitation = done(&ada, "invite-member", invitation).await["id"].clone();
    done(
        &ada,
        "add-team-member",
        json!({ "teamId": team, "userId": bob.user }),
    )
    .await;
    let eve = server.signed_up("eve").await;
    let body = json!({ "invitationId": invitation });
    refused(
        &eve,
        "accept-invitation",
        body.clone(),
        (403, "TEAM_MEMBER_LIMIT_REACHED"),
    )
    .await;
    assert_eq!(server.rows("select from invitation where status = 'pending'"), 1);
    done(
        &ada,
        "remove-team-member",
        json!({ "teamId": team, "userId": bob.user }),
    )
    .await;
    assert_eq!(post(&eve, "accept-invitation", body).await.status, 200);
}
