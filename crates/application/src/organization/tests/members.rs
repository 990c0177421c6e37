//! Changes of members.

use portcullis_domain::{
    access::{PermissionRequest, RoleList},
    additional::AdditionalFields,
    id::UserId,
    organization::{MemberId, TeamId},
};

use super::{
    super::{
        AddMember, AddMemberError, LeaveOrganizationError, OrganizationOptions, RemoveMember,
        UpdateMemberRole,
    },
    world::{ACME, SALES, World, id, member, with_teams},
};

async fn remove(world: &World, name: &str, target: &str) -> Result<Option<String>, String> {
    let command = RemoveMember {
        member: target.to_owned(),
        organization: Some(id(ACME)),
    };
    let result = world.organizations.remove_member(&world.by(name), command).await;
    let removed = result.map_err(|error| error.to_string())?;
    Ok(removed.map(|removed| removed.member.user_id.as_str().to_owned()))
}

async fn set_role(world: &World, name: &str, target: &str, role: &str) -> Result<String, String> {
    let command = UpdateMemberRole {
        member: MemberId::new(target),
        role: RoleList::of_names([role]),
        organization: Some(id(ACME)),
    };
    let result = world
        .organizations
        .update_member_role(&world.by(name), command)
        .await;
    result
        .map(|member| member.role.to_string())
        .map_err(|error| error.to_string())
}

fn with_two_owners() -> World {
    World::with(with_teams(), |rows| {
        rows.members.push(member(ACME, "dan", "member,owner"));
    })
}

#[tokio::test]
async fn members_are_removed_by_those_who_may() {
    for (name, target, expected) in [
        ("bob", "acme-cleo", Ok("cleo")),
        ("ada", "BOB@example.com", Ok("bob")),
        ("cleo", "acme-bob", Err("the caller may not remove members")),
        ("cleo", "acme-cleo", Err("the caller may not remove members")),
        (
            "bob",
            "acme-ada",
            Err("the member is an owner whom the caller may not remove"),
        ),
        (
            "ada",
            "acme-ada",
            Err("the member is an owner whom the caller may not remove"),
        ),
        ("ada", "unknown", Err("there is no such member")),
        ("ada", "eve@example.com", Err("there is no such member")),
        ("ada", "acme2-x", Err("there is no such member")),
        ("eve", "acme-cleo", Err("there is no such member")),
    ] {
        let world = World::new(with_teams());
        let result = remove(&world, name, target).await;
        let expected = expected.map(|name| Some(name.to_owned())).map_err(str::to_owned);
        assert_eq!(result, expected, "{name} {target}");
        assert_eq!(world.members().len(), if result.is_ok() { 2 } else { 3 });
    }
}

#[tokio::test]
async fn a_member_of_another_organization_is_not_removed() {
    let world = with_two_owners();
    let result = remove(&world, "ada", "other-eve").await;
    assert_eq!(result, Err("there is no such member".to_owned()));
    let result = remove(&world, "bob", "other-eve").await;
    assert_eq!(
        result,
        Err("the member is an owner whom the caller may not remove".to_owned())
    );
    assert_eq!(world.rows().members.len(), 5);
}

#[tokio::test]
async fn a_removed_member_leaves_the_teams_and_every_row() {
    let world = World::with(with_teams(), |rows| {
        let mut twice = member(ACME, "bob", "member");
        twice.id = MemberId::new("twice");
        rows.members.push(twice);
    });
    remove(&world, "ada", "acme-bob").await.unwrap();
    assert_eq!(world.members(), ["ada owner", "cleo member"]);
    assert!(world.rows().team_members.is_empty());
}

#[tokio::test]
async fn an_owner_who_removes_oneself_works_in_no_organization() {
    let world = with_two_owners();
    world.enter("ada").await;
    remove(&world, "ada", "acme-ada").await.unwrap();
    assert_eq!(world.active("ada"), (None, None));
    let none = RemoveMember {
        member: "acme-bob".to_owned(),
        organization: None,
    };
    let nothing = world.organizations.remove_member(&world.by("ada"), none).await;
    assert!(nothing.unwrap().is_none());
}

