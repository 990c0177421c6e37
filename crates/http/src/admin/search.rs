//! The query of a search for users.

use portcullis_application::admin::UserSearch;
use portcullis_domain::{admin::Operator, listing::SortDirection};

use super::members::number;
use crate::extract::{
    body::{Scalar, Text, body},
    listing::FilterOperator,
};

body! {
    enum SearchField {
        Email = "email",
        Name = "name",
    }
}

body! {
    enum SearchOperator {
        Contains = "contains",
        StartsWith = "starts_with",
        EndsWith = "ends_with",
    }
}

body! {
    Search {
        text: Option<Text> = "searchValue",
        field: Option<SearchField> = "searchField",
        operator: Option<SearchOperator> = "searchOperator",
        limit: Option<Scalar> = "limit",
        offset: Option<Scalar> = "offset",
        sort_by: Option<Text> = "sortBy",
        sort_direction: Option<SortDirection> = "sortDirection",
        filter_field: Option<Text> = "filterField",
        filter_value: Option<Scalar> = "filterValue",
        filter_operator: Option<FilterOperator> = "filterOperator",
    }
}

impl Search {
    /// Returns the search. `None`: PostgreSQL would reject the limit or the offset.
    pub(super) fn describe(self) -> Option<UserSearch> {
        let (limit, offset) = (count(self.limit.as_deref())?, count(self.offset.as_deref())?);
        Some(UserSearch {
            conditions: self.conditions(),
            sorting: self.sorting(),
            limit,
            offset: offset.unwrap_or(0),
        })
    }

    fn conditions(&self) -> Vec<(String, Operator, String)> {
        let field = match self.field {
            Some(SearchField::Name) => "name",
            Some(SearchField::Email) | None => "email",
        };
        let text = self.text.clone().filter(|text| !text.is_empty());
        let search = text.map(|text| (field.to_owned(), self.search_operator(), text));
        let field = self.filter_field.as_deref().filter(|field| !field.is_empty());
        let field = field.unwrap_or("email").to_owned();
        let filter = self.filter_value.clone();
        let filter = filter.map(|value| (field, self.filter_operator(), value));
        search.into_iter().chain(filter).collect()
    }

    fn search_operator(&self) -> Operator {
        match self.operator {
            Some(SearchOperator::Contains) | None => Operator::Contains,
            Some(SearchOperator::StartsWith) => Operator::StartsWith,
            Some(SearchOperator::EndsWith) => Operator::EndsWith,
        }
    }

    fn filter_operator(&self) -> Operator {
        self.filter_operator.map_or(Operator::Equal, Operator::from)
    }

    fn sorting(&self) -> Option<(String, SortDirection)> {
        let member = self.sort_by.clone().filter(|member| !member.is_empty())?;
        Some((member, self.sort_direction.unwrap_or_default()))
    }
}

impl From<FilterOperator> for Operator {
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

/// Returns a limit or an offset, or `Some(None)` if it is missing. `None`: PostgreSQL would reject it. wire: zero and a
/// text that is not a number count as missing.
#[expect(
    clippy::option_option,
    reason = "a number that PostgreSQL would reject differs from none"
)]
fn count(text: Option<&str>) -> Option<Option<i64>> {
    let Some(number) = text.and_then(number).filter(|number| *number != 0.0) else {
        return Some(None);
    };
    let whole = (number > 0.0 && number.fract() == 0.0).then(|| number.to_string());
    whole?.parse().ok().map(Some)
}
