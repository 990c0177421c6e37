//! Composition: the adapter of each port, the use cases and the HTTP server.
//!
//! Tests call [`application`] and [`http`] with ports of their own. Nothing here is global to the process, so several
//! servers can run in one process.

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
    message::MessageDelivery,
    password::Passwords,
    ports::{Clock, Failure, Gate, Inbox, Mailer, Ports, QueueWakeup, Random, Store},
    provider_token::AccountTokenService,
    rate_limit::RateLimit,
    service_client::ServiceClients,
    sign_in::SignIn,
    sign_out::SignOut,
    sign_up::SignUp,
    user::UpdateUser,
};
use portcullis_crypto::{
    AccountCookies, Aead, AuthenticatorSignatures, Hasher, Hmac, Jose, JoseVerifier, LinkTokens,
    SecondFactorCodes, Secrets, SessionCookies, Sha256Codes, Sha256Digests,
};
use portcullis_http::{App, Features, Server, Sockets, routes};
use portcullis_persistence::{DatabaseUrl, PgStore};

use crate::{
    chore::Chore,
    clock_watch,
    config::Config,
    features::{self, Shared},
    housekeeping,
    providers::{self, Providers},
    randomness::DatabaseRandom,
    system_clock::SystemClock,
};

/// Maximum difference between this machine's clock and the database's. Above it, nothing is deleted or rejected because
/// it has expired.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(5);
/// How long a worker reserves a message that it sends: longer than any transport may take.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Returns the ports of a deployment: this database, these secrets, this machine's clock and randomness.
#[must_use]
pub fn ports(config: &Config, database: &DatabaseUrl, secrets: &Secrets, gate: Gate) -> Ports {
    let store: Arc<dyn Store> = Arc::new(PgStore::connect(database, config.database.options.clone()));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let facts = config.database.options.facts.clone();
    let random: Arc<dyn Random> = Arc::new(DatabaseRandom::new(facts));
    Ports {
        clock_check: ClockCheck::new(Arc::clone(&store), Arc::clone(&clock), Some(CLOCK_TOLERANCE)),
        store,
        clock,
        hasher: Arc::new(Hasher::new(config.password.clone(), Arc::clone(&random))),
        mac: Arc::new(Hmac::new(secrets)),
        cipher: Arc::new(Aead::new(secrets, Arc::clone(&random))),
        link_signer: Arc::new(LinkTokens::new(secrets)),
        account_cookie_codec: Arc::new(AccountCookies::new(secrets, Arc::clone(&random))),
        api_key_digests: Arc::new(Sha256Digests),
        passkey_verifier: Arc::new(AuthenticatorSignatures),
        code_digests: Arc::new(Sha256Codes),
        session_cache_codec: Arc::new(SessionCookies::new(secrets, Arc::clone(&random))),
        token_signer: Arc::new(Jose::default()),
        token_verifier: Arc::new(JoseVerifier),
        two_factor_codes: Arc::new(SecondFactorCodes),
        queue_wakeup: QueueWakeup::default(),
        gate,
        random,
    }
}

/// Returns the use cases over these ports. `inbox` is shown at `/dev/inbox`, unless `dev.inbox` is `false`.
///
/// # Errors
///
/// If a client of services outside of the deployment cannot be set up.
pub fn application(ports: &Ports, config: &Config, inbox: Option<Arc<dyn Inbox>>) -> Result<App, Failure> {
    let policy = config.session.policy;
    let providers = Providers::new(ports, config)?;
    let shared = Shared::new(ports, config, &providers)?;
    let features = features::enabled(ports, config, (&shared, &providers), inbox)?;
    let Shared {
        address_sign_in: _,
        completion,
        credentials,
        deletion_guards,
        password_reset,
        password_sign_in,
        session_registry,
        sessions,
        social,
        user_inputs,
        users,
    } = shared;
    let verification = config.email_verification.clone();
    Ok(App {
        account_tokens: AccountTokenService::new(ports, providers.all, providers::token_options(config)),
        accounts: Accounts::new(ports, config.may_unlink_all),
        change_email: ChangeEmail::new(ports, config.change_email.clone()),
        delete_user: DeleteUser::new(
            ports,
            Arc::clone(&credentials),
            deletion_guards,
            config.delete_user.clone(),
        ),
        email_verification: EmailVerification::new(ports, Arc::clone(&completion), verification),
        features,
        health: Health::new(ports),
        password_reset,
        passwords: Passwords::new(
            ports,
            Arc::clone(&completion),
            Arc::clone(&credentials),
            config.messages.clone(),
        ),
        rate_limit: RateLimit::new(
            ports,
            config.rate_limit.clone(),
            routes().filter_map(|route| route.limit),
        ),
        session_cookie_cache: features::session_cookie_cache(ports, config),
        service_clients: ServiceClients::new(ports, &config.service_clients),
        session_registry,
        sessions,
        sign_in: SignIn::new(ports, password_sign_in, config.sign_in),
        sign_out: SignOut::new(ports),
        sign_up: SignUp::new(ports, users, completion, credentials, config.sign_up.clone()),
        social,
        update_user: UpdateUser::new(ports, policy),
        user_inputs,
        clock: Arc::clone(&ports.clock),
        mac: Arc::clone(&ports.mac),
        random: Arc::clone(&ports.random),
    })
}

/// Returns the message delivery, which sends queued messages with `mailer`.
#[must_use]
pub fn message_delivery(ports: &Ports, mailer: Arc<dyn Mailer>) -> MessageDelivery {
    MessageDelivery::new(ports, mailer, LEASE)
}

/// Returns the periodic work of the core and of the enabled features.
pub(crate) fn chores(ports: &Ports, config: &Config, enabled: &Features) -> Vec<Chore> {
    let mut deletions = config.housekeeping.deletions();
    deletions.extend(features::deletions(config));
    let housekeeping = Housekeeping::new(ports, deletions);
    let mut chores = vec![clock_watch::chore(ports), housekeeping::chore(housekeeping)];
    chores.extend(features::chores(enabled));
    chores
}

/// Returns the server, which answers at these sockets. Must be called within a runtime.
///
/// # Errors
///
/// If one of the sockets cannot be used.
pub fn http(app: App, config: &Config, sockets: Sockets) -> io::Result<Server> {
    Server::new(app, config.http.clone(), sockets)
}
