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
/// How often a full cache is searched for old entries within the lifetime of an answer.
const SWEEPS_PER_LIFETIME: u32 = 10;

/// Answers about live sessions, by the hash of the credentials, so that the cache contains no credentials as keys.
pub(crate) struct Cache {
    capacity: usize,
    lifetime: Duration,
    clock: Arc<dyn Clock>,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    by_hash: HashMap<[u8; 32], Entry>,
    /// The time of the last search for old entries.
    swept: Option<SystemTime>,
}

struct Entry {
    answer: Arc<[u8]>,
    asked: SystemTime,
    end: SystemTime,
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

    /// The time at which a request begins whose answer will be stored.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Returns the answer for these credentials unless it is too old.
    pub(crate) fn get(&self, credentials: &str) -> Option<Arc<[u8]>> {
        let now = self.clock.now();
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.by_hash.get(&hash(credentials))?;
        entry.is_live(now).then(|| Arc::clone(&entry.answer))
    }

    /// Stores the answer to a request that began at `asked`, for the cache's lifetime but not beyond `expires`, which
    /// the answer states. If the cache is full of live entries, it stays as it is.
    pub(crate) fn put(
        &self,
        credentials: &str,
        answer: &[u8],
        asked: SystemTime,
        expires: Option<SystemTime>,
    ) {
        let end = asked + self.lifetime;
        let entry = Entry {
            answer: answer.into(),
            asked,
            end: expires.map_or(end, |expires| expires.min(end)),
        };
        let now = self.clock.now();
        let key = hash(credentials);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !entries.by_hash.contains_key(&key);
        if is_new && entries.by_hash.len() >= self.capacity {
            entries.sweep(now, self.lifetime / SWEEPS_PER_LIFETIME);
        }
        if !is_new || entries.by_hash.len() < self.capacity {
            entries.by_hash.insert(key, entry);
        }
    }
}

impl Entries {
    /// Removes old entries, unless the last search for them began less than `interval` ago: each one reads all entries.
    fn sweep(&mut self, now: SystemTime, interval: Duration) {
        let passed = self.swept.and_then(|swept| now.duration_since(swept).ok());
        if passed.is_none_or(|passed| passed >= interval) {
            self.swept = Some(now);
            self.by_hash.retain(|_, entry| entry.is_live(now));
        }
    }
}

impl Entry {
    /// Returns whether the answer may be used. If the clock was set back to a time before the request, the age is
    /// unknown, and the answer is not used.
    fn is_live(&self, now: SystemTime) -> bool {
        (self.asked..self.end).contains(&now)
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

    fn with_capacity(capacity: usize) -> (Cache, Arc<StoppedClock>) {
        let clock = Arc::new(StoppedClock::default());
        let cache = Cache::new((capacity, Duration::from_secs(5)), clock.clone()).unwrap();
        (cache, clock)
    }

    fn at(seconds: f64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs_f64(seconds)
    }

    impl Cache {
        fn put_now(&self, credentials: &str, answer: &[u8]) {
            self.put(credentials, answer, self.now(), None);
        }

        fn len(&self) -> usize {
            self.entries.lock().unwrap().by_hash.len()
        }
    }

    impl StoppedClock {
        fn set(&self, seconds: f64) {
            *self.0.lock().unwrap() = Duration::from_secs_f64(seconds);
        }
    }

    #[test]
    fn the_cache_never_exceeds_its_capacity_and_forgets_old_answers() {
        let (cache, clock) = with_capacity(10);
        for number in 0..1000 {
            cache.put_now(&number.to_string(), b"answer");
        }
        assert_eq!(cache.len(), 10);
        assert_eq!(cache.get("3").as_deref(), Some(b"answer".as_slice()));
        assert_eq!(cache.get("500"), None);
        clock.set(5.0);
        assert_eq!(cache.get("3"), None);
        cache.put_now("500", b"new");
        assert_eq!(cache.len(), 1);
        assert_eq!(cache.get("500").as_deref(), Some(b"new".as_slice()));
    }

    #[test]
    fn an_answer_ends_at_the_earlier_of_its_own_end_and_the_lifetime_since_the_request() {
        let (cache, clock) = with_capacity(10);
        let asked = cache.now();
        clock.set(1.0);
        cache.put("early", b"answer", asked, Some(at(3.0)));
        cache.put("late", b"answer", asked, Some(at(100.0)));
        cache.put("ended", b"answer", asked, Some(at(0.0)));
        assert_eq!(cache.get("ended"), None);
        clock.set(2.9);
        assert!(cache.get("early").is_some());
        clock.set(3.0);
        assert_eq!(cache.get("early"), None);
        clock.set(4.9);
        assert!(cache.get("late").is_some());
        clock.set(5.0);
        assert_eq!(cache.get("late"), None);
    }

    #[test]
    fn a_full_cache_is_searched_for_old_answers_once_in_a_while() {
        let (cache, clock) = with_capacity(2);
        cache.put("first", b"answer", cache.now(), Some(at(0.1)));
        cache.put_now("second", b"answer");
        cache.put_now("third", b"answer");
        clock.set(0.2);
        cache.put_now("third", b"answer");
        assert_eq!(cache.get("third"), None, "the last search was 0.2 s ago");
        clock.set(0.5);
        cache.put_now("third", b"answer");
        assert!(cache.get("third").is_some());
    }
}
