//! Roles that organizations create.

use portcullis_domain::{
    access::{PermissionRequest, RoleList, Statements},
    additional::AdditionalFields,
    organization::{AccessPolicy, MemberId, OrganizationRoleId, default_statements},
};

use super::{
    super::{
        DynamicRoleOptions, OrganizationOptions, Organizations, UpdateMemberRole,
        roles::{
            CreateRole, CreateRoleError, DeleteRoleError, OrganizationRoles, ReadRolesError, RoleKey,
            UpdateRole, UpdateRoleError,
        },
    },
    world::{ACME, OTHER, World, id},
};
use crate::testing::fixtures::{SESSION_POLICY, message_options};

fn options(maximum: Option<u32>) -> OrganizationOptions {
    OrganizationOptions {
        access: AccessPolicy {
            statements: Some(default_statements()),
            ..AccessPolicy::default()
        },
        dynamic_roles: Some(DynamicRoleOptions { maximum }),
        ..OrganizationOptions::default()
    }
}

fn roles_of(world: &World, options: OrganizationOptions) -> OrganizationRoles {
    let ports = &world.fake.ports;
    let organizations = Organizations::new(ports, options, message_options(), SESSION_POLICY);
    OrganizationRoles::new(organizations).unwrap()
}

fn world() -> (World, OrganizationRoles) {
    let world = World::new(options(None));
    let roles = roles_of(&world, options(None));
    (world, roles)
}

fn inviting() -> Statements {
    Statements::of(&[("invitation", &["create"])])
}

fn new(name: &str, permission: Statements) -> CreateRole {
    CreateRole {
        organization: Some(id(ACME)),
        name: name.to_owned(),
        permission,
        additional: AdditionalFields::default(),
    }
}

fn named(name: &str) -> RoleKey {
    RoleKey::Name(name.to_owned())
}

fn change(role: RoleKey, permission: Option<Statements>, name: Option<&str>) -> UpdateRole {
    UpdateRole {
        organization: Some(id(ACME)),
        role,
        permission,
        name: name.map(str::to_owned),
        additional: AdditionalFields::default(),
    }
}

#[test]
fn without_the_option_organizations_create_no_roles() {
    let world = World::new(OrganizationOptions::default());
    assert!(OrganizationRoles::new(world.organizations).is_none());
}

#[tokio::test]
async fn a_role_is_stored_in_lower_case_and_grants_what_it_lists() {
    let (world, roles) = world();
    let created = roles
        .create(&world.by("ada"), new("Sales", inviting()))
        .await
        .unwrap();
    assert_eq!(
        (created.role.role.as_str(), created.statements),
        ("sales", inviting())
    );
    let command = UpdateMemberRole {
        member: MemberId::new("acme-cleo"),
        role: RoleList::of_names(["sales"]),
        organization: Some(id(ACME)),
    };
    world
        .organizations
        .update_member_role(&world.by("ada"), command)
        .await
        .unwrap();
    for (action, expected) in [("create", true), ("cancel", false)] {
        let request = PermissionRequest::of("invitation", action);
        let by = world.by("cleo");
        let permitted = world
            .organizations
            .has_permission(&by, Some(id(ACME)), &request)
            .await;
        assert_eq!(permitted.unwrap(), expected, "{action}");
    }
    let error = roles
        .delete(&world.by("ada"), Some(id(ACME)), &named("sales"))
        .await
        .unwrap_err();
    assert!(matches!(error, DeleteRoleError::IsAssigned));
}

#[tokio::test]
async fn a_role_grants_no_more_than_its_creator_holds() {
    let (world, roles) = world();
    let wanted = Statements::of(&[("organization", &["update", "delete"]), ("team", &["create"])]);
    let error = roles
        .create(&world.by("bob"), new("boss", wanted.clone()))
        .await
        .unwrap_err();
    let CreateRoleError::Missing(missing) = error else {
        panic!("{error}")
    };
    assert_eq!(missing, ["organization:delete"]);
    roles
        .create(&world.by("bob"), new("helper", inviting()))
        .await
        .unwrap();
    let change = change(named("helper"), Some(wanted), None);
    let error = roles.update(&world.by("bob"), change).await.unwrap_err();
    assert!(matches!(error, UpdateRoleError::Missing(missing) if missing == ["organization:delete"]));
}

