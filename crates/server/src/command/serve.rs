//! `portcullis serve`

use std::sync::Arc;

use portcullis_application::ports::Gate;
use portcullis_http::Server;
use tokio::runtime::{Builder, Runtime};

use crate::{
    chore,
    cli::Sources,
    compose,
    config::{Config, Mode},
    delivery::PreparedTransport,
    error::Error,
    foundation::{self, Foundation},
    greeting::{greet, listening_places},
    lifecycle::{self, Signals, Works},
    open_files,
    schema::{self, Readiness, Watch},
    worker::Worker,
};

/// Runs the server until a signal stops it.
pub(crate) fn serve(sources: Sources) -> Result<(), Error> {
    let mut config = super::configuration(sources)?;
    for warning in &config.warnings {
        tracing::warn!("dangerous setting: {warning}");
    }
    open_files::raise_limit();
    open_files::fit_connections(&mut config.http, &config.database.options.pool);
    let foundation = Foundation::lay(&config)?;
    let gate = Gate::default();
    let watch = schema::watch(&foundation.url, &config, &gate)?;

    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(Error::Run)?;
    let outcome = runtime.block_on(run(&config, &foundation, watch, gate));
    abandon(runtime);
    foundation.stop()?;
    outcome
}

async fn run(config: &Config, foundation: &Foundation, watch: Watch, gate: Gate) -> Result<(), Error> {
    let signals = Signals::listen().map_err(Error::Run)?;
    let secrets = foundation::secrets(config)?;
    let ports = compose::ports(config, &foundation.url, &secrets, gate.clone());
    let way = PreparedTransport::prepare(&config.delivery, &secrets, &ports.clock)?;
    let app = compose::application(&ports, config, way.inbox());
    let mut chores = compose::chores(&ports, config, &app.features);
    chores.extend(foundation.chore());
    let server = compose::http(app, config).map_err(Error::Bind)?;
    let worker = way.mailer().map(|mailer| {
        let message_delivery = compose::message_delivery(&ports, mailer);
        Worker::start(message_delivery, Arc::clone(&ports.clock))
    });
    announce(config, foundation, &server, watch.readiness)?;
    let works = Works { server, worker };
    tokio::select! {
        outcome = lifecycle::run(works, signals, watch, &gate, config.http.drain) => outcome,
        never = chore::run_all(chores, &ports.clock) => match never {},
    }
}

fn announce(
    config: &Config,
    foundation: &Foundation,
    server: &Server,
    readiness: Readiness,
) -> Result<(), Error> {
    tracing::info!(
        mode = config.mode.name(),
        base_url = config.http.base_url.as_str().trim_end_matches('/'),
        bind = listening_places(config, server).join(","),
        database_host = foundation.url.hosts().unwrap_or("default"),
        "portcullis {} listening",
        env!("CARGO_PKG_VERSION")
    );
    if config.mode == Mode::Development {
        greet(config, foundation, server, readiness)?;
    }
    Ok(())
}

/// Shuts the runtime down without waiting for threads that hang because the database does not answer: they end with
/// the process.
fn abandon(runtime: Runtime) {
    runtime.shutdown_background();
}
