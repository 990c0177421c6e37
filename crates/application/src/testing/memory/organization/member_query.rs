//! The members that a list contains.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    listing::SortDirection,
    organization::{
        Comparison, FilterValue, Member, MemberField, MemberFilter, MemberPage, MemberQuery, MemberSort,
        MemberWithUser,
    },
};
use serde_json::Value;

use super::number;

/// The value of a field of a member.
enum Held {
    Text(String),
    Time(DateTime<Utc>),
    Additional(Value),
}

/// Returns the part of the members that a query asks for.
pub(super) fn page(mut members: Vec<MemberWithUser>, query: &MemberQuery) -> MemberPage {
    members.retain(|row| {
        query
            .filter
            .as_ref()
            .is_none_or(|filter| is_listed(&row.member, filter))
    });
    let oldest_first = MemberSort {
        field: MemberField::CreatedAt,
        direction: SortDirection::Ascending,
    };
    let sort = query.sort.as_ref().unwrap_or(&oldest_first);
    members.sort_by(|one, other| order(&one.member, &other.member, sort));
    let total = number(members.len());
    let (limit, offset) = (query.limit.map(u32::from), query.offset);
    let as_count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    MemberPage {
        members: members
            .into_iter()
            .skip(as_count(offset))
            .take(limit.map_or(usize::MAX, as_count))
            .collect(),
        total,
    }
}

fn held(member: &Member, field: &MemberField) -> Held {
    match field {
        MemberField::Id => Held::Text(member.id.as_str().to_owned()),
        MemberField::OrganizationId => Held::Text(member.organization_id.as_str().to_owned()),
        MemberField::UserId => Held::Text(member.user_id.as_str().to_owned()),
        MemberField::Role => Held::Text(member.role.to_string()),
        MemberField::CreatedAt => Held::Time(member.created_at),
        MemberField::Additional(name) => Held::Additional(member.additional.get(name).clone()),
    }
}

/// Members with equal values are in the order of their ids.
fn order(one: &Member, other: &Member, sort: &MemberSort) -> Ordering {
    let by_value = match (held(one, &sort.field), held(other, &sort.field)) {
        (Held::Text(one), Held::Text(other)) => one.cmp(&other),
        (Held::Time(one), Held::Time(other)) => one.cmp(&other),
        (Held::Additional(one), Held::Additional(other)) => order_of_values(&one, &other),
        _ => Ordering::Equal,
    };
    let by_value = match sort.direction {
        SortDirection::Ascending => by_value,
        SortDirection::Descending => by_value.reverse(),
    };
    by_value.then_with(|| one.id.as_str().cmp(other.id.as_str()))
}

/// As in PostgreSQL, a missing value is the largest one.
fn order_of_values(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Null, _) | (_, Value::Null) => one.is_null().cmp(&other.is_null()),
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        _ => one
            .as_f64()
            .partial_cmp(&other.as_f64())
            .unwrap_or(Ordering::Equal),
    }
}

fn is_listed(member: &Member, filter: &MemberFilter) -> bool {
    let order = match (held(member, &filter.field), &filter.value) {
        (Held::Text(held), FilterValue::Text(value)) => {
            if filter.comparison == Comparison::Contains {
                return contains(&held, value);
            }
            held.cmp(value)
        }
        (Held::Time(held), FilterValue::Time(value)) => held.cmp(value),
        (Held::Additional(held), FilterValue::Additional(value)) => {
            if filter.comparison == Comparison::Contains {
                let texts = (held.as_str(), value.as_str());
                return matches!(texts, (Some(held), Some(value)) if contains(held, value));
            }
            if held.is_null() || value.is_null() {
                return false;
            }
            order_of_values(&held, value)
        }
        _ => return false,
    };
    match filter.comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
        Comparison::Contains => false,
    }
}

fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}
