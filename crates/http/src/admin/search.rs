//! The query of a search for users.

use portcullis_application::admin::UserSearch;
use portcullis_domain::admin::{Direction, Operator};

use super::members::{Scalar, number};
use crate::extract::body::{Text, body};

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
    enum SortDirection {
        Ascending = "asc",
        Descending = "desc",
    }
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
        match self.filter_operator {
            Some(FilterOperator::Equal) | None => Operator::Equal,
            Some(FilterOperator::NotEqual) => Operator::NotEqual,
            Some(FilterOperator::Less) => Operator::Less,
            Some(FilterOperator::LessOrEqual) => Operator::LessOrEqual,
            Some(FilterOperator::Greater) => Operator::Greater,
            Some(FilterOperator::GreaterOrEqual) => Operator::GreaterOrEqual,
            Some(FilterOperator::Contains) => Operator::Contains,
        }
    }

    fn sorting(&self) -> Option<(String, Direction)> {
        let member = self.sort_by.clone().filter(|member| !member.is_empty())?;
        let direction = match self.sort_direction {
            Some(SortDirection::Ascending) | None => Direction::Ascending,
            Some(SortDirection::Descending) => Direction::Descending,
        };
        Some((member, direction))
    }
}

/// Returns a limit or an offset. wire: no number and zero are as if it was missing.
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
