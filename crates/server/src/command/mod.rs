//! The commands of the program, one file for each.

mod adopt;
mod check;
mod check_clients;
mod check_data;
mod check_passwords;
mod check_providers;
mod check_state;
mod keys;
mod migrate;
mod psql;
mod secret;
mod serve;

use std::future::Future;

use tokio::runtime::Builder;

pub(crate) use self::{
    adopt::{adopt, show_adoption, undo_adoption},
    check::{check, check_offline},
    keys::rotate,
    migrate::{migrate, show_migrations},
    psql::psql,
    secret::secret,
    serve::serve,
};
use crate::{
    cli::Sources,
    config::{Config, Problems},
    error::Error,
    telemetry,
};

/// Loads the configuration of this process and starts the log.
fn configuration(sources: &Sources) -> Result<Config, Problems> {
    let config = sources.load()?;
    telemetry::start(config.log);
    Ok(config)
}

/// Runs work that needs a runtime, and waits for it.
fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(Error::Run)?.block_on(work)
}
