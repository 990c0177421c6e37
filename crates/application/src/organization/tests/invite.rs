//! Invitation of addresses.

use chrono::TimeDelta;
use portcullis_domain::{
    access::{RoleList, Statements},
    additional::AdditionalFields,
    organization::{
        AccessPolicy, Invitation, InvitationStatus, OrganizationRole, OrganizationRoleId, TeamId,
        default_statements, write_permission,
    },
};

use super::{
    super::{DynamicRoleOptions, InviteError, InviteMember, OrganizationOptions, TeamOptions},
    world::{ACME, OTHER, SALES, World, address, an_invitation, id, member, with_teams},
};
use crate::testing::fixtures::start;

fn command(email: &str, role: &str) -> InviteMember {
    InviteMember {
        email: email.to_owned(),
        role: RoleList::of_names([role]),
        organization: Some(id(ACME)),
        resends: false,
        teams: Vec::new(),
        additional: AdditionalFields::default(),
    }
}

async fn invite(world: &World, name: &str, command: InviteMember) -> Result<Invitation, InviteError> {
    world.organizations.invite(&world.by(name), command).await
}

#[tokio::test]
async fn an_owner_invites_an_address_by_message() {
    let world = World::new(OrganizationOptions::default());
    let invitation = invite(&world, "ada", command("New@Example.com", "member"))
        .await
        .unwrap();
    assert_eq!(invitation.email.as_str(), "new@example.com");
    assert_eq!(invitation.expires_at, start() + TimeDelta::hours(48));
    let messages = world.fake.store.messages();
    let [message] = messages.as_slice() else {
        panic!("one message: {messages:?}");
    };
    let content = message.invitation().unwrap();
    assert_eq!(message.to.as_str(), "new@example.com");
    assert_eq!(
        (content.organization_name.as_str(), content.inviter.name.as_str()),
        ("acme", "ada")
    );
    let url = format!(
        "https://auth.example.com/accept-invitation?invitationId={}",
        invitation.id
    );
    assert_eq!(content.link.url.expose(), &url);
}

#[tokio::test]
async fn the_link_opens_the_configured_page() {
    let options = OrganizationOptions {
        invitation_url: Some("https://app.example.com/join?a=b#top".parse().unwrap()),
        ..OrganizationOptions::default()
    };
    let world = World::new(options);
    let invitation = invite(&world, "ada", command("new@example.com", "member"))
        .await
        .unwrap();
    let messages = world.fake.store.messages();
    let url = format!(
        "https://app.example.com/join?a=b&invitationId={}#top",
        invitation.id
    );
    assert_eq!(messages[0].link().unwrap().url.expose(), &url);
}

#[tokio::test]
async fn an_address_is_not_invited_without_permission_or_with_a_wrong_role() {
    let world = World::new(OrganizationOptions::default());
    for (name, email, role, expected) in [
        ("cleo", "new@example.com", "member", "the caller may not invite"),
        (
            "eve",
            "new@example.com",
            "member",
            "the caller is not a member of the organization",
        ),
        ("ada", "no address", "member", "the text is not an e-mail address"),
        (
            "ada",
            "new@example.com",
            "boss",
            "the organization has no such roles",
        ),
        (
            "ada",
            "new@example.com",
            "member,boss",
            "the organization has no such roles",
        ),
        (
            "bob",
            "new@example.com",
            "owner",
            "the caller may not give the role",
        ),
        (
            "bob",
            "new@example.com",
            "member,owner",
            "the caller may not give the role",
        ),
        (
            "bob",
            "new@example.com",
            "member, owner",
            "the caller may not give the role",
        ),
        (
            "ada",
            "CLEO@example.com",
            "member",
            "the user is a member already",
        ),
    ] {
        let result = invite(&world, name, command(email, role)).await;
        assert_eq!(result.unwrap_err().to_string(), expected, "{name} {role}");
    }
    assert!(world.rows().invitations.is_empty() && world.fake.store.messages().is_empty());
}

#[tokio::test]
async fn a_caller_with_several_roles_gives_the_creators_role() {
    let world = World::with(OrganizationOptions::default(), |rows| {
        rows.members.retain(|member| member.user_id.as_str() != "bob");
        rows.members.push(member(ACME, "bob", "admin,owner"));
    });
    let invited = invite(&world, "bob", command("new@example.com", "owner")).await;
    assert_eq!(invited.unwrap().role.unwrap().to_string(), "owner");
}

