//! An organization with everything that belongs to it.

use std::num::NonZeroU32;

use portcullis_domain::organization::{
    ACTIVE_ORGANIZATION_ID, Invitation, MemberQuery, MemberWithUser, Organization, OrganizationId, Team,
};

use super::{Membership, Organizations, named_or_active};
use crate::{
    ports::{Failure, Repositories},
    session::StrictCaller,
};

/// Which organization a caller wants to read.
#[derive(Clone, Debug, Default)]
pub struct FullQuery {
    /// The organization's id.
    pub organization: Option<OrganizationId>,
    /// The organization's slug, which takes precedence.
    pub slug: Option<String>,
    /// The maximum number of members that are returned. `None`: all.
    pub members_limit: Option<NonZeroU32>,
}

/// An organization with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct FullOrganization {
    /// The organization.
    pub organization: Organization,
    /// Its invitations, with any status.
    pub invitations: Vec<Invitation>,
    /// Its members.
    pub members: Vec<MemberWithUser>,
    /// Its teams. `None`: teams are disabled.
    pub teams: Option<Vec<Team>>,
}

/// Why an organization was not returned.
#[derive(Debug, thiserror::Error)]
pub enum FullOrganizationError {
    /// There is no such organization.
    #[error("there is no such organization")]
    NotFound,
    /// The caller is not a member of the organization. The caller now has no active organization, as in Better Auth.
    #[error("the caller is not a member of the organization")]
    NotAMember,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Organizations {
    /// Returns an organization with everything that belongs to it. `None`: the request names none, and the caller has no
    /// active one.
    ///
    /// # Errors
    ///
    /// [`FullOrganizationError::NotAMember`] for an organization of other users.
    pub async fn full(
        &self,
        by: &StrictCaller,
        query: FullQuery,
    ) -> Result<Option<FullOrganization>, FullOrganizationError> {
        let mut db = self.store.autocommit();
        let found = if let Some(slug) = query.slug.filter(|slug| !slug.is_empty()) {
            db.organizations().find_by_slug(&slug).await?
        } else {
            let Some(id) = named_or_active(by, query.organization) else {
                return Ok(None);
            };
            db.organizations().find(&id).await?
        };
        let organization = found.ok_or(FullOrganizationError::NotFound)?;
        let Some(membership) = self.membership_of(db.as_mut(), by, organization).await? else {
            let cleared = [(ACTIVE_ORGANIZATION_ID, None)];
            self.set_session(db.as_mut(), by, &cleared).await?;
            return Err(FullOrganizationError::NotAMember);
        };
        let full = self
            .read_full(db.as_mut(), membership, query.members_limit)
            .await?;
        Ok(Some(full))
    }

    async fn read_full(
        &self,
        db: &mut dyn Repositories,
        membership: Membership<'_>,
        limit: Option<NonZeroU32>,
    ) -> Result<FullOrganization, Failure> {
        let (organization, _) = membership.into_parts();
        let query = MemberQuery {
            limit,
            ..MemberQuery::default()
        };
        Ok(FullOrganization {
            invitations: db.invitations().list(&organization.id).await?,
            members: db.members().list(&organization.id, &query).await?.members,
            teams: match self.options.teams {
                Some(_) => Some(db.teams().list(&organization.id).await?),
                None => None,
            },
            organization,
        })
    }
}
