//! The rate limit repository.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::{ports::Store, statistics::Statistics};
use portcullis_domain::rate_limit::{Decision, Denied, Hits, Rule};
use portcullis_persistence::PgStore;
use tokio::task::JoinSet;

use crate::fixture::{Fixture, time};

mod shared;

const KEY: &str = "192.0.2.7|/sign-in/email";
const RULE: Rule = Rule {
    window: TimeDelta::seconds(10),
    max: 3,
};

/// Counts a hit, and returns the decision on it.
async fn hit(store: &PgStore, key: &str, now: DateTime<Utc>) -> Decision {
    store
        .autocommit()
        .rate_limits()
        .count(key, RULE, now)
        .await
        .unwrap()
}

fn denied(retry_after: i64) -> Decision {
    Decision::Denied(Denied { retry_after })
}

/// Returns how many of two hundred concurrent hits at two replicas are allowed.
async fn allowed_of_two_hundred(world: &Fixture, now: DateTime<Utc>) -> usize {
    let replicas = [world.store.clone(), world.another_store()];
    let mut hits = JoinSet::new();
    for replica in replicas.iter().cycle().take(200) {
        let replica = replica.clone();
        hits.spawn(async move { hit(&replica, KEY, now).await == Decision::Allowed });
    }
    let outcomes = hits.join_all().await;
    outcomes.into_iter().filter(|is_allowed| *is_allowed).count()
}

/// One statement decides, so the number of replicas does not matter.
#[tokio::test]
async fn of_two_hundred_concurrent_hits_at_two_replicas_three_are_allowed() {
    let world = Fixture::new();
    for round in 0..3 {
        let allowed = allowed_of_two_hundred(&world, time(round * 100)).await;
        assert_eq!(allowed, 3, "round {round}");
    }
    assert_eq!(
        world.count("SELECT 1 FROM portcullis_rate_limit WHERE cardinality(hits) = 3"),
        1
    );
}

#[tokio::test]
async fn an_allowed_hit_is_one_statement() {
    for world in [Fixture::new(), Fixture::shared()] {
        for second in 0..3 {
            let statistics = Arc::new(Statistics::default());
            let hit = hit(&world.store, KEY, time(second));
            assert_eq!(Arc::clone(&statistics).scope(hit).await, Decision::Allowed);
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
            let expected = RULE.decide(&mut stored, now);
            assert_eq!(hit(&world.store, KEY, now).await, expected, "{milliseconds}");
            let hits: Vec<_> = stored.clone().into_iter().map(|hit| hit.to_string()).collect();
            let log = format!(
                "SELECT 1 FROM portcullis_rate_limit WHERE key = '{KEY}' AND hits = '{{{}}}'",
                hits.join(",")
            );
            assert_eq!(world.count(&log), 1, "{milliseconds}: {log}");
        }
    }
}

/// Better Auth continues its count until there is a pause as long as the window, so it would deny the fourth hit.
#[tokio::test]
async fn a_client_that_stays_below_the_rule_is_never_denied() {
    for world in [Fixture::new(), Fixture::shared()] {
        for index in 0..20 {
            assert_eq!(
                hit(&world.store, KEY, time(index * 4)).await,
                Decision::Allowed,
                "{index}"
            );
        }
    }
}

/// An operator makes a rule stricter and restarts the server.
#[tokio::test]
async fn a_stricter_rule_counts_the_hits_that_the_previous_one_allowed() {
    let world = Fixture::new();
    let wide = Rule { max: 10, ..RULE };
    for second in 0..5 {
        let mut read = world.store.autocommit();
        let allowed = read.rate_limits().count(KEY, wide, time(second)).await;
        assert_eq!(allowed.unwrap(), Decision::Allowed);
    }
    let denied = denied(7);
    assert_eq!(hit(&world.store, KEY, time(5)).await, denied);
    assert_eq!(hit(&world.store, KEY, time(12)).await, Decision::Allowed);
}

#[tokio::test]
async fn keys_are_counted_and_deleted_separately() {
    let world = Fixture::new();
    for _ in 0..3 {
        assert_eq!(hit(&world.store, KEY, time(0)).await, Decision::Allowed);
        assert_eq!(hit(&world.store, "another", time(0)).await, Decision::Allowed);
    }
    world.store.autocommit().rate_limits().delete(KEY).await.unwrap();
    world
        .store
        .autocommit()
        .rate_limits()
        .delete("never seen")
        .await
        .unwrap();
    assert_eq!(hit(&world.store, KEY, time(0)).await, Decision::Allowed);
    assert_eq!(hit(&world.store, "another", time(0)).await, denied(10));
}

/// A key may contain text from the client; PostgreSQL cannot store NUL.
#[tokio::test]
async fn a_key_may_contain_any_text() {
    let world = Fixture::new();
    for key in ["", "a\0b", "' OR true --", "日本", &"x".repeat(2_000)] {
        assert_eq!(
            hit(&world.store, key, time(0)).await,
            Decision::Allowed,
            "{key:?}"
        );
        world.store.autocommit().rate_limits().delete(key).await.unwrap();
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
        assert_eq!(hit(&world.store, KEY, time(0)).await, Decision::Allowed);
    }
    assert!(hit(&world.store, KEY, time(0)).await != Decision::Allowed);
    assert_eq!(
        world.count(&format!(
            "SELECT 1 FROM \"rateLimit\" WHERE id = 'theirs' AND count = 3 AND \"lastRequest\" = {last}"
        )),
        1
    );
    world.store.autocommit().rate_limits().delete(KEY).await.unwrap();
    assert_eq!(world.count("SELECT 1 FROM \"rateLimit\""), 0);
}

#[tokio::test]
async fn only_stale_rows_are_deleted_in_batches() {
    let world = Fixture::new();
    for (key, at) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
        assert_eq!(hit(&world.store, key, time(at)).await, Decision::Allowed);
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
    assert_eq!(hit(&world.store, "a", time(0)).await, Decision::Allowed);
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
    assert_eq!(hit(&world.store, KEY, time(0)).await, Decision::Allowed);
    assert_eq!(hit(&world.store, "stale", time(0)).await, Decision::Allowed);
    let mut counting = world.store.begin();
    assert_eq!(
        counting.rate_limits().count(KEY, RULE, time(100)).await.unwrap(),
        Decision::Allowed
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