#[tokio::test]
async fn an_open_invitation_is_refused_or_sent_again() {
    let world = World::new(OrganizationOptions::default());
    let first = invite(&world, "ada", command("new@example.com", "member"))
        .await
        .unwrap();
    let again = invite(&world, "ada", command("new@example.com", "admin")).await;
    assert!(matches!(again, Err(InviteError::AlreadyInvited)));
    world.fake.clock.advance(TimeDelta::hours(1));
    let resend = InviteMember {
        resends: true,
        ..command("new@example.com", "admin")
    };
    let extended = invite(&world, "ada", resend).await.unwrap();
    assert_eq!((&extended.id, &extended.role), (&first.id, &first.role));
    assert_eq!(extended.expires_at, first.expires_at + TimeDelta::hours(1));
    assert_eq!(world.fake.store.messages().len(), 2);
}

#[tokio::test]
async fn a_new_invitation_cancels_the_open_one_if_the_options_say_so() {
    let options = OrganizationOptions {
        cancels_open_invitations: true,
        invitation_limit: 1,
        ..OrganizationOptions::default()
    };
    let world = World::new(options);
    for role in ["member", "admin"] {
        invite(&world, "ada", command("new@example.com", role))
            .await
            .unwrap();
    }
    let rows = world.rows();
    let statuses: Vec<_> = rows
        .invitations
        .iter()
        .map(|invitation| invitation.status)
        .collect();
    assert_eq!(statuses, [InvitationStatus::Canceled, InvitationStatus::Pending]);
}

#[tokio::test]
async fn the_number_of_open_invitations_is_limited() {
    let options = OrganizationOptions {
        invitation_limit: 1,
        ..OrganizationOptions::default()
    };
    let world = World::new(options);
    invite(&world, "ada", command("one@example.com", "member"))
        .await
        .unwrap();
    let result = invite(&world, "ada", command("two@example.com", "member")).await;
    assert!(matches!(result, Err(InviteError::LimitReached)));
    world.fake.clock.advance(TimeDelta::hours(49));
    invite(&world, "ada", command("two@example.com", "member"))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_invitation_names_only_teams_of_its_organization_with_free_places() {
    let limited = TeamOptions {
        maximum_members: Some(1),
        ..TeamOptions::default()
    };
    for (teams, named, expected) in [
        (TeamOptions::default(), SALES, None),
        (
            TeamOptions::default(),
            "unknown",
            Some("the organization has no such team"),
        ),
        (
            TeamOptions::default(),
            "of-other",
            Some("the organization has no such team"),
        ),
        (limited, SALES, Some("the team has too many members")),
    ] {
        let options = OrganizationOptions {
            teams: Some(teams),
            ..with_teams()
        };
        let world = World::with(options, |rows| {
            let mut foreign = rows.teams[0].clone();
            foreign.id = TeamId::new("of-other");
            foreign.organization_id = id(OTHER);
            rows.teams.push(foreign);
        });
        let command = InviteMember {
            teams: vec![TeamId::new(named)],
            ..command("new@example.com", "member")
        };
        let result = invite(&world, "ada", command).await;
        let error = result.err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), expected, "{named}");
    }
}

#[tokio::test]
async fn an_organizations_own_roles_can_be_given_and_permit_their_holders() {
    let access = AccessPolicy {
        statements: Some(default_statements()),
        ..AccessPolicy::default()
    };
    let options = OrganizationOptions {
        access,
        dynamic_roles: Some(DynamicRoleOptions { maximum: None }),
        ..OrganizationOptions::default()
    };
    let world = World::with(options, |rows| {
        rows.organization_roles.push(OrganizationRole {
            id: OrganizationRoleId::new("R"),
            organization_id: id(ACME),
            role: "host".to_owned(),
            permission: write_permission(&Statements::of(&[("invitation", &["create"])])),
            created_at: start(),
            updated_at: None,
            additional: AdditionalFields::default(),
        });
        rows.members.push(member(ACME, "dan", "host"));
        rows.members.push(member(OTHER, "cleo", "host"));
    });
    invite(&world, "dan", command("one@example.com", "host"))
        .await
        .unwrap();
    let foreign = InviteMember {
        organization: Some(id(OTHER)),
        ..command("two@example.com", "member")
    };
    let result = invite(&world, "cleo", foreign).await;
    assert!(matches!(result, Err(InviteError::NotAllowed)));
}

#[tokio::test]
async fn an_expired_invitation_does_not_count() {
    let world = World::with(OrganizationOptions::default(), |rows| {
        let expired = Invitation {
            expires_at: start() - TimeDelta::hours(1),
            ..an_invitation("dan", "member", "")
        };
        rows.invitations.push(expired);
    });
    let email = address("dan");
    let invited = invite(&world, "ada", command(email.as_str(), "member")).await;
    assert!(invited.is_ok());
}
