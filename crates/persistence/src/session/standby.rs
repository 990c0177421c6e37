//! Lookups of sessions at a standby, and again at the primary if the standby has no answer.

use std::{collections::HashMap, sync::Arc, time::Duration};

use diesel::{PgConnection, QueryResult, prelude::*, sql_types::Bool};
use portcullis_domain::token::SessionToken;
use tokio::time::timeout;

use super::{
    expression::{HasOneOf, IsUsable},
    lookups::{Answer, SessionLookups},
    row::{Row, RowOfServer},
    statement::{Sessions, Statement},
};
use crate::{
    database_url::DatabaseUrl,
    error::OperationFailure,
    pool::Pool,
    schema::{sessions, users},
    standby::{Lease, Standby},
    store::StoreOptions,
    user,
};

/// How long a lookup waits for the standby. If the standby hangs, its lease soon ends; until then, no request should wait for
/// the whole time limit of an operation.
const PATIENCE: Duration = Duration::from_millis(500);

/// The lookups at a standby.
pub(super) struct StandbyLookups {
    lookups: Arc<SessionLookups>,
    standby: Standby,
}

impl StandbyLookups {
    /// Returns lookups with this statement of the primary.
    fn new(standby: Standby, statement: &Statement) -> Self {
        let statement = Statement {
            lease: Some(Arc::clone(&standby.lease)),
            ..statement.clone()
        };
        Self {
            lookups: Arc::new(SessionLookups::new(&standby.pool, statement, None)),
            standby,
        }
    }

    /// Returns the session with this token, and its user. `None` in the answer: the primary must be asked.
    async fn ask(&self, token: &SessionToken) -> Answer {
        let answer = timeout(PATIENCE, self.lookups.ask(token)).await;
        let answer = answer.unwrap_or_else(|_elapsed| Answer::unsent(OperationFailure::TimedOut));
        if answer.result.is_err() {
            self.standby.lease.suspend();
        }
        answer
    }
}

impl SessionLookups {
    /// Returns the lookups of a store with this URL and this pool, and watches its standby.
    pub(crate) fn connect(url: &DatabaseUrl, pool: &Arc<Pool>, options: &StoreOptions) -> Self {
        let statement = Statement::new(options);
        let standby = options.standby.as_ref().map(|standby| {
            let standby = Standby::new(url, standby, options.pool);
            standby.watch();
            StandbyLookups::new(standby, &statement)
        });
        Self::new(pool, statement, standby)
    }

    /// Returns the session with this token, and its user. The standby answers if its lease is valid and it has the session;
    /// otherwise, the primary does.
    pub(super) async fn find(self: &Arc<Self>, token: &SessionToken) -> Answer {
        let Some(standby) = &self.standby else {
            return self.ask(token).await;
        };
        standby.standby.watch();
        if !standby.standby.lease.is_valid() {
            return self.ask(token).await;
        }
        let first = standby.ask(token).await;
        if matches!(first.result, Ok(Some(_))) {
            return first;
        }
        let mut answer = self.ask(token).await;
        answer.statements += first.statements;
        answer
    }

    /// Makes lookups from now on find what this process has changed.
    pub(crate) fn outdate_standby(&self) {
        if let Some(standby) = &self.standby {
            standby.standby.lease.require_barrier();
        }
    }
}

impl Statement {
    /// Returns those of the sessions that the standby may answer for, by their tokens.
    pub(super) fn find_at_standby(
        &self,
        connection: &mut PgConnection,
        tokens: &[String],
        lease: &Lease,
    ) -> QueryResult<Sessions> {
        let Some(barrier) = lease.barrier() else {
            return Ok(HashMap::new());
        };
        let found = sessions::table.inner_join(users::table);
        let is_usable = IsUsable(barrier);
        let selection = (
            Row::as_select(),
            &self.columns,
            user::Row::as_select(),
            &self.of_users,
            // It may be promoted at any time, and would then take itself for the primary.
            false.into_sql::<Bool>(),
        );
        let rows = match tokens {
            [token] => found
                .filter(sessions::token.eq(token))
                .filter(is_usable)
                .select(selection)
                .load::<RowOfServer>(connection)?,
            tokens => found
                .filter(HasOneOf(tokens))
                .filter(is_usable)
                .select(selection)
                .load::<RowOfServer>(connection)?,
        };
        Ok(self.by_token(rows))
    }
}
