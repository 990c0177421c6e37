//! The rate limit repository.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::{ports::Store, statistics::Statistics};
use portcullis_domain::rate_limit::{Decision, Hits, Refused, Rule};
use portcullis_persistence::PgStore;
use tokio::task::JoinSet;

use crate::fixture::{Fixture, time};

mod shared;

const KEY: &str = "192.0.2.7|/sign-in/email";
const RULE: Rule = Rule {
    window: TimeDelta::seconds(10),
    max: 3,
};

async fn admit(store: &PgStore, key: &str, now: DateTime<Utc>) -> Option<Refused> {
    store
        .autocommit()
        .rate_limits()
        .admit(key, RULE, now)
        .await
        .unwrap()
}

/// Returns how many of two hundred concurrent hits at two replicas are admitted.
async fn admitted_of_two_hundred(world: &Fixture, now: DateTime<Utc>) -> usize {
    let replicas = [world.store.clone(), world.another_store()];
    let mut hits = JoinSet::new();
    for replica in replicas.iter().cycle().take(200) {
        let replica = replica.clone();
        hits.spawn(async move { admit(&replica, KEY, now).await.is_none() });
    }
    let outcomes = hits.join_all().await;
    outcomes.into_iter().filter(|is_admitted| *is_admitted).count()
}

/// One statement decides, so the number of replicas does not matter.
#[tokio::test]
async fn of_two_hundred_concurrent_hits_at_two_replicas_three_are_admitted() {
    let world = Fixture::new();
    for round in 0..3 {
        let admitted = admitted_of_two_hundred(&world, time(round * 100)).await;
        assert_eq!(admitted, 3, "round {round}");
    }
    assert_eq!(
        world.count("SELECT 1 FROM portcullis_rate_limit WHERE cardinality(hits) = 3"),
        1
    );
}

#[tokio::test]
async fn an_admitted_hit_is_one_statement() {
    for world in [Fixture::new(), Fixture::shared()] {
        for second in 0..3 {
            let statistics = Arc::new(Statistics::default());
            let hit = admit(&world.store, KEY, time(second));
            assert_eq!(Arc::clone(&statistics).scope(hit).await, None);
            assert_eq!(statistics.statements(), 1);
        }
    }
}

/// Compares the statement with the rule that it implements, at every edge of the window and with a clock that goes
/// back.
#[tokio::test]
async fn the_statement_decides_as_the_rule_does() {
    for world in [Fixture::new(), Fixture::shared()] {
        let (mut stored, start) = (Hits::default(), time(0));
        for milliseconds in [
            0, 0, 0, 0, 9_999, 10_000, 10_001, 20_000, 20_001, 30_001, 40_002, 40_002, 40_002, 50_001,
            50_002, 45_000, 39_000, 35_002, 35_001, 29_000, 29_001, 29_002, 29_003, 0, 4_000, 8_000, 12_000,
            16_000,
        ] {
            let now = start + TimeDelta::milliseconds(milliseconds);
            let expected = match RULE.decide(&mut stored, now) {
                Decision::Admitted => None,
                Decision::Refused(refused) => Some(refused),
            };
            assert_eq!(admit(&world.store, KEY, now).await, expected, "{milliseconds}");
            let hits: Vec<_> = stored.clone().into_iter().map(|hit| hit.to_string()).collect();
            let log = format!(
                "SELECT 1 FROM portcullis_rate_limit WHERE key = '{KEY}' AND hits = '{{{}}}'",
                hits.join(",")
            );
            assert_eq!(world.count(&log), 1, "{milliseconds}: {log}");
        }
    }
}

/// Better Auth continues its count until there is a pause as long as the window, so it would refuse the fourth hit.
#[tokio::test]
async fn a_client_that_stays_below_the_rule_is_never_refused() {
    for world in [Fixture::new(), Fixture::shared()] {
        for hit in 0..20 {
            assert_eq!(admit(&world.store, KEY, time(hit * 4)).await, None, "{hit}");
        }
    }
}

/// An operator makes a rule stricter and restarts the server.
#[tokio::test]
async fn a_stricter_rule_counts_the_hits_that_the_previous_one_admitted() {
    let world = Fixture::new();
    let wide = Rule { max: 10, ..RULE };
    for second in 0..5 {
        let mut read = world.store.autocommit();
        let admitted = read.rate_limits().admit(KEY, wide, time(second)).await;
        assert_eq!(admitted.unwrap(), None);
    }
    let refused = Some(Refused { retry_after: 7 });
    assert_eq!(admit(&world.store, KEY, time(5)).await, refused);
    assert_eq!(admit(&world.store, KEY, time(12)).await, None);
}

