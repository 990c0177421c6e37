//! What a list of members contains.

use std::num::NonZeroU32;

use super::{MemberField, MemberFilter, MemberWithUser};
use crate::listing::SortDirection;

/// How a list is sorted. Members with equal values are in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSort {
    /// The field.
    pub field: MemberField,
    /// The direction.
    pub direction: SortDirection,
}

/// What a list of members contains.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberQuery {
    /// The maximum number of members. `None`: all.
    pub limit: Option<NonZeroU32>,
    /// How many members are left out at the beginning.
    pub offset: u32,
    /// How it is sorted. `None`: the oldest membership first.
    pub sort: Option<MemberSort>,
    /// Which members it contains. `None`: all.
    pub filter: Option<MemberFilter>,
}

/// A part of a list of members.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberPage {
    /// The members.
    pub members: Vec<MemberWithUser>,
    /// The number of members in the whole list.
    pub total: u64,
}
