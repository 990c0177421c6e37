//! The parts list: which adapter stands behind each port, which use cases there are, how they are served.
//!
//! Tests call [`application`] and [`http`] with ports of their own. Nothing here belongs to the process: as many
//! servers as one likes live beside each other.

use std::{io, sync::Arc};

use chrono::TimeDelta;
use portcullis_application::{
    account::Accounts,
    change_email::ChangeEmail,
    clock_check::ClockCheck,
    delete_user::DeleteUser,
    email_verification::EmailVerification,
    health::Health,
    housekeeping::Housekeeping,
    message::Deliverer,
    password::Passwords,
    password_reset::PasswordReset,
    ports::{Bell, Clock, Gate, Inbox, Mailer, Ports, Random, Store},
    rate_limit::RateLimit,
    session::{SessionRegistry, Sessions},
    sign_in::SignIn,
    sign_out::SignOut,
    sign_up::SignUp,
    user::UpdateUser,
};
use portcullis_crypto::{Aead, Hasher, Hmac, Jose, LinkTokens, OsRandom, Secrets, SessionCookies};
use portcullis_http::{App, Server};
use portcullis_persistence::{DatabaseUrl, PgStore};

use crate::{config::Config, features, system_clock::SystemClock};

/// By how much this machine's clock may differ from the database's before nothing is deleted or refused by time.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(5);
/// Longer than any transport may take.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// What stands behind the ports in earnest: this database, these secrets, this machine's clock and randomness.
#[must_use]
pub fn ports(config: &Config, database: &DatabaseUrl, secrets: &Secrets, gate: Gate) -> Ports {
    let store: Arc<dyn Store> = Arc::new(PgStore::connect(database, config.database.options.clone()));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    Ports {
        clock_check: ClockCheck::new(Arc::clone(&store), Arc::clone(&clock), Some(CLOCK_TOLERANCE)),
        store,
        clock,
        hasher: Arc::new(Hasher::new(config.password, Arc::clone(&random))),
        mac: Arc::new(Hmac::new(secrets)),
        cipher: Arc::new(Aead::new(secrets, Arc::clone(&random))),
        link_signer: Arc::new(LinkTokens::new(secrets)),
        session_sealer: Arc::new(SessionCookies::new(secrets, Arc::clone(&random))),
        token_signer: Arc::new(Jose::default()),
        bell: Bell::default(),
        gate,
        random,
    }
}

/// The use cases over these ports. `inbox` is shown at `/dev/inbox`, unless `dev.inbox` is `false`.
#[must_use]
pub fn application(ports: &Ports, config: &Config, inbox: Option<Arc<dyn Inbox>>) -> App {
    App {
        accounts: Accounts::new(ports, config.may_unlink_all),
        change_email: ChangeEmail::new(ports, config.change_email.clone()),
        delete_user: DeleteUser::new(ports, config.delete_user.clone()),
        email_verification: EmailVerification::new(ports, config.email_verification.clone()),
        health: Health::new(ports),
        inbox: inbox.filter(|_| config.delivery.shows_inbox),
        jwt: features::token_maker(ports, config),
        password_reset: PasswordReset::new(ports, config.password_reset.clone()),
        passwords: Passwords::new(ports, config.passwords.clone()),
        rate_limit: RateLimit::new(ports, config.rate_limit.clone()),
        session_copies: features::session_copies(ports, config),
        session_registry: SessionRegistry::new(ports),
        sessions: Sessions::new(ports, config.session),
        sign_in: SignIn::new(ports, config.sign_in.clone()),
        sign_out: SignOut::new(ports),
        sign_up: SignUp::new(ports, config.sign_up.clone()),
        update_user: UpdateUser::new(ports, config.session),
        mac: Arc::clone(&ports.mac),
        random: Arc::clone(&ports.random),
    }
}

/// What sends messages by this mailer.
#[must_use]
pub fn deliverer(ports: &Ports, mailer: Arc<dyn Mailer>) -> Deliverer {
    Deliverer::new(ports, mailer, LEASE)
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
