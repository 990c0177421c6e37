//! Invitations.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{active, create, done, invite, joined, read, refused, text, unread, with_plugin, with_teams};

#[tokio::test]
async fn an_invited_user_follows_the_message_and_accepts() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let invitation = done(
        &ada,
        "invite-member",
        json!({ "email": "Bob@Example.com", "role": ["member", "admin"] }),
    )
    .await;
    let expected = json!({
        "organizationId": id, "email": "bob@example.com", "role": "member,admin", "status": "pending",
        "expiresAt": "2026-01-03T00:00:00.000Z", "createdAt": "2026-01-01T00:00:00.000Z",
        "inviterId": invitation["inviterId"], "id": invitation["id"],
    });
    assert_eq!(invitation, expected);
    let message = server.mailbox.next("bob@example.com").await;
    let invitation = text(&invitation["id"]);
    let link = format!("http://localhost:3000/accept-invitation?invitationId={invitation}");
    assert_eq!(message.url, link);

    let bob = server.signed_up("bob").await;
    let received = read(&bob, &format!("get-invitation?id={invitation}")).await;
    assert_eq!(
        json!([
            received["organizationName"],
            received["organizationSlug"],
            received["inviterEmail"]
        ]),
        json!(["acme", "acme", "ada@example.com"])
    );
    let listed = read(&bob, "list-user-invitations").await;
    assert_eq!(
        json!([listed[0]["id"], listed[0]["organizationName"]]),
        json!([invitation, "acme"])
    );

    let accepted = done(&bob, "accept-invitation", json!({ "invitationId": invitation })).await;
    assert_eq!(
        json!([accepted["invitation"]["status"], accepted["member"]["role"]]),
        json!(["accepted", "member,admin"])
    );
    assert_eq!(active(&bob).await[0], json!(id));
    assert_eq!(read(&bob, "list-user-invitations").await, json!([]));
    assert_eq!(read(&ada, "list-invitations").await[0]["status"], "accepted");
}

#[tokio::test]
async fn invitations_are_rejected_and_canceled() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = server.signed_up("bob").await;
    let first = json!({ "invitationId": invite(&ada, &id, "bob", "member").await });
    let rejected = done(&bob, "reject-invitation", first.clone()).await;
    assert_eq!(
        json!([rejected["invitation"]["status"], rejected["member"]]),
        json!(["rejected", null])
    );
    let missing = (400, "INVITATION_NOT_FOUND");
    for path in ["reject-invitation", "accept-invitation"] {
        refused(&bob, path, first.clone(), missing).await;
    }
    let second = json!({ "invitationId": invite(&ada, &id, "bob", "member").await });
    assert_eq!(
        done(&ada, "cancel-invitation", second.clone()).await["status"],
        "canceled"
    );
    refused(&bob, "accept-invitation", second, missing).await;
    refused(
        &ada,
        "cancel-invitation",
        json!({ "invitationId": "none" }),
        missing,
    )
    .await;
    assert_eq!(read(&ada, "list-members").await["total"], 1);
}

#[tokio::test]
async fn an_expired_invitation_is_not_accepted() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = server.signed_up("bob").await;
    let invitation = invite(&ada, &id, "bob", "member").await;
    server.clock.advance(TimeDelta::seconds(172_801));
    let body = json!({ "invitationId": invitation });
    refused(&bob, "accept-invitation", body, (400, "INVITATION_NOT_FOUND")).await;
    unread(
        &bob,
        &format!("get-invitation?id={invitation}"),
        (400, "INVITATION_NOT_FOUND"),
    )
    .await;
    let again = invite(&ada, &id, "bob", "member").await;
    assert_ne!(
        again, invitation,
        "an expired invitation does not prevent a new one"
    );
}

