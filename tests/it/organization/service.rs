//! Routes for services that are administrators.

use portcullis_testkit::{Answer, SERVICE_SECRET, TestServer, basic};
use serde_json::{Value, json};

use super::{create, key, read, text, with_teams};

/// The secret of a service that is no administrator.
const OTHER_SECRET: &str = "Kp3vXz8QmR5tYw2LhN7bJ4fGd9SaEcUi";

fn server() -> TestServer {
    with_teams()
        .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET)
        .set("PORTCULLIS_CLIENTS__API__ADMINISTRATOR", "true")
        .set("PORTCULLIS_CLIENTS__OTHER__SECRET", OTHER_SECRET)
        .set(&key("MEMBERSHIP_LIMIT"), "2")
        .start()
}

async fn ask(server: &TestServer, service: &str, path: &str, body: &Value) -> Answer {
    let caller = server.anonymous();
    let call = caller.post(&format!("/portcullis/admin/organizations/{path}"), body);
    let secret = if service == "other" {
        OTHER_SECRET
    } else {
        SERVICE_SECRET
    };
    call.without("origin")
        .header("authorization", &basic(service, secret))
        .send()
        .await
}

async fn user_id(server: &TestServer, name: &str) -> String {
    let caller = server.signed_in(name).await;
    text(&caller.get("/get-session").send().await.json()["user"]["id"])
}

#[tokio::test]
async fn a_service_creates_an_organization_and_adds_members() {
    let server = server();
    let ada = server.signed_up("ada").await;
    server.signed_up("bob").await;
    let (owner, user) = (user_id(&server, "ada").await, user_id(&server, "bob").await);
    let body = json!({ "userId": owner, "name": "Acme", "slug": "acme" });
    let created = ask(&server, "api", "create", &body).await;
    assert_eq!(created.status, 200, "{created}");
    let created = created.json();
    assert_eq!(
        json!([created["members"][0]["userId"], created["members"][0]["role"]]),
        json!([owner, "owner"])
    );
    let body = json!({ "userId": user, "organizationId": created["id"], "role": ["member", "admin"] });
    let added = ask(&server, "api", "add-member", &body).await;
    assert_eq!(
        json!([added.status, added.json()["role"]]),
        json!([200, "member,admin"]),
        "{added}"
    );
    let query = format!("list-members?organizationId={}", text(&created["id"]));
    assert_eq!(read(&ada, &query).await["total"], 2);
}

#[tokio::test]
async fn a_service_sets_fields_that_clients_may_not_set() {
    let server = with_teams()
        .file(
            r#"
[plugins.organization.schema.organization.additional_fields]
plan = { type = ["free", "pro"], default = "free", input = false }
[plugins.organization.schema.member.additional_fields]
rank = { type = "number", required = false, input = false }
"#,
        )
        .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET)
        .set("PORTCULLIS_CLIENTS__API__ADMINISTRATOR", "true")
        .start();
    server.signed_up("ada").await;
    server.signed_up("bob").await;
    let (owner, user) = (user_id(&server, "ada").await, user_id(&server, "bob").await);
    let body = json!({ "userId": owner, "name": "Acme", "slug": "acme", "plan": "pro" });
    let created = ask(&server, "api", "create", &body).await.json();
    assert_eq!(created["plan"], "pro", "{created}");
    let body = json!({ "userId": user, "organizationId": created["id"], "role": "member", "rank": 3 });
    let added = ask(&server, "api", "add-member", &body).await.json();
    assert_eq!(added["rank"], 3, "{added}");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn requests_of_services_are_rejected() {
    let server = server();
    let ada = server.signed_up("ada").await;
    server.signed_up("bob").await;
    server.signed_up("eve").await;
    let acme = create(&ada, "acme").await;
    let [owner, bob, eve] = ["ada", "bob", "eve"].map(|name| user_id(&server, name));
    let (owner, bob, eve) = (owner.await, bob.await, eve.await);
    let member = |user: &str, organization: &str| json!({ "userId": user, "organizationId": organization, "role": "member" });
    let with_team = |team: &str| {
        let mut body = member(&bob, &acme);
        body["teamId"] = json!(team);
        body
    };
    let with_role = |role: Value| {
        let mut body = member(&bob, &acme);
        body["role"] = role;
        body
    };
    let named = |user: &str, slug: &str| json!({ "userId": user, "name": "n", "slug": slug });
    for (path, body, status, code) in [
        ("create", named("none", "s"), 400, "USER_NOT_FOUND"),
        (
            "create",
            named(&owner, "acme"),
            400,
            "ORGANIZATION_ALREADY_EXISTS",
        ),
        ("create", json!({}), 400, "VALIDATION_ERROR"),
        ("add-member", member("none", &acme), 400, "USER_NOT_FOUND"),
        ("add-member", member(&bob, "none"), 400, "ORGANIZATION_NOT_FOUND"),
        (
            "add-member",
            member(&owner, &acme),
            400,
            "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION",
        ),
        ("add-member", with_team("none"), 400, "TEAM_NOT_FOUND"),
        (
            "add-member",
            with_role(json!("clerk")),
            400,
            "ROLE_NOT_FOUND_CLERK",
        ),
        (
            "add-member",
            with_role(json!(" owner ")),
            400,
            "ROLE_NOT_FOUND_OWNER",
        ),
        ("add-member", with_role(json!("")), 400, "ROLE_NOT_FOUND"),
        ("add-member", with_role(json!([])), 400, "ROLE_NOT_FOUND"),
    ] {
        let answer = ask(&server, "api", path, &body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{path} {body}: {answer}"
        );
    }
    assert_eq!(
        ask(&server, "api", "add-member", &member(&bob, &acme))
            .await
            .status,
        200
    );
    let full = ask(&server, "api", "add-member", &member(&eve, &acme)).await;
    assert_eq!(full.code(), "ORGANIZATION_MEMBERSHIP_LIMIT_REACHED");
    let other = ask(&server, "other", "create", &named(&owner, "s")).await;
    assert_eq!(
        (other.status, other.code()),
        (403, "SERVICE_IS_NOT_AN_ADMINISTRATOR".to_owned())
    );
    let unknown = ask(&server, "unknown", "create", &named(&owner, "s")).await;
    assert_eq!(unknown.status, 401, "{unknown}");
    let session = ada.post("/portcullis/admin/organizations/create", &named(&owner, "s"));
    assert_eq!(session.send().await.status, 401);
}
