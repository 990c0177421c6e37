//! A page of members with their users.

use diesel::{
    Expression, PgConnection, QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{BigInt, Text},
};

use super::{condition::Condition, order::Order};

/// A page of members with their users. The page is cut before users are joined, so that users of other pages are not read.
pub(super) struct Listing<Selection> {
    pub(super) selection: Selection,
    pub(super) organization: String,
    pub(super) condition: Condition,
    pub(super) order: Order,
    pub(super) limit: i64,
    pub(super) offset: i64,
}

impl<Selection: Expression> Query for &Listing<Selection> {
    type SqlType = Selection::SqlType;
}

impl<Selection> RunQueryDsl<PgConnection> for &Listing<Selection> {}

impl<Selection> QueryId for Listing<Selection> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Selection: QueryFragment<Pg>> QueryFragment<Pg> for Listing<Selection> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        self.selection.walk_ast(out.reborrow())?;
        out.push_sql(r#" FROM (SELECT * FROM "member" WHERE "member"."organizationId" = "#);
        out.push_bind_param::<Text, _>(&self.organization)?;
        out.push_sql(" AND ");
        self.condition.walk_ast(out.reborrow())?;
        self.push_order(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.limit)?;
        out.push_sql(" OFFSET ");
        out.push_bind_param::<BigInt, _>(&self.offset)?;
        out.push_sql(r#") AS "member" INNER JOIN "user" ON "user"."id" = "member"."userId""#);
        self.push_order(out)
    }
}

impl<Selection> Listing<Selection> {
    fn push_order<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(" ORDER BY ");
        self.order.walk_ast(out.reborrow())?;
        out.push_sql(r#", "member"."id""#);
        Ok(())
    }
}
