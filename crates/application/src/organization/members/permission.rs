//! Permissions of the caller.

use portcullis_domain::{access::PermissionRequest, organization::OrganizationId};

use super::super::{Organizations, named_or_active};
use crate::{ports::Failure, session::StrictCaller};

/// Why the permissions of a caller were not checked.
#[derive(Debug, thiserror::Error)]
pub enum HasPermissionError {
    /// The request names no organization, and the caller has no active one.
    #[error("the caller has no active organization")]
    NoOrganization,
    /// The caller is not a member.
    #[error("the caller is not a member of the organization")]
    NotAMember,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Organizations {
    /// Returns whether the caller's roles permit what is requested.
    ///
    /// # Errors
    ///
    /// [`HasPermissionError::NotAMember`] also if there is no such organization.
    pub async fn has_permission(
        &self,
        by: &StrictCaller,
        organization: Option<OrganizationId>,
        request: &PermissionRequest,
    ) -> Result<bool, HasPermissionError> {
        let id = named_or_active(by, organization).ok_or(HasPermissionError::NoOrganization)?;
        let mut db = self.store.autocommit();
        let membership = self.membership(db.as_mut(), by, &id).await?;
        let membership = membership.ok_or(HasPermissionError::NotAMember)?;
        Ok(membership.permits(request))
    }
}
