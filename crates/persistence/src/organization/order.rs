//! The order of a list of members.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, QueryFragment},
};
use portcullis_domain::{
    listing::SortDirection,
    organization::{MemberField, MemberSort},
};

use super::condition::push_column;

/// The order of a list of members. `None`: the oldest membership is first.
#[derive(Clone, Debug)]
pub(super) struct Order(pub(super) Option<MemberSort>);

impl QueryFragment<Pg> for Order {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some(sort) = &self.0 else {
            return push_column(&mut out, &MemberField::CreatedAt);
        };
        // The text depends on the client's request, and would fill the memory of the connection.
        out.unsafe_to_cache_prepared();
        push_column(&mut out, &sort.field)?;
        out.push_sql(match sort.direction {
            SortDirection::Ascending => " ASC",
            SortDirection::Descending => " DESC",
        });
        Ok(())
    }
}
