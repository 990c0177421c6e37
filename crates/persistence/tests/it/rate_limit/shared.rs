//! Rate limits on a database that is shared with a Node server.

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::ports::Store;
use portcullis_domain::rate_limit::Decision;

use super::{KEY, RULE, allowed_of_two_hundred, denied, hit};
use crate::fixture::{Fixture, time};

/// Writes Node's row. Node reads the row first, and later writes the count that it has computed.
fn write(world: &Fixture, count: i64, last: DateTime<Utc>) {
    let last = last.timestamp_millis();
    world.execute(&format!(
        "INSERT INTO \"rateLimit\" (id, key, count, \"lastRequest\") VALUES ('theirs', '{KEY}', {count}, {last})
         ON CONFLICT (key) DO UPDATE SET count = {count}, \"lastRequest\" = {last}"
    ));
}

fn holds(world: &Fixture, condition: &str) -> bool {
    world.count(&format!(
        "SELECT 1 FROM \"rateLimit\" WHERE key = '{KEY}' AND {condition}"
    )) == 1
}

/// Simulates a hit at a Node server with the same rule. Returns whether it is allowed.
fn hit_at_node(world: &Fixture, now: DateTime<Utc>) -> bool {
    let (now_ms, window) = (now.timestamp_millis(), RULE.window.num_milliseconds());
    if holds(
        world,
        &format!("{now_ms} - \"lastRequest\" < {window} AND count >= {}", RULE.max),
    ) {
        return false;
    }
    let counted = format!(
        "SELECT generate_series(1, count) FROM \"rateLimit\" WHERE key = '{KEY}' AND {now_ms} - \"lastRequest\" <= {window}"
    );
    write(world, world.count(&counted) + 1, now);
    true
}

#[tokio::test]
async fn hits_in_nodes_row_are_counted() {
    let world = Fixture::shared();
    write(&world, 2, time(0));
    assert_eq!(hit(&world.store, KEY, time(4)).await, Decision::Allowed);
    assert_eq!(hit(&world.store, KEY, time(4)).await, denied(6));
    let last = time(4).timestamp_millis();
    assert!(holds(
        &world,
        &format!("id = 'theirs' AND count = 3 AND \"lastRequest\" = {last}")
    ));

    assert_eq!(hit(&world.store, KEY, time(10)).await, Decision::Allowed);
    assert!(
        holds(&world, "count = 2"),
        "Node's two hits are outside of the window"
    );
}

#[tokio::test]
async fn our_first_hit_is_denied_if_node_has_reached_the_limit() {
    let world = Fixture::shared();
    write(&world, 3, time(0));
    let denied = denied(1);
    assert_eq!(hit(&world.store, KEY, time(9)).await, denied);
    assert_eq!(hit(&world.store, KEY, time(10)).await, Decision::Allowed);
    assert!(holds(&world, "count = 1"));
}

#[tokio::test]
async fn hits_that_one_server_allows_are_counted_by_the_other() {
    for (here, there) in [(3, 0), (2, 1), (1, 2), (0, 3)] {
        let world = Fixture::shared();
        for second in 0..here {
            assert_eq!(hit(&world.store, KEY, time(second)).await, Decision::Allowed);
        }
        for second in here..here + there {
            assert!(hit_at_node(&world, time(second)));
        }
        assert!(holds(&world, "count = 3"), "{here} here, {there} there");
        assert!(!hit_at_node(&world, time(3)));
        assert!(hit(&world.store, KEY, time(3)).await != Decision::Allowed);
    }
}

#[tokio::test]
async fn a_count_that_node_has_restarted_is_counted_in_full() {
    let world = Fixture::shared();
    for _ in 0..3 {
        assert_eq!(hit(&world.store, KEY, time(0)).await, Decision::Allowed);
    }
    for second in [11, 12] {
        assert!(hit_at_node(&world, time(second)));
    }
    assert!(holds(&world, "count = 2"));
    assert_eq!(hit(&world.store, KEY, time(13)).await, Decision::Allowed);
    let denied = denied(9);
    assert_eq!(hit(&world.store, KEY, time(13)).await, denied);
}