#[tokio::test]
async fn an_open_invitation_is_renewed_only_on_request() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let first = invite(&ada, &id, "bob", "member").await;
    server.clock.advance(TimeDelta::hours(1));
    let again = json!({ "email": "bob@example.com", "role": "admin" });
    let already = (400, "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION");
    refused(&ada, "invite-member", again, already).await;
    let resend = json!({ "email": "bob@example.com", "role": "admin", "resend": true });
    let renewed = done(&ada, "invite-member", resend).await;
    let expected = json!([first, "member", "2026-01-03T01:00:00.000Z"]);
    assert_eq!(
        json!([renewed["id"], renewed["role"], renewed["expiresAt"]]),
        expected
    );
}

#[tokio::test]
async fn invitations_that_the_caller_may_not_send_are_rejected() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let to = |email: &str, role: &str| json!({ "email": email, "role": role });
    refused(
        &ada,
        "invite-member",
        to("x@example.com", "member"),
        (400, "ORGANIZATION_NOT_FOUND"),
    )
    .await;
    let id = create(&ada, "acme").await;
    let admin = joined(&server, &ada, &id, "bob", "admin").await.caller;
    let member = joined(&server, &ada, &id, "eve", "member").await.caller;
    let stranger = server.signed_up("mallory").await;
    refused(
        &ada,
        "invite-member",
        to("no address", "member"),
        (400, "INVALID_EMAIL"),
    )
    .await;
    let unknown = (400, "ROLE_NOT_FOUND_CHIEF_BOSS");
    refused(
        &ada,
        "invite-member",
        to("x@example.com", "chief,member,boss"),
        unknown,
    )
    .await;
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_INVITE_A_USER_WITH_THIS_ROLE");
    refused(&admin, "invite-member", to("x@example.com", "owner"), forbidden).await;
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION");
    refused(&member, "invite-member", to("x@example.com", "member"), forbidden).await;
    let already = (400, "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION");
    refused(&ada, "invite-member", to("BOB@example.com", "member"), already).await;
    let body = json!({ "email": "x@example.com", "role": "member", "organizationId": id });
    refused(&stranger, "invite-member", body, (400, "MEMBER_NOT_FOUND")).await;
    unread(
        &stranger,
        "list-invitations",
        (400, "ORGANIZATION_ID_IS_REQUIRED"),
    )
    .await;
    let foreign = (403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION");
    unread(
        &stranger,
        &format!("list-invitations?organizationId={id}"),
        foreign,
    )
    .await;
}

#[tokio::test]
async fn an_invitation_of_an_inviter_who_left_is_not_shown() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let admin = joined(&server, &ada, &id, "bob", "admin").await.caller;
    let invitation = invite(&admin, &id, "eve", "member").await;
    done(&admin, "leave", json!({ "organizationId": id })).await;
    let eve = server.signed_up("eve").await;
    let left = (400, "INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION");
    unread(&eve, &format!("get-invitation?id={invitation}"), left).await;
    let listed = read(&eve, "list-user-invitations").await;
    assert_eq!(listed[0]["id"], invitation);
    let email = (400, "USER_EMAIL_CANNOT_BE_PASSED_FOR_CLIENT_SIDE_API_CALLS");
    unread(&eve, "list-user-invitations?email=ada@example.com", email).await;
}

#[tokio::test]
async fn an_invitation_to_teams_makes_the_user_a_member_of_them() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    let team = text(&done(&ada, "create-team", json!({ "name": "Sales" })).await["id"]);
    let body = json!({ "email": "bob@example.com", "role": "member", "teamId": team });
    let invitation = done(&ada, "invite-member", body).await;
    assert_eq!(invitation["teamId"], json!(team));
    let bob = server.signed_up("bob").await;
    let accepted = super::post(
        &bob,
        "accept-invitation",
        json!({ "invitationId": invitation["id"] }),
    )
    .await;
    assert!(
        accepted.header("set-cookie").is_some(),
        "the only team is selected: {accepted}"
    );
    assert_eq!(active(&bob).await[1], json!(team));
    let teams = read(&bob, "list-user-teams").await;
    assert_eq!(teams[0]["name"], "Sales");
    let other = json!({ "email": "eve@example.com", "role": "member", "teamId": [] });
    assert_eq!(done(&ada, "invite-member", other).await["teamId"], Value::Null);
}
