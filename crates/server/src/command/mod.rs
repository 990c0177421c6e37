//! What the program can be asked to do: one file for each command.

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

/// The configuration of this process; from here on there is a log.
fn configuration(file: Option<&Path>) -> Result<Config, Problems> {
    let config = Config::load(&Inputs::of_process(file, telemetry::is_terminal())?)?;
    telemetry::start(config.log);
    Ok(config)
}

/// Waits for work that needs a runtime.
fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(Error::Run)?.block_on(work)
}
