//! Organizations, their members, invitations, teams and roles.

mod access;
mod default_access;
mod fields;
mod filter_value;
mod invitation;
mod member;
mod member_field;
mod member_filter;
mod member_query;
pub mod permission;
mod role;
mod team;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

pub use self::{
    access::AccessPolicy,
    default_access::{ADMIN, DEFAULT_ROLES, MEMBER, OWNER, default_roles, default_statements},
    fields::{ACTIVE_ORGANIZATION_ID, ACTIVE_TEAM_ID, OrganizationFields, session_fields},
    filter_value::FilterValue,
    invitation::{
        Invitation, InvitationId, InvitationStatus, InvitationWithOrganization, NewInvitation,
        invitation_teams,
    },
    member::{Member, MemberId, MemberUser, MemberWithUser},
    member_field::{MemberField, UnknownField},
    member_filter::{Comparison, MemberFilter},
    member_query::{MemberPage, MemberQuery, MemberSort},
    role::{
        OrganizationRole, OrganizationRoleId, OrganizationRolePatch, is_role_name, parse_permission,
        write_permission,
    },
    team::{Team, TeamId, TeamMember, TeamMemberId, TeamPatch},
};
use crate::{additional::AdditionalFields, id::Id};

/// The id of an [`Organization`].
pub type OrganizationId = Id<Organization>;

/// An organization.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// The organization's id, which never changes.
    pub id: OrganizationId,
    /// The name that users read.
    pub name: String,
    /// The slug, unique among organizations; upper and lower case differ.
    pub slug: String,
    /// URL of the organization's picture.
    pub logo: Option<String>,
    /// A JSON text that clients set and read.
    pub metadata: Option<String>,
    /// When the organization was created.
    pub created_at: DateTime<Utc>,
    /// The values of the fields that the deployment adds.
    pub additional: AdditionalFields,
}

/// What a new organization starts with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewOrganization {
    /// The name that users read.
    pub name: String,
    /// A slug that no organization has.
    pub slug: String,
    /// URL of the picture.
    pub logo: Option<String>,
    /// The metadata: a JSON object with any members.
    pub metadata: Option<Map<String, Value>>,
    /// The values of additional fields.
    pub additional: AdditionalFields,
}

/// Changes of an organization; `None` leaves a field unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrganizationPatch {
    /// The new name.
    pub name: Option<String>,
    /// The new slug.
    pub slug: Option<String>,
    /// URL of the new picture.
    pub logo: Option<String>,
    /// The new metadata.
    pub metadata: Option<Map<String, Value>>,
    /// New values of additional fields; fields that are not in it are unchanged.
    pub additional: AdditionalFields,
}

impl Organization {
    /// The names of an organization's members without additional fields, as they stand in JSON and as columns, in the
    /// order of Better Auth's JSON. Additional fields stand before the last one and never have one of these names.
    pub const MEMBERS: [&str; 6] = ["name", "slug", "logo", "createdAt", "metadata", "id"];

    /// Creates an organization.
    #[must_use]
    pub fn new(new: NewOrganization, id: OrganizationId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            name: new.name,
            slug: new.slug,
            logo: new.logo,
            metadata: new.metadata.as_ref().map(metadata_text),
            created_at: now,
            additional: new.additional,
        }
    }

    /// Returns the metadata as a JSON value. `None`: there is none, or the text is not JSON.
    #[must_use]
    pub fn metadata_value(&self) -> Option<Value> {
        let text = self.metadata.as_deref().filter(|text| !text.is_empty())?;
        serde_json::from_str(text).ok()
    }
}

impl OrganizationPatch {
    /// Returns the text of the new metadata, as it is stored.
    #[must_use]
    pub fn metadata_text(&self) -> Option<String> {
        self.metadata.as_ref().map(metadata_text)
    }

    /// Whether the patch changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn metadata_text(metadata: &Map<String, Value>) -> String {
    Value::Object(metadata.clone()).to_string()
}
