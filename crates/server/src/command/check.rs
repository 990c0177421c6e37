//! `portcullis check`

use std::sync::Arc;

use portcullis_application::ports::Clock;
use portcullis_cluster::{Programs, search_path};
use portcullis_crypto::Secrets;
use portcullis_domain::destination::Destination;
use portcullis_persistence::{
    DatabaseUrl,
    migrations::{SchemaState, adoption, inspect},
};

use super::{check_clients, check_data, check_providers, check_session_cache, check_standby};
use crate::{
    cli::Sources,
    config::{Config, Mode, Transport},
    delivery::PreparedTransport,
    development::new_secret,
    error::Error,
    foundation, output,
    schema::{SchemaError, require_current, require_enforced},
    system_clock::SystemClock,
};

/// Checks the configuration, the database and the transport of messages, and sends a test message to each destination.
/// Prints the warnings of the configuration; errors say what is wrong and how to fix it.
pub(crate) fn check(sources: &Sources, test_messages: &[Destination]) -> Result<(), Error> {
    let config = check_configuration(sources)?;
    let database = match &config.database.url {
        Some(url) => check_database(&config, url),
        None => check_programs(),
    };
    let delivery = check_delivery(&config, test_messages);
    if let (Err(one), Err(_)) = (&database, &delivery) {
        output::print_error(&format!("portcullis: {}", one.with_sources()));
    }
    delivery.and(database)
}

/// Checks only the configuration, and prints its warnings.
pub(crate) fn check_offline(sources: &Sources) -> Result<(), Error> {
    check_configuration(sources)?;
    Ok(())
}

fn check_configuration(sources: &Sources) -> Result<Config, Error> {
    let config = super::configuration(sources)?;
    output::print(&format!("configuration: valid ({} mode)", config.mode.name()))?;
    for warning in &config.warnings {
        output::print(&format!("warning: {warning}"))?;
    }
    if config.mode == Mode::Production && config.http.trusted_proxies.is_empty() {
        output::print(
            "trusted proxies: none; if a proxy or a backend forwards requests to this server, add its address to \
             `trusted_proxies`: otherwise all its clients have its address, and share its rate limits",
        )?;
    }
    check_clients::check(&config)?;
    check_providers::check(&config)?;
    Ok(config)
}

fn check_database(config: &Config, url: &DatabaseUrl) -> Result<(), Error> {
    let state = inspect(url, &config.database.options.fields).map_err(SchemaError::from)?;
    output::print("database: reachable")?;
    check_standby::check(config, url)?;
    let has_tables = state == SchemaState::Current;
    match state {
        SchemaState::Behind(steps) if config.mode == Mode::Development => {
            output::print(&format!(
                "schema: lacks {}; the next start migrates it",
                steps.join(", ")
            ))?;
        }
        state => {
            require_adopted(config, url, &state)?;
            require_current(state)?;
            output::print("schema: current")?;
            super::check_passwords::check(config, url)?;
        }
    }
    require_enforced(url, config)?;
    if has_tables {
        check_session_cache::check(config, url)?;
        check_data::check(config, url)?;
    }
    Ok(())
}

/// Rejects a schema without Better Auth's tables if another schema contains them.
fn require_adopted(config: &Config, url: &DatabaseUrl, state: &SchemaState) -> Result<(), SchemaError> {
    if !matches!(state, SchemaState::Behind(_)) {
        return Ok(());
    }
    match adoption::elsewhere(url, &config.database.options.fields, &config.table_names)? {
        Some(schema) => Err(SchemaError::Elsewhere(schema)),
        None => Ok(()),
    }
}

fn check_programs() -> Result<(), Error> {
    let programs = Programs::find(search_path().as_deref())?;
    output::print(&format!(
        "database: a private PostgreSQL {}; the next start runs and migrates it",
        programs.major()
    ))
}

/// Renders all templates with sample values, connects to the mail server and authenticates.
fn check_delivery(config: &Config, test_messages: &[Destination]) -> Result<(), Error> {
    let secrets = secrets(config)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let way = PreparedTransport::prepare(&config.delivery, &secrets, &clock)?;
    super::block_on(async { Ok(way.check().await?) })?;
    let transport = match &config.delivery.transport {
        Transport::None => "none are sent (`delivery.transport` is \"none\")",
        Transport::Inbox if config.delivery.shows_inbox => "shown at /dev/inbox",
        Transport::Inbox => "links are printed on standard error",
        Transport::Smtp(_) => "SMTP, connected and authenticated",
        Transport::Webhook(_) => "sent to the webhook",
    };
    output::print(&format!("messages: {transport}"))?;
    if let Transport::Smtp(_) = &config.delivery.transport {
        output::print(match &config.delivery.phones {
            Some(_) => "messages to phones: sent to the webhook",
            None => "messages to phones: none are sent; set `delivery.webhook.url`",
        })?;
    }
    if config
        .delivery
        .webhook()
        .is_some_and(|hook| hook.secret.is_none())
    {
        let secret = secrets.webhook_secret();
        output::print(&format!("webhook secret: {}", secret.expose()))?;
    }
    test_messages.iter().try_for_each(|to| send_test(&way, to))
}

/// Returns the secrets from which the webhook secret is derived. If it is not derived, returns a throw-away secret,
/// since a check must not create the project's secret.
fn secrets(config: &Config) -> Result<Secrets, Error> {
    let hook = config.delivery.webhook();
    let needs_them = hook.is_some_and(|hook| hook.secret.is_none());
    match &config.secrets {
        None if !needs_them => Ok(Secrets::new(new_secret(), Vec::new())),
        _ => foundation::secrets(config),
    }
}

fn send_test(way: &PreparedTransport, to: &Destination) -> Result<(), Error> {
    let is_sent = super::block_on(async { Ok(way.send_test(to).await?) })?;
    if !is_sent {
        return Err(match to {
            Destination::Email(_) => Error::NoTransport,
            Destination::Phone(_) => Error::NoTransportToPhones,
        });
    }
    let outcome = match way {
        PreparedTransport::Inbox(_) => "printed on standard error; the transport \"inbox\" sends nothing",
        PreparedTransport::None | PreparedTransport::Smtp(..) | PreparedTransport::Webhook(_) => "accepted",
    };
    output::print(&format!("test message: {outcome}"))
}
