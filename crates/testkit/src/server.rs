//! A server that runs for one test.

use std::{
    collections::BTreeMap,
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
    Answer, Caller, Mailbox, every_feature, rows,
    wiring::{Places, configure, inputs, launch, migrate, ports, required, runtime},
};

/// The secret of every test server.
pub const SECRET: &str = "better-auth-secret-that-is-long-enough-for-validation-test";
/// The secret of the service `api` of test servers with every feature.
pub const SERVICE_SECRET: &str = "Vt6xQm2RkZp9sWc4yLh8NbJ3fGd7TaEu";
/// The base URL of every test server. The server listens on another port.
pub const BASE_URL: &str = "http://localhost:3000";

/// Counter from which replicas derive their seeds.
static REPLICAS: AtomicU64 = AtomicU64::new(1);

/// A running server with its own database.
pub struct TestServer {
    /// The server's clock. It moves only when the test moves it; a sleep returns at once.
    pub clock: Arc<FixedClock>,
    /// The server's database.
    pub database: Arc<TestDatabase>,
    /// The mailbox that receives the messages to users.
    pub mailbox: Arc<Mailbox>,
    pub(crate) places: Places,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// Settings of a [`TestServer`] before its start.
#[derive(Default)]
pub struct TestServerBuilder {
    settings: BTreeMap<String, String>,
    file: Option<String>,
    database: Option<Arc<TestDatabase>>,
    mailbox: Arc<Mailbox>,
    seed: u64,
    clock: ClockOfTest,
}

/// Relation of the server's clock to the database's clock.
#[derive(Clone, Copy, Default)]
enum ClockOfTest {
    /// A fixed time; the difference is not checked.
    #[default]
    Free,
    /// The database's time plus this difference, which is checked as in production.
    Compared(TimeDelta),
}

impl TestServerBuilder {
    /// Sets an environment variable of the configuration.
    #[must_use]
    pub fn set(mut self, variable: &str, value: &str) -> Self {
        self.settings.insert(variable.to_owned(), value.to_owned());
        self
    }

    /// Removes a variable that test servers have by default.
    #[must_use]
    pub fn without(self, variable: &str) -> Self {
        self.set(variable, "")
    }

    /// Sets the text of the TOML configuration file. Environment variables take precedence.
    #[must_use]
    pub fn file(mut self, text: &str) -> Self {
        self.file = Some(text.to_owned());
        self
    }

    /// Uses this database instead of a new one.
    #[must_use]
    pub fn database(mut self, database: &Arc<TestDatabase>) -> Self {
        self.database = Some(Arc::clone(database));
        self
    }

    /// Makes the server a second replica: it shares the other server's database and mailbox.
    #[must_use]
    pub fn replica_of(mut self, server: &TestServer) -> Self {
        self.mailbox = Arc::clone(&server.mailbox);
        // Replicas need different seeds, or they would generate the same ids.
        self.seed = REPLICAS
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_mul(0x5851_f42d_4c95_7f2d);
        self.database(&server.database)
    }

    /// Sets the server's clock ahead of the database's, and checks the difference as in production.
    #[must_use]
    pub const fn clock_ahead(mut self, by: TimeDelta) -> Self {
        self.clock = ClockOfTest::Compared(by);
        self
    }

    /// Returns the configuration errors that would prevent the start, or `None` if the settings are valid.
    #[must_use]
    pub fn refusal(self) -> Option<String> {
        let inputs = inputs(self.settings, self.file, "postgres://localhost/none");
        Config::load(&inputs).err().map(|problems| problems.to_string())
    }

