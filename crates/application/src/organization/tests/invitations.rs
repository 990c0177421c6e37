//! Answers to invitations.

use chrono::TimeDelta;
use portcullis_domain::organization::{Invitation, InvitationId, InvitationStatus, TeamId};

use super::{
    super::{
        AcceptInvitationError, Accepted, CancelInvitationError, OrganizationOptions, ReadInvitationError,
        RejectInvitationError, TeamOptions,
    },
    world::{ACME, SALES, World, an_invitation, member, with_teams},
};
use crate::{client_token::SessionEffect, testing::fixtures::start};

fn invitation(name: &str) -> InvitationId {
    InvitationId::new(format!("invitation-{name}"))
}

fn invited(options: OrganizationOptions, role: &str, teams: &str) -> World {
    World::with(options, |rows| {
        rows.invitations.push(an_invitation("dan", role, teams));
    })
}

async fn accept(world: &World, name: &str) -> Result<Accepted, AcceptInvitationError> {
    world
        .organizations
        .accept(&world.by(name), &invitation("dan"), true)
        .await
}

#[tokio::test]
async fn the_recipient_becomes_a_member_and_works_in_the_organization() {
    let world = invited(OrganizationOptions::default(), "admin", "");
    let accepted = accept(&world, "dan").await.unwrap();
    assert_eq!(accepted.invitation.status, InvitationStatus::Accepted);
    assert_eq!(accepted.member.role.to_string(), "admin");
    assert!(matches!(accepted.effects.session, SessionEffect::Unchanged));
    assert_eq!(world.active("dan"), (Some(ACME.to_owned()), None));
    assert!(world.members().contains(&"dan admin".to_owned()));
}

#[tokio::test]
async fn the_recipient_joins_the_only_team_and_works_in_it() {
    let world = invited(with_teams(), "member", SALES);
    let accepted = accept(&world, "dan").await.unwrap();
    let stored = accepted.effects.session.stored_session().unwrap();
    assert_eq!(stored.active_team(), Some(TeamId::new(SALES)));
    assert_eq!(
        world.active("dan"),
        (Some(ACME.to_owned()), Some(SALES.to_owned()))
    );
    assert_eq!(world.rows().team_members.len(), 2);
}

#[tokio::test]
async fn a_team_that_was_deleted_meanwhile_is_left_out() {
    let world = invited(with_teams(), "member", "sales,deleted");
    accept(&world, "dan").await.unwrap();
    assert_eq!(world.active("dan"), (Some(ACME.to_owned()), None));
    assert_eq!(world.rows().team_members.len(), 2);
}

#[tokio::test]
async fn an_invitation_is_accepted_once() {
    let world = invited(OrganizationOptions::default(), "member", "");
    accept(&world, "dan").await.unwrap();
    let again = accept(&world, "dan").await;
    assert!(matches!(again, Err(AcceptInvitationError::NotFound)));
    assert_eq!(world.members().len(), 4);
}

#[tokio::test]
async fn only_the_recipient_answers_an_invitation() {
    let world = invited(OrganizationOptions::default(), "owner", "");
    let accepted = accept(&world, "eve").await;
    assert!(matches!(accepted, Err(AcceptInvitationError::NotRecipient)));
    let rejected = world
        .organizations
        .reject(&world.by("eve"), &invitation("dan"))
        .await;
    assert!(matches!(rejected, Err(RejectInvitationError::NotRecipient)));
    let read = world
        .organizations
        .invitation(&world.by("eve"), &invitation("dan"))
        .await;
    assert!(matches!(read, Err(ReadInvitationError::NotRecipient)));
    assert_eq!(world.members().len(), 3);
}

