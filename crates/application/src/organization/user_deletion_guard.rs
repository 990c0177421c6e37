//! Deletion of users who are members of organizations.

use async_trait::async_trait;
use portcullis_domain::user::User;

use super::OrganizationOptions;
use crate::{
    ports::{Failure, Repositories},
    seams::{Decision, DeletionCause, UserDeletionGuard},
};

/// The code with which the deletion of an organization's only owner is refused.
pub const ONLY_OWNER: &str = "USER_IS_THE_ONLY_OWNER_OF_AN_ORGANIZATION";

/// Refuses the deletion of a user who is the only owner of an organization with other members. Organizations without
/// other members are deleted with a user whose deletion was requested, and keep one who was abandoned.
pub struct OwnerGuard {
    creator_role: String,
}

impl OwnerGuard {
    /// Creates the guard by the options of organizations.
    #[must_use]
    pub fn new(options: &OrganizationOptions) -> Self {
        Self {
            creator_role: options.access.creator_role.clone(),
        }
    }
}

#[async_trait]
impl UserDeletionGuard for OwnerGuard {
    async fn check(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        cause: DeletionCause,
    ) -> Result<Decision, Failure> {
        for organization in db.organizations().lock_of_user(&user.id).await? {
            let id = &organization.id;
            if db.members().count(id).await? <= 1 && cause == DeletionCause::Request {
                db.organizations().delete(id).await?;
                continue;
            }
            let role = &self.creator_role;
            let rows = db.members().list_of_user(id, &user.id).await?;
            let is_owner = rows.iter().any(|row| row.member.role.contains(role));
            if is_owner && db.members().count_with_role(id, role).await? <= 1 {
                return Ok(Decision::Refused(ONLY_OWNER.into()));
            }
        }
        Ok(Decision::Allowed)
    }
}