#[tokio::test]
async fn keys_are_counted_and_forgotten_separately() {
    let world = Fixture::new();
    for _ in 0..3 {
        assert_eq!(admit(&world.store, KEY, time(0)).await, None);
        assert_eq!(admit(&world.store, "another", time(0)).await, None);
    }
    world.store.autocommit().rate_limits().forget(KEY).await.unwrap();
    world
        .store
        .autocommit()
        .rate_limits()
        .forget("never seen")
        .await
        .unwrap();
    assert_eq!(admit(&world.store, KEY, time(0)).await, None);
    assert_eq!(
        admit(&world.store, "another", time(0)).await,
        Some(Refused { retry_after: 10 })
    );
}

/// A key may contain text from the client; PostgreSQL cannot store NUL.
#[tokio::test]
async fn a_key_may_contain_any_text() {
    let world = Fixture::new();
    for key in ["", "a\0b", "' OR true --", "日本", &"x".repeat(2_000)] {
        assert_eq!(admit(&world.store, key, time(0)).await, None, "{key:?}");
        world.store.autocommit().rate_limits().forget(key).await.unwrap();
    }
    assert_eq!(world.count("SELECT 1 FROM portcullis_rate_limit"), 0);
}

/// Without a Node server, the table may still contain rows of an older version of this program.
#[tokio::test]
async fn a_row_of_better_auth_does_not_count_if_the_database_is_not_shared() {
    let world = Fixture::new();
    let last = time(0).timestamp_millis();
    world.execute(&format!(
        "INSERT INTO \"rateLimit\" (id, key, count, \"lastRequest\") VALUES ('theirs', '{KEY}', 3, {last})"
    ));
    for _ in 0..3 {
        assert_eq!(admit(&world.store, KEY, time(0)).await, None);
    }
    assert!(admit(&world.store, KEY, time(0)).await.is_some());
    assert_eq!(
        world.count(&format!(
            "SELECT 1 FROM \"rateLimit\" WHERE id = 'theirs' AND count = 3 AND \"lastRequest\" = {last}"
        )),
        1
    );
    world.store.autocommit().rate_limits().forget(KEY).await.unwrap();
    assert_eq!(world.count("SELECT 1 FROM \"rateLimit\""), 0);
}

#[tokio::test]
async fn only_stale_rows_are_deleted_in_batches() {
    let world = Fixture::new();
    for (key, at) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
        assert_eq!(admit(&world.store, key, time(at)).await, None);
    }
    let mut read = world.store.autocommit();
    let counts = read.rate_limits();
    assert_eq!(counts.delete_stale(time(3), 2).await.unwrap(), 2);
    assert_eq!(counts.delete_stale(time(3), 2).await.unwrap(), 1);
    assert_eq!(counts.delete_stale(time(3), 2).await.unwrap(), 0);
    assert_eq!(
        world.count("SELECT 1 FROM portcullis_rate_limit WHERE key = 'd'"),
        1
    );
    assert_eq!(world.count("SELECT 1 FROM portcullis_rate_limit"), 1);
}

/// A Node server or an older version of this program has written them.
#[tokio::test]
async fn stale_rows_of_better_auths_table_are_also_deleted() {
    let world = Fixture::new();
    for (key, at) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
        world.execute(&format!(
            "INSERT INTO \"rateLimit\" (id, key, count, \"lastRequest\") VALUES ('{key}', '{key}', 1, {})",
            time(at).timestamp_millis()
        ));
    }
    assert_eq!(admit(&world.store, "a", time(0)).await, None);
    let mut read = world.store.autocommit();
    let counts = read.rate_limits();
    assert_eq!(counts.delete_stale(time(3), 2).await.unwrap(), 3);
    assert_eq!(counts.delete_stale(time(3), 2).await.unwrap(), 1);
    assert_eq!(counts.delete_stale(time(3), 2).await.unwrap(), 0);
    assert_eq!(world.count("SELECT 1 FROM \"rateLimit\" WHERE key = 'd'"), 1);
}

/// Housekeeping does not wait for other transactions, and does not delete a row that another transaction is updating.
#[tokio::test]
async fn a_row_that_another_transaction_updates_is_skipped() {
    let world = Fixture::new();
    assert_eq!(admit(&world.store, KEY, time(0)).await, None);
    assert_eq!(admit(&world.store, "stale", time(0)).await, None);
    let mut counting = world.store.begin();
    assert_eq!(
        counting.rate_limits().admit(KEY, RULE, time(100)).await.unwrap(),
        None
    );

    let deleted = world
        .store
        .autocommit()
        .rate_limits()
        .delete_stale(time(50), 10)
        .await
        .unwrap();
    assert_eq!(deleted, 1);

    counting.commit().await.unwrap();
    assert_eq!(
        world.count(&format!(
            "SELECT 1 FROM portcullis_rate_limit WHERE key = '{KEY}'"
        )),
        1
    );
}
