//! Administration of the user Tom.

use super::Request;

pub(super) const REQUESTS: &[Request] = &[
    (
        "POST",
        "/admin/create-user",
        r#"{"email":"mallory@example.com","name":"Mallory"}"#,
    ),
    ("GET", "/admin/get-user", "?id=TOM_ID"),
    ("GET", "/admin/list-users", ""),
    (
        "POST",
        "/admin/update-user",
        r#"{"userId":"TOM_ID","data":{"name":"Mallory"}}"#,
    ),
    ("POST", "/admin/set-role", r#"{"userId":"TOM_ID","role":"admin"}"#),
    ("POST", "/admin/ban-user", r#"{"userId":"TOM_ID"}"#),
    ("POST", "/admin/unban-user", r#"{"userId":"TOM_ID"}"#),
    (
        "POST",
        "/admin/set-user-password",
        r#"{"userId":"TOM_ID","newPassword":"password4321"}"#,
    ),
    ("POST", "/admin/remove-user", r#"{"userId":"TOM_ID"}"#),
    ("POST", "/admin/list-user-sessions", r#"{"userId":"TOM_ID"}"#),
    (
        "POST",
        "/admin/revoke-user-session",
        r#"{"sessionToken":"TOM_TOKEN"}"#,
    ),
    ("POST", "/admin/revoke-user-sessions", r#"{"userId":"TOM_ID"}"#),
    ("POST", "/admin/impersonate-user", r#"{"userId":"TOM_ID"}"#),
    ("POST", "/admin/stop-impersonating", "{}"),
    (
        "POST",
        "/admin/has-permission",
        r#"{"permissions":{"user":["list"]}}"#,
    ),
];
