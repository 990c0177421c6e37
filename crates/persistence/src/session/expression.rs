//! Conditions of the statement of coalesced lookups.
//!
//! They are types of their own because diesel prepares a statement that contains SQL as text anew each time it is sent.

use diesel::{
    AppearsOnTable, Expression, QueryResult, SelectableExpression,
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Bool, Text, Timestamptz},
};

use crate::standby::Barrier;

/// Whether a session has one of these tokens.
///
/// PostgreSQL does not see the number of tokens through the subquery, so it makes one plan for all. Without it, PostgreSQL
/// may plan each statement by itself, and read all users if there are not many more of them than tokens.
pub(super) struct HasOneOf<'a>(pub(super) &'a [String]);

/// Whether the primary server answers.
pub(super) struct IsOfPrimary;

/// Whether the server may answer for a session: it is the server of this barrier, it has replayed up to the barrier's
/// position, and the session does not expire soon. The standby may lack the renewal of a session, and a session that
/// seems to have expired is deleted. The primary answers for all other sessions.
///
/// If a process of a standby crashes, the standby closes all connections and replays again from its last restartpoint,
/// but its start time stays the same.
pub(super) struct IsUsable(pub(super) Barrier);

macro_rules! boolean {
    ($type:ty, $id:ty) => {
        impl Expression for $type {
            type SqlType = Bool;
        }

        impl<Source> AppearsOnTable<Source> for $type {}

        impl<Source> SelectableExpression<Source> for $type {}

        impl ValidGrouping<()> for $type {
            type IsAggregate = is_aggregate::No;
        }

        impl QueryId for $type {
            type QueryId = $id;
            const HAS_STATIC_QUERY_ID: bool = true;
        }
    };
}

boolean!(HasOneOf<'_>, HasOneOf<'static>);
boolean!(IsOfPrimary, Self);
boolean!(IsUsable, Self);

impl QueryFragment<Pg> for HasOneOf<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(r#""session"."token" = ANY((SELECT "#);
        out.push_bind_param::<Array<Text>, _>(self.0)?;
        out.push_sql(")::text[])");
        Ok(())
    }
}

impl QueryFragment<Pg> for IsOfPrimary {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("NOT pg_is_in_recovery()");
        Ok(())
    }
}

impl QueryFragment<Pg> for IsUsable {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("pg_postmaster_start_time() = ");
        out.push_bind_param::<Timestamptz, _>(&self.0.server)?;
        out.push_sql(" AND pg_last_wal_replay_lsn() - '0/0'::pg_lsn >= ");
        out.push_bind_param::<BigInt, _>(&self.0.position)?;
        out.push_sql(r#" AND "session"."expiresAt" > clock_timestamp() + interval '10 seconds'"#);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use chrono::DateTime;

    use super::*;

    #[test]
    fn every_condition_can_be_part_of_a_statement_that_is_prepared_once() {
        let (one_of, usable) = (
            HasOneOf(&[]),
            IsUsable(Barrier {
                began: Instant::now(),
                server: DateTime::UNIX_EPOCH,
                position: 0,
            }),
        );
        let conditions: [&dyn QueryFragment<Pg>; 3] = [&one_of, &IsOfPrimary, &usable];
        for (at, condition) in conditions.into_iter().enumerate() {
            assert!(
                condition.is_safe_to_cache_prepared(&Pg).unwrap(),
                "condition {at}"
            );
        }
    }
}
