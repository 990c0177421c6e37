//! Tests of the rules about organizations.

use super::*;
use crate::{
    access::{PermissionRequest, RoleList, Roles, Statements},
    email::EmailAddress,
    id::UserId,
};

fn request((resource, action): permission::Permission) -> PermissionRequest {
    PermissionRequest::of(resource, action)
}

fn invitation(status: InvitationStatus) -> Invitation {
    let new = NewInvitation {
        organization_id: OrganizationId::new("O"),
        email: EmailAddress::from_stored("Ada@example.com"),
        role: RoleList::of_stored("member"),
        team_ids: invitation_teams(Some("one,two")),
        inviter_id: UserId::new("U"),
        expires_at: DateTime::<Utc>::default(),
        additional: AdditionalFields::default(),
    };
    Invitation {
        status,
        ..Invitation::new(new, InvitationId::new("I"), DateTime::<Utc>::default())
    }
}

#[test]
fn the_default_roles_are_those_of_better_auth() {
    use permission::{
        CANCEL_INVITATION, DELETE_ORGANIZATION, DELETE_ROLE, DELETE_TEAM, READ_ROLE, UPDATE_MEMBER,
    };
    let policy = AccessPolicy::default();
    let managing = [CANCEL_INVITATION, DELETE_ROLE, DELETE_TEAM, UPDATE_MEMBER];
    for (held, permission, expected) in managing
        .into_iter()
        .flat_map(|of| [(OWNER, of, true), (ADMIN, of, true), (MEMBER, of, false)])
        .chain([
            (OWNER, DELETE_ORGANIZATION, true),
            (ADMIN, DELETE_ORGANIZATION, false),
            (MEMBER, DELETE_ORGANIZATION, false),
            (MEMBER, READ_ROLE, true),
        ])
    {
        let held = RoleList::of_stored(held);
        let is_permitted = policy.permit(&held, &Roles::default(), &request(permission));
        assert_eq!(is_permitted, expected, "{held} {permission:?}");
    }
}

#[test]
fn a_configured_role_takes_precedence_over_one_of_the_organization() {
    let policy = AccessPolicy::default();
    let all = Statements::of(&[("organization", &["delete"])]);
    let own = Roles::new([(MEMBER.to_owned(), all.clone()), ("sales".to_owned(), all)]);
    let wanted = request(permission::DELETE_ORGANIZATION);
    for (held, expected) in [
        (MEMBER, false),
        ("sales", true),
        ("member,sales", true),
        (" sales", false),
    ] {
        let held = RoleList::of_stored(held);
        assert_eq!(policy.permit(&held, &own, &wanted), expected, "{held}");
    }
    let held = RoleList::of_stored("member,sales");
    assert_eq!(policy.dynamic_names(&held), ["sales"]);
}

#[test]
fn an_invitation_is_open_until_it_expires_or_is_answered() {
    let now = DateTime::<Utc>::default();
    let later = now + chrono::TimeDelta::milliseconds(1);
    assert!(invitation(InvitationStatus::Pending).is_open(now));
    assert!(!invitation(InvitationStatus::Pending).is_open(later));
    for answered in [
        InvitationStatus::Accepted,
        InvitationStatus::Rejected,
        InvitationStatus::Canceled,
    ] {
        assert!(!invitation(answered).is_open(now));
    }
}

#[test]
fn an_invitation_is_addressed_regardless_of_case() {
    let invitation = invitation(InvitationStatus::Pending);
    for (address, expected) in [("ada@example.com", true), ("bob@example.com", false)] {
        assert_eq!(
            invitation.is_addressed_to(&EmailAddress::from_stored(address)),
            expected
        );
    }
}

#[test]
fn the_teams_of_an_invitation_are_a_comma_list() {
    assert_eq!(
        invitation(InvitationStatus::Pending).team_text().as_deref(),
        Some("one,two")
    );
    assert!(invitation_teams(None).is_empty());
    assert!(invitation_teams(Some("")).is_empty());
}

#[test]
fn every_status_is_found_by_its_name_and_an_unknown_one_permits_nothing() {
    for status in InvitationStatus::ALL {
        assert_eq!(InvitationStatus::from_stored(status.name()), status);
    }
    assert_eq!(InvitationStatus::from_stored("open"), InvitationStatus::Canceled);
}

#[test]
fn the_permissions_of_a_role_survive_storage() {
    let statements = Statements::of(&[("project", &["read", "share"]), ("sale", &[])]);
    let text = write_permission(&statements);
    assert_eq!(text, r#"{"project":["read","share"],"sale":[]}"#);
    assert_eq!(parse_permission(&text), Some(statements));
    for other in ["", "[]", "{\"project\":1}", "{\"project\":[1]}", "null"] {
        assert_eq!(parse_permission(other), None, "{other}");
    }
}

#[test]
fn metadata_is_stored_as_text() {
    let metadata = serde_json::from_str(r#"{"plan":"pro","seats":3}"#).unwrap();
    let new = NewOrganization {
        metadata: Some(metadata),
        ..NewOrganization::default()
    };
    let organization = Organization::new(new, OrganizationId::new("O"), DateTime::<Utc>::default());
    assert_eq!(
        organization.metadata.as_deref(),
        Some(r#"{"plan":"pro","seats":3}"#)
    );
    assert_eq!(organization.metadata_value().unwrap()["plan"], "pro");
}

#[test]
fn a_list_is_sorted_only_by_fields_of_members() {
    let fields = crate::additional::FieldSchema::default();
    assert_eq!(MemberField::parse("role", &fields), Ok(MemberField::Role));
    for unknown in ["", "Role", "password", "user.email"] {
        assert!(MemberField::parse(unknown, &fields).is_err(), "{unknown}");
    }
}

#[test]
fn a_filter_compares_a_field_with_a_value_of_its_kind() {
    use crate::additional::{FieldDefinition, FieldKind, FieldSchema};
    let field = |name: &str, kind| FieldDefinition {
        name: name.to_owned(),
        kind,
        is_required: false,
        default: None,
        is_input: true,
        is_returned: true,
        is_unique: false,
    };
    let fields = FieldSchema::new(vec![
        field("seats", FieldKind::Number),
        field("tags", FieldKind::Strings),
    ]);
    for (name, comparison, value, is_valid) in [
        ("role", Comparison::Contains, Some("own"), true),
        ("createdAt", Comparison::Less, Some("2026-01-01"), true),
        (
            "createdAt",
            Comparison::Less,
            Some("2026-01-01T00:00:00.000Z"),
            true,
        ),
        ("createdAt", Comparison::Contains, Some("2026-01-01"), false),
        ("createdAt", Comparison::Equal, Some("yesterday"), false),
        ("seats", Comparison::Greater, Some("3"), true),
        ("seats", Comparison::Greater, Some("three"), false),
        ("seats", Comparison::Contains, Some("3"), false),
        ("tags", Comparison::Equal, Some("a"), false),
        ("role", Comparison::Equal, None, false),
        ("password", Comparison::Equal, Some("a"), false),
    ] {
        let filter = MemberFilter::parse(name, comparison, value, &fields);
        assert_eq!(filter.is_ok(), is_valid, "{name} {comparison:?} {value:?}");
    }
}

#[test]
fn a_list_of_roles_names_the_creator_regardless_of_spaces() {
    let policy = AccessPolicy::default();
    for (named, expected) in [
        ("member, owner", true),
        ("owner", true),
        ("owners,co-owner", false),
    ] {
        assert_eq!(
            policy.names_creator(&RoleList::of_stored(named)),
            expected,
            "{named}"
        );
    }
}
