//! Units of work that change an organization.
//!
//! Locks are taken in one order: the caller's user, the organization, then its rows. The organization's lock decides races
//! about the last owner and about limits: what is counted under it stays true until the unit ends.

use portcullis_domain::organization::OrganizationId;

use super::{Membership, Organizations};
use crate::{
    ports::{Failure, UnitOfWork},
    session::StrictCaller,
};

/// A unit of work that was begun for a change of an organization.
pub(crate) enum Begun<'a> {
    /// The caller is a member; the organization is locked.
    Member(Box<dyn UnitOfWork>, Box<Membership<'a>>),
    /// The caller is not a member, or there is no such organization.
    NotAMember,
    /// The caller's session ended meanwhile.
    SessionEnded,
}

impl Organizations {
    /// Begins a unit of work that locks the caller and the organization.
    pub(super) async fn begin<'a>(
        &'a self,
        by: &'a StrictCaller,
        organization: &OrganizationId,
    ) -> Result<Begun<'a>, Failure> {
        let Some(mut unit) = by.begin(self.store.as_ref()).await? else {
            return Ok(Begun::SessionEnded);
        };
        let user = &by.user().id;
        // Only members may make other requests wait.
        if unit.members().find_of_user(organization, user).await?.is_none() {
            return Ok(Begun::NotAMember);
        }
        let Some(locked) = unit.organizations().lock(organization).await? else {
            return Ok(Begun::NotAMember);
        };
        let membership = self.membership_of(unit.as_mut(), by, locked).await?;
        Ok(membership.map_or(Begun::NotAMember, |membership| {
            Begun::Member(unit, Box::new(membership))
        }))
    }
}
