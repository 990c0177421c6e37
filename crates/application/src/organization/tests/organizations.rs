//! Creation, changes and deletion of organizations.

use portcullis_domain::{
    id::UserId,
    organization::{NewOrganization, OrganizationPatch},
};

use super::{
    super::{
        CreateForUserError, CreateOrganization, CreateOrganizationError, DeleteOrganizationError,
        OrganizationOptions, UpdateOrganizationError,
    },
    world::{ACME, OTHER, World, id, with_teams},
};

fn new(slug: &str) -> NewOrganization {
    NewOrganization {
        name: "New".to_owned(),
        slug: slug.to_owned(),
        ..NewOrganization::default()
    }
}

fn command(slug: &str) -> CreateOrganization {
    CreateOrganization {
        new: new(slug),
        keeps_active: false,
    }
}

fn slug(slug: &str) -> OrganizationPatch {
    OrganizationPatch {
        slug: Some(slug.to_owned()),
        ..OrganizationPatch::default()
    }
}

#[tokio::test]
async fn a_caller_who_creates_an_organization_is_its_owner_and_works_in_it() {
    let world = World::new(OrganizationOptions::default());
    let created = world
        .organizations
        .create(&world.by("dan"), command("new"))
        .await
        .unwrap();
    assert_eq!(created.member.role.to_string(), "owner");
    let new = created.organization.id.as_str().to_owned();
    assert_eq!(world.active("dan"), (Some(new), None));
    assert_eq!(world.rows().teams.len(), 1);
}

#[tokio::test]
async fn a_new_organization_has_a_team_if_teams_are_enabled() {
    let world = World::new(with_teams());
    world
        .organizations
        .create(&world.by("dan"), command("new"))
        .await
        .unwrap();
    let rows = world.rows();
    let team = rows.teams.last().unwrap();
    assert_eq!(team.name, "New");
    let member = rows.team_members.last().unwrap();
    assert_eq!((&member.team_id, member.user_id.as_str()), (&team.id, "dan"));
    assert_eq!(world.active("dan").1.as_deref(), Some(team.id.as_str()));
}

#[tokio::test]
async fn a_caller_may_keep_the_active_organization() {
    let world = World::new(with_teams());
    world.enter("ada").await;
    let command = CreateOrganization {
        keeps_active: true,
        ..command("new")
    };
    world
        .organizations
        .create(&world.by("ada"), command)
        .await
        .unwrap();
    assert_eq!(world.active("ada"), (Some(ACME.to_owned()), None));
}

#[tokio::test]
async fn an_organization_is_not_created_against_the_options() {
    for (options, slug, expected) in [
        (
            OrganizationOptions {
                allows_creation: false,
                ..OrganizationOptions::default()
            },
            "new",
            "users may not create organizations",
        ),
        (
            OrganizationOptions {
                organization_limit: Some(1),
                ..OrganizationOptions::default()
            },
            "new",
            "the user has reached the maximum number of organizations",
        ),
        (
            OrganizationOptions::default(),
            OTHER,
            "another organization has the slug",
        ),
    ] {
        let world = World::new(options);
        let result = world.organizations.create(&world.by("ada"), command(slug)).await;
        assert_eq!(result.unwrap_err().to_string(), expected);
        assert_eq!(world.rows().organizations.len(), 2);
    }
}

#[tokio::test]
async fn a_caller_whose_session_ended_creates_nothing() {
    let world = World::new(OrganizationOptions::default());
    let by = world.by("dan");
    let mut unit = world.fake.ports.store.begin();
    unit.sessions().delete(&by.session().token).await.unwrap();
    unit.commit().await.unwrap();
    let result = world.organizations.create(&by, command("new")).await;
    assert!(matches!(result, Err(CreateOrganizationError::SessionEnded)));
}

#[tokio::test]
async fn a_service_creates_organizations_for_users() {
    let options = OrganizationOptions {
        allows_creation: false,
        ..OrganizationOptions::default()
    };
    let world = World::new(options);
    let dan = UserId::new("dan");
    let created = world.organizations.create_for(&dan, new("new")).await.unwrap();
    assert_eq!(created.member.user_id, dan);
    assert_eq!(world.active("dan"), (None, None));
    let unknown = world
        .organizations
        .create_for(&UserId::new("unknown"), new("newer"))
        .await;
    assert!(matches!(unknown, Err(CreateForUserError::UserNotFound)));
}

#[tokio::test]
async fn only_members_who_may_change_an_organization_change_it() {
    let world = World::new(OrganizationOptions::default());
    for (name, expected) in [
        ("ada", None),
        ("bob", None),
        ("cleo", Some("the caller may not change the organization")),
        ("dan", Some("the caller is not a member of the organization")),
        ("eve", Some("the caller is not a member of the organization")),
    ] {
        let patch = slug(&format!("of-{name}"));
        let result = world
            .organizations
            .update(&world.by(name), Some(id(ACME)), patch)
            .await;
        let error = result
            .map(|updated| assert_eq!(updated.slug, format!("of-{name}")))
            .err();
        assert_eq!(
            error.map(|error| error.to_string()).as_deref(),
            expected,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_slug_of_another_organization_is_refused() {
    let world = World::new(OrganizationOptions::default());
    let by = world.by("ada");
    let taken = world.organizations.update(&by, Some(id(ACME)), slug(OTHER)).await;
    assert!(matches!(taken, Err(UpdateOrganizationError::SlugTaken)));
    let own = world.organizations.update(&by, Some(id(ACME)), slug(ACME)).await;
    assert_eq!(own.unwrap().slug, ACME);
}

#[tokio::test]
async fn the_active_organization_is_changed_if_the_request_names_none() {
    let world = World::new(OrganizationOptions::default());
    let none = world
        .organizations
        .update(&world.by("ada"), None, slug("new"))
        .await;
    assert!(matches!(none, Err(UpdateOrganizationError::NoOrganization)));
    world.enter("ada").await;
    let by = world.by("ada");
    let updated = world
        .organizations
        .update(&by, Some(id("")), slug("new"))
        .await
        .unwrap();
    assert_eq!(updated.id, id(ACME));
    let unchanged = world
        .organizations
        .update(&by, None, OrganizationPatch::default())
        .await;
    assert_eq!(unchanged.unwrap().slug, "new");
}

#[tokio::test]
async fn an_owner_deletes_an_organization_with_all_rows() {
    let world = World::new(with_teams());
    world.enter("ada").await;
    let deleted = world
        .organizations
        .delete(&world.by("ada"), &id(ACME))
        .await
        .unwrap();
    assert_eq!(deleted.id, id(ACME));
    let rows = world.rows();
    assert_eq!(
        (rows.organizations.len(), rows.members.len(), rows.teams.len()),
        (1, 1, 0)
    );
    assert_eq!(world.active("ada"), (None, None));
}

#[tokio::test]
async fn an_organization_is_not_deleted_by_others_or_against_the_options() {
    let world = World::new(OrganizationOptions::default());
    for (name, expected) in [
        ("bob", "the caller may not delete the organization"),
        ("eve", "the caller is not a member of the organization"),
    ] {
        let result = world.organizations.delete(&world.by(name), &id(ACME)).await;
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
    let options = OrganizationOptions {
        allows_deletion: false,
        ..OrganizationOptions::default()
    };
    let world = World::new(options);
    let result = world.organizations.delete(&world.by("ada"), &id(ACME)).await;
    assert!(matches!(result, Err(DeleteOrganizationError::Disabled)));
    assert_eq!(world.rows().organizations.len(), 2);
}
