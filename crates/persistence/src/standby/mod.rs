//! Session checks at a hot standby.
//!
//! A standby may answer only as long as its [`Lease`] is valid. The [`Watch`] renews the lease with barriers: it asks the
//! primary how much it has written, and the standby until it has replayed that much. A lookup that the standby cannot answer
//! is repeated at the primary. [Record 58](../../../../docs/adr/0058-a-standby-answers-under-a-lease.md) has the reasons.

mod barrier;
mod lease;
mod log;
mod servers;
mod watch;

use std::{sync::Arc, time::Duration};

pub(crate) use self::lease::{Barrier, Lease};
use self::watch::Watch;
use crate::{
    database_url::DatabaseUrl,
    pool::{Pool, PoolOptions},
};

/// Maximum number of lookups at a time, each for many sessions, and of connections for them.
const MOST_LOOKUPS: u32 = 2;

/// Options of a standby.
#[derive(Clone, Debug)]
pub struct StandbyOptions {
    /// Its URL, as [`DatabaseUrl::parse_standby`] returns it.
    pub url: DatabaseUrl,
    /// Maximum age of what it answers.
    pub max_lag: Duration,
}

impl PartialEq for StandbyOptions {
    fn eq(&self, other: &Self) -> bool {
        let all = |options: &Self| {
            let url = &options.url;
            (
                url.expose().to_owned(),
                url.adopted_schema().to_owned(),
                options.max_lag,
            )
        };
        all(self) == all(other)
    }
}

/// Why a standby cannot be used. It contains no host, user or password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StandbyError {
    /// The primary did not answer.
    #[error("the primary did not answer: {0}")]
    Primary(String),
    /// The standby did not answer.
    #[error("the standby did not answer: {0}")]
    Standby(String),
    /// The standby has not replayed the primary's changes in time.
    #[error("the standby is more than `database.max_read_lag` behind the primary")]
    Lag,
    /// The server was promoted, or never was a standby.
    #[error("the server of `database.read_url` is not a standby: it is not in recovery")]
    NotInRecovery,
    /// The servers are not copies of each other.
    #[error(
        "the server of `database.read_url` is not a physical standby of the primary: its system identifier differs"
    )]
    OtherSystem,
    /// It is not known that the standby follows the primary's timeline.
    #[error(
        "it is not known yet that the standby follows the primary's timeline: grant `pg_read_all_stats` to the role, or wait for the standby's next restartpoint"
    )]
    OtherTimeline,
}

/// A standby that is being watched.
pub(crate) struct Standby {
    /// Its connections for lookups.
    pub(crate) pool: Arc<Pool>,
    pub(crate) lease: Arc<Lease>,
    watch: Watch,
}

impl Standby {
    /// Returns the standby of this primary.
    pub(crate) fn new(primary: &DatabaseUrl, options: &StandbyOptions, pool: PoolOptions) -> Self {
        let lease = Arc::new(Lease::new(options.max_lag));
        Self {
            pool: Arc::new(Pool::quiet(
                options.url.clone().with_pool_size(MOST_LOOKUPS),
                pool,
            )),
            watch: Watch::new(primary, &options.url, pool, &lease),
            lease,
        }
    }

    /// Watches the standby, if that has not begun and there is a runtime.
    pub(crate) fn watch(&self) {
        self.watch.begin();
    }
}

/// Returns how long the standby took to replay what the primary had written.
///
/// # Errors
///
/// If the standby cannot be used.
pub async fn check_standby(
    primary: &DatabaseUrl,
    options: &StandbyOptions,
    pool: PoolOptions,
) -> Result<Duration, StandbyError> {
    let lease = Arc::new(Lease::new(options.max_lag));
    Watch::new(primary, &options.url, pool, &lease).check().await
}
