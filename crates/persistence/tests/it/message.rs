//! The message queue's repository.

use std::collections::BTreeSet;

use portcullis_application::ports::{QueuedMessage, Sealed, Settlement, Store};
use portcullis_domain::id::MessageId;
use portcullis_persistence::PgStore;
use tokio::task::JoinSet;

use crate::fixture::{Fixture, time};

async fn queue(store: &PgStore, id: &str, at: i64) {
    let sealed = Sealed(format!("sealed {id}"));
    let mut read = store.autocommit();
    read.messages()
        .queue(&MessageId::new(id), &sealed, time(at))
        .await
        .unwrap();
}

async fn take(store: &PgStore, at: i64, lease: i64, limit: u32) -> Vec<QueuedMessage> {
    store
        .autocommit()
        .messages()
        .take(time(at), time(lease), limit)
        .await
        .unwrap()
}

async fn settle(store: &PgStore, id: &str, settlement: Settlement) {
    let mut read = store.autocommit();
    read.messages()
        .settle(&MessageId::new(id), settlement, time(50))
        .await
        .unwrap();
}

fn ids(messages: &[QueuedMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.id.as_str()).collect()
}

#[tokio::test]
async fn the_oldest_due_messages_are_taken_once_until_their_lease_ends() {
    let world = Fixture::new();
    for (id, at) in [("c", 3), ("a", 1), ("b", 2), ("later", 9)] {
        queue(&world.store, id, at).await;
    }
    let taken = take(&world.store, 5, 30, 2).await;
    assert_eq!(ids(&taken), ["a", "b"]);
    assert_eq!(taken[0].sealed, Sealed("sealed a".to_owned()));
    assert_eq!(taken[0].attempts, 1);
    assert_eq!(ids(&take(&world.store, 5, 31, 9).await), ["c"]);
    assert!(take(&world.store, 8, 31, 9).await.is_empty());

    // The worker that took them has died: their lease has ended.
    let again = take(&world.store, 30, 60, 9).await;
    assert_eq!(ids(&again), ["later", "a", "b"]);
    assert_eq!(
        again.iter().map(|message| message.attempts).collect::<Vec<_>>(),
        [1, 2, 2]
    );
}

/// Otherwise the messages of a long outage of the mail server would delay all new ones.
#[tokio::test]
async fn messages_with_fewer_attempts_are_taken_first() {
    let world = Fixture::new();
    queue(&world.store, "twice", 0).await;
    for _ in 0..2 {
        take(&world.store, 1, 1, 1).await;
    }
    queue(&world.store, "once", 2).await;
    take(&world.store, 2, 2, 1).await;
    queue(&world.store, "new", 9).await;
    assert_eq!(ids(&take(&world.store, 9, 30, 1).await), ["new"]);
    assert_eq!(ids(&take(&world.store, 9, 30, 9).await), ["once", "twice"]);
}

#[tokio::test]
async fn a_message_queued_in_a_rolled_back_unit_is_never_taken() {
    let world = Fixture::new();
    let sealed = Sealed("sealed".to_owned());
    let mut unit = world.store.begin();
    unit.messages()
        .queue(&MessageId::new("undone"), &sealed, time(0))
        .await
        .unwrap();
    drop(unit);
    let mut unit = world.store.begin();
    unit.messages()
        .queue(&MessageId::new("done"), &sealed, time(0))
        .await
        .unwrap();
    assert!(take(&world.store, 1, 2, 9).await.is_empty());
    unit.commit().await.unwrap();
    assert_eq!(ids(&take(&world.store, 1, 2, 9).await), ["done"]);
}

#[tokio::test]
async fn a_delivered_message_is_deleted() {
    let world = Fixture::new();
    queue(&world.store, "m", 0).await;
    take(&world.store, 1, 2, 9).await;
    settle(&world.store, "m", Settlement::Done).await;
    assert_eq!(world.count("SELECT 1 FROM portcullis_message"), 0);
    settle(&world.store, "m", Settlement::Retry(time(3))).await;
    assert!(take(&world.store, 9, 10, 9).await.is_empty());
}

#[tokio::test]
async fn a_message_is_taken_again_at_the_time_of_its_retry() {
    let world = Fixture::new();
    queue(&world.store, "m", 0).await;
    take(&world.store, 1, 60, 9).await;
    settle(&world.store, "m", Settlement::Retry(time(10))).await;
    assert!(take(&world.store, 9, 60, 9).await.is_empty());
    let taken = take(&world.store, 10, 60, 9).await;
    assert_eq!((ids(&taken), taken[0].attempts), (vec!["m"], 2));
}

#[tokio::test]
async fn the_content_of_a_dead_message_is_erased_and_its_row_is_kept_until_it_is_old() {
    let world = Fixture::new();
    for (id, at) in [("a", 0), ("b", 1), ("c", 2), ("alive", 0)] {
        queue(&world.store, id, at).await;
    }
    for id in ["a", "b", "c"] {
        settle(&world.store, id, Settlement::Dead).await;
        settle(&world.store, id, Settlement::Retry(time(0))).await;
    }
    assert_eq!(ids(&take(&world.store, 9, 60, 9).await), ["alive"]);
    let marks = "SELECT 1 FROM portcullis_message WHERE sealed IS NULL AND \"diedAt\" IS NOT NULL";
    assert_eq!(world.count(marks), 3);

    let mut read = world.store.autocommit();
    queue(&world.store, "waiting", 3).await;
    assert_eq!(read.messages().delete_old(time(2), 1).await.unwrap(), 1);
    assert_eq!(read.messages().delete_old(time(2), 9).await.unwrap(), 2);
    assert_eq!(read.messages().delete_old(time(2), 9).await.unwrap(), 0);
    assert_eq!(
        world.count("SELECT 1 FROM portcullis_message WHERE id IN ('c', 'waiting')"),
        2
    );
    assert_eq!(
        world.count("SELECT 1 FROM portcullis_message"),
        2,
        "the live message is deleted when it is too old"
    );
}

#[tokio::test]
async fn concurrent_workers_never_take_the_same_message_nor_more_than_the_limit() {
    const MESSAGES: usize = 200;
    let world = Fixture::new();
    let other = world.another_store();
    for number in 0..MESSAGES {
        queue(&world.store, &format!("m{number:03}"), 0).await;
    }
    let mut workers = JoinSet::new();
    for number in 0..20 {
        let store = if number % 2 == 0 { &world.store } else { &other }.clone();
        workers.spawn(async move {
            let mut all = Vec::new();
            for _ in 0..10 {
                let taken = take(&store, 1, 60, 3).await;
                assert!(taken.len() <= 3);
                all.extend(taken.into_iter().map(|message| message.id.as_str().to_owned()));
            }
            all
        });
    }
    let taken: Vec<String> = workers.join_all().await.into_iter().flatten().collect();
    let different: BTreeSet<&String> = taken.iter().collect();
    assert_eq!(different.len(), taken.len());
    let rest = take(&world.store, 1, 60, 1000).await;
    assert_eq!(taken.len() + rest.len(), MESSAGES);
}

#[tokio::test]
async fn a_message_that_another_worker_is_taking_is_skipped() {
    let world = Fixture::new();
    queue(&world.store, "a", 0).await;
    queue(&world.store, "b", 1).await;
    let mut unit = world.store.begin();
    let first = unit.messages().take(time(5), time(60), 1).await.unwrap();
    assert_eq!(ids(&first), ["a"]);
    assert_eq!(ids(&take(&world.store, 5, 60, 1).await), ["b"]);
    unit.commit().await.unwrap();
}
