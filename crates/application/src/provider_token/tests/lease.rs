use super::*;
use crate::{testing::FixedClock, tests::log::Lines};

impl World {
    /// Returns another replica that uses the same store and provider. Its clock is as many seconds ahead.
    fn replica(&self, seconds: i64) -> Self {
        let clock = Arc::new(FixedClock::at(start() + TimeDelta::seconds(seconds)));
        let mut fake = FakePorts::with_store(self.store.clone());
        fake.ports.clock = clock;
        let providers = IdentityProviders::new(vec![self.provider.clone()]);
        Self {
            store: self.store.clone(),
            provider: self.provider.clone(),
            service: AccountTokenService::new(&fake.ports, providers, PLAIN),
        }
    }

    /// Lets another replica take the lease and end before it releases it.
    async fn claim_and_end(&self) {
        let account = self.store.rows().accounts[0].clone();
        let claim = self.service.refreshing.claim(&account).await.unwrap();
        assert!(matches!(claim, refreshing::Claim::Mine(_)));
    }
}

#[tokio::test]
async fn the_lease_is_released_after_a_refresh_that_succeeded_and_after_one_that_failed() {
    for (refresh, attempts) in [("refresh", 1), (REVOKED, 2)] {
        let world = World::new(vec![account("access", Some(refresh), 3600)], PLAIN);
        for attempt in 1..=attempts {
            assert_eq!(world.refresh().await.is_ok(), refresh != REVOKED);
            assert!(world.store.rows().leases.is_empty());
            assert_eq!(world.provider.refreshes(), attempt);
        }
        // Another replica does not wait either.
        assert_eq!(world.replica(0).refresh().await.is_ok(), refresh != REVOKED);
        assert_eq!(world.provider.refreshes(), attempts + 1);
    }
}

/// A provider may end all sessions of a user whose refresh token is sent to it twice.
#[tokio::test]
async fn a_refresh_token_is_not_sent_a_second_time_at_the_border_of_a_time_bucket() {
    for seconds in [1, 14, 15, 16, 29] {
        let world = World::new(vec![account("access", Some("refresh"), 0)], PLAIN);
        world.claim_and_end().await;
        let error = world.replica(seconds).access().await.unwrap_err();
        assert!(matches!(error, TokenError::Failure(_)), "{seconds}");
        assert_eq!(world.provider.refreshes(), 0);
    }
}

#[tokio::test]
async fn the_lease_of_a_replica_that_has_ended_is_taken_over_when_it_ends() {
    let world = World::new(vec![account("access", Some("refresh"), 0)], PLAIN);
    world.claim_and_end().await;
    let issued = world.replica(30).access().await.unwrap();
    assert_eq!(text(issued.access_token.as_ref()), "access-1");
}

#[tokio::test]
async fn tokens_that_another_replica_stored_just_before_the_lease_was_received_are_not_refreshed_again() {
    let world = World::new(vec![account("access", Some("refresh"), 0)], PLAIN);
    let before = world.store.rows().accounts[0].clone();
    world.replica(0).access().await.unwrap();
    let claim = world.service.refreshing.claim(&before).await.unwrap();
    let refreshing::Claim::Done(current) = claim else {
        panic!("the tokens would be refreshed again");
    };
    assert_eq!(text(current.tokens.access_token.as_ref()), "access-1");
    assert!(world.store.rows().leases.is_empty());
}

#[tokio::test]
async fn failures_of_providers_are_logged_with_their_causes() {
    let unreachable = || {
        let mut provider = FakeProvider::new("github");
        provider.is_reachable = false;
        provider
    };
    let by = calling(a_user());
    for (provider, refresh, is_refresh, cause) in [
        (FakeProvider::new("github"), REVOKED, true, "invalid_grant"),
        (unreachable(), "refresh", true, "no route"),
        (unreachable(), "refresh", false, "no route"),
    ] {
        let log = Lines::default();
        let _logging = tracing::subscriber::set_default(log.clone());
        let world = World::with(vec![account("access", Some(refresh), 3600)], PLAIN, provider);
        if is_refresh {
            world.refresh().await.unwrap_err();
        } else {
            let info = world.service.info(&by, Some("17"), &context()).await;
            info.unwrap_err();
        }
        let logged = log.logged();
        assert!(
            logged.contains(r#"provider="github""#) && logged.contains(cause),
            "{logged}"
        );
    }
}

#[test]
fn lanes_cannot_be_predicted() {
    let lanes = || {
        let refreshing = Refreshing::new(&FakePorts::with_store(MemoryStore::default()).ports);
        ["a", "b", "c", "d", "e", "f", "g", "h"].map(|account| refreshing.lane(account))
    };
    assert_ne!(lanes(), lanes());
}
