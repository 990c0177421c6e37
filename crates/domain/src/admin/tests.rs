//! Tests of roles, bans and searches.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::*;
use crate::{
    access::{Roles, Statements},
    additional::{AdditionalFields, FieldSchema},
    email::EmailAddress,
    listing::SortDirection,
    user::User,
};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_767_225_600_000).unwrap()
}

fn user(id: &str, fields: &[(&str, Value)]) -> User {
    let mut additional = AdditionalFields::default();
    for (name, value) in fields {
        additional.set(name, value.clone());
    }
    User {
        id: UserId::new(id),
        name: String::new(),
        email: EmailAddress::from_stored("ada@example.com"),
        email_verified: false,
        image: None,
        created_at: now(),
        updated_at: now(),
        additional,
    }
}

fn holding(roles: &str) -> User {
    user("U", &[(ROLE, json!(roles))])
}

#[test]
fn a_ban_lasts_until_its_end_and_no_longer() {
    for (banned, expires, expected) in [
        (json!(false), Value::Null, BanState::Free),
        (Value::Null, Value::Null, BanState::Free),
        (json!(true), Value::Null, BanState::Banned),
        (json!(true), json!("2026-01-01T00:00:00.000Z"), BanState::Banned),
        (json!(true), json!("2025-12-31T23:59:59.999Z"), BanState::Expired),
        (json!(true), json!("not a date"), BanState::Banned),
        (json!(false), json!("2027-01-01T00:00:00.000Z"), BanState::Free),
    ] {
        let user = user("U", &[(BANNED, banned), (BAN_EXPIRES, expires.clone())]);
        assert_eq!(BanState::of(&user, now()), expected, "{expires}");
    }
}

#[test]
fn a_ban_ends_at_a_time_that_every_system_can_write() {
    assert_eq!(Ban::end(now(), 60.0), Ok(now() + TimeDelta::seconds(60)));
    assert_eq!(Ban::end(now(), 0.5), Ok(now() + TimeDelta::milliseconds(500)));
    assert_eq!(Ban::end(now(), -60.0), Ok(now() - TimeDelta::seconds(60)));
    for seconds in [1e12, 1e300, -1e12, f64::INFINITY, f64::NAN] {
        assert_eq!(Ban::end(now(), seconds), Err(InvalidBanEnd), "{seconds}");
    }
}

#[test]
fn a_ban_is_stored_in_three_fields_and_lifted_in_them() {
    let ban = Ban {
        reason: "spam".to_owned(),
        expires_at: Some(now()),
    };
    let fields = json!(ban.fields().values());
    let expected = json!({ "banned": true, "banReason": "spam", "banExpires": "2026-01-01T00:00:00.000Z" });
    assert_eq!(fields, expected);
    let lifted = json!({ "banned": false, "banReason": null, "banExpires": null });
    assert_eq!(json!(Ban::lifted().values()), lifted);
}

#[test]
fn the_default_roles_are_those_of_better_auth() {
    let policy = AdminPolicy::default();
    for (roles, is_administrator) in [
        ("admin", true),
        ("user,admin", true),
        ("user", false),
        ("", false),
        ("Admin", false),
        ("user, admin", false),
    ] {
        let user = holding(roles);
        assert_eq!(policy.is_administrator(&user), is_administrator, "{roles}");
        assert_eq!(policy.allows(&user, Permission::Ban), is_administrator, "{roles}");
        assert_eq!(
            policy.allows(&user, Permission::RevokeSessions),
            is_administrator,
            "{roles}"
        );
    }
    assert!(!policy.is_administrator(&user("U", &[])));
    assert!(policy.accepts_role("anything") && policy.accepts_role("a,b"));
}

#[test]
fn a_listed_user_may_do_everything_whatever_the_roles() {
    let policy = AdminPolicy {
        admin_users: vec![UserId::new("U")],
        ..AdminPolicy::default()
    };
    assert!(policy.is_administrator(&holding("user")));
    assert!(policy.permits(
        &holding("user"),
        &crate::access::PermissionRequest::of("any", "thing")
    ));
    assert!(!policy.allows(&user("V", &[]), Permission::Ban));
}

