//! The JSON of organizations, members, invitations, teams and roles, with Better Auth's keys in Better Auth's order.

mod full;
mod invitation;
mod member;
mod of_organization;
mod role;
mod team;

use portcullis_domain::organization::OrganizationFields;

pub(super) use self::{
    full::FullOrganizationView,
    invitation::{InvitationOfOrganizationView, InvitationView, ReceivedInvitationView},
    member::{MemberView, MemberWithUserView, RemovedMemberView},
    of_organization::{CreatedOrganizationView, OrganizationView},
    role::{RoleView, statements},
    team::{TeamMemberView, TeamView},
};

/// Creates the JSON of rows, with the additional fields that clients may see.
#[derive(Clone, Copy)]
pub(super) struct Presenter<'a> {
    pub(super) fields: &'a OrganizationFields,
    /// Whether invitations have teams.
    pub(super) has_teams: bool,
}
