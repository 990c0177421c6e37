//! Lists of members.

use std::num::NonZeroU32;

use portcullis_domain::{
    listing::SortDirection,
    organization::{
        Comparison, MemberField, MemberFilter, MemberPage, MemberQuery, MemberSort, OrganizationId,
        UnknownField,
    },
};

use super::{super::Organizations, NoMembership};
use crate::{ports::Failure, session::StrictCaller};

/// A caller's request for members.
#[derive(Clone, Debug, Default)]
pub struct ListMembers {
    /// The organization's id. `None`: the active one.
    pub organization: Option<OrganizationId>,
    /// The organization's slug, which takes precedence.
    pub slug: Option<String>,
    /// The maximum number of members. `None`: all.
    pub limit: Option<NonZeroU32>,
    /// How many members are left out at the beginning.
    pub offset: u32,
    /// The name of the field that the list is sorted by.
    pub sort_by: Option<String>,
    /// The direction of the list.
    pub direction: SortDirection,
    /// Which members the list contains. `None`: all.
    pub filter: Option<RawFilter>,
}

/// A filter as the client sent it.
#[derive(Clone, Debug)]
pub struct RawFilter {
    /// The name of the field.
    pub field: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// The value that it is compared with.
    pub value: Option<String>,
}

/// Why members were not returned.
#[derive(Debug, thiserror::Error)]
pub enum ListMembersError {
    /// There is no organization with the slug.
    #[error("there is no such organization")]
    NotFound,
    /// The request names no organization, and the caller has no active one.
    #[error("the caller has no active organization")]
    NoOrganization,
    /// The caller is not a member.
    #[error("the caller is not a member of the organization")]
    NotAMember,
    /// Members cannot be sorted or filtered by the field, or the field cannot be compared with the value.
    #[error("members cannot be sorted or filtered by {0:?} in this way")]
    InvalidField(String),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NoMembership> for ListMembersError {
    fn from(error: NoMembership) -> Self {
        match error {
            NoMembership::NotFound => Self::NotFound,
            NoMembership::NoOrganization => Self::NoOrganization,
            NoMembership::NotAMember => Self::NotAMember,
            NoMembership::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<UnknownField> for ListMembersError {
    fn from(error: UnknownField) -> Self {
        Self::InvalidField(error.0)
    }
}

impl Organizations {
    /// Returns a part of an organization's members, and how many there are in the whole list.
    ///
    /// # Errors
    ///
    /// [`ListMembersError::NotAMember`] also if there is no organization with the id.
    pub async fn list_members(
        &self,
        by: &StrictCaller,
        mut command: ListMembers,
    ) -> Result<MemberPage, ListMembersError> {
        let mut db = self.store.autocommit();
        let chosen = (command.organization.take(), command.slug.take());
        let membership = self.chosen_membership(db.as_mut(), by, chosen).await?;
        let query = self.member_query(command)?;
        Ok(db.members().list(membership.id(), &query).await?)
    }

    fn member_query(&self, command: ListMembers) -> Result<MemberQuery, ListMembersError> {
        let fields = &self.options.fields.member;
        let sort_by = command.sort_by.filter(|field| !field.is_empty());
        let sort = match sort_by {
            Some(field) => Some(MemberSort {
                field: MemberField::parse(&field, fields)?,
                direction: command.direction,
            }),
            None => None,
        };
        let raw = command.filter.filter(|filter| !filter.field.is_empty());
        let filter = match raw {
            Some(raw) => Some(MemberFilter::parse(
                &raw.field,
                raw.comparison,
                raw.value.as_deref(),
                fields,
            )?),
            None => None,
        };
        Ok(MemberQuery {
            limit: command.limit,
            offset: command.offset,
            sort,
            filter,
        })
    }
}
