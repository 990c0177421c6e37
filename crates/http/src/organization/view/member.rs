//! The JSON of a member.

use portcullis_domain::organization::{Member, MemberUser, MemberWithUser};
use schemars::JsonSchema;
use serde::Serialize;

use super::Presenter;
use crate::view::{Shown, date::Date};

/// The JSON of a member.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Member", description = "A member of an organization")]
pub(in crate::organization) struct MemberView<'a> {
    organization_id: &'a str,
    user_id: &'a str,
    role: String,
    created_at: Date,
    #[serde(flatten)]
    additional: Shown<'a>,
    id: &'a str,
}

/// What other members see of a user.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "MemberUser", description = "What other members see of a user")]
struct MemberUserView<'a> {
    id: &'a str,
    name: &'a str,
    email: &'a str,
    image: Option<&'a str>,
}

/// The JSON of a member and the member's user.
#[derive(JsonSchema, Serialize)]
#[schemars(
    rename = "MemberWithUser",
    description = "A member of an organization, and the member's user"
)]
pub(in crate::organization) struct MemberWithUserView<'a> {
    #[serde(flatten)]
    member: MemberView<'a>,
    user: MemberUserView<'a>,
}

/// The JSON of a member who was removed.
// wire: it contains the user only if the request named the member by address.
#[derive(JsonSchema, Serialize)]
#[schemars(
    inline,
    description = "The member who was removed, and the user if the request named the address"
)]
pub(in crate::organization) struct RemovedMemberView<'a> {
    #[serde(flatten)]
    member: MemberView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<MemberUserView<'a>>,
}

impl<'a> Presenter<'a> {
    /// Returns the JSON of a member.
    pub(in crate::organization) fn member(self, member: &'a Member) -> MemberView<'a> {
        MemberView {
            organization_id: member.organization_id.as_str(),
            user_id: member.user_id.as_str(),
            role: member.role.to_string(),
            created_at: member.created_at.into(),
            additional: Shown::new(&self.fields.member, &member.additional),
            id: member.id.as_str(),
        }
    }

    /// Returns the JSON of a member and the member's user.
    pub(in crate::organization) fn member_with_user(
        self,
        member: &'a MemberWithUser,
    ) -> MemberWithUserView<'a> {
        MemberWithUserView {
            member: self.member(&member.member),
            user: user(&member.user),
        }
    }

    /// Returns the JSON of a member who was removed.
    pub(in crate::organization) fn removed_member(
        self,
        member: &'a Member,
        named: Option<&'a MemberUser>,
    ) -> RemovedMemberView<'a> {
        RemovedMemberView {
            member: self.member(member),
            user: named.map(user),
        }
    }
}

fn user(user: &MemberUser) -> MemberUserView<'_> {
    MemberUserView {
        id: user.id.as_str(),
        name: &user.name,
        email: user.email.as_str(),
        image: user.image.as_deref(),
    }
}
