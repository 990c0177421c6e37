//! A bounded cache of the server's answers.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use aws_lc_rs::digest::{SHA256, digest};

use crate::{BuildError, Clock};

/// Maximum lifetime of an answer. A session that has ended is accepted for this long.
const LONGEST: Duration = Duration::from_secs(30);

/// Answers about live sessions, by the hash of the credentials, so that the cache contains no credentials as keys.
pub(crate) struct Cache {
    capacity: usize,
    lifetime: Duration,
    clock: Arc<dyn Clock>,
    entries: Mutex<HashMap<[u8; 32], Entry>>,
}

struct Entry {
    answer: Arc<[u8]>,
    stored: SystemTime,
}

impl Cache {
    pub(crate) fn new(
        (capacity, lifetime): (usize, Duration),
        clock: Arc<dyn Clock>,
    ) -> Result<Self, BuildError> {
        if lifetime > LONGEST || lifetime.is_zero() {
            return Err(BuildError::option("cache", "use a lifetime of at most 30 s"));
        }
        if capacity == 0 {
            return Err(BuildError::option("cache", "use a capacity of at least 1"));
        }
        Ok(Self {
            capacity,
            lifetime,
            clock,
            entries: Mutex::default(),
        })
    }

    /// Returns the answer for these credentials unless it is too old.
    pub(crate) fn get(&self, credentials: &str) -> Option<Arc<[u8]>> {
        let now = self.clock.now();
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(&hash(credentials))?;
        self.is_live(entry, now).then(|| Arc::clone(&entry.answer))
    }

    /// Stores an answer. If the cache is full of live entries, it stays as it is.
    pub(crate) fn put(&self, credentials: &str, answer: &[u8]) {
        let stored = self.clock.now();
        let key = hash(credentials);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.capacity && !entries.contains_key(&key) {
            entries.retain(|_, entry| self.is_live(entry, stored));
        }
        if entries.len() < self.capacity || entries.contains_key(&key) {
            let answer = answer.into();
            entries.insert(key, Entry { answer, stored });
        }
    }

    fn is_live(&self, entry: &Entry, now: SystemTime) -> bool {
        now.duration_since(entry.stored)
            .is_ok_and(|age| age < self.lifetime)
    }
}

/// Shows no answer.
impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("capacity", &self.capacity)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

fn hash(credentials: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, credentials.as_bytes()).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default)]
    struct StoppedClock(Mutex<Duration>);

    impl Clock for StoppedClock {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH + *self.0.lock().unwrap()
        }
    }

    #[test]
    fn the_cache_never_exceeds_its_capacity_and_forgets_old_answers() {
        let clock = Arc::new(StoppedClock::default());
        let cache = Cache::new((10, Duration::from_secs(5)), clock.clone()).unwrap();
        for number in 0..1000 {
            cache.put(&number.to_string(), b"answer");
        }
        assert_eq!(cache.entries.lock().unwrap().len(), 10);
        assert_eq!(cache.get("3").as_deref(), Some(b"answer".as_slice()));
        assert_eq!(cache.get("500"), None);
        *clock.0.lock().unwrap() = Duration::from_secs(5);
        assert_eq!(cache.get("3"), None);
        cache.put("500", b"new");
        assert_eq!(cache.entries.lock().unwrap().len(), 1);
        assert_eq!(cache.get("500").as_deref(), Some(b"new".as_slice()));
    }
}
