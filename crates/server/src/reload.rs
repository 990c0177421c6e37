//! A new configuration for a running server.

use std::{io, mem, thread};

use portcullis_application::ports::Gate;
use tokio::sync::oneshot;

use crate::{
    cli::Sources,
    config::{Config, Mode},
    error::{Error, chain},
    foundation::Foundation,
    instance::Instance,
    open_files,
    schema::{self, Watch},
    service_manager, telemetry,
};

/// A configuration that is valid, and a database that it can be used with.
pub(crate) struct Prepared {
    config: Config,
    foundation: Foundation,
}

/// A reload that has begun.
pub(crate) struct Reload(oneshot::Receiver<Result<Prepared, Error>>);

impl Reload {
    /// Begins to read the configuration and to check the database, on a thread of its own, since both may block.
    pub(crate) fn begin(sources: &Sources) -> Self {
        service_manager::reloading();
        let (sender, receiver) = oneshot::channel();
        let sources = sources.clone();
        thread::spawn(move || {
            let _the_server_stops = sender.send(prepare(&sources));
        });
        Self(receiver)
    }

    /// Returns the new configuration, or why it cannot be used.
    pub(crate) async fn prepared(&mut self) -> Result<Prepared, Error> {
        let panicked = |_| Err(Error::Run(io::Error::other("the thread has panicked")));
        (&mut self.0).await.unwrap_or_else(panicked)
    }
}

/// Replaces the current server by one with the new configuration on the same sockets, reports the outcome, and returns
/// the server that was replaced. `None`: the new configuration cannot be used, and the current one stays in effect.
pub(crate) async fn take_over(prepared: Result<Prepared, Error>, current: &mut Instance) -> Option<Instance> {
    match prepared.and_then(|prepared| start(prepared, current)) {
        Ok(next) => {
            let previous = mem::replace(current, next);
            previous.stop_accepting().await;
            log_warnings(&current.config);
            telemetry::set_level(current.config.log.level);
            tracing::info!("reloaded the configuration");
            service_manager::ready("Reloaded the configuration");
            Some(previous)
        }
        Err(error) => {
            tracing::error!(
                error = chain(&error),
                "could not reload the configuration; the previous one stays in effect"
            );
            service_manager::ready("Could not reload the configuration; the previous one stays in effect");
            None
        }
    }
}

/// Logs each warning about the configuration.
pub(crate) fn log_warnings(config: &Config) {
    for warning in &config.warnings {
        tracing::warn!("configuration warning: {warning}");
    }
}

fn prepare(sources: &Sources) -> Result<Prepared, Error> {
    let mut config = sources.load()?;
    if config.mode != Mode::Production {
        return Err(Error::NeedsRestart("mode"));
    }
    open_files::fit_connections(&mut config.http, &config.database.options.pool);
    let foundation = Foundation::prepare(&config)?;
    schema::prepare(&foundation.url, &config)?;
    Ok(Prepared { config, foundation })
}

fn start(prepared: Prepared, current: &Instance) -> Result<Instance, Error> {
    let Prepared { config, foundation } = prepared;
    if config.log.format != current.config.log.format {
        return Err(Error::NeedsRestart("log.format"));
    }
    let sockets = current.sockets.reopen(config.listeners()).map_err(Error::Bind)?;
    Instance::start(config, &foundation, sockets, (Watch::settled(), Gate::opened()))
}
