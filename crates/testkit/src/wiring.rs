//! Composition of a test's server.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use chrono::TimeDelta;
use portcullis_application::{
    clock_check::ClockCheck,
    message::MessageDelivery,
    ports::{Gate, Inbox, Ports, QueueWakeup, Store},
    testing::{FixedClock, SeededRandom},
};
use portcullis_crypto::{
    AccountCookies, Aead, Argon2Parameters, AuthenticatorSignatures, Hasher, HasherOptions, Hmac, Jose,
    JoseVerifier, LinkTokens, Scheme, SecondFactorCodes, SessionCookies, Sha256Codes, Sha256Digests,
};
use portcullis_http::{ServerHandle, Sockets};
use portcullis_persistence::{DatabaseUrl, PgStore, migrations};
use portcullis_server::{
    compose,
    config::{Config, File, Inputs, Transport},
};
use portcullis_test_database::TestDatabase;

use crate::{BASE_URL, Mailbox, SECRET};

pub(crate) fn configure(settings: BTreeMap<String, String>, file: Option<String>, database: &str) -> Config {
    let mut config = required(Config::load(&inputs(settings, file, database)));
    // One worker, so that requests draw random values in their order.
    config.http.workers = 1;
    config
}

/// Returns the configuration inputs: the defaults of test servers, overridden by these settings.
pub(crate) fn inputs(settings: BTreeMap<String, String>, file: Option<String>, database: &str) -> Inputs {
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
            // A request on a busy machine is slow, but not refused.
            ("PORTCULLIS_DATABASE__ACQUIRE_TIMEOUT", "30"),
            ("PORTCULLIS_DATABASE__OPERATION_TIMEOUT", "30"),
            ("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "60"),
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
        ..Inputs::default()
    }
}

pub(crate) fn ports(
    config: &Config,
    clock: &Arc<FixedClock>,
    clock_tolerance: Option<TimeDelta>,
    seed: u64,
) -> Ports {
    let random = Arc::new(SeededRandom::with_seed(seed));
    let url = required(config.database.url.clone().ok_or("no database"));
    let hashing = HasherOptions {
        scheme: match config.password.scheme {
            // The least work that argon2 allows. A test in the crypto crate pins the production parameters.
            Scheme::Argon2id(_) => Scheme::Argon2id(Argon2Parameters {
                memory_kib: 8,
                passes: 1,
                lanes: 1,
            }),
            Scheme::Scrypt => Scheme::Scrypt,
        },
        ..config.password.clone()
    };
    let secrets = required(config.secrets.clone().ok_or("no secret"));
    let store: Arc<dyn Store> = Arc::new(PgStore::connect(&url, config.database.options.clone()));
    Ports {
        clock_check: ClockCheck::new(store.clone(), clock.clone(), clock_tolerance),
        store,
        clock: clock.clone(),
        hasher: Arc::new(Hasher::new(hashing, random.clone())),
        mac: Arc::new(Hmac::new(&secrets)),
        cipher: Arc::new(Aead::new(&secrets, random.clone())),
        link_signer: Arc::new(LinkTokens::new(&secrets)),
        account_cookie_codec: Arc::new(AccountCookies::new(&secrets, random.clone())),
        api_key_digests: Arc::new(Sha256Digests),
        passkey_verifier: Arc::new(AuthenticatorSignatures),
        code_digests: Arc::new(Sha256Codes),
        session_cache_codec: Arc::new(SessionCookies::new(&secrets, random.clone())),
        token_signer: Arc::new(Jose::default()),
        token_verifier: Arc::new(JoseVerifier),
        two_factor_codes: Arc::new(SecondFactorCodes),
        queue_wakeup: QueueWakeup::default(),
        gate: Gate::opened(),
        random,
    }
}

/// Adds to the test's database what it lacks: the columns of declared fields, the optional tables, and the triggers of
/// the session cache. If the configured database is another one, the test is about a database that the server cannot
/// reach.
pub(crate) fn migrate(config: &Config, database: &TestDatabase) {
    let fields = &config.database.options.fields;
    if let Some(url) = &config.database.url
        && DatabaseUrl::parse(database.url()).is_ok_and(|own| own.expose() == url.expose())
    {
        if !(fields.user.is_empty() && fields.session.is_empty() && fields.tables.is_empty()) {
            required(migrations::migrate(url, fields));
        }
        if config.database.options.session_cache.is_some() {
            required(migrations::session_cache::install(url));
        }
    }
}

/// The addresses at which a server listens.
pub(crate) struct Places {
    pub(crate) public: SocketAddr,
    /// `None`: it has no private listener.
    pub(crate) private: Option<SocketAddr>,
}

/// Serves on a separate thread, because the test's runtime may be busy or gone.
pub(crate) fn launch(
    ports: Ports,
    config: Config,
    mailbox: &Arc<Mailbox>,
) -> (Places, ServerHandle, JoinHandle<()>) {
    let (sender, started) = mpsc::channel();
    let mailbox = Arc::clone(mailbox);
    let thread = thread::spawn(move || {
        runtime().block_on(async move {
            let inbox = matches!(config.delivery.transport, Transport::Inbox);
            let inbox = inbox.then(|| -> Arc<dyn Inbox> { mailbox.clone() });
            let app = required(compose::application(&ports, &config, inbox));
            let message_delivery = compose::message_delivery(&ports, mailbox);
            let sockets = required(Sockets::open(config.listeners()));
            let server = required(compose::http(app, &config, sockets));
            let public = server.addresses().first().copied();
            let private = server.private_addresses().first().copied();
            required(sender.send((public, private, server.handle())));
            tokio::select! {
                outcome = server.run_until_stopped() => required(outcome),
                () = deliver(&message_delivery) => {}
            }
        });
    });
    let (public, private, handle) = required(started.recv());
    let public = required(public.ok_or("no address"));
    (Places { public, private }, handle, thread)
}

/// Sends messages as soon as they are queued here, because the clock of a test does not advance.
async fn deliver(message_delivery: &MessageDelivery) {
    loop {
        message_delivery.wait_for_wakeup().await;
        loop {
            match message_delivery.take(16).await {
                Ok(messages) if messages.is_empty() => break,
                Ok(messages) => {
                    for message in &messages {
                        let _sent_or_kept = message_delivery.deliver(message).await;
                    }
                }
                // On a busy machine, the connection to the database may be slow. Without a retry, the messages would
                // stay until another one is queued.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    required(tokio::runtime::Builder::new_current_thread().enable_all().build())
}

#[expect(clippy::panic, reason = "a test whose setup fails has failed")]
pub(crate) fn required<T, E: std::fmt::Display>(outcome: Result<T, E>) -> T {
    outcome.unwrap_or_else(|error| panic!("the test server: {error}"))
}
