//! Input about members.

use portcullis_domain::{listing::SortDirection, organization::Comparison};

use crate::extract::{
    body::{OneOrMany, Scalar, Text, body},
    listing::FilterOperator,
};

body! {
    RemoveMember {
        member: Text = "memberIdOrEmail",
        organization: Option<Text> = "organizationId",
    }
}

body! {
    UpdateMemberRole {
        roles: OneOrMany = "role",
        member: Text = "memberId",
        organization: Option<Text> = "organizationId",
    }
}

body! {
    Leave {
        organization: Text = "organizationId",
    }
}

body! {
    ListMembers {
        limit: Option<Scalar> = "limit",
        offset: Option<Scalar> = "offset",
        sort_by: Option<Text> = "sortBy",
        sort_direction: Option<SortDirection> = "sortDirection",
        filter_field: Option<Text> = "filterField",
        filter_value: Option<Scalar> = "filterValue",
        filter_operator: Option<FilterOperator> = "filterOperator",
        organization: Option<Text> = "organizationId",
        slug: Option<Text> = "organizationSlug",
    }
}

body! {
    ActiveMemberRole {
        user: Option<Text> = "userId",
        organization: Option<Text> = "organizationId",
        slug: Option<Text> = "organizationSlug",
    }
}

impl From<FilterOperator> for Comparison {
    fn from(operator: FilterOperator) -> Self {
        match operator {
            FilterOperator::Equal => Self::Equal,
            FilterOperator::NotEqual => Self::NotEqual,
            FilterOperator::Less => Self::Less,
            FilterOperator::LessOrEqual => Self::LessOrEqual,
            FilterOperator::Greater => Self::Greater,
            FilterOperator::GreaterOrEqual => Self::GreaterOrEqual,
            FilterOperator::Contains => Self::Contains,
        }
    }
}