#[test]
fn a_user_without_roles_has_the_default_role() {
    let policy = AdminPolicy {
        default_role: "admin".to_owned(),
        ..AdminPolicy::default()
    };
    assert!(policy.is_administrator(&user("U", &[])) && policy.is_administrator(&holding("")));
    assert!(!policy.is_administrator(&holding("user")));
}

#[test]
fn a_banned_administrator_is_not_active() {
    let policy = AdminPolicy::default();
    let banned = user("U", &[(ROLE, json!("admin")), (BANNED, json!(true))]);
    assert!(policy.is_administrator(&banned) && !policy.is_active_administrator(&banned, now()));
}

#[test]
fn administrators_act_only_for_users_whose_permissions_they_have() {
    let support = Statements::of(&[("user", &["impersonate", "list"])]);
    let auditor = Statements::of(&[("user", &["list"])]);
    let billing = Statements::of(&[("invoice", &["void"])]);
    let defaults = AdminPolicy::default();
    let all = defaults.roles.get("admin").cloned().unwrap();
    let policy = AdminPolicy {
        roles: Roles::new([
            ("admin".to_owned(), all),
            ("support".to_owned(), support),
            ("auditor".to_owned(), auditor),
            ("billing".to_owned(), billing),
        ]),
        has_own_roles: true,
        may_impersonate_admins: true,
        ..defaults
    };
    for (by, other, expected) in [
        ("support", "user", true),
        ("support", "auditor", true),
        ("support", "support", true),
        ("support", "billing", false),
        ("support", "admin", false),
        ("support", "user,billing", false),
        ("support,billing", "billing", true),
        ("admin", "admin", true),
        ("admin", "billing", false),
    ] {
        let (by, other) = (holding(by), user("V", &[(ROLE, json!(other))]));
        assert_eq!(policy.may_impersonate(&by, &other), expected, "{by:?} {other:?}");
    }
    for (by, other, expected) in [
        ("support", "auditor", true),
        ("support", "billing", false),
        ("support", "admin", false),
        ("admin", "billing", true),
    ] {
        let (by, other) = (holding(by), user("V", &[(ROLE, json!(other))]));
        assert_eq!(policy.may_take_over(&by, &other), expected, "{by:?} {other:?}");
    }
    let listed = AdminPolicy {
        admin_users: vec![UserId::new("V")],
        ..policy.clone()
    };
    assert!(!listed.may_take_over(&holding("admin"), &user("V", &[])));
    let strict = AdminPolicy {
        may_impersonate_admins: false,
        ..policy
    };
    assert!(!strict.may_impersonate(&holding("admin"), &holding("admin")));
    assert!(strict.accepts_role("support") && !strict.accepts_role("support,admin"));
}

#[test]
fn only_members_that_clients_see_are_searched() {
    let hidden = FieldDefinition {
        is_returned: false,
        ..field("secret", FieldKind::String)
    };
    let numbers = field("tags", FieldKind::Strings);
    let fields = FieldSchema::new([user_fields(), vec![hidden, numbers]].concat());
    for (member, operator, value, is_valid) in [
        ("email", Operator::Contains, "x", true),
        ("role", Operator::Equal, "admin", true),
        ("secret", Operator::Equal, "x", false),
        ("password", Operator::Equal, "x", false),
        ("id;--", Operator::Equal, "x", false),
        ("banned", Operator::Equal, "true", true),
        ("banned", Operator::Equal, "perhaps", false),
        ("banned", Operator::Contains, "true", false),
        ("createdAt", Operator::Greater, "2026-01-01T00:00:00.000Z", true),
        ("createdAt", Operator::Greater, "2026-01-01", true),
        ("createdAt", Operator::Greater, "yesterday", false),
        ("createdAt", Operator::Greater, "-200000-01-01", false),
        ("banExpires", Operator::Greater, "-4713-01-01", false),
        ("tags", Operator::Equal, "x", false),
    ] {
        let condition = Condition::parse(&fields, member, operator, value);
        assert_eq!(condition.is_some(), is_valid, "{member} {value}");
    }
    assert!(Sorting::parse(&fields, "tags", SortDirection::Ascending).is_some());
    assert!(Sorting::parse(&fields, "secret", SortDirection::Ascending).is_none());
}