/// Node reads the row, then we allow a hit, then Node writes its count.
#[tokio::test]
async fn a_hit_of_node_that_overwrites_our_count_is_counted_once() {
    let world = Fixture::shared();
    assert_eq!(hit(&world.store, KEY, time(0)).await, Decision::Allowed);
    write(&world, 1, time(0) + TimeDelta::milliseconds(3));
    assert_eq!(hit(&world.store, KEY, time(1)).await, Decision::Allowed);
    assert!(holds(&world, "count = 3"));
    assert!(hit(&world.store, KEY, time(1)).await != Decision::Allowed);
}

/// Tries all orders of six hits at the two servers.
#[tokio::test]
async fn both_servers_together_allow_no_more_hits_than_the_rule() {
    let world = Fixture::shared();
    for order in 0..64_i64 {
        world.store.autocommit().rate_limits().delete(KEY).await.unwrap();
        let mut allowed = Vec::new();
        for step in 0..6 {
            // Steps of 3 s: four of them reach beyond the window.
            let now = time(step * 3);
            let is_allowed = if order >> step & 1 == 0 {
                hit(&world.store, KEY, now).await == Decision::Allowed
            } else {
                hit_at_node(&world, now)
            };
            if is_allowed {
                allowed.push(step * 3);
            }
        }
        let most = allowed.iter().map(|end| {
            allowed
                .iter()
                .filter(|hit| (end - 9..=*end).contains(*hit))
                .count()
        });
        assert!(most.max() <= Some(3), "{order:b}: {allowed:?}");
    }
}

/// The first hits find no Node row, later ones find one.
#[tokio::test]
async fn of_two_hundred_concurrent_hits_on_a_shared_database_three_are_allowed() {
    let world = Fixture::shared();
    for round in 0..5 {
        let now = time(round * 100);
        assert_eq!(allowed_of_two_hundred(&world, now).await, 3, "round {round}");
        let last = now.timestamp_millis();
        assert!(holds(&world, &format!("count = 3 AND \"lastRequest\" = {last}")));
        if round % 2 == 0 {
            world.store.autocommit().rate_limits().delete(KEY).await.unwrap();
            assert_eq!(world.count("SELECT 1 FROM \"rateLimit\""), 0);
        }
    }
}

/// For example, an operator has emptied the table.
#[tokio::test]
async fn a_row_of_node_that_was_deleted_is_written_again() {
    let world = Fixture::shared();
    assert_eq!(hit(&world.store, KEY, time(0)).await, Decision::Allowed);
    assert_eq!(hit(&world.store, KEY, time(1)).await, Decision::Allowed);
    world.execute("DELETE FROM \"rateLimit\"");
    assert_eq!(hit(&world.store, KEY, time(2)).await, Decision::Allowed);
    assert!(holds(&world, "count = 3"));
    world.execute("DELETE FROM \"rateLimit\"");
    let denied = denied(7);
    assert_eq!(hit(&world.store, KEY, time(3)).await, denied);
}

#[tokio::test]
async fn stale_rows_of_both_tables_are_deleted() {
    let world = Fixture::shared();
    for (key, at) in [("a", 0), ("b", 3)] {
        assert_eq!(hit(&world.store, key, time(at)).await, Decision::Allowed);
    }
    let deleted = world
        .store
        .autocommit()
        .rate_limits()
        .delete_stale(time(3), 10)
        .await;
    assert_eq!(deleted.unwrap(), 2);
    for table in ["portcullis_rate_limit", "\"rateLimit\""] {
        assert_eq!(world.count(&format!("SELECT 1 FROM {table} WHERE key = 'b'")), 1);
        assert_eq!(world.count(&format!("SELECT 1 FROM {table}")), 1);
    }
}
