//! The plugin `organization`.

mod additional;
mod attacks;
mod giving;
mod invitations;
mod limits;
mod members;
mod options;
mod organizations;
mod races;
mod roles;
mod service;
mod signed_out;
mod teams;
mod user_deletion;

use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const AC: &str = r#"{"organization":["update","delete"],"member":["create","update","delete"],"invitation":["create","cancel"],"team":["create","update","delete"],"ac":["create","read","update","delete"],"project":["read","share"]}"#;

fn key(name: &str) -> String {
    format!("PORTCULLIS_PLUGINS__ORGANIZATION__{name}")
}

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set(&key("ENABLED"), "true")
}

fn with_teams() -> TestServerBuilder {
    with_plugin().set(&key("TEAMS__ENABLED"), "true")
}

fn with_roles() -> TestServerBuilder {
    with_plugin()
        .set(&key("DYNAMIC_ACCESS_CONTROL__ENABLED"), "true")
        .set(&key("AC"), AC)
}

async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.post(&format!("/organization/{path}"), &body).send().await
}

async fn get(caller: &Caller, path: &str) -> Answer {
    caller.get(&format!("/organization/{path}")).send().await
}

/// The body of a successful answer.
async fn done(caller: &Caller, path: &str, body: Value) -> Value {
    let answer = post(caller, path, body).await;
    assert_eq!(answer.status, 200, "{path}: {answer}");
    answer.json()
}

/// The body of a successful answer.
async fn read(caller: &Caller, path: &str) -> Value {
    let answer = get(caller, path).await;
    assert_eq!(answer.status, 200, "{path}: {answer}");
    answer.json()
}

/// Asserts that a request is rejected with this status and this code.
async fn refused(caller: &Caller, path: &str, body: Value, expected: (u16, &str)) {
    let answer = post(caller, path, body.clone()).await;
    let code = answer.code();
    assert_eq!(
        (answer.status, code.as_str()),
        expected,
        "{path} {body}: {answer}"
    );
}

/// Asserts that a query is rejected with this status and this code.
async fn unread(caller: &Caller, path: &str, expected: (u16, &str)) {
    let answer = get(caller, path).await;
    let code = answer.code();
    assert_eq!((answer.status, code.as_str()), expected, "{path}: {answer}");
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

/// Creates an organization, in which its creator then works, and returns its id.
async fn create(owner: &Caller, slug: &str) -> String {
    let created = done(owner, "create", json!({ "name": slug, "slug": slug })).await;
    text(&created["id"])
}

/// Invites `name@example.com` and returns the id of the invitation.
async fn invite(by: &Caller, organization: &str, name: &str, role: &str) -> String {
    let body =
        json!({ "email": format!("{name}@example.com"), "role": role, "organizationId": organization });
    text(&done(by, "invite-member", body).await["id"])
}

/// A user who accepted an invitation.
struct Joined {
    caller: Caller,
    /// The id of the membership.
    member: String,
    /// The id of the user.
    user: String,
}

/// Signs a user up, who joins the organization.
async fn joined(server: &TestServer, owner: &Caller, organization: &str, name: &str, role: &str) -> Joined {
    let caller = server.signed_up(name).await;
    let invitation = invite(owner, organization, name, role).await;
    let accepted = done(
        &caller,
        "accept-invitation",
        json!({ "invitationId": invitation }),
    )
    .await;
    let member = &accepted["member"];
    Joined {
        member: text(&member["id"]),
        user: text(&member["userId"]),
        caller,
    }
}

/// The caller's membership of the active organization.
async fn own_member(caller: &Caller) -> String {
    text(&read(caller, "get-active-member").await["id"])
}

/// The organization and the team in which the caller works.
async fn active(caller: &Caller) -> [Value; 2] {
    let session = caller.get("/get-session").send().await.json()["session"].clone();
    [
        session["activeOrganizationId"].clone(),
        session["activeTeamId"].clone(),
    ]
}

#[tokio::test]
async fn without_the_plugin_its_routes_do_not_exist() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let body = json!({ "name": "Acme", "slug": "acme" });
    assert_eq!(post(&ada, "create", body).await.status, 404);
    let session = ada.get("/get-session").send().await.json()["session"].clone();
    assert!(session.get("activeOrganizationId").is_none(), "{session}");
    let tables = "select from pg_tables where tablename in ('organization', 'member', 'invitation', 'team')";
    assert_eq!(server.rows(tables), 0);
}

#[tokio::test]
async fn without_their_options_teams_and_roles_do_not_exist() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    for path in ["create-team", "set-active-team", "create-role", "delete-role"] {
        assert_eq!(post(&ada, path, json!({})).await.status, 404, "{path}");
    }
    let full = read(&ada, "get-full-organization").await;
    assert!(full.get("teams").is_none(), "{full}");
    let invited = done(
        &ada,
        "invite-member",
        json!({ "email": "bob@example.com", "role": "member" }),
    )
    .await;
    assert!(invited.get("teamId").is_none(), "{invited}");
    assert_eq!(
        server.rows("select from pg_tables where tablename in ('team', 'organizationRole')"),
        0
    );
}
