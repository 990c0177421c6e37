//! What the routes of organizations read.

mod invitation;
mod key_of_role;
mod member;
mod of_organization;
mod permission;
mod role;
mod team;

pub(super) use self::{
    invitation::{Invite, ListInvitations, ListUserInvitations, OneInvitation, OneInvitationById},
    member::{ActiveMemberRole, Leave, ListMembers, RemoveMember, UpdateMemberRole},
    of_organization::{CheckSlug, Create, Delete, FullOrganization, SetActive, Update},
    permission::HasPermission,
    role::{CreateRole, ListRoles, OneRole, UpdateRole},
    team::{CreateTeam, ListTeamMembers, ListTeams, RemoveTeam, SetActiveTeam, TeamMembership, UpdateTeam},
};
