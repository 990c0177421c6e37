//! The session cache.

mod changes;
mod outages;
mod proxy;
mod tables;
mod triggers;

use std::{sync::Arc, time::Duration};

use portcullis_application::{ports::Store, statistics::Statistics};
use portcullis_domain::{session::Session, token::SessionToken, user::User};
use portcullis_persistence::{PgStore, SessionCacheOptions, StoreOptions, migrations};
use tokio::time::{sleep, timeout};

use crate::fixture::{Fixture, session, user};

/// Longer than the lease: after this time, every replica has seen a change or returns no entry.
const BOUND: Duration = Duration::from_millis(100);

fn options() -> StoreOptions {
    StoreOptions {
        session_cache: Some(SessionCacheOptions {
            max_entries: 1000,
            listen_url: None,
        }),
        ..StoreOptions::default()
    }
}

/// Creates a database with the triggers, two users, and the sessions `NAME-1` and `NAME-2` of each.
async fn with_sessions() -> Fixture {
    let world = Fixture::with_options(options());
    migrations::session_cache::install(&world.url()).unwrap();
    for user in [user("jane"), user("john")] {
        world.store.autocommit().users().insert(&user).await.unwrap();
        for number in 1..=2 {
            let stored = session(&format!("{}-{number}", user.id.as_str()), &user);
            world.store.autocommit().sessions().insert(&stored).await.unwrap();
        }
    }
    world
}

/// A session and its user as a text.
#[derive(Debug, PartialEq)]
struct Seen(String);

impl Seen {
    fn new((session, user): &(Session, User)) -> Self {
        Self(format!("{} {session:?} {user:?}", session.token.expose()))
    }
}

/// Returns the session with this token, and how many statements the lookup sent.
async fn look_up(store: &PgStore, token: &str) -> (Option<Seen>, u32) {
    let statistics = Arc::new(Statistics::default());
    let mut db = store.autocommit();
    let token = SessionToken::new(token);
    let lookup = db.sessions().find_by_token(&token);
    let found = Arc::clone(&statistics).scope(lookup).await;
    (found.unwrap().as_ref().map(Seen::new), statistics.statements())
}

async fn find(store: &PgStore, token: &str) -> Option<Seen> {
    look_up(store, token).await.0
}

/// Waits until lookups of this session send no statement.
async fn until_cached(store: &PgStore, token: &str) {
    let cached = async {
        while look_up(store, token).await.1 > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_mins(1), cached).await.unwrap();
}

/// Stays for the time within which a change must be seen, and then looks a session up.
async fn find_after_bound(store: &PgStore, token: &str) -> Option<Seen> {
    sleep(BOUND).await;
    find(store, token).await
}

#[tokio::test]
async fn a_session_is_looked_up_once_and_returned_with_its_token_and_user() {
    let world = with_sessions().await;
    let expected = find(&world.store, "jane-1").await;
    until_cached(&world.store, "jane-1").await;
    let (found, statements) = look_up(&world.store, "jane-1").await;
    assert_eq!((found, statements), (expected, 0));
}

#[tokio::test]
async fn an_unknown_token_is_looked_up_each_time() {
    let world = with_sessions().await;
    until_cached(&world.store, "jane-1").await;
    assert_eq!(look_up(&world.store, "jane-3").await, (None, 1));
    assert_eq!(look_up(&world.store, "jane-3").await, (None, 1));
    let stored = session("jane-3", &user("jane"));
    world.store.autocommit().sessions().insert(&stored).await.unwrap();
    assert!(find(&world.store, "jane-3").await.is_some());
}

#[tokio::test]
async fn a_transaction_reads_the_database() {
    let world = with_sessions().await;
    until_cached(&world.store, "jane-1").await;
    let mut unit = world.store.begin();
    let statistics = Arc::new(Statistics::default());
    let token = SessionToken::new("jane-1");
    let lookup = unit.sessions().find_by_token(&token);
    let found = Arc::clone(&statistics).scope(lookup).await.unwrap();
    assert!(found.is_some());
    assert_eq!(statistics.statements(), 2, "BEGIN and the lookup");
}

#[tokio::test]
async fn a_session_that_ends_while_it_is_read_is_not_cached() {
    let world = with_sessions().await;
    until_cached(&world.store, "john-1").await;
    // A lookup of this session reads the row and then waits, so that it returns what it saw before the change.
    world.execute(
        r#"ALTER TABLE "session" RENAME TO stored;
        CREATE VIEW "session" AS SELECT id, "expiresAt", token, "createdAt", "updatedAt", "ipAddress", "userId",
            CASE token WHEN 'jane-1' THEN pg_advisory_xact_lock_shared(7)::text ELSE "userAgent" END AS "userAgent"
        FROM stored"#,
    );
    until_cached(&world.store, "john-1").await;
    let mut other = world.connect();
    diesel::connection::SimpleConnection::batch_execute(&mut other, "SELECT pg_advisory_lock(7)").unwrap();
    let store = world.store.clone();
    let lookup = tokio::spawn(async move { find(&store, "jane-1").await });
    world.wait_until_blocked().await;
    world.execute("DELETE FROM stored WHERE token = 'jane-1'");
    sleep(BOUND).await;
    drop(other);
    assert!(
        lookup.await.unwrap().is_some(),
        "the lookup began before the change"
    );
    for _ in 0..20 {
        assert_eq!(find(&world.store, "jane-1").await, None);
    }
}

mod contract {
    //! A store with a session cache is a store.

    use super::{Fixture, migrations, options};

    fn cached() -> Fixture {
        let world = Fixture::with_options(options());
        migrations::session_cache::install(&world.url()).unwrap();
        let listening = "SELECT FROM pg_stat_activity WHERE datname = current_database() \
            AND application_name = 'portcullis session cache' AND query LIKE 'EXECUTE%'";
        while world.count(listening) == 0 {
            std::thread::yield_now();
        }
        world
    }

    portcullis_application::store_contract!(world in cached() => &world.store);
}
