//! The commands of the program, one file for each.

mod adopt;
mod check;
mod check_clients;
mod check_data;
mod check_passwords;
mod check_providers;
mod check_session_cache;
mod check_standby;
mod check_state;
mod keys;
mod migrate;
mod psql;
mod secret;
mod serve;
mod users;

use std::future::Future;

use portcullis_crypto::Secrets;
use portcullis_persistence::migrations::{inspect, learn};
use tokio::runtime::Builder;

pub(crate) use self::{
    adopt::{adopt, show_adoption, undo_adoption},
    check::{check, check_offline},
    keys::rotate,
    migrate::{migrate, show_migrations},
    psql::psql,
    secret::secret,
    serve::serve,
    users::users,
};
use crate::{
    cli::Sources,
    config::{Config, Problems},
    error::Error,
    foundation::{self, Foundation},
    schema::{SchemaError, require_current},
    telemetry,
};

/// Loads the configuration of this process and starts the log.
fn configuration(sources: &Sources) -> Result<Config, Problems> {
    let config = sources.load()?;
    telemetry::start(config.log);
    Ok(config)
}

/// Returns the database, whose schema must be current, and the secrets.
fn prepared(config: &Config) -> Result<(Foundation, Secrets), Error> {
    let foundation = Foundation::prepare(config)?;
    let options = &config.database.options;
    let state = inspect(&foundation.url, &options.fields).map_err(SchemaError::from)?;
    require_current(state)?;
    learn(&foundation.url, &options.fields, &options.facts).map_err(SchemaError::from)?;
    let secrets = foundation::secrets(config)?;
    Ok((foundation, secrets))
}

/// Runs work that needs a runtime, and waits for it.
fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(Error::Run)?.block_on(work)
}