#[tokio::test]
async fn a_role_needs_a_free_name_and_known_resources() {
    let (world, roles) = world();
    let create = async |name: &str, new| roles.create(&world.by(name), new).await;
    create("ada", new("sales", inviting())).await.unwrap();
    for name in ["owner", "OWNER", "sales", "Sales"] {
        let error = create("ada", new(name, inviting())).await.unwrap_err();
        assert!(matches!(error, CreateRoleError::NameTaken), "{name}");
    }
    let unknown = Statements::of(&[("car", &[])]);
    let error = create("ada", new("r", unknown)).await.unwrap_err();
    assert!(matches!(error, CreateRoleError::UnknownResource));
    let error = create("cleo", new("r", inviting())).await.unwrap_err();
    assert!(matches!(error, CreateRoleError::NotAllowed));
    let error = create("eve", new("r", inviting())).await.unwrap_err();
    assert!(matches!(error, CreateRoleError::NotAMember));
    let nowhere = CreateRole {
        organization: None,
        ..new("r", inviting())
    };
    let error = create("ada", nowhere).await.unwrap_err();
    assert!(matches!(error, CreateRoleError::NoOrganization));
}

#[tokio::test]
async fn the_number_of_roles_is_limited() {
    let (world, _) = world();
    let roles = roles_of(&world, options(Some(1)));
    roles
        .create(&world.by("ada"), new("one", inviting()))
        .await
        .unwrap();
    let error = roles
        .create(&world.by("ada"), new("two", inviting()))
        .await
        .unwrap_err();
    assert!(matches!(error, CreateRoleError::LimitReached));
}

#[tokio::test]
async fn without_configured_resources_no_role_is_created() {
    let (world, _) = world();
    let options = OrganizationOptions {
        access: AccessPolicy::default(),
        ..options(None)
    };
    let roles = roles_of(&world, options);
    let error = roles
        .create(&world.by("ada"), new("r", inviting()))
        .await
        .unwrap_err();
    assert!(matches!(error, CreateRoleError::NoStatements));
    let error = roles
        .update(&world.by("ada"), change(named("r"), None, None))
        .await
        .unwrap_err();
    assert!(matches!(error, UpdateRoleError::NoStatements));
}

#[tokio::test]
async fn a_role_is_renamed_to_a_free_name_and_deleted() {
    let (world, roles) = world();
    let created = roles
        .create(&world.by("ada"), new("sales", inviting()))
        .await
        .unwrap();
    let key = RoleKey::Id(created.role.id.clone());
    for taken in ["sales", "Owner"] {
        let error = roles
            .update(&world.by("ada"), change(key.clone(), None, Some(taken)))
            .await
            .unwrap_err();
        assert!(matches!(error, UpdateRoleError::NameTaken), "{taken}");
    }
    let updated = roles
        .update(&world.by("ada"), change(key.clone(), None, Some("Support")))
        .await
        .unwrap();
    assert_eq!(
        (updated.before.role.as_str(), updated.after.role.as_str()),
        ("sales", "support")
    );
    let error = roles
        .delete(&world.by("ada"), Some(id(ACME)), &named("owner"))
        .await
        .unwrap_err();
    assert!(matches!(error, DeleteRoleError::Predefined));
    let error = roles
        .delete(&world.by("eve"), Some(id(OTHER)), &key)
        .await
        .unwrap_err();
    assert!(matches!(error, DeleteRoleError::NotFound));
    let error = roles
        .delete(&world.by("cleo"), Some(id(ACME)), &key)
        .await
        .unwrap_err();
    assert!(matches!(error, DeleteRoleError::NotAllowed));
    roles
        .delete(&world.by("bob"), Some(id(ACME)), &key)
        .await
        .unwrap();
    assert!(world.rows().organization_roles.is_empty());
}

#[tokio::test]
async fn roles_are_read_by_members_who_may() {
    let (world, roles) = world();
    let created = roles
        .create(&world.by("ada"), new("sales", inviting()))
        .await
        .unwrap();
    let listed = roles.list(&world.by("cleo"), Some(id(ACME))).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&created.role));
    let found = roles
        .get(&world.by("cleo"), Some(id(ACME)), &named("sales"))
        .await
        .unwrap();
    assert_eq!(found, created.role);
    let unknown = RoleKey::Id(OrganizationRoleId::new("none"));
    let error = roles
        .get(&world.by("cleo"), Some(id(ACME)), &unknown)
        .await
        .unwrap_err();
    assert!(matches!(error, ReadRolesError::NotFound));
    let error = roles.list(&world.by("eve"), Some(id(ACME))).await.unwrap_err();
    assert!(matches!(error, ReadRolesError::NotAMember));
    let error = roles.list(&world.by("ada"), Some(id(""))).await.unwrap_err();
    assert!(matches!(error, ReadRolesError::NoOrganization));
}
