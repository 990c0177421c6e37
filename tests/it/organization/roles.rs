//! Roles that organizations create.

use serde_json::{Value, json};

use super::{create, done, joined, key, post, read, refused, text, unread, with_plugin, with_roles};

fn sales() -> Value {
    json!({ "role": "Sales", "permission": { "project": ["read"], "invitation": ["create"] } })
}

#[tokio::test]
async fn an_organization_creates_a_role_and_gives_it_to_a_member() {
    let server = with_roles().set(&key("ROLES"), ROLES).start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let created = done(&ada, "create-role", sales()).await;
    let role = &created["roleData"];
    let permission = json!({ "project": ["read"], "invitation": ["create"] });
    let expected = json!({
        "success": true,
        "roleData": {
            "organizationId": id, "role": "sales", "permission": permission,
            "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": null, "id": role["id"],
        },
        "statements": permission,
    });
    assert_eq!(created, expected);
    assert_eq!(read(&ada, "list-roles").await, json!([role]));
    assert_eq!(read(&ada, "get-role?roleName=sales").await, *role);
    assert_eq!(
        read(&ada, &format!("get-role?roleId={}", text(&role["id"]))).await,
        *role
    );

    let bob = joined(&server, &ada, &id, "bob", "sales").await;
    for (permissions, success) in [
        (json!({ "project": ["read"] }), true),
        (json!({ "project": ["share"] }), false),
    ] {
        let body = json!({ "permissions": permissions });
        assert_eq!(
            done(&bob.caller, "has-permission", body).await["success"],
            success
        );
    }
    super::invite(&bob.caller, &id, "eve", "member").await;
    let assigned = (
        400,
        "CANNOT_DELETE_A_ROLE_THAT_IS_ASSIGNED_TO_MEMBERS_PLEASE_REASSIGN_THE_MEMBERS_TO_A_DIFFERENT_ROLE_FIRST",
    );
    refused(&ada, "delete-role", json!({ "roleName": "sales" }), assigned).await;
}

const ROLES: &str = r#"{"owner":{"organization":["update","delete"],"member":["create","update","delete"],"invitation":["create","cancel"],"ac":["create","read","update","delete"],"project":["read","share"]},"admin":{"ac":["create","read","update"],"project":["read"]},"member":{"project":["read"]}}"#;

#[tokio::test]
async fn roles_are_changed_and_deleted() {
    let server = with_roles().set(&key("ROLES"), ROLES).start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    let id = done(&ada, "create-role", sales()).await["roleData"]["id"].clone();
    let change =
        json!({ "roleId": id, "data": { "permission": { "project": ["share"] }, "roleName": "Support" } });
    let changed = done(&ada, "update-role", change).await;
    let role = &changed["roleData"];
    assert_eq!(
        json!([
            changed["success"],
            role["role"],
            role["permission"],
            role["updatedAt"]
        ]),
        json!([true, "support", { "project": ["share"] }, null])
    );
    let stored = read(&ada, "get-role?roleName=support").await;
    assert_eq!(stored["updatedAt"], "2026-01-01T00:00:00.000Z");
    assert_eq!(
        done(&ada, "delete-role", json!({ "roleName": "support" })).await,
        json!({ "success": true })
    );
    assert_eq!(read(&ada, "list-roles").await, json!([]));
}

