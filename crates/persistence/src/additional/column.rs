//! The declared columns in a SELECT list.

use diesel::{
    AppearsOnTable, Expression, QueryResult, SelectableExpression,
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Jsonb, Nullable},
};

use super::Columns;

impl Expression for Columns {
    type SqlType = Nullable<Jsonb>;
}

impl<Source> AppearsOnTable<Source> for Columns {}

impl<Source> SelectableExpression<Source> for Columns {}

impl ValidGrouping<()> for Columns {
    type IsAggregate = is_aggregate::No;
}

/// A connection finds prepared statements by their types, so it need not build their text at each session check. The
/// type does not determine the columns, but all statements of a store's connections have the same columns.
impl QueryId for Columns {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for Columns {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.schema.is_empty() {
            out.push_sql("NULL::jsonb");
            return Ok(());
        }
        // Not jsonb_build_object: it accepts at most fifty columns.
        out.push_sql("(SELECT to_jsonb(declared) FROM (SELECT ");
        for (index, name) in self.names().enumerate() {
            out.push_sql(if index == 0 { "" } else { ", " });
            out.push_identifier(self.table)?;
            out.push_sql(".");
            out.push_identifier(name)?;
        }
        out.push_sql(") AS declared)");
        Ok(())
    }
}
