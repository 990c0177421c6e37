//! Session tokens whose sessions have ended.

use std::hash::{BuildHasher as _, RandomState};

use moka::{policy::EvictionPolicy, sync::Cache};
use portcullis_domain::token::SessionToken;

/// The maximum number of tokens that are remembered.
const CAPACITY: u64 = 100_000;

/// Tokens of sessions that were looked up and have ended, as far as this process has seen it recently. A session never
/// starts again.
///
/// Only hashes are kept, with a random key: two tokens with the same hash are as unlikely as a guess.
pub(super) struct EndedTokens {
    hashes: Cache<u64, ()>,
    key: RandomState,
}

impl EndedTokens {
    pub(super) fn new() -> Self {
        Self {
            hashes: Cache::builder()
                .max_capacity(CAPACITY)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
            key: RandomState::new(),
        }
    }

    pub(super) fn note(&self, token: &SessionToken) {
        self.hashes.insert(self.key.hash_one(token.expose()), ());
    }

    pub(super) fn contains(&self, token: &SessionToken) -> bool {
        self.hashes.get(&self.key.hash_one(token.expose())).is_some()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use portcullis_domain::session::Reader;

    use super::*;
    use crate::{
        session::{Reading, SessionSeams, Sessions},
        testing::{
            FakePorts, MemoryStore,
            fixtures::{SESSION_POLICY, a_session, a_user},
        },
    };

    #[tokio::test]
    async fn a_token_whose_session_has_ended_is_known_after_its_lookup() {
        let store = MemoryStore::with(|rows| {
            rows.users = vec![a_user()];
            rows.sessions = vec![a_session()];
        });
        let fake = FakePorts::with_store(store);
        let sessions = Sessions::new(&fake.ports, SESSION_POLICY, SessionSeams::default());
        let reading = Reading {
            may_renew: false,
            reader: Reader::Client,
        };
        let (live, ended) = (a_session().token, SessionToken::new("token-0"));
        for token in [&live, &ended] {
            assert!(!sessions.is_known_to_have_ended(token));
            sessions.current(token, reading).await.unwrap();
        }
        assert!(!sessions.is_known_to_have_ended(&live) && sessions.is_known_to_have_ended(&ended));

        let moment = TimeDelta::milliseconds(1);
        fake.clock.advance(SESSION_POLICY.expires_in + moment);
        sessions.current(&live, reading).await.unwrap();
        assert!(sessions.is_known_to_have_ended(&live));
    }
}