#[tokio::test]
async fn a_role_grants_no_more_than_its_creator_holds() {
    let server = with_roles().set(&key("ROLES"), ROLES).start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let admin = joined(&server, &ada, &id, "bob", "admin").await.caller;
    let grant =
        json!({ "role": "boss", "permission": { "project": ["read", "share"], "organization": ["delete"] } });
    let answer = post(&admin, "create-role", grant).await;
    let expected = json!({
        "code": "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE",
        "message": "You are not allowed to create a role",
        "missingPermissions": ["project:share", "organization:delete"],
    });
    assert_eq!((answer.status, answer.json()), (403, expected));
    done(
        &admin,
        "create-role",
        json!({ "role": "reader", "permission": { "project": ["read"] } }),
    )
    .await;
    let change = json!({ "roleName": "reader", "data": { "permission": { "project": ["share"] } } });
    let answer = post(&admin, "update-role", change).await;
    assert_eq!(answer.json()["missingPermissions"], json!(["project:share"]));
    assert_eq!(answer.code(), "YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn requests_about_roles_are_rejected() {
    let server = with_roles().set(&key("ROLES"), ROLES).start();
    let ada = server.signed_up("ada").await;
    refused(
        &ada,
        "create-role",
        sales(),
        (400, "YOU_MUST_BE_IN_AN_ORGANIZATION_TO_CREATE_A_ROLE"),
    )
    .await;
    refused(
        &ada,
        "delete-role",
        json!({ "roleName": "x" }),
        (400, "NO_ACTIVE_ORGANIZATION"),
    )
    .await;
    let id = create(&ada, "acme").await;
    done(&ada, "create-role", sales()).await;
    let member = joined(&server, &ada, &id, "bob", "member").await.caller;
    let stranger = server.signed_up("mallory").await;
    let foreign = |mut body: Value| {
        body["organizationId"] = json!(id);
        body
    };
    let update = json!({ "roleName": "sales", "data": {} });
    let delete = json!({ "roleName": "sales" });
    let outside = "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION";
    for (caller, path, body, status, code) in [
        (
            &ada,
            "create-role",
            json!({ "role": "OWNER", "permission": {} }),
            400,
            "THAT_ROLE_NAME_IS_ALREADY_TAKEN",
        ),
        (
            &ada,
            "create-role",
            sales(),
            400,
            "THAT_ROLE_NAME_IS_ALREADY_TAKEN",
        ),
        (
            &ada,
            "create-role",
            json!({ "role": "r", "permission": { "car": ["buy"] } }),
            400,
            "THE_PROVIDED_PERMISSION_INCLUDES_AN_INVALID_RESOURCE",
        ),
        (&stranger, "create-role", foreign(sales()), 403, outside),
        (
            &member,
            "create-role",
            json!({ "role": "r", "permission": {} }),
            403,
            "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE",
        ),
        (&stranger, "update-role", foreign(update.clone()), 403, outside),
        (
            &member,
            "update-role",
            update.clone(),
            403,
            "YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE",
        ),
        (
            &ada,
            "update-role",
            json!({ "roleName": "none", "data": {} }),
            400,
            "ROLE_NOT_FOUND",
        ),
        (
            &ada,
            "update-role",
            json!({ "roleName": "sales", "data": { "roleName": "admin" } }),
            400,
            "THAT_ROLE_NAME_IS_ALREADY_TAKEN",
        ),
        (
            &ada,
            "update-role",
            json!({ "roleName": "sales", "data": { "roleName": "sales" } }),
            400,
            "THAT_ROLE_NAME_IS_ALREADY_TAKEN",
        ),
        (
            &ada,
            "update-role",
            json!({ "roleName": "sales", "data": { "permission": { "car": [] } } }),
            400,
            "THE_PROVIDED_PERMISSION_INCLUDES_AN_INVALID_RESOURCE",
        ),
        (&stranger, "delete-role", foreign(delete.clone()), 403, outside),
        (
            &member,
            "delete-role",
            delete,
            403,
            "YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE",
        ),
        (
            &ada,
            "delete-role",
            json!({ "roleName": "owner" }),
            400,
            "CANNOT_DELETE_A_PREDEFINED_ROLE",
        ),
        (
            &ada,
            "delete-role",
            json!({ "roleId": "none" }),
            400,
            "ROLE_NOT_FOUND",
        ),
    ] {
        refused(caller, path, body, (status, code)).await;
    }
    unread(&ada, "get-role?roleName=none", (400, "ROLE_NOT_FOUND")).await;
    unread(
        &member,
        "get-role?roleName=sales",
        (403, "YOU_ARE_NOT_ALLOWED_TO_READ_A_ROLE"),
    )
    .await;
    unread(&member, "list-roles", (403, "YOU_ARE_NOT_ALLOWED_TO_LIST_A_ROLE")).await;
    unread(&stranger, "list-roles", (400, "NO_ACTIVE_ORGANIZATION")).await;
    unread(
        &stranger,
        &format!("list-roles?organizationId={id}"),
        (403, outside),
    )
    .await;
}

#[tokio::test]
async fn a_role_is_named_by_its_name_or_its_id() {
    let server = with_roles().start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    for (body, issue) in [
        (json!({}), "[body] Invalid input"),
        (json!({ "roleName": "", "roleId": "" }), "[body] Invalid input"),
        (
            json!({ "roleName": "" }),
            "[body.roleName] Too small: expected string to have >=1 characters",
        ),
        (json!({ "roleId": 5 }), "[body] Invalid input"),
    ] {
        let answer = post(&ada, "delete-role", body).await;
        assert_eq!(
            (answer.status, answer.json()["message"].clone()),
            (400, json!(issue))
        );
    }
}

#[tokio::test]
async fn roles_need_the_resources_of_the_deployment() {
    let server = with_plugin()
        .set(&key("DYNAMIC_ACCESS_CONTROL__ENABLED"), "true")
        .start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    let code = "DYNAMIC_ACCESS_CONTROL_REQUIRES_A_PREDEFINED_AC_INSTANCE_ON_THE_SERVER_AUTH_PLUGIN_READ_SERVER_LOGS_FOR_MORE_INFORMATION";
    refused(&ada, "create-role", sales(), (501, code)).await;
    refused(
        &ada,
        "update-role",
        json!({ "roleName": "x", "data": {} }),
        (501, code),
    )
    .await;
}

#[tokio::test]
async fn an_organization_creates_no_more_roles_than_permitted() {
    let limit = key("DYNAMIC_ACCESS_CONTROL__MAXIMUM_ROLES_PER_ORGANIZATION");
    let server = with_roles().set(&limit, "1").start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    done(&ada, "create-role", json!({ "role": "one", "permission": {} })).await;
    let body = json!({ "role": "two", "permission": {} });
    refused(
        &ada,
        "create-role",
        body,
        (400, "THIS_ORGANIZATION_HAS_TOO_MANY_ROLES"),
    )
    .await;
}

#[tokio::test]
async fn a_role_has_no_empty_name_and_none_with_commas_or_spaces_around_it() {
    let server = with_roles().set(&key("ROLES"), ROLES).start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    done(&ada, "create-role", sales()).await;
    let invalid = (400, "VALIDATION_ERROR");
    for name in ["", ",", "x,owner", " ", "owner ", "\tsales"] {
        let body = json!({ "role": name, "permission": { "project": ["read"] } });
        refused(&ada, "create-role", body, invalid).await;
        if !name.is_empty() {
            let body = json!({ "roleName": "sales", "data": { "roleName": name } });
            refused(&ada, "update-role", body, invalid).await;
        }
    }
    assert_eq!(read(&ada, "list-roles").await.as_array().unwrap().len(), 1);
}
