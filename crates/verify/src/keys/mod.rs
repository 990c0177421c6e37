//! The server's keys: cached, and fetched again when they get old or when a token names an unknown key.

mod freshness;
mod jwk;
mod key_set;
mod location;
mod material;

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{Clock, Error, Unavailable, http_client::HttpClient, jws::Jws};
use freshness::{Age, age, lifetime};
use key_set::KeySet;
pub(crate) use location::Location;

/// Time after a failed fetch in which callers without keys get its error, so that they do not queue for further ones.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Limits of the cache.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Time between two fetches because of unknown keys, and between two attempts after a failed fetch.
    pub(crate) interval: Duration,
    /// Time after the keys' lifetime in which they are used if they cannot be fetched again.
    pub(crate) max_stale: Duration,
}

/// The keys of one server.
#[derive(Debug)]
pub(crate) struct Keys {
    location: Location,
    limits: Limits,
    http: HttpClient,
    clock: Arc<dyn Clock>,
    cached: RwLock<Option<Arc<Cached>>>,
    /// Whether the last fetch failed. Requests then do not wait for the next one if they have stale keys.
    is_failing: AtomicBool,
    /// Locked by the task of a fetch, so that there is one at a time.
    attempts: Arc<Mutex<Attempts>>,
}

/// Keys of one fetch.
#[derive(Debug)]
struct Cached {
    set: KeySet,
    fetched: SystemTime,
    lifetime: Duration,
    /// Number of the fetch. Times cannot distinguish fetches of one moment.
    number: u64,
}

/// The outcomes of earlier fetches.
#[derive(Debug, Default)]
struct Attempts {
    number: u64,
    for_unknown_key: Option<SystemTime>,
    failure: Option<(SystemTime, Unavailable)>,
}

/// Why the keys are fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    Age,
    UnknownKey,
}

impl Keys {
    pub(crate) fn new(location: Location, limits: Limits, http: HttpClient, clock: Arc<dyn Clock>) -> Self {
        Self {
            location,
            limits,
            http,
            clock,
            cached: RwLock::default(),
            is_failing: AtomicBool::default(),
            attempts: Arc::default(),
        }
    }

    /// Verifies a token's signature by its key.
    pub(crate) async fn verify(self: &Arc<Self>, token: &Jws<'_>) -> Result<(), Error> {
        let mut keys = self.current().await?;
        if !keys.set.has(&token.kid) {
            keys = self.newer_than(&keys).await?;
        }
        keys.set.verify(
            &token.kid,
            &token.algorithm,
            token.signed.as_bytes(),
            &token.signature,
        )
    }

    /// Fetches the keys unless fresh ones are cached.
    pub(crate) async fn load(self: &Arc<Self>) -> Result<(), Unavailable> {
        self.current().await.map(drop)
    }

    async fn current(self: &Arc<Self>) -> Result<Arc<Cached>, Unavailable> {
        let Some(keys) = self.cached() else {
            return self.refreshed(0).await;
        };
        let now = self.clock.now();
        let is_failing = self.is_failing.load(Ordering::Relaxed);
        let age = age(keys.fetched, keys.lifetime, now, self.limits.max_stale);
        match (age, is_failing) {
            (Age::Fresh, _) => Ok(keys),
            (Age::Due, _) | (Age::Stale, true) => {
                self.refresh_in_background(keys.number);
                Ok(keys)
            }
            (Age::Stale, false) => match self.refreshed(keys.number).await {
                Ok(newer) => Ok(newer),
                Err(_) => Ok(keys),
            },
            (Age::Expired, _) => self.refreshed(keys.number).await,
        }
    }

