//! Teams and their members.

use portcullis_domain::{
    additional::AdditionalFields,
    id::UserId,
    organization::{TeamId, TeamPatch},
};

use super::{
    super::{
        OrganizationOptions, Organizations, TeamOptions,
        teams::{
            CreateTeam, CreateTeamError, ListTeamMembersError, ListTeamsError, RemoveTeamError,
            SetActiveTeamError, TeamMemberError, TeamSelection, Teams, UpdateTeam, UpdateTeamError,
        },
    },
    world::{ACME, OTHER, SALES, World, id, with_teams},
};
use crate::testing::fixtures::{SESSION_POLICY, message_options};

fn teams_of(world: &World, options: TeamOptions) -> Teams {
    let options = OrganizationOptions {
        teams: Some(options),
        ..OrganizationOptions::default()
    };
    let ports = &world.fake.ports;
    let organizations = Organizations::new(ports, options, message_options(), SESSION_POLICY);
    Teams::new(organizations).unwrap()
}

fn world() -> (World, Teams) {
    let world = World::new(with_teams());
    let teams = teams_of(&world, TeamOptions::default());
    (world, teams)
}

fn new(organization: Option<&str>) -> CreateTeam {
    CreateTeam {
        organization: organization.map(id),
        name: "Support".to_owned(),
        additional: AdditionalFields::default(),
    }
}

fn renamed(organization: &str, team: &str) -> UpdateTeam {
    UpdateTeam {
        organization: Some(id(organization)),
        team: TeamId::new(team),
        patch: TeamPatch {
            name: Some("Support".to_owned()),
            additional: AdditionalFields::default(),
        },
    }
}

#[test]
fn without_the_option_there_are_no_teams() {
    let world = World::new(OrganizationOptions::default());
    assert!(Teams::new(world.organizations).is_none());
}

#[tokio::test]
async fn a_member_who_may_creates_a_team_without_joining_it() {
    let (world, teams) = world();
    let team = teams.create(&world.by("bob"), new(Some(ACME))).await.unwrap();
    let rows = world.rows();
    assert!(rows.teams.contains(&team) && team.updated_at.is_some());
    assert!(rows.team_members.iter().all(|member| member.team_id != team.id));
}

#[tokio::test]
async fn a_team_is_created_only_by_members_who_may() {
    let (world, teams) = world();
    let create = async |name: &str, organization| teams.create(&world.by(name), new(organization)).await;
    let error = create("ada", None).await.unwrap_err();
    assert!(matches!(error, CreateTeamError::NoOrganization));
    let error = create("dan", Some(ACME)).await.unwrap_err();
    assert!(matches!(error, CreateTeamError::NotAMember));
    let error = create("ada", Some("none")).await.unwrap_err();
    assert!(matches!(error, CreateTeamError::NotAMember));
    let error = create("cleo", Some(ACME)).await.unwrap_err();
    assert!(matches!(error, CreateTeamError::NotAllowed));
    let full = teams_of(
        &world,
        TeamOptions {
            maximum_teams: Some(1),
            ..TeamOptions::default()
        },
    );
    let error = full.create(&world.by("ada"), new(Some(ACME))).await.unwrap_err();
    assert!(matches!(error, CreateTeamError::LimitReached));
    assert_eq!(world.rows().teams.len(), 1);
}

#[tokio::test]
async fn a_team_is_changed_within_its_organization() {
    let (world, teams) = world();
    let update = async |name: &str, change| teams.update(&world.by(name), change).await;
    let changed = update("bob", renamed(ACME, SALES)).await.unwrap().unwrap();
    assert_eq!(changed.name, "Support");
    let error = update("eve", renamed(OTHER, SALES)).await.unwrap_err();
    assert!(matches!(error, UpdateTeamError::NotFound));
    let error = update("cleo", renamed(ACME, SALES)).await.unwrap_err();
    assert!(matches!(error, UpdateTeamError::NotAllowed));
    let nowhere = UpdateTeam {
        organization: None,
        ..renamed(ACME, SALES)
    };
    assert!(update("ada", nowhere).await.unwrap().is_none());
}

#[tokio::test]
async fn the_last_team_is_removed_only_if_the_deployment_allows_it() {
    let (world, teams) = world();
    let sales = TeamId::new(SALES);
    let error = teams
        .remove(&world.by("ada"), &id(ACME), &sales)
        .await
        .unwrap_err();
    assert!(matches!(error, RemoveTeamError::LastTeam));
    let error = teams
        .remove(&world.by("cleo"), &id(ACME), &sales)
        .await
        .unwrap_err();
    assert!(matches!(error, RemoveTeamError::NotAllowed));
    let error = teams
        .remove(&world.by("eve"), &id(OTHER), &sales)
        .await
        .unwrap_err();
    assert!(matches!(error, RemoveTeamError::NotFound));
    let lax = teams_of(
        &world,
        TeamOptions {
            allows_removing_all: true,
            ..TeamOptions::default()
        },
    );
    lax.remove(&world.by("ada"), &id(ACME), &sales).await.unwrap();
    let rows = world.rows();
    assert!(rows.teams.is_empty() && rows.team_members.is_empty());
}

