//! Deletion of users who are members of organizations.

use super::{
    super::{ONLY_OWNER, OrganizationOptions, OwnerGuard},
    world::{ACME, OTHER, World, member, user, with_teams},
};
use crate::seams::{Decision, DeletionCause, UserDeletionGuard};

async fn check(world: &World, name: &str) -> Option<&'static str> {
    check_for(DeletionCause::Request, world, name).await
}

async fn check_for(cause: DeletionCause, world: &World, name: &str) -> Option<&'static str> {
    let guard = OwnerGuard::new(&OrganizationOptions::default());
    let mut unit = world.fake.ports.store.begin();
    let decision = guard.check(unit.as_mut(), &user(name), cause).await.unwrap();
    match decision {
        Decision::Allowed => {
            unit.commit().await.unwrap();
            None
        }
        Decision::Refused(refusal) => Some(refusal.name),
    }
}

#[tokio::test]
async fn the_only_owner_of_an_organization_with_other_members_is_not_deleted() {
    let world = World::new(with_teams());
    for (name, expected) in [
        ("ada", Some(ONLY_OWNER)),
        ("bob", None),
        ("cleo", None),
        ("dan", None),
    ] {
        assert_eq!(check(&world, name).await, expected, "{name}");
    }
    assert_eq!(world.rows().organizations.len(), 2);
}

#[tokio::test]
async fn one_of_several_owners_is_deleted() {
    let world = World::with(with_teams(), |rows| {
        rows.members.push(member(ACME, "dan", "admin,owner"));
    });
    assert_eq!(check(&world, "ada").await, None);
}

#[tokio::test]
async fn an_organization_without_other_members_is_deleted_with_its_owner() {
    let world = World::new(with_teams());
    assert_eq!(check(&world, "eve").await, None);
    let rows = world.rows();
    assert!(
        rows.organizations
            .iter()
            .all(|organization| organization.slug != OTHER)
    );
    assert_eq!(rows.members.len(), 3);
}

#[tokio::test]
async fn an_organization_is_not_lost_with_an_owner_who_was_abandoned() {
    let world = World::new(with_teams());
    for (name, expected) in [
        ("ada", Some(ONLY_OWNER)),
        ("eve", Some(ONLY_OWNER)),
        ("bob", None),
    ] {
        let decision = check_for(DeletionCause::Abandonment, &world, name).await;
        assert_eq!(decision, expected, "{name}");
    }
    assert_eq!(world.rows().organizations.len(), 2);
}