    /// Starts the server.
    ///
    /// # Panics
    ///
    /// If the server does not start.
    #[must_use]
    pub fn start(self) -> TestServer {
        let database = self.database.unwrap_or_else(|| Arc::new(TestDatabase::new()));
        let config = configure(self.settings, self.file, database.url());
        migrate(&config, &database);
        let (clock, tolerance) = match self.clock {
            ClockOfTest::Free => (FixedClock::default(), None),
            ClockOfTest::Compared(by) => (
                FixedClock::at(rows::time(&database) + by),
                Some(compose::CLOCK_TOLERANCE),
            ),
        };
        let clock = Arc::new(clock);
        let ports = ports(&config, &clock, tolerance, self.seed);
        let (places, handle, thread) = launch(ports, config, &self.mailbox);
        TestServer {
            clock,
            database,
            mailbox: self.mailbox,
            places,
            handle,
            thread: Some(thread),
        }
    }
}

impl TestServer {
    /// Starts a server with the defaults of development.
    #[must_use]
    pub fn start() -> Self {
        Self::with().start()
    }

    /// Starts a server with all optional features enabled, so that every route exists.
    #[must_use]
    pub fn with_all_features() -> Self {
        Self::with_every_feature().start()
    }

    /// Returns a builder for a server with all optional features enabled.
    #[must_use]
    pub fn with_every_feature() -> TestServerBuilder {
        let settings = every_feature::SETTINGS.iter();
        settings.fold(with_providers(Self::with()), |server, (variable, value)| {
            server.set(variable, value)
        })
    }

    /// Returns a builder for a server with other settings.
    #[must_use]
    pub fn with() -> TestServerBuilder {
        TestServerBuilder::default()
    }

    /// Returns the URL at which the server listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.places.public)
    }

    /// Returns a client without a session.
    #[must_use]
    pub fn anonymous(&self) -> Caller {
        Caller::new(self.url())
    }

    /// Returns a client of the private listener.
    ///
    /// # Panics
    ///
    /// If the server has none.
    #[must_use]
    pub fn at_private_listener(&self) -> Caller {
        let address = required(self.places.private.ok_or("no private listener"));
        Caller::new(format!("http://{address}"))
    }

    /// Signs a user up as `name@example.com` with the password `password1234`, and returns the signed-in client.
    ///
    /// # Panics
    ///
    /// If the sign-up is rejected.
    pub async fn signed_up(&self, name: &str) -> Caller {
        let caller = self.anonymous();
        let body =
            json!({ "name": name, "email": format!("{name}@example.com"), "password": "password1234" });
        let answer = caller.post("/sign-up/email", &body).send().await;
        assert_eq!(answer.status, 200, "{answer}");
        caller
    }

    /// Signs in as a user who [signed up](Self::signed_up) before, and returns the signed-in client.
    ///
    /// # Panics
    ///
    /// If the sign-in is rejected.
    pub async fn signed_in(&self, name: &str) -> Caller {
        let caller = self.anonymous();
        let body = json!({ "email": format!("{name}@example.com"), "password": "password1234" });
        let answer = caller.post("/sign-in/email", &body).send().await;
        assert_eq!(answer.status, 200, "{answer}");
        caller
    }

    /// Waits until the message queue is empty.
    ///
    /// # Panics
    ///
    /// If the queue is not empty after thirty seconds.
    pub async fn wait_until_delivered(&self) {
        for _ in 0..3000 {
            if self.rows("select from portcullis_message") == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        required::<(), _>(Err("the message queue is not empty"));
    }

    /// Whether the server still responds to `/ok` with 200.
    pub async fn is_up(&self) -> bool {
        let answer: Answer = self.anonymous().get("/ok").send().await;
        answer.status == 200
    }
}

/// Adds a provider of each kind. Nothing answers at their endpoints.
fn with_providers(server: TestServerBuilder) -> TestServerBuilder {
    let google = |name: &str| format!("PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__{name}");
    let own = |name: &str| format!("PORTCULLIS_PLUGINS__GENERIC_OAUTH__PROVIDERS__OWN__{name}");
    server
        .set(&google("CLIENT_ID"), "client")
        .set(&google("CLIENT_SECRET"), "secret")
        .set("PORTCULLIS_PLUGINS__ONE_TAP__ENABLED", "true")
        .set(&own("CLIENT_ID"), "client")
        .set(&own("CLIENT_SECRET"), "secret")
        .set(&own("AUTHORIZATION_URL"), "https://id.invalid/authorize")
        .set(&own("TOKEN_URL"), "https://id.invalid/token")
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
