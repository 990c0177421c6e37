//! What is counted.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::{ports::Store, statistics::Statistics};
use portcullis_domain::rate_limit::{Decision, Hits, Refused, Rule};
use portcullis_persistence::PgStore;
use tokio::task::JoinSet;

use crate::world::{World, time};

mod shared;

const KEY: &str = "192.0.2.7|/sign-in/email";
const RULE: Rule = Rule {
    window: TimeDelta::seconds(10),
    max: 3,
};

async fn admit(store: &PgStore, key: &str, now: DateTime<Utc>) -> Option<Refused> {
    store.read().rate_limits().admit(key, RULE, now).await.unwrap()
}

/// How many hits of two hundred at once at two replicas are admitted.
async fn admitted_of_two_hundred(world: &World, now: DateTime<Utc>) -> usize {
    let replicas = [world.store.clone(), world.another_store()];
    let mut hits = JoinSet::new();
    for replica in replicas.iter().cycle().take(200) {
        let replica = replica.clone();
        hits.spawn(async move { admit(&replica, KEY, now).await.is_none() });
    }
    let outcomes = hits.join_all().await;
    outcomes.into_iter().filter(|is_admitted| *is_admitted).count()
}

/// One statement decides for all clients, whichever replica is asked.
#[tokio::test]
async fn of_two_hundred_hits_at_once_at_two_replicas_three_are_admitted() {
    let world = World::new();
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
    for world in [World::new(), World::shared()] {
        for second in 0..3 {
            let statistics = Arc::new(Statistics::default());
            let hit = admit(&world.store, KEY, time(second));
            assert_eq!(Arc::clone(&statistics).scope(hit).await, None);
            assert_eq!(statistics.statements(), 1);
        }
    }
}

/// The statement against the rule that it implements, at every edge of the window, and with a clock that goes back.
#[tokio::test]
async fn the_statement_decides_as_the_rule_does() {
    for world in [World::new(), World::shared()] {
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

/// Better Auth counts on as long as no pause is as long as the window, and refuses the fourth hit here.
#[tokio::test]
async fn a_client_that_stays_below_the_rule_is_never_refused() {
    for world in [World::new(), World::shared()] {
        for hit in 0..20 {
            assert_eq!(admit(&world.store, KEY, time(hit * 4)).await, None, "{hit}");
        }
    }
}

/// An operator makes a rule stricter and starts the server again.
#[tokio::test]
async fn a_rule_that_was_made_stricter_counts_what_the_wider_one_admitted() {
    let world = World::new();
    let wide = Rule { max: 10, ..RULE };
    for second in 0..5 {
        let mut read = world.store.read();
        let admitted = read.rate_limits().admit(KEY, wide, time(second)).await;
        assert_eq!(admitted.unwrap(), None);
    }
    let refused = Some(Refused { retry_after: 7 });
    assert_eq!(admit(&world.store, KEY, time(5)).await, refused);
    assert_eq!(admit(&world.store, KEY, time(12)).await, None);
}

#[tokio::test]
async fn keys_are_counted_apart_and_forgotten_apart() {
    let world = World::new();
    for _ in 0..3 {
        assert_eq!(admit(&world.store, KEY, time(0)).await, None);
        assert_eq!(admit(&world.store, "another", time(0)).await, None);
    }
    world.store.read().rate_limits().forget(KEY).await.unwrap();
    world
        .store
        .read()
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

/// A key may hold what a client sent; PostgreSQL stores no NUL.
#[tokio::test]
async fn a_key_may_hold_anything() {
    let world = World::new();
    for key in ["", "a\0b", "' OR true --", "日本", &"x".repeat(2_000)] {
        assert_eq!(admit(&world.store, key, time(0)).await, None, "{key:?}");
        world.store.read().rate_limits().forget(key).await.unwrap();
    }
    assert_eq!(world.count("SELECT 1 FROM portcullis_rate_limit"), 0);
}

/// Without a Node server the table holds what an older version of ours has counted.
#[tokio::test]
async fn a_row_of_better_auth_does_not_count_if_the_database_is_not_shared() {
    let world = World::new();
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
    world.store.read().rate_limits().forget(KEY).await.unwrap();
    assert_eq!(world.count("SELECT 1 FROM \"rateLimit\""), 0);
}

#[tokio::test]
async fn what_is_stale_is_deleted_in_batches_and_nothing_else() {
    let world = World::new();
    for (key, at) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
        assert_eq!(admit(&world.store, key, time(at)).await, None);
    }
    let mut read = world.store.read();
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

/// They are a Node server's, or were counted by an older version of ours.
#[tokio::test]
async fn stale_rows_of_better_auths_table_are_deleted_as_well() {
    let world = World::new();
    for (key, at) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
        world.execute(&format!(
            "INSERT INTO \"rateLimit\" (id, key, count, \"lastRequest\") VALUES ('{key}', '{key}', 1, {})",
            time(at).timestamp_millis()
        ));
    }
    assert_eq!(admit(&world.store, "a", time(0)).await, None);
    let mut read = world.store.read();
    let counts = read.rate_limits();
    assert_eq!(counts.delete_stale(time(3), 2).await.unwrap(), 3);
    assert_eq!(counts.delete_stale(time(3), 2).await.unwrap(), 1);
    assert_eq!(counts.delete_stale(time(3), 2).await.unwrap(), 0);
    assert_eq!(world.count("SELECT 1 FROM \"rateLimit\" WHERE key = 'd'"), 1);
}

/// Housekeeping waits for no other transaction, and deletes no row that another transaction is counting in.
#[tokio::test]
async fn what_is_being_counted_is_passed_over() {
    let world = World::new();
    assert_eq!(admit(&world.store, KEY, time(0)).await, None);
    assert_eq!(admit(&world.store, "stale", time(0)).await, None);
    let mut counting = world.store.begin();
    assert_eq!(
        counting.rate_limits().admit(KEY, RULE, time(100)).await.unwrap(),
        None
    );

    let deleted = world
        .store
        .read()
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
