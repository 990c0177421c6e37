//! Creation of connections, and checks before they are reused.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::{
    Connection, PgConnection, QueryResult, RunQueryDsl,
    connection::{CacheSize, SimpleConnection},
    dsl::sql,
    r2d2::{ManageConnection, R2D2Connection as _},
    select,
    sql_types::Bool,
};

use crate::{
    connect_error::{ConnectError, unreachable_reason},
    database_url::DatabaseUrl,
    health::Health,
};

/// Returns how long a statement may wait for a lock: a third of `statement_timeout`.
pub(crate) fn lock_limit(statement_timeout: Duration) -> Duration {
    statement_timeout / 3
}

/// Minimum age at which a connection to a read-only server is replaced. While the whole database accepts no writes,
/// failing writes must not cause a flood of new connections.
pub(crate) const READ_ONLY_LIFETIME: Duration = Duration::from_secs(1);

/// A connection and its state.
///
/// diesel does not mark a connection as broken if *preparing* a statement fails, so a dead connection would be reused
/// again and again. Testing each connection before use would cost every session check a second round trip.
pub(crate) struct Tracked {
    pub(crate) connection: PgConnection,
    /// A failure made it unusable.
    pub(crate) is_broken: bool,
    /// The database's default isolation level is not READ COMMITTED, and we cannot set it.
    pub(crate) is_strict: bool,
    /// The epoch in which it last worked.
    epoch: u64,
    /// The version of prepared statements when it was made.
    plans: u64,
    /// When it was made.
    established: Instant,
}

impl Tracked {
    /// Returns whether a connection to a read-only server is old enough to be replaced.
    pub(crate) fn may_be_replaced(&self) -> bool {
        self.established.elapsed() >= READ_ONLY_LIFETIME
    }

    /// Returns whether the server accepts no writes. The query also shows that the connection works.
    pub(crate) fn is_read_only(&mut self) -> QueryResult<bool> {
        select(sql::<Bool>("current_setting('transaction_read_only')::boolean"))
            .get_result(&mut self.connection)
    }
}

/// Creates connections for one pool.
#[derive(Clone)]
pub(crate) struct Manager {
    url: Arc<DatabaseUrl>,
    health: Arc<Health>,
    statement_timeout: Duration,
}

impl Manager {
    pub(crate) const fn new(url: Arc<DatabaseUrl>, health: Arc<Health>, statement_timeout: Duration) -> Self {
        Self {
            url,
            health,
            statement_timeout,
        }
    }

    /// Returns a new connection, and whether its isolation level is not READ COMMITTED.
    fn establish(&self) -> Result<(PgConnection, bool), ConnectError> {
        let mut connection =
            PgConnection::establish(self.url.expose()).map_err(|error| unreachable_reason(&error))?;
        let is_strict = self
            .set_up(&mut connection)
            .map_err(|_| ConnectError("the connection could not be set up"))?;
        Ok((connection, is_strict))
    }

    fn set_up(&self, connection: &mut PgConnection) -> QueryResult<bool> {
        if self.url.is_behind_a_pooler() {
            // Other clients would see settings and prepared statements in the session.
            connection.set_prepared_statement_cache_size(CacheSize::Disabled);
            return select(sql::<Bool>(
                "current_setting('default_transaction_isolation') <> 'read committed'",
            ))
            .get_result(connection);
        }
        let milliseconds = self.statement_timeout.as_millis();
        // A statement that waits for a lock occupies a connection that other operations wait for.
        let lock = lock_limit(self.statement_timeout).as_millis();
        // A statement that has waited for another one at a row must see the changes of the first.
        connection.batch_execute(&format!(
            "SET statement_timeout = {milliseconds}; SET lock_timeout = {lock}; \
             SET default_transaction_isolation = 'read committed'; {}",
            self.url.session_settings()
        ))?;
        Ok(false)
    }
}

impl ManageConnection for Manager {
    type Connection = Tracked;
    type Error = ConnectError;

    fn connect(&self) -> Result<Tracked, ConnectError> {
        let (epoch, plans) = (self.health.epoch(), self.health.plans());
        let attempt = self.health.attempt();
        match self.establish() {
            Ok((connection, is_strict)) => {
                self.health.succeeded();
                Ok(Tracked {
                    connection,
                    is_broken: false,
                    is_strict,
                    epoch,
                    plans,
                    established: Instant::now(),
                })
            }
            Err(error) => {
                self.health.failed(attempt, error.0);
                Err(error)
            }
        }
    }

    fn is_valid(&self, tracked: &mut Tracked) -> Result<(), ConnectError> {
        if tracked.plans < self.health.plans() {
            return Err(ConnectError("an idle connection had plans for an older schema"));
        }
        let epoch = self.health.epoch();
        if tracked.epoch < epoch {
            let is_read_only = tracked
                .is_read_only()
                .map_err(|_| ConnectError("an idle connection was dead"))?;
            if is_read_only && tracked.may_be_replaced() {
                return Err(ConnectError("an idle connection reached a read-only server"));
            }
            tracked.epoch = epoch;
        }
        Ok(())
    }

    fn has_broken(&self, tracked: &mut Tracked) -> bool {
        tracked.is_broken || std::thread::panicking() || tracked.connection.is_broken()
    }
}
