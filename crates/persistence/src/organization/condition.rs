//! The condition of a list of members.

use chrono::{DateTime, Utc};
use diesel::{
    AppearsOnTable, Expression, QueryResult, SelectableExpression,
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Bool, Jsonb, Text, Timestamptz},
};
use portcullis_domain::organization::{Comparison, FilterValue, MemberField, MemberFilter};
use serde_json::{Map, Value};

use super::table;
use crate::text::escaped_for_pattern;

/// The condition of a list of members.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// All members.
    All,
    /// No member: the value is of another type than the field.
    Nothing,
    /// Members of whom a field compares to a value.
    Compared(MemberField, &'static str, Operand),
}

/// A value of a condition.
#[derive(Clone, Debug)]
pub(super) enum Operand {
    Text(String),
    Time(DateTime<Utc>),
    /// A JSON object with the value of one column, which PostgreSQL converts to the type of the column.
    Row(Value),
}

impl Condition {
    /// Creates the condition of a filter.
    pub(super) fn new(filter: Option<&MemberFilter>) -> Self {
        let Some(MemberFilter {
            field,
            comparison,
            value,
        }) = filter
        else {
            return Self::All;
        };
        let contains = *comparison == Comparison::Contains;
        let operand = match (field, value) {
            (MemberField::CreatedAt, FilterValue::Time(time)) if !contains => Operand::Time(*time),
            (MemberField::Additional(_), FilterValue::Additional(Value::String(part))) if contains => {
                Operand::Text(pattern(part))
            }
            (MemberField::Additional(name), FilterValue::Additional(value)) if !contains => {
                let row = Map::from_iter([(name.clone(), value.clone())]);
                Operand::Row(Value::Object(row))
            }
            (
                MemberField::Id | MemberField::OrganizationId | MemberField::UserId | MemberField::Role,
                FilterValue::Text(text),
            ) => Operand::Text(if contains { pattern(text) } else { text.clone() }),
            _ => return Self::Nothing,
        };
        let operator = match operand {
            Operand::Text(_) => operator_of_text(*comparison),
            Operand::Time(_) | Operand::Row(_) => operator(*comparison),
        };
        Self::Compared(field.clone(), operator, operand)
    }
}

const CONTAINS: &str = "::text ILIKE ";

const fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => " = ",
        Comparison::NotEqual => " <> ",
        Comparison::Less => " < ",
        Comparison::LessOrEqual => " <= ",
        Comparison::Greater => " > ",
        Comparison::GreaterOrEqual => " >= ",
        Comparison::Contains => CONTAINS,
    }
}

/// In an adopted database, ids may have the type `uuid`, which has no order with texts.
const fn operator_of_text(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "::text < ",
        Comparison::LessOrEqual => "::text <= ",
        Comparison::Greater => "::text > ",
        Comparison::GreaterOrEqual => "::text >= ",
        Comparison::Equal | Comparison::NotEqual | Comparison::Contains => operator(comparison),
    }
}

/// Returns the pattern of texts that contain a text.
fn pattern(part: &str) -> String {
    format!("%{}%", escaped_for_pattern(part))
}

/// Pushes the column of a field of members.
pub(super) fn push_column(out: &mut AstPass<'_, '_, Pg>, field: &MemberField) -> QueryResult<()> {
    out.push_identifier(table::MEMBER)?;
    out.push_sql(".");
    push_name(out, field)
}

fn push_name(out: &mut AstPass<'_, '_, Pg>, field: &MemberField) -> QueryResult<()> {
    out.push_identifier(match field {
        MemberField::Id => "id",
        MemberField::OrganizationId => "organizationId",
        MemberField::UserId => "userId",
        MemberField::Role => "role",
        MemberField::CreatedAt => "createdAt",
        MemberField::Additional(name) => name,
    })
}

impl Expression for Condition {
    type SqlType = Bool;
}

impl<Source> AppearsOnTable<Source> for Condition {}

impl<Source> SelectableExpression<Source> for Condition {}

impl ValidGrouping<()> for Condition {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for Condition {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Condition {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (field, operator, operand) = match self {
            Self::All => {
                out.push_sql("TRUE");
                return Ok(());
            }
            Self::Nothing => {
                out.push_sql("FALSE");
                return Ok(());
            }
            Self::Compared(field, operator, operand) => (field, operator, operand),
        };
        // The text depends on the client's request, and would fill the memory of the connection.
        out.unsafe_to_cache_prepared();
        push_column(&mut out, field)?;
        out.push_sql(operator);
        match operand {
            Operand::Text(text) => out.push_bind_param::<Text, _>(text),
            Operand::Time(time) => out.push_bind_param::<Timestamptz, _>(time),
            Operand::Row(row) => {
                out.push_sql("(jsonb_populate_record(NULL::");
                out.push_identifier(table::MEMBER)?;
                out.push_sql(", ");
                out.push_bind_param::<Jsonb, _>(row)?;
                out.push_sql(")).");
                push_name(&mut out, field)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn no_character_of_a_searched_text_has_a_meaning_of_its_own() {
        assert_eq!(pattern("own"), "%own%");
        assert_eq!(pattern(r"5%_\"), r"%5\%\_\\%");
        assert_eq!(pattern(""), "%%");
    }
}
