//! Two organizations with members, in memory.

use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    email::EmailAddress,
    id::{SessionId, UserId},
    organization::{
        Invitation, InvitationId, Member, MemberId, NewInvitation, NewOrganization, Organization,
        OrganizationId, Team, TeamId, TeamMember, TeamMemberId, invitation_teams,
    },
    session::Session,
    token::SessionToken,
    user::User,
};

use super::super::{OrganizationOptions, Organizations, TeamOptions};
use crate::{
    session::StrictCaller,
    testing::{
        FakePorts, MemoryStore, Rows,
        fixtures::{SESSION_POLICY, a_session, a_user, message_options, start},
    },
};

/// The organization of Ada, who is its owner, Bob, an admin, and Cleo, a member.
pub(super) const ACME: &str = "acme";
/// The organization of Eve, who is its owner.
pub(super) const OTHER: &str = "other";
/// A team of [`ACME`].
pub(super) const SALES: &str = "sales";

/// The users, of whom Dan is not a member.
const USERS: [&str; 5] = ["ada", "bob", "cleo", "dan", "eve"];
const MEMBERS: [(&str, &str, &str); 4] = [
    (ACME, "ada", "owner"),
    (ACME, "bob", "admin"),
    (ACME, "cleo", "member"),
    (OTHER, "eve", "owner"),
];

/// The use cases with a store in memory.
pub(super) struct World {
    pub(super) fake: FakePorts<MemoryStore>,
    pub(super) organizations: Organizations,
}

/// Options with teams.
pub(super) fn with_teams() -> OrganizationOptions {
    OrganizationOptions {
        teams: Some(TeamOptions::default()),
        ..OrganizationOptions::default()
    }
}

pub(super) fn id(text: &str) -> OrganizationId {
    OrganizationId::new(text)
}

pub(super) fn user(name: &str) -> User {
    User {
        id: UserId::new(name),
        name: name.to_owned(),
        email: address(name),
        ..a_user()
    }
}

pub(super) fn address(name: &str) -> EmailAddress {
    EmailAddress::from_stored(format!("{name}@example.com"))
}

pub(super) fn member(organization: &str, name: &str, role: &str) -> Member {
    Member {
        id: MemberId::new(format!("{organization}-{name}")),
        organization_id: id(organization),
        user_id: UserId::new(name),
        role: RoleList::of_stored(role),
        created_at: start(),
        additional: AdditionalFields::default(),
    }
}

/// Returns an open invitation to [`ACME`].
pub(super) fn an_invitation(name: &str, role: &str, teams: &str) -> Invitation {
    let new = NewInvitation {
        organization_id: id(ACME),
        email: address(name),
        role: RoleList::of_stored(role),
        team_ids: invitation_teams(Some(teams)),
        inviter_id: UserId::new("ada"),
        expires_at: start() + chrono::TimeDelta::hours(1),
        additional: AdditionalFields::default(),
    };
    Invitation::new(new, InvitationId::new(format!("invitation-{name}")), start())
}

fn organization(slug: &str) -> Organization {
    let new = NewOrganization {
        name: slug.to_owned(),
        slug: slug.to_owned(),
        ..NewOrganization::default()
    };
    Organization::new(new, id(slug), start())
}

fn session(name: &str) -> Session {
    Session {
        id: SessionId::new(format!("session-{name}")),
        token: SessionToken::new(format!("token-{name}")),
        user_id: UserId::new(name),
        ..a_session()
    }
}

impl World {
    pub(super) fn new(options: OrganizationOptions) -> Self {
        Self::with(options, |_| {})
    }

    /// Creates the world with rows that `fill` adds.
    pub(super) fn with(options: OrganizationOptions, fill: impl FnOnce(&mut Rows)) -> Self {
        let store = MemoryStore::with(|rows| {
            rows.users = USERS.map(user).to_vec();
            rows.sessions = USERS.map(session).to_vec();
            rows.organizations = [ACME, OTHER].map(organization).to_vec();
            let members = MEMBERS.map(|(organization, name, role)| member(organization, name, role));
            rows.members = members.to_vec();
            rows.teams = vec![Team {
                id: TeamId::new(SALES),
                name: SALES.to_owned(),
                organization_id: id(ACME),
                created_at: start(),
                updated_at: None,
                additional: AdditionalFields::default(),
            }];
            rows.team_members = vec![TeamMember {
                id: TeamMemberId::new("sales-bob"),
                team_id: TeamId::new(SALES),
                user_id: UserId::new("bob"),
                created_at: Some(start()),
            }];
            fill(rows);
        });
        let fake = FakePorts::with_store(store);
        let organizations = Organizations::new(&fake.ports, options, message_options(), SESSION_POLICY);
        Self { fake, organizations }
    }

    pub(super) fn rows(&self) -> Rows {
        self.fake.store.rows()
    }

    /// Returns the caller with this name, as the session is stored now.
    pub(super) fn by(&self, name: &str) -> StrictCaller {
        let rows = self.rows();
        let session = rows
            .sessions
            .into_iter()
            .find(|session| session.user_id.as_str() == name);
        let user = rows.users.into_iter().find(|user| user.id.as_str() == name);
        StrictCaller::for_test(session.unwrap(), user.unwrap())
    }

    /// Makes [`ACME`] the active organization of a user.
    pub(super) async fn enter(&self, name: &str) {
        let by = self.by(name);
        let selection = super::super::Selection::Id(id(ACME));
        self.organizations.set_active(&by, selection, true).await.unwrap();
    }

    /// Returns the active organization and team of a user.
    pub(super) fn active(&self, name: &str) -> (Option<String>, Option<String>) {
        let by = self.by(name);
        let organization = by.session().active_organization();
        let team = by.session().active_team();
        (
            organization.map(|id| id.as_str().to_owned()),
            team.map(|id| id.as_str().to_owned()),
        )
    }

    /// Returns the members of [`ACME`] with their roles.
    pub(super) fn members(&self) -> Vec<String> {
        let rows = self.rows();
        let members = rows
            .members
            .iter()
            .filter(|member| member.organization_id.as_str() == ACME);
        members
            .map(|member| format!("{} {}", member.user_id, member.role))
            .collect()
    }
}
