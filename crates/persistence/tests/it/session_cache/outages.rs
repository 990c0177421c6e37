//! No dead session is returned while the listener does not work.

use std::time::Duration;

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use portcullis_application::ports::Store;
use portcullis_persistence::{
    DatabaseUrl, DeclaredFields, PgStore, PoolOptions, SessionCacheOptions, StoreOptions, migrations,
};
use portcullis_test_database::Server;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::{BOUND, find, find_after_bound, look_up, options, proxy::Proxy, until_cached, with_sessions};
use crate::fixture::{session, user};

const TERMINATE: &str = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
    WHERE datname = current_database() AND application_name = 'portcullis session cache'";

/// How long entries may be returned after the store was led to another server.
const LONGEST: Duration = Duration::from_secs(10);

/// An operation on a busy machine is slow, but does not fail.
const PATIENT: PoolOptions = PoolOptions {
    size: 6,
    acquire: Duration::from_mins(1),
    operation: Duration::from_mins(1),
};

#[tokio::test]
async fn a_session_that_ends_while_the_listener_is_gone_is_not_returned() {
    let world = with_sessions().await;
    until_cached(&world.store, "jane-1").await;
    until_cached(&world.store, "john-1").await;
    world.execute(&format!(
        "{TERMINATE}; DELETE FROM \"session\" WHERE token = 'jane-1'"
    ));
    assert_eq!(find_after_bound(&world.store, "jane-1").await, None);
    until_cached(&world.store, "john-1").await;
    assert_eq!(find(&world.store, "jane-1").await, None);
}

#[tokio::test]
async fn a_replica_with_a_wrong_listen_url_reads_the_database() {
    let world = with_sessions().await;
    let elsewhere = with_sessions().await;
    let store = world.store_with(&StoreOptions {
        session_cache: Some(SessionCacheOptions {
            max_entries: 1000,
            listen_url: Some(elsewhere.url()),
        }),
        ..StoreOptions::default()
    });
    until_cached(&world.store, "jane-1").await;
    sleep(BOUND).await;
    assert_eq!(look_up(&store, "jane-1").await.1, 1);
    assert_eq!(look_up(&store, "jane-1").await.1, 1);
}

/// Returns the options of a store whose cache listens by another way.
fn listening_by(url: DatabaseUrl) -> StoreOptions {
    StoreOptions {
        session_cache: Some(SessionCacheOptions {
            max_entries: 1000,
            listen_url: Some(url),
        }),
        pool: PATIENT,
        ..StoreOptions::default()
    }
}

#[tokio::test]
async fn a_replica_that_listens_behind_a_pooler_which_shares_connections_reads_the_database() {
    let world = with_sessions().await;
    let pooler = Proxy::sharing(world.url().expose());
    let store = world.store_with(&listening_by(pooler.url()));
    for _ in 0..30 {
        sleep(BOUND).await;
        assert_eq!(look_up(&store, "jane-1").await.1, 1);
    }
}

/// The old server runs on, and so does the connection that listens there.
#[tokio::test]
async fn a_session_that_ends_on_the_server_to_which_the_store_was_led_is_not_returned() {
    let old = Server::start_with(&["max_wal_senders=4".to_owned()]);
    drop(on_own_server(&old).await);
    let new = old.standby();
    let proxy = Proxy::new(&old.url("postgres"));
    let old_url = DatabaseUrl::parse(&old.url("postgres")).unwrap();
    let store = PgStore::connect(&proxy.url(), listening_by(old_url));
    until_cached(&store, "jane-1").await;
    let mut operator = PgConnection::establish(&new.url("postgres")).unwrap();
    operator.batch_execute("SELECT pg_promote()").unwrap();
    proxy.lead_to(&new.url("postgres"));
    let led = Instant::now();
    operator.batch_execute("DELETE FROM \"session\"").unwrap();
    let token = "jane-1".into_token();
    let mut db = store.autocommit();
    let is_gone = async {
        while !matches!(db.sessions().find_by_token(&token).await, Ok(None)) {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_mins(1), is_gone).await.unwrap();
    // A lookup also reads the database while the lease has ended, as on a busy machine. Entries may be returned again
    // until the store has named its server.
    sleep_until(led + LONGEST).await;
    for token in ["jane-1", "jane-2"] {
        assert_eq!(find_after_bound(&store, token).await, None);
    }
}

/// Creates a store with a session of its own server.
async fn on_own_server(server: &Server) -> PgStore {
    let url = DatabaseUrl::parse(&server.url("postgres")).unwrap();
    migrations::migrate(&url, &DeclaredFields::default()).unwrap();
    migrations::session_cache::install(&url).unwrap();
    let pool = PATIENT;
    let store = PgStore::connect(&url, StoreOptions { pool, ..options() });
    let jane = user("jane");
    store.autocommit().users().insert(&jane).await.unwrap();
    for token in ["jane-1", "jane-2"] {
        let stored = session(token, &jane);
        store.autocommit().sessions().insert(&stored).await.unwrap();
    }
    until_cached(&store, "jane-1").await;
    store
}

#[tokio::test]
async fn a_session_of_a_restarted_database_is_read_again() {
    let mut server = Server::start();
    let store = on_own_server(&server).await;
    server.stop();
    sleep(BOUND).await;
    assert!(
        store
            .autocommit()
            .sessions()
            .find_by_token(&"jane-1".into_token())
            .await
            .is_err()
    );
    server.restart();
    until_cached(&store, "jane-2").await;
    assert!(find(&store, "jane-1").await.is_some());
}

#[tokio::test]
async fn a_hung_database_ends_the_lease() {
    let server = Server::start();
    let store = on_own_server(&server).await;
    server.freeze();
    sleep(BOUND).await;
    let mut db = store.autocommit();
    let token = "jane-1".into_token();
    let lookup = timeout(BOUND, db.sessions().find_by_token(&token));
    let is_unanswered = lookup.await.is_err();
    server.thaw();
    assert!(is_unanswered, "the lookup waits for the database");
    until_cached(&store, "jane-1").await;
}

trait IntoToken {
    fn into_token(self) -> portcullis_domain::token::SessionToken;
}

impl IntoToken for &str {
    fn into_token(self) -> portcullis_domain::token::SessionToken {
        portcullis_domain::token::SessionToken::new(self)
    }
}
