//! Tests of API keys.

mod managing;
mod session;
mod verification;

use chrono::TimeDelta;
use portcullis_domain::{
    access::Statements,
    api_key::{ApiKey, KeyPolicy, KeyPrivileges, KeyRateLimit, NewKey, Refill},
    secret::Secret,
};

use super::*;
use crate::testing::{
    FakePorts, MemoryStore,
    fixtures::{a_session, a_user, another_user},
};

/// Ada, who has a session, and Bob.
struct World {
    fake: FakePorts<MemoryStore>,
    keys: ApiKeys,
}

fn policy() -> KeyPolicy {
    KeyPolicy {
        length: 64,
        default_prefix: None,
        prefix_length: 1..=32,
        name_length: 1..=32,
        requires_name: false,
        has_metadata: true,
        start_length: Some(6),
        default_lifetime: None,
        may_choose_lifetime: true,
        lifetime: TimeDelta::days(1)..=TimeDelta::days(365),
        rate_limit: KeyRateLimit {
            is_enabled: true,
            window: 86_400_000,
            max: 10,
        },
        default_permissions: None,
        is_hashed: true,
        max_per_user: 3,
    }
}

impl World {
    fn new() -> Self {
        Self::with(policy())
    }

    fn with(policy: KeyPolicy) -> Self {
        let store = MemoryStore::with(|rows| {
            rows.users = vec![a_user(), another_user()];
            rows.sessions = vec![a_session()];
        });
        let fake = FakePorts::with_store(store);
        let options = ApiKeyOptions {
            policy,
            session_lifetime: TimeDelta::days(7),
        };
        let keys = ApiKeys::new(&fake.ports, SessionVetoes::default(), options);
        Self { fake, keys }
    }

    /// Creates a key of Ada with these privileges.
    async fn key(&self, privileges: KeyPrivileges) -> CreatedKey {
        let new = NewKey {
            privileges,
            ..NewKey::default()
        };
        self.keys.create_for(&a_user().id, new).await.unwrap()
    }

    /// Returns the only key as it is stored.
    fn stored(&self) -> Option<ApiKey> {
        self.fake.store.rows().api_keys.pop()
    }
}

fn remaining(remaining: i32) -> KeyPrivileges {
    KeyPrivileges {
        remaining: Some(remaining),
        ..KeyPrivileges::default()
    }
}
