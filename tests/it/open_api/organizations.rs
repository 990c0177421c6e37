//! Answers of the plugin `organization`.

use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer, basic};
use serde_json::{Value, json};

use super::answers::Checked;

/// Sends a request to each route, with a successful answer and, of some, an error.
pub(super) async fn organizations(checked: &Checked, server: &TestServer) {
    let owner = server.signed_up("owner").await;
    let created = post(
        checked,
        &owner,
        "create",
        json!({ "name": "n", "slug": "acme", "metadata": {} }),
    )
    .await;
    let guest = server.signed_up("guest").await;
    of_members(checked, &owner, &guest, &created["id"]).await;
    of_invitations(checked, &owner, &guest).await;
    of_teams(checked, &owner, &guest).await;
    of_roles(checked, &owner).await;
    of_services(checked, server, &owner).await;
    let organization = json!({ "organizationId": created["id"] });
    post(checked, &guest, "leave", organization.clone()).await;
    post(checked, &server.anonymous(), "update", json!({ "data": {} })).await;
    post(checked, &server.anonymous(), "delete", organization.clone()).await;
    post(checked, &owner, "delete", organization).await;
}

async fn post(checked: &Checked, caller: &Caller, path: &str, body: Value) -> Value {
    let answer = checked.post(caller, &format!("/organization/{path}"), body).await;
    if answer.body.is_empty() {
        Value::Null
    } else {
        answer.json()
    }
}

async fn get(checked: &Checked, caller: &Caller, path: &str, query: &str) -> Value {
    let answer = checked.get(caller, &format!("/organization/{path}"), query).await;
    answer.json()
}

async fn of_members(checked: &Checked, owner: &Caller, guest: &Caller, id: &Value) {
    for path in [
        "list",
        "get-full-organization",
        "list-members",
        "get-active-member",
        "get-active-member-role",
    ] {
        get(checked, owner, path, "").await;
    }
    get(checked, guest, "get-active-member", "").await;
    get(checked, guest, "get-full-organization", "").await;
    post(checked, owner, "update", json!({ "data": { "name": "m" } })).await;
    post(checked, owner, "set-active", json!({ "organizationId": id })).await;
    post(checked, owner, "check-slug", json!({ "slug": "free" })).await;
    post(checked, owner, "check-slug", json!({ "slug": "acme" })).await;
    post(
        checked,
        owner,
        "has-permission",
        json!({ "permissions": { "ac": ["read"] } }),
    )
    .await;
    let own = get(checked, owner, "get-active-member", "").await["id"].clone();
    post(
        checked,
        owner,
        "update-member-role",
        json!({ "memberId": own, "role": "owner" }),
    )
    .await;
    post(
        checked,
        owner,
        "update-member-role",
        json!({ "memberId": own, "role": "" }),
    )
    .await;
}

async fn of_invitations(checked: &Checked, owner: &Caller, guest: &Caller) {
    let invitation = json!({ "email": "guest@example.com", "role": "member" });
    let mut ids = Vec::new();
    for path in ["cancel-invitation", "reject-invitation", "accept-invitation"] {
        let id = post(checked, owner, "invite-member", invitation.clone()).await["id"].clone();
        get(
            checked,
            guest,
            "get-invitation",
            &format!("?id={}", id.as_str().unwrap()),
        )
        .await;
        get(checked, guest, "list-user-invitations", "").await;
        let by = if path == "cancel-invitation" { owner } else { guest };
        post(checked, by, path, json!({ "invitationId": id })).await;
        ids.push(id);
    }
    get(checked, owner, "list-invitations", "").await;
    post(
        checked,
        owner,
        "invite-member",
        json!({ "email": "x@example.com", "role": "chief" }),
    )
    .await;
    let again = post(
        checked,
        owner,
        "remove-member",
        json!({ "memberIdOrEmail": "guest@example.com" }),
    )
    .await;
    assert_eq!(again["member"]["user"]["name"], "guest");
    let id = post(checked, owner, "invite-member", invitation).await["id"].clone();
    post(checked, guest, "accept-invitation", json!({ "invitationId": id })).await;
}

async fn of_teams(checked: &Checked, owner: &Caller, guest: &Caller) {
    let team = post(checked, owner, "create-team", json!({ "name": "t" })).await["id"].clone();
    post(
        checked,
        owner,
        "update-team",
        json!({ "teamId": team, "data": { "name": "u" } }),
    )
    .await;
    for path in ["list-teams", "list-user-teams", "list-team-members"] {
        get(checked, owner, path, "").await;
    }
    let user = get(checked, guest, "get-active-member", "").await["userId"].clone();
    let body = json!({ "teamId": team, "userId": user });
    post(checked, owner, "add-team-member", body.clone()).await;
    post(checked, guest, "set-active-team", json!({ "teamId": team })).await;
    post(checked, owner, "remove-team-member", body).await;
    post(checked, owner, "remove-team", json!({ "teamId": team })).await;
}

async fn of_roles(checked: &Checked, owner: &Caller) {
    let role = json!({ "role": "r", "permission": { "ac": ["read"] } });
    post(checked, owner, "create-role", role).await;
    get(checked, owner, "list-roles", "").await;
    get(checked, owner, "get-role", "?roleName=r").await;
    post(
        checked,
        owner,
        "update-role",
        json!({ "roleName": "r", "data": { "roleName": "q" } }),
    )
    .await;
    post(checked, owner, "delete-role", json!({ "roleName": "q" })).await;
}

async fn of_services(checked: &Checked, server: &TestServer, owner: &Caller) {
    let session = owner.get("/get-session").send().await.json();
    let guest = server.signed_up("helper").await;
    let helper = guest.get("/get-session").send().await.json()["user"]["id"].clone();
    for (path, body) in [
        ("create", json!({ "userId": helper, "name": "n", "slug": "made" })),
        (
            "add-member",
            json!({ "userId": helper, "role": "member", "organizationId": session["session"]["activeOrganizationId"] }),
        ),
    ] {
        let path = format!("/portcullis/admin/organizations/{path}");
        let anonymous = server.anonymous();
        let call = anonymous
            .post(&path, &body)
            .header("authorization", &basic("api", SERVICE_SECRET));
        let answer = checked.send("post", &path, call).await;
        assert_eq!(answer.status, 200, "{answer}");
    }
}
