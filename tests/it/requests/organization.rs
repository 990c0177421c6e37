//! The organization `acme`, its member Tom, its teams and roles, and the invitation of a user who is no member.

use super::Request;

pub(super) const REQUESTS: &[Request] = &[
    ("POST", "/organization/create", r#"{"name":"n","slug":"s"}"#),
    (
        "POST",
        "/organization/update",
        r#"{"organizationId":"acme","data":{"name":"n"}}"#,
    ),
    ("POST", "/organization/delete", r#"{"organizationId":"acme"}"#),
    ("POST", "/organization/set-active", r#"{"organizationId":"acme"}"#),
    (
        "GET",
        "/organization/get-full-organization",
        "?organizationId=acme",
    ),
    ("GET", "/organization/list", ""),
    ("POST", "/organization/check-slug", r#"{"slug":"s"}"#),
    (
        "POST",
        "/organization/has-permission",
        r#"{"organizationId":"acme","permissions":{"ac":["read"]}}"#,
    ),
    ("GET", "/organization/get-active-member", ""),
    (
        "GET",
        "/organization/get-active-member-role",
        "?organizationId=acme&userId=TOM_ID",
    ),
];

pub(super) const MEMBERS: &[Request] = &[
    ("GET", "/organization/list-members", "?organizationId=acme"),
    (
        "POST",
        "/organization/remove-member",
        r#"{"organizationId":"acme","memberIdOrEmail":"acme-tom"}"#,
    ),
    (
        "POST",
        "/organization/update-member-role",
        r#"{"organizationId":"acme","memberId":"acme-tom","role":"admin"}"#,
    ),
    ("POST", "/organization/leave", r#"{"organizationId":"acme"}"#),
    (
        "POST",
        "/organization/invite-member",
        r#"{"organizationId":"acme","email":"a@example.com","role":"member"}"#,
    ),
    (
        "POST",
        "/organization/cancel-invitation",
        r#"{"invitationId":"invitation"}"#,
    ),
    ("GET", "/organization/list-invitations", "?organizationId=acme"),
    ("GET", "/organization/list-user-invitations", ""),
    ("GET", "/organization/get-invitation", "?id=invitation"),
    (
        "POST",
        "/organization/accept-invitation",
        r#"{"invitationId":"invitation"}"#,
    ),
    (
        "POST",
        "/organization/reject-invitation",
        r#"{"invitationId":"invitation"}"#,
    ),
];

pub(super) const TEAMS: &[Request] = &[
    (
        "POST",
        "/organization/create-team",
        r#"{"organizationId":"acme","name":"n"}"#,
    ),
    (
        "POST",
        "/organization/update-team",
        r#"{"teamId":"red","data":{"organizationId":"acme","name":"n"}}"#,
    ),
    (
        "POST",
        "/organization/remove-team",
        r#"{"organizationId":"acme","teamId":"red"}"#,
    ),
    ("GET", "/organization/list-teams", "?organizationId=acme"),
    ("POST", "/organization/set-active-team", r#"{"teamId":"red"}"#),
    ("GET", "/organization/list-user-teams", ""),
    ("GET", "/organization/list-team-members", "?teamId=red"),
    (
        "POST",
        "/organization/add-team-member",
        r#"{"teamId":"blue","userId":"TOM_ID"}"#,
    ),
    (
        "POST",
        "/organization/remove-team-member",
        r#"{"teamId":"red","userId":"TOM_ID"}"#,
    ),
];

pub(super) const ROLES: &[Request] = &[
    (
        "POST",
        "/organization/create-role",
        r#"{"organizationId":"acme","role":"r","permission":{"team":["create"]}}"#,
    ),
    (
        "POST",
        "/organization/update-role",
        r#"{"organizationId":"acme","roleName":"helper","data":{"permission":{"team":["update"]}}}"#,
    ),
    (
        "POST",
        "/organization/delete-role",
        r#"{"organizationId":"acme","roleName":"helper"}"#,
    ),
    ("GET", "/organization/list-roles", "?organizationId=acme"),
    (
        "GET",
        "/organization/get-role",
        "?organizationId=acme&roleName=helper",
    ),
];
