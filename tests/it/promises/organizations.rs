//! The codes of the plugin `organization`.

use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer, TestServerBuilder, basic};
use serde_json::{Value, json};

use super::Produced;

const OTHER_SECRET: &str = "Kp3vXz8QmR5tYw2LhN7bJ4fGd9SaEcUi";

fn key(name: &str) -> String {
    format!("PORTCULLIS_PLUGINS__ORGANIZATION__{name}")
}

fn with_plugin() -> TestServerBuilder {
    TestServer::with_every_feature()
        .set(&key("AC"), r#"{"ac":["create","read","update","delete"]}"#)
        .set(&key("MEMBERSHIP_LIMIT"), "4")
        .set(&key("INVITATION_LIMIT"), "2")
        .set(&key("ORGANIZATION_LIMIT"), "1")
        .set(&key("TEAMS__MAXIMUM_TEAMS"), "2")
        .set(&key("TEAMS__MAXIMUM_MEMBERS_PER_TEAM"), "1")
        .set(
            &key("DYNAMIC_ACCESS_CONTROL__MAXIMUM_ROLES_PER_ORGANIZATION"),
            "1",
        )
}

async fn done(caller: &Caller, path: &str, body: Value) -> Value {
    let answer = caller.post(&format!("/organization/{path}"), &body).send().await;
    assert_eq!(answer.status, 200, "{path} {body}: {answer}");
    answer.json()
}

async fn all(produced: &Produced, caller: &Caller, requests: Vec<(&str, Value)>) {
    for (path, body) in requests {
        produced
            .post(caller, &format!("/organization/{path}"), body)
            .await;
    }
}

async fn read(produced: &Produced, caller: &Caller, paths: &[&str]) {
    for path in paths {
        produced.note(&caller.get(&format!("/organization/{path}")).send().await);
    }
}

fn invitation(name: &str, role: &str) -> Value {
    json!({ "email": format!("{name}@example.com"), "role": role })
}

/// A user who accepted an invitation.
async fn joined(server: &TestServer, owner: &Caller, name: &str, role: &str) -> (Caller, Value) {
    let caller = server.signed_up(name).await;
    let invited = done(owner, "invite-member", invitation(name, role)).await;
    let accepted = done(
        &caller,
        "accept-invitation",
        json!({ "invitationId": invited["id"] }),
    )
    .await;
    (caller, accepted["member"].clone())
}

pub(super) async fn met(produced: &Produced) {
    let server = with_plugin().start();
    without_organization(produced, &server).await;
    let owner = server.signed_up("ada").await;
    let acme = done(&owner, "create", json!({ "name": "n", "slug": "acme" })).await;
    let (admin, admin_member) = joined(&server, &owner, "bob", "admin").await;
    let (member, _) = joined(&server, &owner, "carl", "member").await;
    as_owner(produced, &owner, &admin_member).await;
    as_others(produced, &owner, (&admin, &member), &acme).await;
    produced.post(&owner, "/delete-user", json!({})).await;
    teams(produced, &owner, &member, &admin_member).await;
    roles(produced, &owner, (&admin, &member)).await;
    invitations(produced, &server, (&owner, &admin)).await;
    services(produced, &server, &owner, &acme["id"]).await;
    options(produced).await;
}

async fn without_organization(produced: &Produced, server: &TestServer) {
    let anonymous = server.anonymous();
    all(produced, &anonymous, vec![("update", json!({ "data": {} }))]).await;
    read(
        produced,
        &anonymous,
        &["get-invitation?id=x", "list-user-invitations"],
    )
    .await;
    let caller = server.signed_up("dora").await;
    read(
        produced,
        &caller,
        &[
            "list-members",
            "list-members?organizationId=x",
            "list-invitations",
            "list-user-invitations?email=x",
            "get-full-organization?organizationId=x",
            "list-team-members",
            "list-team-members?teamId=x",
        ],
    )
    .await;
    let role = json!({ "role": "r", "permission": {} });
    let requests = vec![
        ("delete", json!({ "organizationId": "x" })),
        ("create-role", role),
        ("leave", json!({ "organizationId": "x" })),
    ];
    all(produced, &caller, requests).await;
}

async fn as_owner(produced: &Produced, owner: &Caller, admin: &Value) {
    let own = owner.get("/organization/get-active-member").send().await.json()["id"].clone();
    let active = owner.get("/get-session").send().await.json()["session"].clone();
    let requests = vec![
        ("create", json!({ "name": "n", "slug": "other" })),
        ("check-slug", json!({ "slug": "acme" })),
        ("update-member-role", json!({ "memberId": own, "role": "" })),
        ("update-member-role", json!({ "memberId": own, "role": "member" })),
        (
            "leave",
            json!({ "organizationId": active["activeOrganizationId"] }),
        ),
        ("invite-member", invitation("x", "chief")),
        ("invite-member", invitation("bob", "member")),
        ("remove-team", json!({ "teamId": active["activeTeamId"] })),
        ("remove-team", json!({ "teamId": "none" })),
        (
            "add-team-member",
            json!({ "teamId": active["activeTeamId"], "userId": admin["userId"] }),
        ),
        ("set-active-team", json!({ "teamId": null })),
        ("remove-team", json!({ "teamId": active["activeTeamId"] })),
    ];
    all(produced, owner, requests).await;
    read(produced, owner, &["list-members?sortBy=x"]).await;
}

async fn as_others(produced: &Produced, owner: &Caller, (admin, member): (&Caller, &Caller), acme: &Value) {
    let own = owner.get("/organization/get-active-member").send().await.json()["id"].clone();
    all(
        produced,
        admin,
        vec![
            ("create", json!({ "name": "n", "slug": "acme" })),
            ("delete", json!({ "organizationId": acme["id"] })),
            ("invite-member", invitation("x", "owner")),
            ("update-member-role", json!({ "memberId": own, "role": "member" })),
        ],
    )
    .await;
    all(
        produced,
        member,
        vec![
            ("update", json!({ "data": { "name": "n" } })),
            ("invite-member", invitation("x", "member")),
            ("remove-member", json!({ "memberIdOrEmail": "bob@example.com" })),
            ("create-team", json!({ "name": "t" })),
            ("update-team", json!({ "teamId": "x", "data": {} })),
            ("remove-team", json!({ "teamId": "x" })),
            ("add-team-member", json!({ "teamId": "x", "userId": "x" })),
            ("remove-team-member", json!({ "teamId": "x", "userId": "x" })),
            ("create-role", json!({ "role": "r", "permission": {} })),
            ("update-role", json!({ "roleName": "r", "data": {} })),
            ("delete-role", json!({ "roleName": "r" })),
        ],
    )
    .await;
    read(produced, member, &["list-teams?organizationId=x"]).await;
}

async fn teams(produced: &Produced, owner: &Caller, member: &Caller, admin: &Value) {
    let team = done(owner, "create-team", json!({ "name": "t" })).await["id"].clone();
    let own = member.get("/organization/get-active-member").send().await.json()["userId"].clone();
    done(owner, "add-team-member", json!({ "teamId": team, "userId": own })).await;
    let requests = vec![
        ("create-team", json!({ "name": "t" })),
        (
            "add-team-member",
            json!({ "teamId": team, "userId": admin["userId"] }),
        ),
        (
            "remove-team-member",
            json!({ "teamId": team, "userId": admin["userId"] }),
        ),
    ];
    all(produced, owner, requests).await;
}

async fn roles(produced: &Produced, owner: &Caller, (admin, member): (&Caller, &Caller)) {
    let role = |name: &str| json!({ "role": name, "permission": { "ac": ["read"] } });
    all(
        produced,
        admin,
        vec![("create-role", json!({ "role": "r", "permission": { "x": [] } }))],
    )
    .await;
    done(owner, "create-role", role("sales")).await;
    let member = member.get("/organization/get-active-member").send().await.json()["id"].clone();
    done(
        owner,
        "update-member-role",
        json!({ "memberId": member, "role": "sales" }),
    )
    .await;
    let requests = vec![
        ("create-role", role("owner")),
        ("create-role", role("more")),
        ("delete-role", json!({ "roleName": "owner" })),
        ("delete-role", json!({ "roleName": "none" })),
        ("delete-role", json!({ "roleName": "sales" })),
    ];
    all(produced, owner, requests).await;
}

async fn invitations(produced: &Produced, server: &TestServer, (owner, admin): (&Caller, &Caller)) {
    let first = done(admin, "invite-member", invitation("eve", "member")).await;
    let second = done(admin, "invite-member", invitation("finn", "member")).await;
    let (eve, finn) = (server.signed_up("eve").await, server.signed_up("finn").await);
    let requests = vec![
        ("invite-member", invitation("eve", "member")),
        ("invite-member", invitation("gina", "member")),
        ("cancel-invitation", json!({ "invitationId": "none" })),
    ];
    all(produced, owner, requests).await;
    all(
        produced,
        &eve,
        vec![("accept-invitation", json!({ "invitationId": second["id"] }))],
    )
    .await;
    let of_acme = json!({ "invitationId": second["id"] });
    done(&eve, "accept-invitation", json!({ "invitationId": first["id"] })).await;
    let requests = vec![
        ("accept-invitation", of_acme.clone()),
        ("create", json!({ "name": "n", "slug": "acme" })),
    ];
    all(produced, &finn, requests).await;
    all(produced, &eve, vec![("cancel-invitation", of_acme)]).await;
    done(
        admin,
        "leave",
        json!({ "organizationId": second["organizationId"] }),
    )
    .await;
    let id = second["id"].as_str().unwrap();
    read(produced, &finn, &[&format!("get-invitation?id={id}")]).await;
}

async fn services(produced: &Produced, server: &TestServer, owner: &Caller, organization: &Value) {
    let user = owner.get("/get-session").send().await.json()["user"]["id"].clone();
    for (service, path, body) in [
        (
            "api",
            "create",
            json!({ "userId": "none", "name": "n", "slug": "s" }),
        ),
        (
            "api",
            "add-member",
            json!({ "userId": user, "role": "member", "organizationId": organization }),
        ),
        ("unknown", "create", json!({})),
    ] {
        let call = server.anonymous();
        let call = call.post(&format!("/portcullis/admin/organizations/{path}"), &body);
        let call = call.header("authorization", &basic(service, SERVICE_SECRET));
        produced.note(&call.send().await);
    }
}

async fn options(produced: &Produced) {
    let file = "[plugins.organization.schema.organization.additional_fields.tax]\ntype = \"string\"\nunique = true\n";
    let server = TestServer::with()
        .file(file)
        .set(&key("ENABLED"), "true")
        .set(&key("DISABLE_ORGANIZATION_DELETION"), "true")
        .set(&key("REQUIRE_EMAIL_VERIFICATION_ON_INVITATION"), "true")
        .set(&key("DYNAMIC_ACCESS_CONTROL__ENABLED"), "true")
        .set(
            &key("ROLES"),
            r#"{"owner":{"invitation":["create"],"organization":["update"]}}"#,
        )
        .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET)
        .set("PORTCULLIS_CLIENTS__API__ADMINISTRATOR", "true")
        .set("PORTCULLIS_CLIENTS__OTHER__SECRET", OTHER_SECRET)
        .start();
    let (ada, bob) = (server.signed_up("ada").await, server.signed_up("bob").await);
    let acme = done(&ada, "create", json!({ "name": "n", "slug": "acme", "tax": "1" })).await;
    let invited = done(&ada, "invite-member", invitation("bob", "member")).await;
    done(&bob, "create", json!({ "name": "n", "slug": "beta", "tax": "2" })).await;
    let requests = vec![
        ("create", json!({ "name": "n", "slug": "gamma", "tax": "1" })),
        ("create", json!({ "name": "n", "slug": "acme", "tax": "3" })),
        ("update", json!({ "data": { "slug": "acme" } })),
        ("delete", json!({ "organizationId": acme["id"] })),
        ("accept-invitation", json!({ "invitationId": invited["id"] })),
        ("create-role", json!({ "role": "r", "permission": {} })),
    ];
    all(produced, &bob, requests).await;
    read(produced, &ada, &["list-roles", "get-role?roleName=x"]).await;
    let body = json!({ "userId": "x", "role": "x", "organizationId": "x", "teamId": "x" });
    for (service, secret) in [("api", SERVICE_SECRET), ("other", OTHER_SECRET)] {
        let call = server.anonymous();
        let call = call.post("/portcullis/admin/organizations/add-member", &body);
        let call = call.header("authorization", &basic(service, secret));
        produced.note(&call.send().await);
    }
    let closed = TestServer::with()
        .set(&key("ENABLED"), "true")
        .set(&key("ALLOW_USER_TO_CREATE_ORGANIZATION"), "false")
        .start();
    let caller = closed.signed_up("ada").await;
    all(
        produced,
        &caller,
        vec![("create", json!({ "name": "n", "slug": "s" }))],
    )
    .await;
}
