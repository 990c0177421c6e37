//! The active organization.

use super::{
    super::{FullOrganizationError, FullQuery, OrganizationOptions, Selection, SetActiveError},
    world::{ACME, OTHER, World, id, with_teams},
};
use crate::client_token::SessionEffect;

#[test]
fn an_id_takes_precedence_over_a_slug_and_null_clears() {
    let slug = || Some("acme".to_owned());
    for (given, slug, expected) in [
        (None, None, Selection::Current),
        (None, slug(), Selection::Slug("acme".to_owned())),
        (Some(None), slug(), Selection::Clear),
        (Some(Some(id("1"))), slug(), Selection::Id(id("1"))),
        (Some(Some(id(""))), slug(), Selection::Slug("acme".to_owned())),
        (Some(Some(id(""))), Some(String::new()), Selection::Current),
    ] {
        assert_eq!(Selection::of(given, slug), expected);
    }
}

#[tokio::test]
async fn a_member_works_in_an_organization_and_the_client_stores_the_session() {
    let world = World::new(OrganizationOptions::default());
    for selection in [
        Selection::Id(id(ACME)),
        Selection::Slug(ACME.to_owned()),
        Selection::Current,
    ] {
        let by = world.by("cleo");
        let activated = world
            .organizations
            .set_active(&by, selection, true)
            .await
            .unwrap();
        assert_eq!(activated.organization.unwrap().id, id(ACME));
        let stored = activated
            .effects
            .session
            .stored_session()
            .unwrap()
            .active_organization();
        assert_eq!(stored, Some(id(ACME)));
    }
    let by = world.by("cleo");
    let cleared = world
        .organizations
        .set_active(&by, Selection::Clear, true)
        .await
        .unwrap();
    assert!(cleared.organization.is_none());
    assert!(cleared.effects.session.stored_session().is_some());
    assert_eq!(world.active("cleo"), (None, None));
}

#[tokio::test]
async fn nothing_changes_if_there_is_no_active_organization() {
    let world = World::new(OrganizationOptions::default());
    for selection in [Selection::Clear, Selection::Current] {
        let by = world.by("cleo");
        let activated = world
            .organizations
            .set_active(&by, selection, true)
            .await
            .unwrap();
        assert!(activated.organization.is_none());
        assert!(matches!(activated.effects.session, SessionEffect::Unchanged));
    }
}

#[tokio::test]
async fn a_foreign_organization_is_refused_and_clears_the_active_one() {
    let world = World::new(OrganizationOptions::default());
    for selection in [
        Selection::Id(id(OTHER)),
        Selection::Slug(OTHER.to_owned()),
        Selection::Id(id("unknown")),
    ] {
        world.enter("cleo").await;
        let by = world.by("cleo");
        let result = world.organizations.set_active(&by, selection, true).await;
        assert!(matches!(result, Err(SetActiveError::NotAMember)));
        assert_eq!(world.active("cleo"), (None, None));
    }
    world.enter("cleo").await;
    let unknown = Selection::Slug("unknown".to_owned());
    let result = world
        .organizations
        .set_active(&world.by("cleo"), unknown, true)
        .await;
    assert!(matches!(result, Err(SetActiveError::NotFound)));
    assert_eq!(world.active("cleo").0.as_deref(), Some(ACME));
}

#[tokio::test]
async fn a_member_reads_the_whole_organization() {
    let world = World::new(with_teams());
    let query = FullQuery {
        organization: Some(id(ACME)),
        ..FullQuery::default()
    };
    let full = world
        .organizations
        .full(&world.by("cleo"), query)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((full.members.len(), full.invitations.len()), (3, 0));
    assert_eq!(full.members[0].user.name, "ada");
    assert_eq!(full.teams.unwrap().len(), 1);
    let none = world
        .organizations
        .full(&world.by("cleo"), FullQuery::default())
        .await;
    assert!(none.unwrap().is_none());
}

#[tokio::test]
async fn a_limit_applies_to_the_members_that_are_returned() {
    let world = World::new(OrganizationOptions::default());
    let query = FullQuery {
        slug: Some(ACME.to_owned()),
        members_limit: std::num::NonZeroU32::new(2),
        ..FullQuery::default()
    };
    let full = world
        .organizations
        .full(&world.by("cleo"), query)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(full.members.len(), 2);
    assert!(full.teams.is_none());
}

#[tokio::test]
async fn a_foreign_organization_is_not_read() {
    let world = World::new(OrganizationOptions::default());
    world.enter("cleo").await;
    let query = |slug: &str| FullQuery {
        slug: Some(slug.to_owned()),
        ..FullQuery::default()
    };
    let unknown = world
        .organizations
        .full(&world.by("cleo"), query("unknown"))
        .await;
    assert!(matches!(unknown, Err(FullOrganizationError::NotFound)));
    assert_eq!(world.active("cleo").0.as_deref(), Some(ACME));
    let foreign = world.organizations.full(&world.by("cleo"), query(OTHER)).await;
    assert!(matches!(foreign, Err(FullOrganizationError::NotAMember)));
    assert_eq!(world.active("cleo").0, None);
}
