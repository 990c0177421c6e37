//! Organizations: creation, members, invitations, teams and roles.
//!
//! Each change is decided in one unit of work, which locks the caller and then the organization: see [`begin`](mod@begin).

mod activation;
mod begin;
mod creation;
mod deletion;
mod full;
mod invitations;
mod list;
mod members;
mod membership;
mod options;
pub mod roles;
mod session;
pub mod teams;
mod unbegun;
mod update;
mod user_deletion_guard;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use portcullis_domain::{organization::OrganizationId, session::SessionPolicy};

pub use self::{
    activation::{Activated, Selection, SetActiveError},
    creation::{CreateForUserError, CreateOrganization, CreateOrganizationError, CreatedOrganization},
    deletion::DeleteOrganizationError,
    full::{FullOrganization, FullOrganizationError, FullQuery},
    invitations::{
        AcceptInvitationError, Accepted, CancelInvitationError, InviteError, InviteMember,
        ListInvitationsError, ReadInvitationError, ReceivedInvitation, RejectInvitationError,
    },
    members::{
        AddMember, AddMemberError, HasPermissionError, LeaveOrganizationError, ListMembers, ListMembersError,
        MemberRoleError, MemberRoleQuery, RawFilter, RemoveMember, RemoveMemberError, RemovedMember,
        UpdateMemberRole, UpdateMemberRoleError,
    },
    options::{DynamicRoleOptions, OrganizationOptions, TeamOptions},
    unbegun::Unbegun,
    update::UpdateOrganizationError,
    user_deletion_guard::{ONLY_OWNER, OwnerGuard},
};
pub(crate) use self::{begin::Begun, membership::Membership};
use crate::{
    message::{MessageOptions, MessageWriter},
    ports::{Clock, Ports, Random, Store},
    session::StrictCaller,
};

/// The use cases of organizations.
pub struct Organizations {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    messages: MessageWriter,
    options: OrganizationOptions,
    session: SessionPolicy,
}

impl Organizations {
    /// Creates the use cases by these options.
    #[must_use]
    pub fn new(
        ports: &Ports,
        options: OrganizationOptions,
        messages: MessageOptions,
        session: SessionPolicy,
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            messages: MessageWriter::new(ports, messages),
            options,
            session,
        }
    }

    /// Returns the options.
    #[must_use]
    pub const fn options(&self) -> &OrganizationOptions {
        &self.options
    }
}

/// Returns the organization that a request names, or the caller's active one if it names none or an empty id.
fn named_or_active(by: &StrictCaller, named: Option<OrganizationId>) -> Option<OrganizationId> {
    let named = named.filter(|id| !id.as_str().is_empty());
    named.or_else(|| by.session().active_organization())
}
