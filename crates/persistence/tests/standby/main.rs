//! Session checks at a hot standby. One test, since its two servers take seconds to start.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its fixtures fails")]

mod crash;

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta};
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
    sql_types::BigInt,
};
use portcullis_application::ports::Store;
use portcullis_domain::{
    additional::AdditionalFields,
    email::EmailAddress,
    id::{SessionId, UserId},
    session::Session,
    token::SessionToken,
    user::User,
};
use portcullis_persistence::{
    DatabaseUrl, DeclaredFields, PgStore, PoolOptions, StandbyError, StandbyOptions, StoreOptions,
    check_standby, migrations,
};
use portcullis_test_database::Server;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

/// Far longer than any wait here takes.
const PATIENCE: Duration = Duration::from_mins(3);
const LAG: Duration = Duration::from_millis(100);
/// The name of connections to the standby.
const AT_STANDBY: &str = "at-standby";

struct Fixture {
    primary: Server,
    standby: Server,
    store: PgStore,
    /// The store of another replica.
    other: PgStore,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn url(server: &Server) -> DatabaseUrl {
    DatabaseUrl::parse(&server.url("postgres")).unwrap()
}

fn standby_options(standby: &Server, max_lag: Duration) -> StandbyOptions {
    let url = format!("{}&application_name={AT_STANDBY}", standby.url("postgres"));
    StandbyOptions {
        url: DatabaseUrl::parse_standby(&url).unwrap(),
        max_lag,
    }
}

fn connect(primary: &Server, standby: &Server, max_lag: Duration) -> PgStore {
    let options = StoreOptions {
        pool: PoolOptions {
            acquire: Duration::from_secs(5),
            ..PoolOptions::default()
        },
        standby: Some(standby_options(standby, max_lag)),
        ..StoreOptions::default()
    };
    PgStore::connect(&url(primary), options)
}

fn execute(server: &Server, statements: &str) {
    let mut connection = PgConnection::establish(&server.url("postgres")).unwrap();
    connection.batch_execute(statements).unwrap();
}

impl Fixture {
    fn new() -> Self {
        let settings = ["max_wal_senders=4", "synchronous_commit=on"];
        let primary = Server::start_with(&settings.map(str::to_owned));
        migrations::migrate(&url(&primary), &DeclaredFields::default()).unwrap();
        let standby = primary.standby();
        Self {
            store: connect(&primary, &standby, LAG),
            other: connect(&primary, &standby, LAG),
            primary,
            standby,
        }
    }

    /// Returns when the standby was last asked for a session, in microseconds.
    fn last_lookup(&self) -> i64 {
        let mut connection = PgConnection::establish(&self.standby.url("postgres")).unwrap();
        let query = format!(
            "SELECT coalesce(max(extract(epoch FROM query_start) * 1000000), 0)::bigint AS count \
             FROM pg_stat_activity WHERE application_name = '{AT_STANDBY}' AND query LIKE '%\"session\".\"token\"%'"
        );
        sql_query(query)
            .get_result::<Count>(&mut connection)
            .unwrap()
            .count
    }

    fn rows_at_standby(&self, token: &str) -> i64 {
        let mut connection = PgConnection::establish(&self.standby.url("postgres")).unwrap();
        let query = format!("SELECT count(*) AS count FROM session WHERE token = '{token}'");
        let rows: Count = sql_query(query).get_result(&mut connection).unwrap();
        rows.count
    }

    /// Looks the session up until the standby is asked.
    async fn until_the_standby_answers(&self, token: &str) {
        self.until_the_standby_answers_to(&self.store, token).await;
    }

