//! What is counted.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::{ports::Store, statistics::Statistics};
use portcullis_domain::rate_limit::{Decision, Hits, Refused, Rule};
use portcullis_persistence::PgStore;
use tokio::task::JoinSet;

use crate::world::{World, time};

const KEY: &str = "192.0.2.7|/sign-in/email";
const RULE: Rule = Rule {
    window: TimeDelta::seconds(10),
    max: 3,
};

async fn admit(store: &PgStore, key: &str, now: DateTime<Utc>) -> Option<Refused> {
    store.read().rate_limits().admit(key, RULE, now).await.unwrap()
}

/// One statement decides for whoever comes, whichever replica is asked.
#[tokio::test]
async fn of_two_hundred_hits_at_once_at_two_replicas_three_are_admitted() {
    let world = World::new();
    let replicas = [world.store.clone(), world.another_store()];
    for round in 0..3 {
        let now = time(round * 100);
        let mut hits = JoinSet::new();
        for replica in replicas.iter().cycle().take(200) {
            let replica = replica.clone();
            hits.spawn(async move { admit(&replica, KEY, now).await.is_none() });
        }
        let admitted = hits
            .join_all()
            .await
            .into_iter()
            .filter(|is_admitted| *is_admitted);
        assert_eq!(admitted.count(), 3, "round {round}");
    }
    assert_eq!(world.count("SELECT 1 FROM \"rateLimit\" WHERE count = 3"), 1);
}

#[tokio::test]
async fn an_admitted_hit_is_one_statement() {
    let world = World::new();
    let statistics = Arc::new(Statistics::default());
    let hit = admit(&world.store, KEY, time(0));
    assert_eq!(Arc::clone(&statistics).scope(hit).await, None);
    assert_eq!(statistics.statements(), 1);
}

/// The statement against the rule that it stands for, at every edge of the window.
#[tokio::test]
async fn the_statement_decides_as_the_rule_does() {
    let world = World::new();
    let (mut stored, start) = (None, time(0));
    for milliseconds in [
        0, 0, 0, 0, 9_999, 10_000, 10_000, 20_000, 20_001, 30_001, 40_002, 40_002, 40_002, 50_001, 50_002,
        45_000, 39_000, 29_000, 29_001, 29_002, 29_003, 0,
    ] {
        let now = start + TimeDelta::milliseconds(milliseconds);
        let expected = RULE.decide(stored, now);
        let decided = admit(&world.store, KEY, now).await;
        match expected {
            Decision::Admitted(hits) => {
                assert_eq!(decided, None, "{milliseconds}");
                stored = Some(hits);
            }
            Decision::Refused(refused) if stored.is_some_and(|hits: Hits| hits.last <= now) => {
                assert_eq!(decided, Some(refused), "{milliseconds}");
            }
            // Nobody waits longer than the window because another clock is ahead.
            Decision::Refused(_) => assert_eq!(decided, Some(Refused { retry_after: 10 }), "{milliseconds}"),
        }
        let Hits { count, last } = stored.unwrap();
        let row = format!(
            "SELECT 1 FROM \"rateLimit\" WHERE key = '{KEY}' AND count = {count} AND \"lastRequest\" = {}",
            last.timestamp_millis()
        );
        assert_eq!(world.count(&row), 1, "{milliseconds}: {row}");
    }
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
    assert_eq!(world.count("SELECT 1 FROM \"rateLimit\""), 0);
}

#[tokio::test]
async fn a_row_of_better_auth_is_counted_on() {
    let world = World::new();
    let last = time(0).timestamp_millis();
    world.execute(&format!(
        "INSERT INTO \"rateLimit\" (id, key, count, \"lastRequest\") VALUES ('theirs', '{KEY}', 2, {last})"
    ));
    assert_eq!(admit(&world.store, KEY, time(9)).await, None);
    assert_eq!(
        admit(&world.store, KEY, time(9)).await,
        Some(Refused { retry_after: 10 })
    );
    assert_eq!(
        world.count("SELECT 1 FROM \"rateLimit\" WHERE id = 'theirs' AND count = 3"),
        1
    );
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
    assert_eq!(world.count("SELECT 1 FROM \"rateLimit\" WHERE key = 'd'"), 1);
}

/// Housekeeping waits for nobody, and deletes nothing that is being counted.
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
        world.count(&format!("SELECT 1 FROM \"rateLimit\" WHERE key = '{KEY}'")),
        1
    );
}
