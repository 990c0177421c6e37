//! Outages: the database hangs, stops and restarts. One test, since it counts this process's threads.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its fixtures fails")]

use std::{
    fs,
    time::{Duration, Instant},
};

use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types::Integer};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use portcullis_application::ports::{Failure, Store};
use portcullis_domain::token::SessionToken;
use portcullis_persistence::{DatabaseUrl, DeclaredFields, PgStore, PoolOptions, StoreOptions, migrations};
use portcullis_test_database::Server;
use tokio::{
    runtime,
    task::JoinSet,
    time::{sleep, timeout},
};

/// Long enough for a database that works and a machine that is busy.
const OPTIONS: PoolOptions = PoolOptions {
    size: 4,
    acquire: Duration::from_secs(5),
    operation: Duration::from_secs(3),
};
/// Far longer than any wait here takes.
const PATIENCE: Duration = Duration::from_mins(3);
const CALLERS: usize = 60;
/// The number of threads of an r2d2 pool. Those of a replaced pool live for up to half a minute.
const WORKERS: usize = 3;

#[derive(QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

struct Fixture {
    server: Server,
    store: PgStore,
}

impl Fixture {
    fn new() -> Self {
        let server = Server::start();
        let url = DatabaseUrl::parse(&server.url("postgres")).unwrap();
        migrations::migrate(&url, &DeclaredFields::default()).unwrap();
        Self {
            store: connect(&server, OPTIONS),
            server,
        }
    }

    /// Runs many concurrent calls and returns their results. Fails if a call does not return.
    async fn call_concurrently(&self) -> Vec<Result<(), Failure>> {
        let mut callers = JoinSet::new();
        for number in 0..CALLERS {
            let store = self.store.clone();
            callers.spawn(async move {
                let token = SessionToken::new(number.to_string());
                match number % 3 {
                    0 => store.state().await.map(|_| ()),
                    1 => store
                        .autocommit()
                        .sessions()
                        .find_by_token(&token)
                        .await
                        .map(|_| ()),
                    _ => {
                        let mut unit = store.begin();
                        match unit.sessions().delete(&token).await {
                            Ok(()) => unit.commit().await,
                            Err(failure) => Err(failure),
                        }
                    }
                }
            });
        }
        let answers = timeout(PATIENCE, callers.join_all()).await;
        answers.unwrap()
    }

    async fn all_succeed(&self) {
        for answer in self.call_concurrently().await {
            answer.unwrap();
        }
    }

    async fn all_are_unavailable(&self) {
        for answer in self.call_concurrently().await {
            assert!(answer.unwrap_err().is_unavailable());
        }
    }
}

fn connect(server: &Server, pool: PoolOptions) -> PgStore {
    let url = DatabaseUrl::parse(&server.url("postgres")).unwrap();
    PgStore::connect(
        &url,
        StoreOptions {
            pool,
            ..StoreOptions::default()
        },
    )
}

/// If the server refuses connections, callers do not wait for the whole time limit.
async fn a_refused_connection_is_reported_before_the_time_limit(world: &Fixture) {
    let patient = PoolOptions {
        acquire: 10 * PATIENCE,
        operation: 10 * PATIENCE,
        ..OPTIONS
    };
    let store = connect(&world.server, patient);
    let state = timeout(PATIENCE, store.state()).await;
    assert!(state.unwrap().unwrap_err().is_unavailable());
}

fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
}

async fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "{what}");
        sleep(Duration::from_millis(100)).await;
    }
}

/// Returns the server processes of the store's connections, found by the store's application name.
fn backends(world: &Fixture) -> Vec<Pid> {
    let query = "SELECT pid FROM pg_stat_activity WHERE application_name = 'portcullis'";
    let mut connection = PgConnection::establish(&world.server.url("postgres")).unwrap();
    let backends: Vec<Backend> = sql_query(query).load(&mut connection).unwrap();
    backends
        .into_iter()
        .map(|backend| Pid::from_raw(backend.pid))
        .collect()
}

/// Existing connections hang while new ones work, as after a fail-over from a server that is cut off.
async fn connections_hang_and_new_ones_do_not(world: &Fixture) {
    world.all_succeed().await;
    let hanging = backends(world);
    for backend in &hanging {
        kill(*backend, Signal::SIGSTOP).unwrap();
    }

    let end = Instant::now() + PATIENCE;
    while world.call_concurrently().await.iter().any(Result::is_err) {
        assert!(Instant::now() < end, "the hanging pool is not replaced");
    }

    for backend in &hanging {
        kill(*backend, Signal::SIGCONT).unwrap();
    }
    world.all_succeed().await;
    let most = usize::try_from(OPTIONS.size).unwrap();
    wait_until("there are more connections than before", || {
        world.server.backends() <= most
    })
    .await;
}

async fn hangs_and_comes_back(world: &mut Fixture) {
    let most = usize::try_from(OPTIONS.size).unwrap();
    world.all_succeed().await;
    // Wait until idle threads of the runtime have ended.
    sleep(Duration::from_secs(1)).await;
    let before = threads();

    // Long enough for new pools to replace the one that hangs.
    world.server.freeze();
    let frozen = Instant::now();
    while frozen.elapsed() < Duration::from_secs(20) {
        world.all_are_unavailable().await;
    }
    world.server.thaw();
    world.all_succeed().await;
    let connections = || world.server.backends();
    wait_until("there are more connections than before", || connections() <= most).await;
    wait_until("a thread is stuck", || threads() <= before + WORKERS).await;

    world.server.freeze();
    world.all_are_unavailable().await;
    world.server.restart();
    world.all_succeed().await;

    world.server.stop();
    world.all_are_unavailable().await;
    a_refused_connection_is_reported_before_the_time_limit(world).await;
    world.server.restart();
    world.all_succeed().await;
    wait_until("there are more connections than before", || {
        world.server.backends() <= most
    })
    .await;
}

#[test]
fn every_call_returns_during_an_outage_and_the_first_one_afterwards_succeeds() {
    // A runtime waits for its threads, so the server must be dropped first, even if the test fails.
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .thread_keep_alive(Duration::from_millis(100))
        .build()
        .unwrap();
    let mut world = Fixture::new();
    runtime.block_on(hangs_and_comes_back(&mut world));
    runtime.block_on(connections_hang_and_new_ones_do_not(&world));
}
