//! Small fakes for ports that need no expectations.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::password::{Password, PasswordHash};

use crate::ports::{Clock, Failure, Mac, PasswordHasher, Purpose, Random, TAG_LENGTH, Tag, Verdict};

/// A clock that only a test advances.
pub struct FixedClock {
    milliseconds: AtomicI64,
    slept: Mutex<Vec<Duration>>,
}

impl FixedClock {
    /// Creates a clock that is set to this time.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            milliseconds: AtomicI64::new(now.timestamp_millis()),
            slept: Mutex::default(),
        }
    }

    /// Advances the clock.
    pub fn advance(&self, by: TimeDelta) {
        self.milliseconds
            .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// Returns the sleeps so far. Sleeping takes no time and does not advance the clock.
    #[must_use]
    pub fn slept(&self) -> Vec<Duration> {
        self.slept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for FixedClock {
    /// Creates a clock that is set to the start of 2026.
    fn default() -> Self {
        Self {
            milliseconds: AtomicI64::new(1_767_225_600_000),
            slept: Mutex::default(),
        }
    }
}

#[async_trait]
impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.milliseconds.load(Ordering::SeqCst)).unwrap_or_default()
    }

    async fn sleep(&self, duration: Duration) {
        self.slept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(duration);
    }
}

/// The same bytes in every run: splitmix64, the 64-bit mixer of Steele, Lea and Flood (2014).
#[derive(Default)]
pub struct SeededRandom(AtomicU64);

impl SeededRandom {
    /// Creates another stream of bytes.
    #[must_use]
    pub const fn with_seed(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        for chunk in buffer.chunks_mut(8) {
            let mut mixed = self.0.fetch_add(STEP, Ordering::SeqCst).wrapping_add(STEP);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            for (byte, random) in chunk.iter_mut().zip(mixed.to_le_bytes()) {
                *byte = random;
            }
        }
    }
}

/// Hashes by writing `plain:` before the password. A hash that begins with `stale:` is stale.
#[derive(Default)]
pub struct PlainHasher {
    work: AtomicU64,
}

impl PlainHasher {
    /// Returns how often a password was hashed, verified or burned.
    #[must_use]
    pub fn work(&self) -> u64 {
        self.work.load(Ordering::SeqCst)
    }

    fn count(&self) {
        self.work.fetch_add(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Failure> {
        self.count();
        Ok(PasswordHash::new(format!("plain:{}", password.expose())))
    }

    async fn verify(&self, password: &Password, hash: &PasswordHash) -> Result<Verdict, Failure> {
        self.count();
        Ok(match hash.expose().split_once(':') {
            Some(("plain", text)) if text == password.expose() => Verdict::Match,
            Some(("stale", text)) if text == password.expose() => Verdict::MatchButStale,
            _ => Verdict::Mismatch,
        })
    }

    async fn hash_dummy(&self, _password: &Password) -> Result<(), Failure> {
        self.count();
        Ok(())
    }
}

/// Signs with a checksum, which is enough to distinguish messages and purposes.
#[derive(Default)]
pub struct PlainMac;

impl Mac for PlainMac {
    fn tag(&self, purpose: Purpose, message: &[u8]) -> Tag {
        let mut tag: Tag = [purpose as u8; TAG_LENGTH];
        for (place, byte) in message.iter().enumerate() {
            if let Some(cell) = tag.get_mut(place % TAG_LENGTH) {
                *cell = cell.wrapping_mul(31).wrapping_add(*byte);
            }
        }
        tag
    }

    fn verify(&self, purpose: Purpose, message: &[u8], tag: &[u8]) -> bool {
        self.tag(purpose, message) == tag
    }
}
