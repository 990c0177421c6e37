//! The commands of the program, one file for each.

mod check;
mod keys;
mod migrate;
mod secret;
mod serve;

use std::{future::Future, path::Path};

use tokio::runtime::Builder;

pub(crate) use self::{
    check::check,
    keys::rotate,
    migrate::{migrate, show_migrations},
    secret::secret,
    serve::serve,
};
use crate::{
    config::{Config, Inputs, Problems},
    error::Error,
    telemetry,
};

/// Loads the configuration of this process and starts the log.
fn configuration(file: Option<&Path>) -> Result<Config, Problems> {
    let config = Config::load(&Inputs::of_process(file, telemetry::is_terminal())?)?;
    telemetry::start(config.log);
    Ok(config)
}

/// Runs work that needs a runtime, and waits for it.
fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(Error::Run)?.block_on(work)
}
