//! One refresh at a time for each account, also among replicas.

use std::{
    hash::{BuildHasher as _, RandomState},
    iter,
    sync::Arc,
    time::Duration,
};

use chrono::TimeDelta;
use portcullis_domain::{account::Account, token::OneTimeToken, verification::Purpose};
use tokio::sync::{Mutex, MutexGuard};

use super::account::has_other_tokens;
use crate::ports::{Clock, Failure, Ports, Store};

/// How many accounts this process refreshes at once at most.
const LANES: usize = 256;
/// How long a replica may take to refresh tokens. If it has not released them by then, it has crashed, and another one
/// refreshes them. Longer than the requests of a refresh may take by default.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How often a replica checks whether another one has refreshed the tokens or has ended, and how long it waits in
/// between. Altogether it waits longer than a lease.
const CHECKS: u32 = 640;
const PAUSE: Duration = Duration::from_millis(50);

/// Orders refreshes of the same account. In this process, refreshes of two accounts rarely wait for each other.
pub(super) struct Refreshing {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    lanes: Vec<Mutex<()>>,
    /// Clients cannot foresee which accounts share a lane.
    hashing: RandomState,
}

/// Who refreshes the tokens of an account.
pub(super) enum Claim {
    /// This process, and no other replica until the lease is released.
    Mine(Lease),
    /// Another replica has just done so: the account with its new tokens.
    Done(Box<Account>),
}

/// The right to refresh tokens.
pub(super) struct Lease(OneTimeToken);

impl Refreshing {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            lanes: iter::repeat_with(Mutex::default).take(LANES).collect(),
            hashing: RandomState::new(),
        }
    }

    /// Locks the account for other tasks of this process, until the result is dropped.
    pub(super) async fn lock(&self, account: &str) -> Option<MutexGuard<'_, ()>> {
        match self.lanes.get(self.lane(account)) {
            Some(lane) => Some(lane.lock().await),
            None => None,
        }
    }

    pub(super) fn lane(&self, account: &str) -> usize {
        usize::try_from(self.hashing.hash_one(account)).unwrap_or_default() % LANES
    }

    /// Leases the tokens to this process, unless another replica refreshes them: then waits for it. If that replica fails or
    /// ends, this process takes over.
    ///
    /// # Errors
    ///
    /// If the store fails, or if other replicas have refreshed the tokens without success for longer than a lease.
    pub(super) async fn claim(&self, account: &Account) -> Result<Claim, Failure> {
        let lease = Lease(key(account));
        for _ in 0..CHECKS {
            let now = self.clock.now();
            let is_mine = self
                .store
                .autocommit()
                .verifications()
                .lease(Purpose::TokenRefresh, &lease.0, now + LEASE, now)
                .await?;
            // Also with the lease: another replica may have stored tokens and released it since the account was read.
            match self.refreshed(account).await {
                Ok(None) if is_mine => return Ok(Claim::Mine(lease)),
                Ok(None) => self.clock.sleep(PAUSE).await,
                found => {
                    if is_mine {
                        self.release(&lease).await;
                    }
                    if let Some(account) = found? {
                        return Ok(Claim::Done(Box::new(account)));
                    }
                }
            }
        }
        Err(Failure::unavailable(
            "another replica has not refreshed the tokens in time",
        ))
    }

    /// Returns the account as it is stored, if it has other tokens now.
    async fn refreshed(&self, account: &Account) -> Result<Option<Account>, Failure> {
        let mut db = self.store.autocommit();
        let accounts = db.accounts().list_by_user(&account.user_id).await?;
        let current = accounts.into_iter().find(|current| current.id == account.id);
        Ok(current.filter(|current| has_other_tokens(current, account)))
    }

    /// Lets another replica refresh the tokens, if they are still the same. A lease that is not released ends by itself.
    pub(super) async fn release(&self, lease: &Lease) {
        let mut db = self.store.autocommit();
        let released = db.verifications().release(Purpose::TokenRefresh, &lease.0).await;
        if let Err(failure) = released {
            tracing::warn!(
                cause = failure.causes(),
                "could not release the tokens of a provider; they are not refreshed until the lease ends"
            );
        }
    }
}

/// Returns the text that replicas lease while they refresh these tokens.
fn key(account: &Account) -> OneTimeToken {
    let tokens = &account.tokens;
    let [access, refresh] = [&tokens.access_token, &tokens.refresh_token]
        .map(|token| token.as_ref().map_or("", |token| token.expose()));
    OneTimeToken::new(format!("{} {access} {refresh}", account.id.as_str()))
}