#[tokio::test]
async fn a_member_leaves_unless_no_owner_would_be_left() {
    let world = with_two_owners();
    for name in ["ada", "bob"] {
        world
            .organizations
            .leave(&world.by(name), &id(ACME))
            .await
            .unwrap();
    }
    let last = world.organizations.leave(&world.by("dan"), &id(ACME)).await;
    assert!(matches!(last, Err(LeaveOrganizationError::OnlyOwner)));
    let foreign = world.organizations.leave(&world.by("eve"), &id(ACME)).await;
    assert!(matches!(foreign, Err(LeaveOrganizationError::MemberNotFound)));
    assert_eq!(world.members(), ["cleo member", "dan member,owner"]);
}

#[tokio::test]
async fn roles_are_given_by_those_who_may() {
    const REFUSED: Result<&str, &str> = Err("the caller may not change the member");
    for (name, target, role, expected) in [
        ("ada", "acme-cleo", "admin", Ok("admin")),
        ("ada", "acme-cleo", "member,owner", Ok("member,owner")),
        ("bob", "acme-cleo", "unknown", Ok("unknown")),
        ("bob", "acme-cleo", "owner", REFUSED),
        ("bob", "acme-cleo", "member,owner", REFUSED),
        ("bob", "acme-cleo", "member, owner", REFUSED),
        ("bob", "acme-ada", "member", REFUSED),
        ("bob", "other-eve", "member", REFUSED),
        ("cleo", "acme-cleo", "admin", REFUSED),
        ("eve", "acme-cleo", "admin", Err("there is no such member")),
        ("ada", "unknown", "admin", Err("there is no such member")),
        (
            "ada",
            "acme-ada",
            "member",
            Err("the organization would have no owner"),
        ),
        ("ada", "acme-ada", "owner,member", Ok("owner,member")),
    ] {
        let world = World::new(OrganizationOptions::default());
        let result = set_role(&world, name, target, role).await;
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(result, expected, "{name} {target} {role}");
    }
}

#[tokio::test]
async fn an_owner_resigns_if_another_one_is_left() {
    let world = with_two_owners();
    assert_eq!(
        set_role(&world, "ada", "acme-ada", "member").await,
        Ok("member".to_owned())
    );
    assert!(set_role(&world, "dan", "acme-dan", "member").await.is_err());
}

#[tokio::test]
async fn permissions_are_those_of_the_callers_roles() {
    let world = World::new(OrganizationOptions::default());
    let request = PermissionRequest::of("member", "delete");
    for (name, expected) in [
        ("ada", Some(true)),
        ("bob", Some(true)),
        ("cleo", Some(false)),
        ("eve", None),
    ] {
        let by = world.by(name);
        let result = world
            .organizations
            .has_permission(&by, Some(id(ACME)), &request)
            .await;
        assert_eq!(result.ok(), expected, "{name}");
    }
}

fn addition(name: &str, team: Option<&str>) -> AddMember {
    AddMember {
        user: UserId::new(name),
        role: RoleList::of_names(["admin"]),
        organization: id(ACME),
        team: team.map(TeamId::new),
        additional: AdditionalFields::default(),
    }
}

#[tokio::test]
async fn a_service_adds_members() {
    let world = World::new(with_teams());
    let added = world
        .organizations
        .add_member(addition("dan", Some(SALES)))
        .await
        .unwrap();
    assert_eq!(added.role.to_string(), "admin");
    assert_eq!(world.rows().team_members.len(), 2);
}

#[tokio::test]
async fn a_service_adds_no_member_against_the_rules() {
    let full = OrganizationOptions {
        membership_limit: 3,
        ..with_teams()
    };
    for (options, name, team, expected) in [
        (
            OrganizationOptions::default(),
            "dan",
            Some(SALES),
            "teams are disabled",
        ),
        (with_teams(), "unknown", None, "there is no such user"),
        (with_teams(), "bob", None, "the user is a member already"),
        (
            with_teams(),
            "dan",
            Some("unknown"),
            "the organization has no such team",
        ),
        (full, "dan", None, "the organization has too many members"),
    ] {
        let world = World::new(options);
        let result = world.organizations.add_member(addition(name, team)).await;
        assert_eq!(result.unwrap_err().to_string(), expected);
        assert_eq!(world.members().len(), 3);
    }
    let world = World::new(with_teams());
    let unknown = AddMember {
        organization: id("unknown"),
        ..addition("dan", None)
    };
    let result = world.organizations.add_member(unknown).await;
    assert!(matches!(result, Err(AddMemberError::OrganizationNotFound)));
}
