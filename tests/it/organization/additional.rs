//! Additional fields of the plugin's tables.

use portcullis_testkit::{TestServer, TestServerBuilder};
use serde_json::json;

use super::{create, done, post, read, refused, with_plugin};

fn with_fields() -> TestServerBuilder {
    TestServer::with().file(
        r#"
[plugins.organization.teams]
enabled = true

[plugins.organization.dynamic_access_control]
enabled = true

[plugins.organization.ac]
ac = ["create", "read", "update", "delete"]

[plugins.organization.schema.organization.additional_fields]
plan = { type = "string" }
billing = { type = "string", required = false, unique = true }
secret = { type = "string", required = false, returned = false }
level = { type = "number", input = false, default = 1 }

[plugins.organization.schema.member.additional_fields]
nick = { type = "string", required = false }

[plugins.organization.schema.invitation.additional_fields]
note = { type = "string" }

[plugins.organization.schema.team.additional_fields]
color = { type = ["red", "blue"], required = false }

[plugins.organization.schema.organization_role.additional_fields]
hint = { type = "string", required = false }
"#,
    )
}

#[tokio::test]
async fn declared_fields_are_stored_and_returned() {
    let server = with_fields().start();
    let ada = server.signed_up("ada").await;
    let body = json!({ "name": "n", "slug": "acme", "plan": "pro", "secret": "s", "level": 9, "other": 1 });
    let created = done(&ada, "create", body).await;
    let fields = json!([
        created["plan"],
        created["secret"],
        created["level"],
        created["billing"],
        created["other"]
    ]);
    assert_eq!(fields, json!(["pro", null, 1, null, null]));
    assert!(
        created.get("secret").is_none() && created.get("other").is_none(),
        "{created}"
    );
    let changed = done(&ada, "update", json!({ "data": { "plan": "free" } })).await;
    assert_eq!(changed["plan"], "free");
    assert_eq!(created["members"][0].get("nick"), Some(&json!(null)));
    let invitation = json!({ "email": "x@example.com", "role": "member", "note": "hello" });
    assert_eq!(done(&ada, "invite-member", invitation).await["note"], "hello");
    server.clock.advance(chrono::TimeDelta::seconds(1));
    let team = done(&ada, "create-team", json!({ "name": "t", "color": "red" })).await;
    let change = json!({ "teamId": team["id"], "data": { "color": "blue" } });
    assert_eq!(done(&ada, "update-team", change).await["color"], "blue");
    let role = json!({ "role": "r", "permission": {}, "additionalFields": { "hint": "h" } });
    assert_eq!(done(&ada, "create-role", role).await["roleData"]["hint"], "h");
    let change = json!({ "roleName": "r", "data": { "hint": "i" } });
    assert_eq!(done(&ada, "update-role", change).await["roleData"]["hint"], "i");
    assert_eq!(read(&ada, "get-role?roleName=r").await["hint"], "i");
    let full = read(&ada, "get-full-organization").await;
    assert_eq!(
        json!([
            full["plan"],
            full["invitations"][0]["note"],
            full["teams"][1]["color"]
        ]),
        json!(["free", "hello", "blue"])
    );
}

#[tokio::test]
async fn invalid_values_of_declared_fields_are_rejected() {
    let server = with_fields().start();
    let ada = server.signed_up("ada").await;
    for (path, body, issue) in [
        (
            "create",
            json!({ "name": "n", "slug": "s" }),
            "[body.plan] Invalid input: expected string, received undefined",
        ),
        (
            "create",
            json!({ "name": "n", "slug": "s", "plan": 1 }),
            "[body.plan] Invalid input: expected string, received number",
        ),
        (
            "update",
            json!({ "data": { "plan": null } }),
            "[body.data.plan] Invalid input: expected string, received null",
        ),
        (
            "create-team",
            json!({ "name": "t", "color": "green" }),
            r#"[body.color] Invalid option: expected one of "red"|"blue""#,
        ),
    ] {
        let answer = post(&ada, path, body).await;
        assert_eq!(
            (answer.status, answer.json()["message"].clone()),
            (400, json!(issue)),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_unique_field_has_each_value_once() {
    let server = with_fields().start();
    let ada = server.signed_up("ada").await;
    let body = |slug: &str| json!({ "name": "n", "slug": slug, "plan": "p", "billing": "B1" });
    done(&ada, "create", body("one")).await;
    refused(&ada, "create", body("two"), (422, "FIELD_IS_ALREADY_TAKEN")).await;
}

#[tokio::test]
async fn without_declarations_other_members_are_ignored() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    let changed = done(&ada, "update", json!({ "data": { "plan": "pro" } })).await;
    assert!(changed.get("plan").is_none(), "{changed}");
}
