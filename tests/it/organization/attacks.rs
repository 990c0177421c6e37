//! Attempts to act in other organizations, and with more rights than the caller has.

use serde_json::json;

use super::{
    active, create, done, invite, joined, post, read, refused, text, unread, with_plugin, with_roles,
    with_teams,
};

/// Ids of another organization are not found, even if the caller owns the active organization.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn rows_of_other_organizations_are_not_found() {
    let server = with_teams().start();
    let (ada, mallory) = (server.signed_up("ada").await, server.signed_up("mallory").await);
    let acme = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &acme, "bob", "member").await;
    let team = text(&done(&ada, "create-team", json!({ "name": "Sales" })).await["id"]);
    let invitation = invite(&ada, &acme, "eve", "member").await;
    create(&mallory, "evil").await;

    let missing = (400, "MEMBER_NOT_FOUND");
    refused(
        &mallory,
        "remove-member",
        json!({ "memberIdOrEmail": bob.member }),
        missing,
    )
    .await;
    refused(
        &mallory,
        "remove-member",
        json!({ "memberIdOrEmail": "bob@example.com" }),
        missing,
    )
    .await;
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
    let body = json!({ "memberId": bob.member, "role": "member" });
    refused(&mallory, "update-member-role", body, forbidden).await;
    let no_team = (400, "TEAM_NOT_FOUND");
    refused(
        &mallory,
        "update-team",
        json!({ "teamId": team, "data": { "name": "n" } }),
        no_team,
    )
    .await;
    refused(&mallory, "remove-team", json!({ "teamId": team }), no_team).await;
    let own = text(&mallory.get("/get-session").send().await.json()["user"]["id"]);
    refused(
        &mallory,
        "add-team-member",
        json!({ "teamId": team, "userId": own }),
        no_team,
    )
    .await;
    let outside = (400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
    let default = active(&mallory).await[1].clone();
    refused(
        &mallory,
        "add-team-member",
        json!({ "teamId": default, "userId": bob.user }),
        outside,
    )
    .await;
    refused(
        &mallory,
        "cancel-invitation",
        json!({ "invitationId": invitation }),
        missing,
    )
    .await;
    let foreign = json!({ "email": "x@example.com", "role": "member", "teamId": team });
    refused(&mallory, "invite-member", foreign, no_team).await;
    refused(
        &mallory,
        "set-active-team",
        json!({ "teamId": team }),
        (403, "USER_IS_NOT_A_MEMBER_OF_THE_TEAM"),
    )
    .await;
    assert_eq!(read(&ada, "list-members").await["total"], 2);
}

#[tokio::test]
async fn roles_of_other_organizations_are_not_found() {
    let server = with_roles().start();
    let (ada, mallory) = (server.signed_up("ada").await, server.signed_up("mallory").await);
    create(&ada, "acme").await;
    let role = done(
        &ada,
        "create-role",
        json!({ "role": "sales", "permission": { "ac": ["read"] } }),
    )
    .await;
    let id = role["roleData"]["id"].clone();
    let evil = create(&mallory, "evil").await;
    let missing = (400, "ROLE_NOT_FOUND");
    refused(
        &mallory,
        "update-role",
        json!({ "roleId": id, "data": {} }),
        missing,
    )
    .await;
    refused(&mallory, "delete-role", json!({ "roleId": id }), missing).await;
    unread(&mallory, &format!("get-role?roleId={}", text(&id)), missing).await;
    let body = json!({ "email": "x@example.com", "role": "sales", "organizationId": evil });
    refused(&mallory, "invite-member", body, (400, "ROLE_NOT_FOUND_SALES")).await;
}

#[tokio::test]
async fn an_invitation_is_answered_only_by_its_recipient() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let invitation = invite(&ada, &id, "bob", "admin").await;
    let mallory = server.signed_up("mallory").await;
    let foreign = (403, "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION");
    for path in ["accept-invitation", "reject-invitation"] {
        refused(&mallory, path, json!({ "invitationId": invitation }), foreign).await;
    }
    unread(&mallory, &format!("get-invitation?id={invitation}"), foreign).await;
    assert_eq!(read(&ada, "list-invitations").await[0]["status"], "pending");
}

/// A list of roles in one text names every role in it.
#[tokio::test]
async fn a_comma_does_not_hide_the_owners_role() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let admin = joined(&server, &ada, &id, "bob", "admin").await;
    let invited = (403, "YOU_ARE_NOT_ALLOWED_TO_INVITE_A_USER_WITH_THIS_ROLE");
    let updated = (403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
    for role in [
        json!("member,owner"),
        json!(["member,owner"]),
        json!(["member", "owner"]),
    ] {
        let body = json!({ "email": "x@example.com", "role": role });
        refused(&admin.caller, "invite-member", body, invited).await;
        let body = json!({ "memberId": admin.member, "role": role });
        refused(&admin.caller, "update-member-role", body, updated).await;
    }
    for role in [json!(" owner"), json!("member, owner")] {
        let body = json!({ "memberId": admin.member, "role": role });
        let answer = post(&admin.caller, "update-member-role", body).await;
        let may = json!({ "permissions": { "organization": ["delete"] } });
        let success = done(&admin.caller, "has-permission", may).await["success"].clone();
        assert_eq!(success, false, "{role}: {answer}");
    }
}

#[tokio::test]
async fn a_body_sets_nothing_but_its_declared_members() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let mallory = server.signed_up("mallory").await;
    let foreign = text(&ada.get("/get-session").send().await.json()["user"]["id"]);
    let body = json!({ "name": "n", "slug": "s", "id": "chosen", "userId": foreign, "createdAt": "1999-01-01T00:00:00.000Z" });
    let created = done(&mallory, "create", body).await;
    assert_ne!(created["id"], "chosen");
    assert_ne!(created["members"][0]["userId"], json!(foreign));
    assert_eq!(created["createdAt"], "2026-01-01T00:00:00.000Z");
    let body = json!({ "email": "x@example.com", "role": "member", "status": "accepted", "inviterId": foreign, "expiresAt": "2999-01-01T00:00:00.000Z" });
    let invitation = done(&mallory, "invite-member", body).await;
    assert_eq!(invitation["status"], "pending");
    assert_ne!(invitation["inviterId"], json!(foreign));
    let update = json!({ "data": { "id": "chosen", "createdAt": "1999" } });
    assert_eq!(done(&mallory, "update", update).await["id"], created["id"]);
}

#[tokio::test]
async fn a_client_does_not_set_the_active_organization_of_a_session_itself() {
    let server = with_teams().start();
    let (ada, mallory) = (server.signed_up("ada").await, server.signed_up("mallory").await);
    let acme = create(&ada, "acme").await;
    let body = json!({ "name": "m", "activeOrganizationId": acme });
    mallory.post("/update-user", &body).send().await;
    let sign_in =
        json!({ "email": "mallory@example.com", "password": "password1234", "activeOrganizationId": acme });
    mallory.post("/sign-in/email", &sign_in).send().await;
    assert_eq!(active(&mallory).await, [json!(null), json!(null)]);
}
