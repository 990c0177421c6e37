//! Teams of organizations.

use portcullis_domain::{
    additional::AdditionalFields,
    organization::{OrganizationId, Team, TeamId, TeamMember, TeamMemberId, TeamPatch},
    user::User,
};

use super::{after, id, insert_two_of_each};
use crate::{
    ports::Store,
    testing::fixtures::{a_user, another_user, start},
};

fn team(id: &str, organization: &str) -> Team {
    Team {
        id: TeamId::new(id),
        name: format!("Name of {id}"),
        organization_id: OrganizationId::new(organization),
        created_at: start(),
        updated_at: None,
        additional: AdditionalFields::default(),
    }
}

pub(super) async fn insert_team(store: &dyn Store, id: &str, organization: &str) {
    let (mut db, team) = (store.autocommit(), team(id, organization));
    assert_eq!(db.teams().insert(&team).await.unwrap(), team);
}

fn team_member(id: &str, team: &str, user: &User, seconds: Option<i64>) -> TeamMember {
    TeamMember {
        id: TeamMemberId::new(id),
        team_id: TeamId::new(team),
        user_id: user.id.clone(),
        created_at: seconds.map(after),
    }
}

/// [`TeamRepository`](crate::ports::TeamRepository)
pub async fn teams_are_found_in_their_organization_only(store: &dyn Store) {
    insert_two_of_each(store).await;
    for (id, organization) in [("b", "acme"), ("a", "acme"), ("c", "other")] {
        insert_team(store, id, organization).await;
    }
    let mut db = store.autocommit();
    let (teams, acme) = (db.teams(), id("acme"));
    let (own, others) = (TeamId::new("a"), TeamId::new("c"));
    assert_eq!(teams.find(&acme, &own).await.unwrap(), Some(team("a", "acme")));
    assert_eq!(teams.find(&acme, &others).await.unwrap(), None);
    assert_eq!(
        teams.find_anywhere(&others).await.unwrap(),
        Some(team("c", "other"))
    );
    let listed = teams.list(&acme).await.unwrap();
    assert_eq!(listed, [team("a", "acme"), team("b", "acme")]);
    assert_eq!(teams.count(&acme).await.unwrap(), 2);
    change_team(store, &own, &others).await;
    assert!(!teams.delete(&acme, &others).await.unwrap());
    assert!(teams.delete(&acme, &own).await.unwrap());
    assert!(!teams.delete(&acme, &own).await.unwrap());
    assert_eq!(teams.find_anywhere(&own).await.unwrap(), None);
}

/// Changes a team of `acme`, and attempts it with the team of another organization.
async fn change_team(store: &dyn Store, own: &TeamId, others: &TeamId) {
    let mut db = store.autocommit();
    let (teams, acme) = (db.teams(), id("acme"));
    let patch = TeamPatch {
        name: Some("New".to_owned()),
        additional: AdditionalFields::default(),
    };
    let changed = teams.update(&acme, own, &patch, after(1)).await.unwrap();
    let expected = Team {
        name: "New".to_owned(),
        updated_at: Some(after(1)),
        ..team("a", "acme")
    };
    assert_eq!(changed, Some(expected));
    let unchanged = teams.update(&acme, others, &patch, after(1)).await.unwrap();
    assert_eq!(unchanged, None);
}

/// [`TeamRepository::insert_member`](crate::ports::TeamRepository::insert_member)
pub async fn teams_have_members(store: &dyn Store) {
    insert_two_of_each(store).await;
    for (id, organization) in [("a", "acme"), ("b", "acme"), ("c", "other")] {
        insert_team(store, id, organization).await;
    }
    let (ada, bob) = (a_user(), another_user());
    let rows = [
        team_member("5", "a", &ada, Some(1)),
        team_member("4", "a", &ada, Some(2)),
        team_member("3", "a", &bob, None),
        team_member("2", "b", &ada, Some(3)),
        team_member("1", "c", &ada, None),
    ];
    let mut db = store.autocommit();
    let teams = db.teams();
    for row in &rows {
        assert_eq!(teams.insert_member(row).await.unwrap(), *row);
    }
    let [first, second, bobs, _, _] = rows;
    let (a, b) = (TeamId::new("a"), TeamId::new("b"));
    let found = teams.find_member(&a, &ada.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&second));
    assert_eq!(teams.find_member(&b, &bob.id).await.unwrap(), None);
    let listed = teams.list_members(&a).await.unwrap();
    assert_eq!(listed, [bobs, first, second]);
    assert_eq!(teams.count_members(&a).await.unwrap(), 2);
    let listed = teams.list_of_user(&ada.id).await.unwrap();
    assert_eq!(listed, [team("c", "other"), team("a", "acme"), team("b", "acme")]);

    remove_members(store, &ada, &bob).await;
}

async fn remove_members(store: &dyn Store, ada: &User, bob: &User) {
    let mut db = store.autocommit();
    let teams = db.teams();
    let [a, b, c] = ["a", "b", "c"].map(TeamId::new);
    assert!(teams.remove_member(&a, &bob.id).await.unwrap());
    assert!(!teams.remove_member(&a, &bob.id).await.unwrap());
    teams.remove_user(&id("acme"), &ada.id).await.unwrap();
    for (team, count) in [(&a, 0), (&b, 0), (&c, 1)] {
        assert_eq!(teams.count_members(team).await.unwrap(), count);
    }
    assert!(teams.delete(&id("other"), &c).await.unwrap());
    assert!(teams.list_of_user(&ada.id).await.unwrap().is_empty());
}
