//! The server of a test.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use portcullis_application::{
    message::Deliverer,
    ports::{Bell, Inbox, Ports},
    testing::{FixedClock, SeededRandom},
};
use portcullis_crypto::{
    Aead, Argon2Parameters, Hasher, HasherOptions, Hmac, Jose, LinkTokens, Scheme, SessionCookies,
};
use portcullis_http::ServerHandle;
use portcullis_persistence::{PgStore, migrations};
use portcullis_server::{
    compose,
    config::{Config, File, Inputs, Transport},
};
use portcullis_test_database::TestDatabase;
use serde_json::json;

use crate::{Answer, Caller, Mailbox, raw};

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
        let clock = Arc::new(FixedClock::default());
        let ports = ports(&config, &clock, self.seed);
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

fn configure(settings: BTreeMap<String, String>, file: Option<String>, database: &str) -> Config {
    let mut config = required(Config::load(&inputs(settings, file, database)));
    // One worker, so that randomness is drawn in the order of the requests.
    config.http.workers = 1;
    config
}

/// What a test server is given: these settings over those that every test server has.
fn inputs(settings: BTreeMap<String, String>, file: Option<String>, database: &str) -> Inputs {
    let mut environment = BTreeMap::from(
        [
            ("BETTER_AUTH_SECRET", SECRET),
            ("BETTER_AUTH_URL", BASE_URL),
            (
                "BETTER_AUTH_TRUSTED_ORIGINS",
                "http://localhost:5173,https://*.example.com",
            ),
            ("DATABASE_URL", database),
            ("PORTCULLIS_BIND", "127.0.0.1:0"),
            ("PORTCULLIS_DATABASE__POOL_SIZE", "4"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    environment.extend(settings);
    environment.retain(|_, value| !value.is_empty());
    Inputs {
        environment,
        file: file.map(|text| File {
            name: "portcullis.toml".to_owned(),
            text,
        }),
        directory: PathBuf::from("."),
        is_terminal: false,
    }
}

fn ports(config: &Config, clock: &Arc<FixedClock>, seed: u64) -> Ports {
    let random = Arc::new(SeededRandom::with_seed(seed));
    let url = required(config.database.url.clone().ok_or("no database"));
    let hashing = HasherOptions {
        scheme: match config.password.scheme {
            // As little work as argon2 lets one do: a test of the crate crypto pins the real one.
            Scheme::Argon2id(_) => Scheme::Argon2id(Argon2Parameters {
                memory_kib: 8,
                passes: 1,
                lanes: 1,
            }),
            Scheme::Scrypt => Scheme::Scrypt,
        },
        ..config.password
    };
    let secrets = required(config.secrets.clone().ok_or("no secret"));
    Ports {
        store: Arc::new(PgStore::connect(&url, config.database.options.clone())),
        clock: clock.clone(),
        hasher: Arc::new(Hasher::new(hashing, random.clone())),
        mac: Arc::new(Hmac::new(&secrets)),
        cipher: Arc::new(Aead::new(&secrets, random.clone())),
        link_signer: Arc::new(LinkTokens::new(&secrets)),
        session_sealer: Arc::new(SessionCookies::new(&secrets, random.clone())),
        token_signer: Arc::new(Jose::default()),
        bell: Bell::default(),
        random,
    }
}

/// Adds the columns that the deployment declares; all others are there.
fn migrate(config: &Config) {
    let fields = &config.database.options.fields;
    if let Some(url) = &config.database.url
        && (!fields.user.is_empty() || !fields.session.is_empty())
    {
        required(migrations::migrate(url, fields));
    }
}

/// Serves on a thread of its own, as the test's runtime may be busy or gone.
fn launch(
    ports: Ports,
    config: Config,
    mailbox: &Arc<Mailbox>,
) -> (SocketAddr, ServerHandle, JoinHandle<()>) {
    let (told, started) = mpsc::channel();
    let mailbox = Arc::clone(mailbox);
    let thread = thread::spawn(move || {
        runtime().block_on(async move {
            let inbox = matches!(config.delivery.transport, Transport::Inbox);
            let inbox = inbox.then(|| -> Arc<dyn Inbox> { mailbox.clone() });
            let app = compose::application(&ports, &config, inbox);
            let deliverer = compose::deliverer(&ports, mailbox);
            let server = required(compose::http(app, &config));
            let address = server.addresses().first().copied();
            required(told.send((address, server.handle())));
            tokio::select! {
                outcome = server.run_until_stopped() => required(outcome),
                () = deliver(&deliverer) => {}
            }
        });
    });
    let (address, handle) = required(started.recv());
    (required(address.ok_or("no address")), handle, thread)
}

/// Sends what is queued here, as soon as it is: the clock of a test does not wait.
async fn deliver(deliverer: &Deliverer) {
    loop {
        deliverer.called().await;
        while let Ok(messages) = deliverer.take(16).await
            && !messages.is_empty()
        {
            for message in &messages {
                let _settled_or_left = deliverer.deliver(message).await;
            }
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    required(tokio::runtime::Builder::new_current_thread().enable_all().build())
}

#[expect(clippy::panic, reason = "a test that cannot prepare its world fails")]
fn required<T, E: std::fmt::Display>(outcome: Result<T, E>) -> T {
    outcome.unwrap_or_else(|error| panic!("the test server: {error}"))
}