    /// Fetches the keys, unless another call has fetched newer ones or has just failed.
    async fn refreshed(self: &Arc<Self>, seen: u64) -> Result<Arc<Cached>, Unavailable> {
        let attempts = Arc::clone(&self.attempts).lock_owned().await;
        if let Some(keys) = self.cached().filter(|keys| keys.number > seen) {
            return Ok(keys);
        }
        let pause = if seen == 0 {
            PAUSE_AFTER_FAILURE
        } else {
            self.limits.interval
        };
        if let Some((at, failure)) = &attempts.failure
            && self.is_within(*at, pause)
        {
            return Err(failure.clone());
        }
        self.finish(attempts, Reason::Age).await
    }

    /// Fetches the keys because a token names a key that is not among these, at most once per interval.
    async fn newer_than(self: &Arc<Self>, seen: &Cached) -> Result<Arc<Cached>, Error> {
        let attempts = Arc::clone(&self.attempts).lock_owned().await;
        if let Some(keys) = self.cached().filter(|keys| keys.number > seen.number) {
            return Ok(keys);
        }
        if let Some(at) = attempts.for_unknown_key
            && self.is_within(at, self.limits.interval)
        {
            // While fetches fail, it is unknown whether the key exists.
            let failure = attempts.failure.as_ref().map(|(_, failure)| failure.clone());
            return Err(failure.map_or(Error::UnknownKey, Error::Unavailable));
        }
        Ok(self.finish(attempts, Reason::UnknownKey).await?)
    }

    /// Fetches the keys in a task, which continues if the caller is dropped: a client that disconnects must not use up
    /// the attempt that others wait for.
    async fn finish(
        self: &Arc<Self>,
        attempts: OwnedMutexGuard<Attempts>,
        reason: Reason,
    ) -> Result<Arc<Cached>, Unavailable> {
        let task = tokio::spawn(Arc::clone(self).fetch(attempts, reason));
        task.await
            .unwrap_or_else(|error| Err(Unavailable::Unreachable(error.to_string())))
    }

    fn refresh_in_background(self: &Arc<Self>, seen: u64) {
        let Ok(attempts) = Arc::clone(&self.attempts).try_lock_owned() else {
            return;
        };
        let has_newer = self.cached().is_some_and(|keys| keys.number > seen);
        let failed_recently = attempts
            .failure
            .as_ref()
            .is_some_and(|(at, _)| self.is_within(*at, self.limits.interval));
        if !has_newer && !failed_recently {
            // A failure is logged, and kept in `attempts`.
            tokio::spawn(Arc::clone(self).fetch(attempts, Reason::Age));
        }
    }

    async fn fetch(
        self: Arc<Self>,
        mut attempts: OwnedMutexGuard<Attempts>,
        reason: Reason,
    ) -> Result<Arc<Cached>, Unavailable> {
        let started = self.clock.now();
        if reason == Reason::UnknownKey {
            attempts.for_unknown_key = Some(started);
        }
        match self.fetched(started, attempts.number + 1).await {
            Ok(keys) => {
                attempts.number = keys.number;
                attempts.failure = None;
                self.is_failing.store(false, Ordering::Relaxed);
                let keys = Arc::new(keys);
                *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&keys));
                Ok(keys)
            }
            Err(failure) => {
                tracing::warn!(%failure, "could not fetch the keys of the authentication server");
                attempts.failure = Some((self.clock.now(), failure.clone()));
                self.is_failing.store(true, Ordering::Relaxed);
                Err(failure)
            }
        }
    }

    async fn fetched(&self, started: SystemTime, number: u64) -> Result<Cached, Unavailable> {
        let answer = self.location.fetch(&self.http).await?;
        Ok(Cached {
            set: KeySet::parse(&answer.body).map_err(Unavailable::Invalid)?,
            fetched: started,
            lifetime: lifetime(&answer.headers),
            number,
        })
    }

    fn cached(&self) -> Option<Arc<Cached>> {
        self.cached.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether less than this time has passed since then.
    fn is_within(&self, then: SystemTime, time: Duration) -> bool {
        let passed = self.clock.now().duration_since(then);
        passed.is_ok_and(|passed| passed < time)
    }
}
