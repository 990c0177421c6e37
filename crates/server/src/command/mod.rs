//! What the program can be asked to do: one file for each command.

mod check;
mod migrate;
mod secret;
mod serve;

use std::path::Path;

pub(crate) use self::{
    check::check,
    migrate::{migrate, show_migrations},
    secret::secret,
    serve::serve,
};
use crate::{
    config::{Config, Inputs, Problems},
    telemetry,
};

/// The configuration of this process; from here on there is a log.
fn configuration(file: Option<&Path>) -> Result<Config, Problems> {
    let config = Config::load(&Inputs::of_process(file, telemetry::is_terminal())?)?;
    telemetry::start(config.log);
    Ok(config)
}
