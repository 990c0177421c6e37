//! The server of a test.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use chrono::TimeDelta;
use portcullis_application::testing::FixedClock;
use portcullis_http::ServerHandle;
use portcullis_server::{compose, config::Config};
use portcullis_test_database::TestDatabase;
use serde_json::json;

use crate::{
    Answer, Caller, Mailbox, raw, rows,
    wiring::{configure, inputs, launch, migrate, ports, required, runtime},
};

/// The secret of every test server.
pub const SECRET: &str = "better-auth-secret-that-is-long-enough-for-validation-test";
/// Where clients believe the server to be.
pub const BASE_URL: &str = "http://localhost:3000";

/// How many replicas there are so far.
static REPLICAS: AtomicU64 = AtomicU64::new(1);

/// A running server with a database of its own.
pub struct TestServer {
    /// The server's clock; sleeping costs no time.
    pub clock: Arc<FixedClock>,
    /// The server's database.
    pub database: Arc<TestDatabase>,
    /// Where messages to people land.
    pub mailbox: Arc<Mailbox>,
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// A server that is being made up.
#[derive(Default)]
pub struct TestServerBuilder {
    settings: BTreeMap<String, String>,
    file: Option<String>,
    database: Option<Arc<TestDatabase>>,
    mailbox: Arc<Mailbox>,
    seed: u64,
    clock: ClockOfTest,
}

/// How the server's clock stands to the database's.
#[derive(Clone, Copy, Default)]
enum ClockOfTest {
    /// It stands at the tests' own time, and the difference does not count.
    #[default]
    Free,
    /// It differs from the database's by this much, which is compared as in production.
    Compared(TimeDelta),
}

impl TestServerBuilder {
    /// Sets a variable of the configuration, by its full name.
    #[must_use]
    pub fn set(mut self, variable: &str, value: &str) -> Self {
        self.settings.insert(variable.to_owned(), value.to_owned());
        self
    }

    /// Takes a variable away that every test server has.
    #[must_use]
    pub fn without(self, variable: &str) -> Self {
        self.set(variable, "")
    }

    /// Has the server read this file, in TOML, before its variables.
    #[must_use]
    pub fn file(mut self, text: &str) -> Self {
        self.file = Some(text.to_owned());
        self
    }

    /// Shares another server's database.
    #[must_use]
    pub fn database(mut self, database: &Arc<TestDatabase>) -> Self {
        self.database = Some(Arc::clone(database));
        self
    }

    /// Shares another server's database and mailbox: a second replica.
    #[must_use]
    pub fn beside(mut self, server: &TestServer) -> Self {
        self.mailbox = Arc::clone(&server.mailbox);
        // What two replicas draw must differ, or their ids would be the same.
        self.seed = REPLICAS
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_mul(0x5851_f42d_4c95_7f2d);
        self.database(&server.database)
    }

    /// Has the server's clock differ from the database's by this much, and compares the two as in production.
    #[must_use]
    pub const fn clock_ahead(mut self, by: TimeDelta) -> Self {
        self.clock = ClockOfTest::Compared(by);
        self
    }

    /// What is wrong with the settings, for which the start is refused; none where it would not be.
    #[must_use]
    pub fn refusal(self) -> Option<String> {
        let inputs = inputs(self.settings, self.file, "postgres://localhost/none");
        Config::load(&inputs).err().map(|problems| problems.to_string())
    }

    /// Starts the server.
    ///
    /// # Panics
    ///
    /// Where it does not start.
    #[must_use]
    pub fn start(self) -> TestServer {
        let database = self.database.unwrap_or_else(|| Arc::new(TestDatabase::new()));
        let config = configure(self.settings, self.file, database.url());
        migrate(&config);
        let (clock, tolerance) = match self.clock {
            ClockOfTest::Free => (FixedClock::default(), None),
            ClockOfTest::Compared(by) => (
                FixedClock::at(rows::time(&database) + by),
                Some(compose::CLOCK_TOLERANCE),
            ),
        };
        let clock = Arc::new(clock);
        let ports = ports(&config, &clock, tolerance, self.seed);
        let (address, handle, thread) = launch(ports, config, &self.mailbox);
        TestServer {
            clock,
            database,
            mailbox: self.mailbox,
            address,
            handle,
            thread: Some(thread),
        }
    }
}

impl TestServer {
    /// A server with the defaults of development.
    #[must_use]
    pub fn start() -> Self {
        Self::with().start()
    }

    /// A server with everything on that a deployment can switch on, so that every route is there.
    #[must_use]
    pub fn whole() -> Self {
        Self::with()
            .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
            .set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
            .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
            .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
            .start()
    }

    /// A server with other settings.
    #[must_use]
    pub fn with() -> TestServerBuilder {
        TestServerBuilder::default()
    }

    /// Somebody whom the server does not know.
    #[must_use]
    pub fn anonymous(&self) -> Caller {
        Caller::new(format!("http://{}", self.address))
    }

    /// Somebody who has just signed up as `name@example.com` with the password `password1234`.
    ///
    /// # Panics
    ///
    /// Where signing up is refused.
    pub async fn signed_up(&self, name: &str) -> Caller {
        let caller = self.anonymous();
        let body =
            json!({ "name": name, "email": format!("{name}@example.com"), "password": "password1234" });
        let answer = caller.post("/sign-up/email", &body).send().await;
        assert_eq!(answer.status, 200, "{answer}");
        caller
    }

    /// Somebody who has just signed in as a user who has [signed up](Self::signed_up) before.
    ///
    /// # Panics
    ///
    /// Where signing in is refused.
    pub async fn signed_in(&self, name: &str) -> Caller {
        let caller = self.anonymous();
        let body = json!({ "email": format!("{name}@example.com"), "password": "password1234" });
        let answer = caller.post("/sign-in/email", &body).send().await;
        assert_eq!(answer.status, 200, "{answer}");
        caller
    }

    /// Sends these bytes on a connection of their own and gives what comes back.
    ///
    /// # Panics
    ///
    /// Where no connection can be made.
    pub async fn raw(&self, bytes: impl Into<Vec<u8>>) -> String {
        let (address, bytes) = (self.address, bytes.into());
        // A thread of its own, since a test's runtime has one only.
        let (told, done) = tokio::sync::oneshot::channel();
        thread::spawn(move || told.send(raw::exchange(address, &bytes)));
        required(required(done.await))
    }

    /// Sends these bytes and gives the answer's status; zero where there was none.
    pub async fn raw_status(&self, bytes: impl Into<Vec<u8>>) -> u16 {
        let answer = self.raw(bytes).await;
        answer
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or_default()
    }

    /// Comes back when no message is left to be sent.
    ///
    /// # Panics
    ///
    /// Where some are left after ten seconds.
    pub async fn settled(&self) {
        for _ in 0..1000 {
            if self.rows("select from portcullis_message") == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        required::<(), _>(Err("messages are left to be sent"));
    }

    /// Whether the server still serves.
    pub async fn is_well(&self) -> bool {
        let answer: Answer = self.anonymous().get("/ok").send().await;
        answer.status == 200
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let handle = self.handle.clone();
        let stopping = thread::spawn(move || runtime().block_on(handle.stop(false)));
        let _has_stopped = stopping.join();
        if let Some(thread) = self.thread.take() {
            let _has_ended = thread.join();
        }
    }
}
