//! Concurrent uses of one token.

use portcullis_application::ports::Store;
use portcullis_domain::verification::Purpose;
use portcullis_persistence::PgStore;

use super::{insert, secret, verification};
use crate::fixture::{Fixture, time, winners};

const ROUNDS: usize = 50;

#[tokio::test]
async fn of_many_concurrent_consumptions_of_a_token_one_succeeds() {
    for world in [Fixture::new(), Fixture::shared()] {
        let other = world.another_store();
        for round in 0..ROUNDS {
            let text = format!("secret{round}");
            // Two equal rows are one token.
            for id in [format!("a{round}"), format!("b{round}")] {
                insert(&world.store, &verification(&id, Purpose::PasswordReset, &text)).await;
            }
            let consume = |store: PgStore| {
                let secret = secret(&text);
                async move {
                    let consumed = store
                        .autocommit()
                        .verifications()
                        .consume(Purpose::PasswordReset, &secret)
                        .await;
                    consumed.map(|proven| proven.is_some())
                }
            };
            assert_eq!(winners(&world, &other, consume).await, 1);
        }
    }
}

#[tokio::test]
async fn of_many_concurrent_claims_of_a_token_one_succeeds() {
    let world = Fixture::new();
    let other = world.another_store();
    for round in 0..ROUNDS {
        let text = format!("secret{round}");
        let claim = |store: PgStore| {
            let secret = secret(&text);
            async move {
                let mut unit = store.begin();
                let claimed = unit
                    .verifications()
                    .mark_used(Purpose::EmailVerification, &secret, time(60), time(0))
                    .await?;
                unit.commit().await?;
                Ok(claimed)
            }
        };
        assert_eq!(winners(&world, &other, claim).await, 1);
    }
}

#[tokio::test]
async fn of_many_concurrent_leases_of_a_token_one_succeeds_and_another_after_its_release_or_end() {
    let world = Fixture::new();
    let other = world.another_store();
    for round in 0..ROUNDS {
        let text = format!("secret{round}");
        let lease = |now: i64| {
            let secret = secret(&text);
            move |store: PgStore| {
                let secret = secret.clone();
                async move {
                    let mut db = store.autocommit();
                    db.verifications()
                        .lease(Purpose::TokenRefresh, &secret, time(now + 30), time(now))
                        .await
                }
            }
        };
        for (now, expected) in [(0, 1), (29, 0), (30, 1), (59, 0)] {
            assert_eq!(winners(&world, &other, lease(now)).await, expected, "{now}");
        }
        let (mut db, token) = (other.autocommit(), secret(&text));
        let released = db.verifications().release(Purpose::TokenRefresh, &token);
        released.await.unwrap();
        assert_eq!(winners(&world, &other, lease(31)).await, 1);
    }
}
