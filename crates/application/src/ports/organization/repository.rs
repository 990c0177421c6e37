//! Storage of organizations themselves.

use async_trait::async_trait;
use portcullis_domain::{
    id::UserId,
    organization::{Organization, OrganizationId, OrganizationPatch},
};

use crate::ports::{Failure, WriteError};

/// Organizations.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait OrganizationRepository: Send {
    /// Returns the organization with this id.
    async fn find(&mut self, organization: &OrganizationId) -> Result<Option<Organization>, Failure>;

    /// Returns the organization with this slug. Upper and lower case differ.
    async fn find_by_slug(&mut self, slug: &str) -> Result<Option<Organization>, Failure>;

    /// Returns the organization with this id and locks the row until the unit of work ends, so strongly that no other
    /// transaction can add a row that refers to it.
    async fn lock(&mut self, organization: &OrganizationId) -> Result<Option<Organization>, Failure>;

    /// Locks all organizations of the user as [`lock`](Self::lock) does, in the order of their ids, and returns them.
    async fn lock_of_user(&mut self, user: &UserId) -> Result<Vec<Organization>, Failure>;

    /// Stores a new organization, and returns it as it is stored. If the slug or another unique field is taken, the unit
    /// of work stays usable.
    async fn insert(&mut self, organization: &Organization) -> Result<Organization, WriteError>;

    /// Changes an organization. Returns the changed organization, or `None` if it was deleted. If the slug or another
    /// unique field is taken, the unit of work stays usable.
    async fn update(
        &mut self,
        organization: &OrganizationId,
        patch: &OrganizationPatch,
    ) -> Result<Option<Organization>, WriteError>;

    /// Deletes an organization with its members, invitations, teams and roles. Returns whether it existed. Sessions keep
    /// its id as that of their active organization.
    async fn delete(&mut self, organization: &OrganizationId) -> Result<bool, Failure>;

    /// Returns the organizations of the user, each once; the oldest membership first, equally old ones by the member's
    /// id.
    async fn list_of_user(&mut self, user: &UserId) -> Result<Vec<Organization>, Failure>;

    /// Returns the number of the user's organizations.
    async fn count_of_user(&mut self, user: &UserId) -> Result<u64, Failure>;
}
