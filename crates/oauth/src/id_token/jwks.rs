//! The keys of providers: read when they are needed, and cached.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex as Lock, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::ports::{Clock, ProviderError};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    task::JoinHandle,
};

use super::key_set::KeySet;
use crate::{
    client::Client,
    outage::{cause, host, unreachable},
};

/// How long keys are used before they are read again.
const LIFETIME: TimeDelta = TimeDelta::hours(1);
/// How long keys are used if the provider cannot be reached.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// Time between two attempts to read the keys of a provider while others can be used.
const PAUSE: TimeDelta = TimeDelta::seconds(60);
/// Time after a failed attempt in which requests without keys do not wait for another attempt.
const PAUSE_WITHOUT_KEYS: TimeDelta = TimeDelta::seconds(1);
/// Maximum number of URLs whose keys are cached.
const MOST_URLS: usize = 64;

/// The key sets of all providers.
pub(super) struct KeySets {
    client: Client,
    clock: Arc<dyn Clock>,
    /// The oldest first.
    slots: Lock<VecDeque<(String, Arc<Slot>)>>,
}

/// The keys at a URL.
#[derive(Default)]
struct Slot {
    /// Locked only to copy or to replace it, so that requests whose key is known never wait for the provider.
    state: Lock<State>,
    /// Locked by the task that reads the keys, so that parallel requests wait for one attempt.
    reading: Arc<Mutex<()>>,
}

/// What is known of the keys at a URL.
#[derive(Clone, Default)]
struct State {
    keys: Option<(Arc<KeySet>, DateTime<Utc>)>,
    /// When the last attempt ended.
    attempted_at: Option<DateTime<Utc>>,
}

/// What to do for a request.
enum Plan {
    Use(Arc<KeySet>),
    /// Read the keys. With old keys that the request can use, it does not wait for the new ones.
    Read(Option<Arc<KeySet>>),
    Fail,
}

impl KeySets {
    pub(super) fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            clock,
            slots: Lock::default(),
        }
    }

    /// Returns the keys at this URL. They are read again if they do not have the key of a token.
    pub(super) async fn with_key(
        &self,
        url: &str,
        has_key: impl Fn(&KeySet) -> bool + Send + Sync,
    ) -> Result<Arc<KeySet>, ProviderError> {
        let slot = self.slot(url);
        let plan = || slot.state().plan(&has_key, self.clock.now());
        match plan() {
            Plan::Use(keys) => Ok(keys),
            Plan::Fail => Err(failed(url)),
            Plan::Read(Some(keys)) => {
                let reading = Arc::clone(&slot.reading).try_lock_owned();
                // Another attempt may have ended since the plan was made.
                if let (Ok(reading), Plan::Read(_)) = (reading, plan()) {
                    drop(self.start(url, &slot, reading));
                }
                Ok(keys)
            }
            Plan::Read(None) => {
                let reading = Arc::clone(&slot.reading).lock_owned().await;
                // The attempt of another request may have ended while this request waited.
                match plan() {
                    Plan::Use(keys) | Plan::Read(Some(keys)) => Ok(keys),
                    Plan::Fail => Err(failed(url)),
                    Plan::Read(None) => {
                        let outcome = self.start(url, &slot, reading).await;
                        outcome.unwrap_or_else(|_| {
                            Err(unreachable("the attempt to read the keys was aborted".to_owned()))
                        })
                    }
                }
            }
        }
    }

    /// Starts an attempt to read the keys in a task, so that a client that disconnects cannot end an attempt for which
    /// others wait.
    fn start(
        &self,
        url: &str,
        slot: &Arc<Slot>,
        reading: OwnedMutexGuard<()>,
    ) -> JoinHandle<Result<Arc<KeySet>, ProviderError>> {
        let (client, clock) = (self.client.clone(), Arc::clone(&self.clock));
        let (url, slot) = (url.to_owned(), Arc::clone(slot));
        tokio::spawn(async move {
            let _reading = reading;
            attempt(&client, &*clock, &url, &slot).await
        })
    }

    fn slot(&self, url: &str) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, slot)) = slots.iter().find(|(known, _)| known == url) {
            return Arc::clone(slot);
        }
        if slots.len() >= MOST_URLS {
            slots.pop_front();
        }
        let slot = Arc::<Slot>::default();
        slots.push_back((url.to_owned(), Arc::clone(&slot)));
        slot
    }
}

impl Slot {
    /// Returns a copy of the state: the search for a key may verify a signature, which the lock must not cover.
    fn state(&self) -> State {
        self.locked().clone()
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Keys of more than an hour are read before they are used, so that the provider can withdraw them. If that has
    /// failed in the last hour, they are used at once, so that a slow provider does not delay the requests of a day.
    fn plan(&self, has_key: impl Fn(&KeySet) -> bool, now: DateTime<Utc>) -> Plan {
        match self.usable(now) {
            Some(keys) if self.is_fresh(now) && has_key(&keys) => Plan::Use(keys),
            Some(keys) if self.attempted_within(PAUSE, now) => Plan::Use(keys),
            Some(keys) if self.attempted_within(LIFETIME, now) && has_key(&keys) => Plan::Read(Some(keys)),
            None if self.attempted_within(PAUSE_WITHOUT_KEYS, now) => Plan::Fail,
            _ => Plan::Read(None),
        }
    }

    /// Returns the keys unless they are older than a day.
    fn usable(&self, now: DateTime<Utc>) -> Option<Arc<KeySet>> {
        let (keys, read_at) = self.keys.as_ref()?;
        is_within(LONGEST, *read_at, now).then(|| Arc::clone(keys))
    }

    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        let keys = self.keys.as_ref();
        keys.is_some_and(|(_, read_at)| is_within(LIFETIME, *read_at, now))
    }

    fn attempted_within(&self, time: TimeDelta, now: DateTime<Utc>) -> bool {
        self.attempted_at.is_some_and(|then| is_within(time, then, now))
    }
}

/// Reads keys. If that fails, keys of less than a day are used.
async fn attempt(
    client: &Client,
    clock: &dyn Clock,
    url: &str,
    slot: &Slot,
) -> Result<Arc<KeySet>, ProviderError> {
    let answer = client.get_json(url, &[]).await;
    let keys = answer
        .and_then(|document| KeySet::parse(&document).ok_or(ProviderError::Unusable("it is not a key set")));
    let now = clock.now();
    let mut state = slot.locked();
    state.attempted_at = Some(now);
    match (keys, state.usable(now)) {
        (Ok(keys), _) => {
            let keys = Arc::new(keys);
            state.keys = Some((Arc::clone(&keys), now));
            Ok(keys)
        }
        (Err(error), Some(keys)) => {
            drop(state);
            let (host, cause) = (host(url), cause(&error));
            tracing::warn!(%host, %cause, "could not read the keys of a provider; using those that were read before");
            Ok(keys)
        }
        (Err(error), None) => Err(error),
    }
}

/// Whether less than this time lies between the two. A clock may have been set back.
fn is_within(time: TimeDelta, then: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - then).abs() < time
}

fn failed(url: &str) -> ProviderError {
    let host = host(url);
    unreachable(format!(
        "the last attempt to read the keys at {host} failed less than a second ago"
    ))
}
