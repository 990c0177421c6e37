//! Fixtures of the tests.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
    sql_types::BigInt,
};
use portcullis_application::ports::{Failure, Store};
use portcullis_domain::{
    account::Account,
    additional::AdditionalFields,
    email::EmailAddress,
    id::{AccountId, SessionId, UserId},
    password::PasswordHash,
    session::Session,
    token::SessionToken,
    user::User,
};
use portcullis_persistence::{DatabaseUrl, DeclaredFields, PgStore, PoolOptions, StoreOptions, migrations};
use portcullis_test_database::TestDatabase;
use tokio::task::JoinSet;

/// How many calls [`winners`] makes.
const TASKS: usize = 20;

/// Sets the database's default isolation level to REPEATABLE READ.
pub(crate) const STRICT: &str = "DO $$ BEGIN EXECUTE format(
    $alter$ALTER DATABASE %I SET default_transaction_isolation = 'repeatable read'$alter$, current_database()
); END $$";

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// A migrated database and a store on it.
pub(crate) struct Fixture {
    pub(crate) store: PgStore,
    options: StoreOptions,
    database: TestDatabase,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with_options(StoreOptions::default())
    }

    /// Creates a database with the declared columns, and a store with these options.
    pub(crate) fn with_options(options: StoreOptions) -> Self {
        let database = TestDatabase::new();
        let world = Self {
            store: connect(&database, &options),
            options,
            database,
        };
        if world.options.fields != DeclaredFields::default() {
            migrations::migrate(&world.url(), &world.options.fields).unwrap();
        }
        world
    }

    /// Creates a database and a store that shares it with a Node server.
    pub(crate) fn shared() -> Self {
        Self::with_options(sharing())
    }

    /// Returns a store on the same database that shares it with a Node server.
    pub(crate) fn shared_store(&self) -> PgStore {
        self.store_with(&sharing())
    }

    /// Returns another replica's store on the same database.
    pub(crate) fn another_store(&self) -> PgStore {
        connect(&self.database, &self.options)
    }

    /// Returns a store with other options on the same database.
    pub(crate) fn store_with(&self, options: &StoreOptions) -> PgStore {
        connect(&self.database, options)
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::parse(self.database.url()).unwrap()
    }

    /// Returns a connection to the database, outside of the store.
    pub(crate) fn connect(&self) -> PgConnection {
        PgConnection::establish(self.database.url()).unwrap()
    }

    /// Returns the number of rows that a statement finds.
    pub(crate) fn count(&self, select: &str) -> i64 {
        let mut connection = self.connect();
        sql_query(format!("SELECT count(*) AS rows FROM ({select}) AS found"))
            .get_result::<Counted>(&mut connection)
            .unwrap()
            .rows
    }

    /// Waits until a statement on this database waits for a lock.
    pub(crate) async fn wait_until_blocked(&self) {
        let waiting =
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        while self.count(waiting) == 0 {
            tokio::task::yield_now().await;
        }
    }

    /// Creates a database with a user.
    pub(crate) async fn with(user: &User) -> Self {
        let world = Self::new();
        world.store.autocommit().users().insert(user).await.unwrap();
        world
    }

    pub(crate) fn execute(&self, statements: &str) {
        let mut connection = self.connect();
        connection.batch_execute(statements).unwrap();
    }
}

fn sharing() -> StoreOptions {
    StoreOptions {
        shared_database: true,
        ..StoreOptions::default()
    }
}

fn connect(database: &TestDatabase, options: &StoreOptions) -> PgStore {
    let url = DatabaseUrl::parse(database.url()).unwrap();
    // An operation on a busy machine is slow, but does not fail.
    let pool = PoolOptions {
        acquire: Duration::from_mins(1),
        operation: Duration::from_mins(1),
        ..options.pool
    };
    PgStore::connect(
        &url,
        StoreOptions {
            pool,
            ..options.clone()
        },
    )
}

pub(crate) fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_767_225_600_123).unwrap() + TimeDelta::seconds(seconds)
}

pub(crate) fn user(id: &str) -> User {
    User {
        id: UserId::new(id),
        name: format!("Name of {id}"),
        email: EmailAddress::parse(&format!("{id}@example.com")).unwrap(),
        email_verified: true,
        image: Some("https://example.com/image.png".to_owned()),
        created_at: time(0),
        updated_at: time(1),
        additional: AdditionalFields::default(),
    }
}

pub(crate) fn session(token: &str, user: &User) -> Session {
    Session {
        id: SessionId::new(format!("session-{token}")),
        token: SessionToken::new(token),
        user_id: user.id.clone(),
        expires_at: time(10),
        created_at: time(2),
        updated_at: time(3),
        ip_address: Some("::1".to_owned()),
        user_agent: None,
        additional: AdditionalFields::default(),
    }
}

pub(crate) fn account(id: &str, user: &User, hash: &str) -> Account {
    Account::credential(
        AccountId::new(id),
        user.id.clone(),
        PasswordHash::new(hash),
        time(0),
    )
}

/// Returns how many of twenty concurrent calls, half of them on another replica, return true.
pub(crate) async fn winners<Answer>(
    world: &Fixture,
    other: &PgStore,
    call: impl Fn(PgStore) -> Answer,
) -> usize
where
    Answer: Future<Output = Result<bool, Failure>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..TASKS {
        let store = if number % 2 == 0 { &world.store } else { other };
        tasks.spawn(call(store.clone()));
    }
    let answers = tasks.join_all().await;
    answers
        .into_iter()
        .filter(|answer| *answer.as_ref().unwrap())
        .count()
}
