//! Members of organizations.

use chrono::{DateTime, Utc};

use super::OrganizationId;
use crate::{
    access::RoleList,
    additional::AdditionalFields,
    email::EmailAddress,
    id::{Id, UserId},
    user::User,
};

/// The id of a [`Member`].
pub type MemberId = Id<Member>;

/// A user's membership of an organization.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The member's id, which never changes.
    pub id: MemberId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The user.
    pub user_id: UserId,
    /// The roles that the user holds in the organization.
    pub role: RoleList,
    /// When the user joined.
    pub created_at: DateTime<Utc>,
    /// The values of the fields that the deployment adds.
    pub additional: AdditionalFields,
}

impl Member {
    /// The names of a member's members without additional fields, as they stand in JSON and as columns, in the order of
    /// Better Auth's JSON. Additional fields stand before the last one.
    pub const MEMBERS: [&str; 5] = ["organizationId", "userId", "role", "createdAt", "id"];
}

/// What other members see of a member's user.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberUser {
    /// The user's id.
    pub id: UserId,
    /// The user's name.
    pub name: String,
    /// The user's address.
    pub email: EmailAddress,
    /// URL of the user's picture.
    pub image: Option<String>,
}

impl From<&User> for MemberUser {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.clone(),
            name: user.name.clone(),
            email: user.email.clone(),
            image: user.image.clone(),
        }
    }
}

/// A member and the member's user.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberWithUser {
    /// The member.
    pub member: Member,
    /// The user.
    pub user: MemberUser,
}
