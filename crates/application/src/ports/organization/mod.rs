//! Storage of organizations.
//!
//! A unit of work that changes an organization, its members, its invitations, its teams or its roles first locks the
//! organization by [`OrganizationRepository::lock`]. Counts that are read under this lock stay true until the unit ends:
//! another server waits, too, since rows refer to the organization. A database that a Node server shares has no unique
//! key on members, so a user may have several rows in one organization. They count as one member, the oldest one.

mod invitation;
mod member;
mod repository;
mod role;
mod team;

pub use self::{
    invitation::InvitationRepository, member::MemberRepository, repository::OrganizationRepository,
    role::OrganizationRoleRepository, team::TeamRepository,
};
#[cfg(any(test, feature = "testing"))]
pub use self::{
    invitation::MockInvitationRepository, member::MockMemberRepository,
    repository::MockOrganizationRepository, role::MockOrganizationRoleRepository, team::MockTeamRepository,
};