#[tokio::test]
async fn only_a_member_of_a_team_works_in_it() {
    let (world, teams) = world();
    let select = async |name: &str, selection| teams.set_active(&world.by(name), selection, true).await;
    let sales = || TeamSelection::Id(TeamId::new(SALES));
    let activated = select("bob", sales()).await.unwrap();
    assert_eq!(activated.team.unwrap().id.as_str(), SALES);
    assert_eq!(world.active("bob").1.as_deref(), Some(SALES));
    let current = select("bob", TeamSelection::Current).await.unwrap();
    assert!(current.team.is_some());
    let error = teams
        .remove(&world.by("bob"), &id(ACME), &TeamId::new(SALES))
        .await
        .unwrap_err();
    assert!(matches!(error, RemoveTeamError::IsActive));
    assert!(select("bob", TeamSelection::Clear).await.unwrap().team.is_none());
    assert_eq!(world.active("bob").1, None);
    let error = select("ada", sales()).await.unwrap_err();
    assert!(matches!(error, SetActiveTeamError::NotInTeam));
    let error = select("ada", TeamSelection::Id(TeamId::new("none")))
        .await
        .unwrap_err();
    assert!(matches!(error, SetActiveTeamError::NotFound));
}

#[tokio::test]
async fn members_of_the_organization_join_and_leave_a_team() {
    let (world, teams) = world();
    world.enter("bob").await;
    let (sales, cleo) = (TeamId::new(SALES), UserId::new("cleo"));
    let added = teams.add_member(&world.by("bob"), &sales, &cleo).await.unwrap();
    let again = teams.add_member(&world.by("bob"), &sales, &cleo).await.unwrap();
    assert_eq!(added, again);
    teams
        .remove_member(&world.by("bob"), &sales, &cleo)
        .await
        .unwrap();
    let error = teams
        .remove_member(&world.by("bob"), &sales, &cleo)
        .await
        .unwrap_err();
    assert!(matches!(error, TeamMemberError::NotInTeam));
    let full = teams_of(
        &world,
        TeamOptions {
            maximum_members: Some(1),
            ..TeamOptions::default()
        },
    );
    let error = full
        .add_member(&world.by("bob"), &sales, &cleo)
        .await
        .unwrap_err();
    assert!(matches!(error, TeamMemberError::LimitReached));
    let error = teams
        .add_member(&world.by("bob"), &sales, &UserId::new("dan"))
        .await
        .unwrap_err();
    assert!(matches!(error, TeamMemberError::NotAMember));
    let error = teams
        .add_member(&world.by("bob"), &TeamId::new("none"), &cleo)
        .await
        .unwrap_err();
    assert!(matches!(error, TeamMemberError::NotFound));
    let error = teams
        .add_member(&world.by("ada"), &sales, &cleo)
        .await
        .unwrap_err();
    assert!(matches!(error, TeamMemberError::NoOrganization));
    world.enter("cleo").await;
    let error = teams
        .add_member(&world.by("cleo"), &sales, &cleo)
        .await
        .unwrap_err();
    assert!(matches!(error, TeamMemberError::NotAllowed));
}

#[tokio::test]
async fn teams_and_their_members_are_listed_for_those_who_belong_to_them() {
    let (world, teams) = world();
    let listed = teams.list(&world.by("cleo"), Some(id(ACME))).await.unwrap();
    assert_eq!(listed.len(), 1);
    let error = teams.list(&world.by("eve"), Some(id(ACME))).await.unwrap_err();
    assert!(matches!(error, ListTeamsError::NotAMember));
    let error = teams.list(&world.by("ada"), None).await.unwrap_err();
    assert!(matches!(error, ListTeamsError::NoOrganization));
    assert_eq!(teams.list_of_caller(&world.by("bob")).await.unwrap().len(), 1);
    assert!(teams.list_of_caller(&world.by("ada")).await.unwrap().is_empty());
    let sales = || Some(TeamId::new(SALES));
    assert_eq!(
        teams.list_members(&world.by("bob"), sales()).await.unwrap().len(),
        1
    );
    let error = teams.list_members(&world.by("ada"), sales()).await.unwrap_err();
    assert!(matches!(error, ListTeamMembersError::NotInTeam));
    let error = teams.list_members(&world.by("ada"), None).await.unwrap_err();
    assert!(matches!(error, ListTeamMembersError::NoTeam));
}
