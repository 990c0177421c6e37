//! Requests of services, which authenticate themselves.

use super::Request;

pub(super) const REQUESTS: &[Request] = &[
    ("POST", "/oauth2/introspect", "token=TOM_TOKEN"),
    ("POST", "/oauth2/revoke", "token=TOM_TOKEN"),
    ("POST", "/portcullis/api-key/verify", r#"{"key":"OLGA_TEXT"}"#),
    (
        "POST",
        "/portcullis/admin/create-user",
        r#"{"email":"mallory@example.com","name":"Mallory"}"#,
    ),
    ("GET", "/portcullis/admin/get-user", "?id=TOM_ID"),
    (
        "POST",
        "/portcullis/admin/set-user-password",
        r#"{"userId":"TOM_ID","newPassword":"password4321"}"#,
    ),
    (
        "POST",
        "/portcullis/admin/set-role",
        r#"{"userId":"TOM_ID","role":"admin"}"#,
    ),
    ("POST", "/portcullis/admin/ban-user", r#"{"userId":"TOM_ID"}"#),
    ("POST", "/portcullis/admin/unban-user", r#"{"userId":"TOM_ID"}"#),
    (
        "POST",
        "/portcullis/admin/revoke-user-sessions",
        r#"{"userId":"TOM_ID"}"#,
    ),
    ("POST", "/portcullis/admin/remove-user", r#"{"userId":"TOM_ID"}"#),
    (
        "POST",
        "/portcullis/admin/api-keys/create",
        r#"{"userId":"TOM_ID"}"#,
    ),
    ("GET", "/portcullis/admin/api-keys/get", "?id=OLGA_KEY"),
    ("GET", "/portcullis/admin/api-keys/list", "?userId=OLGA_ID"),
    (
        "POST",
        "/portcullis/admin/api-keys/update",
        r#"{"keyId":"OLGA_KEY","name":"n"}"#,
    ),
    (
        "POST",
        "/portcullis/admin/api-keys/delete",
        r#"{"keyId":"OLGA_KEY"}"#,
    ),
    (
        "POST",
        "/portcullis/admin/organizations/create",
        r#"{"userId":"TOM_ID","name":"n","slug":"s"}"#,
    ),
    (
        "POST",
        "/portcullis/admin/organizations/add-member",
        r#"{"userId":"UNA_ID","organizationId":"acme","role":"member"}"#,
    ),
];
