//! Lists, and the roles of members.

use std::num::NonZeroU32;

use portcullis_domain::{id::UserId, listing::SortDirection, organization::Comparison};

use super::{
    super::{ListMembers, ListMembersError, MemberRoleQuery, OrganizationOptions, RawFilter},
    world::{ACME, OTHER, World, an_invitation, id, member},
};

fn query() -> ListMembers {
    ListMembers {
        organization: Some(id(ACME)),
        ..ListMembers::default()
    }
}

async fn list(world: &World, command: ListMembers) -> Result<(Vec<String>, u64), ListMembersError> {
    let page = world
        .organizations
        .list_members(&world.by("cleo"), command)
        .await?;
    let names = page.members.into_iter().map(|member| member.user.name);
    Ok((names.collect(), page.total))
}

#[tokio::test]
async fn members_are_listed_in_parts_and_in_order() {
    let world = World::new(OrganizationOptions::default());
    let all = list(&world, query()).await.unwrap();
    assert_eq!(all, (["ada", "bob", "cleo"].map(str::to_owned).to_vec(), 3));
    let part = ListMembers {
        limit: NonZeroU32::new(1),
        offset: 1,
        sort_by: Some("role".to_owned()),
        direction: SortDirection::Descending,
        ..query()
    };
    assert_eq!(list(&world, part).await.unwrap(), (vec!["cleo".to_owned()], 3));
}

#[tokio::test]
async fn members_are_filtered_by_fields_that_they_have() {
    let world = World::new(OrganizationOptions::default());
    let filtered = |field: &str, value: Option<&str>| ListMembers {
        filter: Some(RawFilter {
            field: field.to_owned(),
            comparison: Comparison::Contains,
            value: value.map(str::to_owned),
        }),
        ..query()
    };
    let found = list(&world, filtered("role", Some("Min"))).await.unwrap();
    assert_eq!(found, (vec!["bob".to_owned()], 1));
    for wildcard in ["%", "_", "\\"] {
        assert_eq!(list(&world, filtered("role", Some(wildcard))).await.unwrap().1, 0);
    }
    for (field, value) in [("password", Some("a")), ("role", None)] {
        let result = list(&world, filtered(field, value)).await;
        assert!(matches!(result, Err(ListMembersError::InvalidField(name)) if name == field));
    }
}

#[tokio::test]
async fn members_of_foreign_organizations_are_not_listed() {
    let world = World::new(OrganizationOptions::default());
    for (command, expected) in [
        (
            ListMembers {
                organization: Some(id(OTHER)),
                ..query()
            },
            "the caller is not a member of the organization",
        ),
        (
            ListMembers {
                slug: Some(OTHER.to_owned()),
                ..query()
            },
            "the caller is not a member of the organization",
        ),
        (
            ListMembers {
                slug: Some("unknown".to_owned()),
                ..query()
            },
            "there is no such organization",
        ),
        (ListMembers::default(), "the caller has no active organization"),
    ] {
        let result = list(&world, command).await;
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
    let foreign = world
        .organizations
        .list_invitations(&world.by("cleo"), Some(id(OTHER)))
        .await;
    assert!(foreign.is_err());
}

#[tokio::test]
async fn a_caller_lists_organizations_and_invitations() {
    let world = World::with(OrganizationOptions::default(), |rows| {
        rows.members.push(member(OTHER, "cleo", "member"));
        rows.invitations.push(an_invitation("dan", "member", ""));
    });
    let listed = world.organizations.list(&world.by("cleo")).await.unwrap();
    let slugs: Vec<_> = listed
        .iter()
        .map(|organization| organization.slug.as_str())
        .collect();
    assert_eq!(slugs, [ACME, OTHER]);
    assert!(
        world
            .organizations
            .list(&world.by("dan"))
            .await
            .unwrap()
            .is_empty()
    );
    let invitations = world
        .organizations
        .list_invitations(&world.by("cleo"), Some(id(ACME)))
        .await;
    assert_eq!(invitations.unwrap().len(), 1);
    assert!(
        world
            .organizations
            .list_received(&world.by("cleo"))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_slug_is_free_if_no_organization_has_it() {
    let world = World::new(OrganizationOptions::default());
    for (slug, expected) in [(ACME, false), ("ACME", true), ("new", true)] {
        assert_eq!(world.organizations.is_slug_free(slug).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_member_reads_the_roles_of_members() {
    let world = World::new(OrganizationOptions::default());
    let by = world.by("cleo");
    let of = |user: Option<&str>, organization: &str| MemberRoleQuery {
        user: user.map(UserId::new),
        organization: Some(id(organization)),
        slug: None,
    };
    for (query, expected) in [
        (of(None, ACME), Some("member")),
        (of(Some("ada"), ACME), Some("owner")),
        (of(Some(""), ACME), Some("member")),
        (of(Some("eve"), ACME), None),
        (of(Some("eve"), OTHER), None),
        (MemberRoleQuery::default(), None),
    ] {
        let role = world.organizations.member_role(&by, query).await.ok();
        assert_eq!(role.map(|role| role.to_string()).as_deref(), expected);
    }
}

#[tokio::test]
async fn the_active_member_is_the_callers_membership() {
    let world = World::new(OrganizationOptions::default());
    assert!(
        world
            .organizations
            .active_member(&world.by("cleo"))
            .await
            .unwrap()
            .is_none()
    );
    world.enter("cleo").await;
    let member = world
        .organizations
        .active_member(&world.by("cleo"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (member.member.role.to_string().as_str(), member.user.name.as_str()),
        ("member", "cleo")
    );
}