#[tokio::test]
async fn the_recipients_address_must_be_verified_if_the_options_say_so() {
    let options = OrganizationOptions {
        requires_verified_email: true,
        ..OrganizationOptions::default()
    };
    let world = invited(options, "member", "");
    let accepted = accept(&world, "dan").await;
    assert!(matches!(accepted, Err(AcceptInvitationError::EmailNotVerified)));
    let rejected = world
        .organizations
        .reject(&world.by("dan"), &invitation("dan"))
        .await;
    assert!(matches!(rejected, Err(RejectInvitationError::EmailNotVerified)));
    let read = world
        .organizations
        .invitation(&world.by("dan"), &invitation("dan"))
        .await;
    assert!(matches!(read, Err(ReadInvitationError::EmailNotVerified)));
    let listed = world.organizations.list_received(&world.by("dan")).await;
    assert!(listed.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_acceptance_changes_nothing() {
    let full = OrganizationOptions {
        membership_limit: 3,
        ..OrganizationOptions::default()
    };
    let full_team = OrganizationOptions {
        teams: Some(TeamOptions {
            maximum_members: Some(1),
            ..TeamOptions::default()
        }),
        ..OrganizationOptions::default()
    };
    for (options, teams, expected) in [
        (full, "", "the organization has too many members"),
        (full_team, SALES, "a team has too many members"),
    ] {
        let world = invited(options, "member", teams);
        let result = accept(&world, "dan").await;
        assert_eq!(result.unwrap_err().to_string(), expected);
        let rows = world.rows();
        assert!(rows.invitations[0].is_pending());
        assert_eq!((rows.members.len(), rows.team_members.len()), (4, 1));
        assert_eq!(world.active("dan"), (None, None));
    }
}

#[tokio::test]
async fn the_last_place_in_a_team_can_be_taken() {
    let options = OrganizationOptions {
        teams: Some(TeamOptions {
            maximum_members: Some(2),
            ..TeamOptions::default()
        }),
        ..OrganizationOptions::default()
    };
    let world = invited(options, "member", SALES);
    assert!(accept(&world, "dan").await.is_ok());
}

#[tokio::test]
async fn a_member_does_not_become_a_member_twice() {
    let world = World::with(OrganizationOptions::default(), |rows| {
        rows.invitations.push(an_invitation("dan", "owner", ""));
        rows.members.push(member(ACME, "dan", "member"));
    });
    let result = accept(&world, "dan").await;
    assert!(matches!(result, Err(AcceptInvitationError::AlreadyMember)));
    assert_eq!(world.members().len(), 4);
}

#[tokio::test]
async fn an_expired_invitation_is_rejected_and_neither_accepted_nor_read() {
    let world = World::with(OrganizationOptions::default(), |rows| {
        rows.invitations.push(Invitation {
            expires_at: start() - TimeDelta::milliseconds(1),
            ..an_invitation("dan", "member", "")
        });
    });
    let accepted = accept(&world, "dan").await;
    assert!(matches!(accepted, Err(AcceptInvitationError::NotFound)));
    let read = world
        .organizations
        .invitation(&world.by("dan"), &invitation("dan"))
        .await;
    assert!(matches!(read, Err(ReadInvitationError::NotFound)));
    let rejected = world
        .organizations
        .reject(&world.by("dan"), &invitation("dan"))
        .await;
    assert_eq!(rejected.unwrap().status, InvitationStatus::Rejected);
    let again = world
        .organizations
        .reject(&world.by("dan"), &invitation("dan"))
        .await;
    assert!(matches!(again, Err(RejectInvitationError::NotFound)));
}

#[tokio::test]
async fn the_recipient_reads_who_invites_to_what() {
    let world = invited(OrganizationOptions::default(), "member", "");
    let read = world
        .organizations
        .invitation(&world.by("dan"), &invitation("dan"))
        .await
        .unwrap();
    assert_eq!(
        (read.organization.slug.as_str(), read.inviter_email.as_str()),
        (ACME, "ada@example.com")
    );
    let received = world.organizations.list_received(&world.by("dan")).await.unwrap();
    assert_eq!(received[0].organization_name, ACME);
}

#[tokio::test]
async fn an_invitation_of_a_former_member_is_not_read() {
    let world = World::with(OrganizationOptions::default(), |rows| {
        rows.invitations.push(an_invitation("dan", "member", ""));
        rows.members.retain(|member| member.user_id.as_str() != "ada");
    });
    let read = world
        .organizations
        .invitation(&world.by("dan"), &invitation("dan"))
        .await;
    assert!(matches!(read, Err(ReadInvitationError::InviterLeft)));
}

#[tokio::test]
async fn an_organization_cancels_its_invitations() {
    let world = invited(OrganizationOptions::default(), "member", "");
    for (name, expected) in [
        ("cleo", "the caller may not cancel invitations"),
        ("eve", "the caller is not a member of the organization"),
    ] {
        let result = world
            .organizations
            .cancel(&world.by(name), &invitation("dan"))
            .await;
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
    let unknown = world
        .organizations
        .cancel(&world.by("bob"), &invitation("unknown"))
        .await;
    assert!(matches!(unknown, Err(CancelInvitationError::NotFound)));
    let canceled = world
        .organizations
        .cancel(&world.by("bob"), &invitation("dan"))
        .await;
    assert_eq!(canceled.unwrap().status, InvitationStatus::Canceled);
    assert!(matches!(
        accept(&world, "dan").await,
        Err(AcceptInvitationError::NotFound)
    ));
}
