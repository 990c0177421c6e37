//! The parts list: which adapter stands behind each port, which use cases there are, how they are served.
//!
//! Tests call [`application`] and [`http`] with ports of their own. Nothing here belongs to the process: as many
//! servers as one likes live beside each other.

use std::{io, sync::Arc};

use portcullis_application::{
    health::Health,
    housekeeping::Housekeeping,
    password::Passwords,
    ports::{Ports, Random},
    rate_limit::RateLimit,
    session::{SessionRegistry, Sessions},
    sign_in::SignIn,
    sign_out::SignOut,
    sign_up::SignUp,
    user::UpdateUser,
};
use portcullis_crypto::{Hasher, Hmac, OsRandom};
use portcullis_domain::secret::Secret;
use portcullis_http::{App, Server};
use portcullis_persistence::{DatabaseUrl, PgStore};

use crate::{
    config::Config,
    readiness::{Gate, GatedStore},
    system_clock::SystemClock,
};

/// What stands behind the ports in earnest: this database, this secret, this machine's clock and randomness.
#[must_use]
pub fn ports(config: &Config, database: &DatabaseUrl, secret: &Secret<String>, gate: Arc<Gate>) -> Ports {
    let store = PgStore::connect(database, config.database.pool);
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    Ports {
        store: Arc::new(GatedStore::new(Arc::new(store), gate)),
        clock: Arc::new(SystemClock),
        hasher: Arc::new(Hasher::new(config.password, Arc::clone(&random))),
        mac: Arc::new(Hmac::new(secret)),
        random,
    }
}

/// The use cases over these ports.
#[must_use]
pub fn application(ports: &Ports, config: &Config) -> App {
    App {
        health: Health::new(ports),
        passwords: Passwords::new(ports, config.passwords),
        rate_limit: RateLimit::new(ports, config.rate_limit.clone()),
        session_registry: SessionRegistry::new(ports),
        sessions: Sessions::new(ports, config.session),
        sign_in: SignIn::new(ports, config.sign_in),
        sign_out: SignOut::new(ports),
        sign_up: SignUp::new(ports, config.sign_up),
        update_user: UpdateUser::new(ports, config.session),
        mac: Arc::clone(&ports.mac),
        random: Arc::clone(&ports.random),
    }
}

/// What deletes what nobody needs any more.
#[must_use]
pub fn housekeeping(ports: &Ports, config: &Config) -> Housekeeping {
    Housekeeping::new(ports, config.housekeeping)
}

/// The server, listening. To be called within a runtime.
///
/// # Errors
///
/// Where it cannot listen at one of the addresses.
pub fn http(app: App, config: &Config) -> io::Result<Server> {
    Server::bind(app, config.http.clone(), &config.bind)
}
