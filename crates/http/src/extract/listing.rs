//! Parameters of lists that clients sort and filter.

use portcullis_domain::listing::SortDirection;

use super::body::{body, choice::Choice};

impl Choice for SortDirection {
    const OPTIONS: &'static [(&'static str, Self)] = &[("asc", Self::Ascending), ("desc", Self::Descending)];
    const NAMES: &'static [&'static str] = &["asc", "desc"];
}

body! {
    enum FilterOperator {
        Equal = "eq",
        NotEqual = "ne",
        Less = "lt",
        LessOrEqual = "lte",
        Greater = "gt",
        GreaterOrEqual = "gte",
        Contains = "contains",
    }
}
