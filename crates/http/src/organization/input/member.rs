//! Input about members.

use portcullis_domain::organization::Comparison;

use crate::extract::body::{OneOrMany, Scalar, Text, body};

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
    enum SortDirection {
        Ascending = "asc",
        Descending = "desc",
    }
}

body! {
    enum Operator {
        Equal = "eq",
        NotEqual = "ne",
        Less = "lt",
        LessOrEqual = "lte",
        Greater = "gt",
        GreaterOrEqual = "gte",
        Contains = "contains",
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
        filter_operator: Option<Operator> = "filterOperator",
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

impl From<SortDirection> for portcullis_domain::organization::SortDirection {
    fn from(direction: SortDirection) -> Self {
        match direction {
            SortDirection::Ascending => Self::Ascending,
            SortDirection::Descending => Self::Descending,
        }
    }
}

impl From<Operator> for Comparison {
    fn from(operator: Operator) -> Self {
        match operator {
            Operator::Equal => Self::Equal,
            Operator::NotEqual => Self::NotEqual,
            Operator::Less => Self::Less,
            Operator::LessOrEqual => Self::LessOrEqual,
            Operator::Greater => Self::Greater,
            Operator::GreaterOrEqual => Self::GreaterOrEqual,
            Operator::Contains => Self::Contains,
        }
    }
}