    async fn until_the_standby_answers_to(&self, store: &PgStore, token: &str) {
        let before = self.last_lookup();
        let answered = async {
            while self.last_lookup() == before {
                assert!(is_found(store, token).await);
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, answered).await.unwrap();
    }

    /// Waits until the standby is not asked any more, and asserts that it is not asked again.
    async fn until_the_standby_is_not_asked(&self, token: &str) {
        sleep(2 * LAG).await;
        let before = self.last_lookup();
        for _ in 0..50 {
            assert!(is_found(&self.store, token).await);
        }
        assert_eq!(self.last_lookup(), before);
    }

    /// Revokes the session at the primary while the standby still has it, and asserts that no store returns it to a lookup
    /// that begins later than the bound.
    async fn a_revoked_session_is_dead_after_the_bound(&self, token: &str) {
        execute(
            &self.primary,
            &format!("DELETE FROM session WHERE token = '{token}'"),
        );
        let bound = Instant::now() + LAG;
        while Instant::now() < bound + 3 * LAG {
            for store in [&self.store, &self.other] {
                let began = Instant::now();
                let found = is_found(store, token).await;
                assert!(!found || began < bound, "a dead session was returned");
            }
        }
    }
}

async fn is_found(store: &PgStore, token: &str) -> bool {
    let token = SessionToken::new(token);
    let mut db = store.autocommit();
    db.sessions().find_by_token(&token).await.unwrap().is_some()
}

async fn sign_in(store: &PgStore, token: &str, user: &User) {
    let mut unit = store.begin();
    unit.sessions().insert(&session(token, user)).await.unwrap();
    unit.commit().await.unwrap();
}

async fn sign_out(store: &PgStore, token: &str) {
    let mut db = store.autocommit();
    db.sessions().delete(&SessionToken::new(token)).await.unwrap();
}

fn jane() -> User {
    let now = DateTime::from_timestamp_millis(1_767_225_600_123).unwrap();
    User {
        id: UserId::new("jane"),
        name: "Jane".to_owned(),
        email: EmailAddress::parse("jane@example.com").unwrap(),
        email_verified: true,
        image: None,
        created_at: now,
        updated_at: now,
        additional: AdditionalFields::default(),
    }
}

fn session(token: &str, user: &User) -> Session {
    Session {
        id: SessionId::new(format!("session-{token}")),
        token: SessionToken::new(token),
        user_id: user.id.clone(),
        // No session ends while the test runs.
        expires_at: user.created_at + TimeDelta::days(36_500),
        created_at: user.created_at,
        updated_at: user.created_at,
        ip_address: None,
        user_agent: None,
        additional: AdditionalFields::default(),
    }
}

const PAUSE: &str = "SELECT pg_wal_replay_pause()";
const RESUME: &str = "SELECT pg_wal_replay_resume()";

/// What this replica has changed is visible to it at once, although the standby lacks it.
async fn a_replica_sees_its_own_changes(world: &Fixture) {
    sign_in(&world.store, "leaving", &jane()).await;
    sign_in(&world.store, "ending", &jane()).await;
    world.until_the_standby_answers("leaving").await;
    execute(&world.standby, PAUSE);
    sign_in(&world.store, "new", &jane()).await;
    for store in [&world.store, &world.other] {
        assert!(is_found(store, "new").await);
    }
    sign_out(&world.store, "leaving").await;
    assert!(!is_found(&world.store, "leaving").await);
    execute(&world.standby, RESUME);

    world.until_the_standby_answers("new").await;
    execute(&world.standby, PAUSE);
    let mut unit = world.store.begin();
    unit.sessions()
        .delete_all(&[SessionToken::new("ending")])
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert!(!is_found(&world.store, "ending").await);
    execute(&world.standby, RESUME);
}

/// A row that is read from the standby neither renews a dead session nor ends one that was renewed elsewhere.
async fn a_late_row_does_no_harm(world: &Fixture) {
    let soon = session("soon", &jane());
    sign_in(&world.store, "soon", &jane()).await;
    execute(
        &world.primary,
        "UPDATE session SET \"expiresAt\" = now() + interval '5 seconds' WHERE token = 'soon'",
    );
    world.until_the_standby_answers("stays").await;
    execute(&world.standby, PAUSE);
    let renewed = Session {
        expires_at: soon.expires_at + TimeDelta::days(1),
        ..soon
    };
    let mut elsewhere = world.other.autocommit();
    assert!(elsewhere.sessions().renew(&renewed).await.unwrap());
    let mut here = world.store.autocommit();
    let found = here.sessions().find_by_token(&renewed.token).await.unwrap();
    assert_eq!(found.unwrap().0.expires_at, renewed.expires_at);

    execute(&world.primary, "DELETE FROM session WHERE token = 'soon'");
    assert!(!here.sessions().renew(&renewed).await.unwrap());
    execute(&world.standby, RESUME);
}

async fn sessions_end_within_the_bound(world: &Fixture) {
    sign_in(&world.store, "revoked-while-late", &jane()).await;
    world.until_the_standby_answers("revoked-while-late").await;
    execute(&world.standby, PAUSE);
    world
        .a_revoked_session_is_dead_after_the_bound("revoked-while-late")
        .await;
    world.until_the_standby_is_not_asked("stays").await;
    assert_eq!(world.rows_at_standby("revoked-while-late"), 1);
    execute(&world.standby, RESUME);

    sign_in(&world.store, "revoked-while-frozen", &jane()).await;
    world.until_the_standby_answers("revoked-while-frozen").await;
    world.standby.freeze();
    world
        .a_revoked_session_is_dead_after_the_bound("revoked-while-frozen")
        .await;
    world.standby.thaw();
    world.until_the_standby_answers("stays").await;
}

/// The standby answers nothing while the primary hangs: a session may have been revoked by a server that is cut off.
async fn a_standby_does_not_answer_for_a_primary_that_hangs(world: &Fixture) {
    world.until_the_standby_answers("stays").await;
    world.primary.freeze();
    sleep(2 * LAG).await;
    let token = SessionToken::new("stays");
    let mut db = world.store.autocommit();
    let answer = db.sessions().find_by_token(&token).await;
    world.primary.thaw();
    assert!(answer.unwrap_err().is_unavailable());
    world.until_the_standby_answers("stays").await;
}

async fn a_standby_that_restarts_is_used_again(world: &mut Fixture) {
    world.standby.stop();
    for _ in 0..20 {
        assert!(is_found(&world.store, "stays").await);
    }
    world.standby.restart();
    world.until_the_standby_answers("stays").await;
}

/// A store has one connection for barriers, and two for lookups.
async fn many_lookups_take_few_connections(world: &Fixture) {
    let mut lookups = JoinSet::new();
    for _ in 0..64 {
        let store = world.store.clone();
        lookups.spawn(async move {
            for _ in 0..20 {
                assert!(is_found(&store, "stays").await);
            }
        });
    }
    lookups.join_all().await;
    let mut connection = PgConnection::establish(&world.standby.url("postgres")).unwrap();
    let query =
        format!("SELECT count(*) AS count FROM pg_stat_activity WHERE application_name = '{AT_STANDBY}'");
    let connections: Count = sql_query(query).get_result(&mut connection).unwrap();
    assert!(connections.count <= 2 * 3, "two stores: {}", connections.count);
}

/// A role without privileges may ask both servers what a lease needs.
async fn an_ordinary_role_can_use_a_standby(world: &Fixture) {
    execute(&world.primary, "CREATE ROLE ordinary LOGIN");
    let as_ordinary = |server: &Server| server.url("postgres").replace("user=postgres", "user=ordinary");
    let primary = DatabaseUrl::parse(&as_ordinary(&world.primary)).unwrap();
    let options = StandbyOptions {
        url: DatabaseUrl::parse_standby(&as_ordinary(&world.standby)).unwrap(),
        max_lag: PATIENCE,
    };
    let outcome = check_standby(&primary, &options, PoolOptions::default()).await;
    assert!(outcome.is_ok(), "{outcome:?}");
}

async fn a_standby_that_was_promoted_is_not_used(world: &Fixture) {
    let check = async || {
        let options = standby_options(&world.standby, LAG);
        check_standby(&url(&world.primary), &options, PoolOptions::default()).await
    };
    assert!(check().await.is_ok());
    execute(&world.standby, "SELECT pg_promote()");
    world.until_the_standby_is_not_asked("stays").await;
    sign_in(&world.store, "after-promotion", &jane()).await;
    execute(&world.primary, "DELETE FROM session WHERE token = 'stays'");
    sleep(LAG).await;
    assert!(!is_found(&world.store, "stays").await);
    assert_eq!(check().await, Err(StandbyError::NotInRecovery));
}

#[tokio::test]
async fn a_standby_answers_for_live_sessions_and_never_for_dead_ones_after_the_bound() {
    let mut world = Fixture::new();
    let mut db = world.store.autocommit();
    db.users().insert(&jane()).await.unwrap();
    sign_in(&world.store, "stays", &jane()).await;

    world.until_the_standby_answers("stays").await;
    many_lookups_take_few_connections(&world).await;
    a_replica_sees_its_own_changes(&world).await;
    a_late_row_does_no_harm(&world).await;
    sessions_end_within_the_bound(&world).await;
    a_standby_does_not_answer_for_a_primary_that_hangs(&world).await;
    crash::a_standby_that_has_crashed_returns_no_dead_session(&world).await;
    a_standby_that_restarts_is_used_again(&mut world).await;
    an_ordinary_role_can_use_a_standby(&world).await;
    a_standby_that_was_promoted_is_not_used(&world).await;
}
