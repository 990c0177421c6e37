//! The statement of an insertion.

use diesel::{
    Expression, PgConnection, QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::Jsonb,
};

use super::{Insert, Returning};

impl RunQueryDsl<PgConnection> for &Insert {}

impl QueryId for Insert {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Insert {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // A declared column without a value gets its default, so it must not be in the statement. Then the text depends on
        // the client's request: such statements are not kept on the connection, or clients could fill its memory.
        if !self.is_complete {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql("INSERT INTO ");
        out.push_identifier(self.table)?;
        for (before, prefix) in [(" (", ""), (") SELECT ", "given.")] {
            for (index, name) in self.names().enumerate() {
                out.push_sql(if index == 0 { before } else { ", " });
                out.push_sql(prefix);
                out.push_identifier(name)?;
            }
        }
        out.push_sql(" FROM jsonb_populate_record(NULL::");
        out.push_identifier(self.table)?;
        out.push_sql(", ");
        out.push_bind_param::<Jsonb, _>(&self.row)?;
        out.push_sql(") AS given ");
        out.push_sql(self.conflict);
        Ok(())
    }
}

impl<Selection: Expression> Query for &Returning<Selection> {
    type SqlType = Selection::SqlType;
}

impl<Selection> RunQueryDsl<PgConnection> for &Returning<Selection> {}

impl<Selection> QueryId for Returning<Selection> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Selection: QueryFragment<Pg>> QueryFragment<Pg> for Returning<Selection> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.insertion.walk_ast(out.reborrow())?;
        out.push_sql(" RETURNING ");
        self.selection.walk_ast(out)
    }
}
