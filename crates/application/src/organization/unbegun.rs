//! Units of work that change what belongs to an organization: teams and roles.

use portcullis_domain::{id::Id, organization::OrganizationId};

use super::{Begun, Membership, Organizations};
use crate::{
    ports::{Failure, RandomExt as _, UnitOfWork},
    session::StrictCaller,
};

/// Why a unit of work was not begun.
#[derive(Debug)]
pub enum Unbegun {
    /// The caller is not a member, or there is no such organization.
    NotAMember,
    /// The caller's session has ended.
    SessionEnded,
    /// The store failed.
    Failure(Failure),
}

impl Organizations {
    /// Begins a unit of work as [`begin`](Self::begin) does, for a caller who must be a member.
    pub(super) async fn begin_as_member<'a>(
        &'a self,
        by: &'a StrictCaller,
        organization: &OrganizationId,
    ) -> Result<(Box<dyn UnitOfWork>, Membership<'a>), Unbegun> {
        match self.begin(by, organization).await.map_err(Unbegun::Failure)? {
            Begun::Member(unit, membership) => Ok((unit, *membership)),
            Begun::NotAMember => Err(Unbegun::NotAMember),
            Begun::SessionEnded => Err(Unbegun::SessionEnded),
        }
    }

    /// Returns a new id.
    pub(super) fn new_id<Kind>(&self) -> Id<Kind> {
        self.random.id()
    }
}
