//! Options of administration.

use chrono::TimeDelta;
use portcullis_domain::{access::PermissionRequest, admin::AdminPolicy, id::UserId};

use crate::config::tests::{load, refused};

fn policy(file: &str) -> AdminPolicy {
    load(file, &[]).admin.unwrap().policy
}

#[test]
fn the_plugin_is_enabled_by_its_section_with_the_defaults_of_better_auth() {
    assert!(load("", &[]).admin.is_none());
    assert!(load("[plugins.admin]\nenabled = false", &[]).admin.is_none());
    let options = load("[plugins.admin]", &[]).admin.unwrap();
    assert_eq!(options.policy, AdminPolicy::default());
    assert_eq!(options.impersonation_lifetime, TimeDelta::hours(1));
    assert_eq!(options.session_lifetime, TimeDelta::days(7));
    assert_eq!(options.bans.default_length, None);
    assert_eq!(options.first_admin, None);
    let names: Vec<_> = options
        .fields
        .fields()
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(names, ["role", "banned", "banReason", "banExpires"]);
}

#[test]
fn declared_roles_replace_those_of_better_auth() {
    let policy = policy(
        r#"
        [plugins.admin]
        admin_roles = "chief"
        admin_user_ids = ["one", "two"]
        ac = { user = ["ban"], invoice = ["void", "read"] }
        [plugins.admin.roles]
        chief = { user = ["ban"], invoice = ["read"] }
        user = {}
        "#,
    );
    assert!(policy.has_own_roles && policy.roles.get("admin").is_none());
    let chief = policy.roles.get("chief").unwrap();
    assert!(chief.permit(&PermissionRequest::of("invoice", "read")));
    assert!(!chief.permit(&PermissionRequest::of("invoice", "void")));
    assert_eq!(policy.admin_roles, ["chief"]);
    assert_eq!(policy.admin_users, ["one", "two"].map(UserId::new));
}

#[test]
fn invalid_roles_and_addresses_are_refused() {
    for (file, words) in [
        ("admin_roles = [\"chief\"]", "there is no role \"chief\""),
        ("admin_roles = [\"Admin\"]", "there is no role \"Admin\""),
        (
            "roles = { chief = { user = [\"ban\"] } }",
            "`plugins.admin.admin_roles`: there is no role \"admin\"; declare it in `plugins.admin.roles`, or use one of \"chief\"",
        ),
        (
            "default_role = \"user,ghost\"\nroles = { admin = {}, user = {} }",
            "`plugins.admin.default_role`: there is no role \"ghost\"",
        ),
        (
            "default_role = \"user,admin\"",
            "every user would be an administrator",
        ),
        (
            "admin_roles = []\nfirst_admin_email = \"ada@example.com\"",
            "needs a role in `plugins.admin.admin_roles`",
        ),
        ("first_admin_email = \"no\"", "must be an e-mail address"),
        ("roles = { \"a,b\" = {} }", "must not contain a comma"),
        (
            "roles = { chief = \"all\" }",
            "must be a table of actions by resource",
        ),
        ("roles = { chief = { user = [1] } }", "must be a list of texts"),
        (
            "ac = { user = [\"list\"] }\nroles = { chief = { user = [\"ban\"] } }",
            "does not list the action \"ban\"",
        ),
    ] {
        let problems = refused(&format!("[plugins.admin]\n{file}"), &[]).join("\n");
        assert!(problems.contains(words), "{file}: {problems}");
    }
}

#[test]
fn roles_that_permit_less_than_they_seem_to_are_reported() {
    for (file, words) in [
        ("", None),
        ("default_role = \"user\"", None),
        (
            "default_role = \"member\"",
            Some("there is no role \"member\"; use one of \"admin\", \"user\""),
        ),
        (
            "admin_roles = []",
            Some("no user is protected as an administrator"),
        ),
        ("admin_roles = []\nadmin_user_ids = [\"one\"]", None),
        (
            "roles = { admin = { user = [\"setRole\"] } }",
            Some("the server has no action \"setRole\"; it has create, list, set-role"),
        ),
        (
            "ac = { user = [\"export\"] }\nroles = { admin = { user = [\"export\"] } }",
            None,
        ),
        (
            "roles = { admin = { session = [\"delete\"], article = [\"publish\"] } }",
            None,
        ),
    ] {
        let warnings = load(&format!("[plugins.admin]\n{file}"), &[]).warnings;
        let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
        let found = warnings
            .iter()
            .any(|warning| words.is_some_and(|words| warning.contains(words)));
        assert_eq!(found, words.is_some(), "{file}: {warnings:?}");
        assert_eq!(warnings.is_empty(), words.is_none(), "{file}: {warnings:?}");
    }
}
