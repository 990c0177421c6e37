//! `portcullis serve`

use portcullis_application::ports::Gate;
use portcullis_http::Sockets;
use tokio::runtime::{Builder, Runtime};

use crate::{
    cli::Sources,
    config::Mode,
    error::Error,
    foundation::Foundation,
    greeting::{greet, listening_places},
    instance::Instance,
    lifecycle::{self, Signals},
    open_files,
    reload::log_warnings,
    schema::{self, Readiness},
    service_manager,
};

/// Runs the server until a signal stops it.
pub(crate) fn serve(mut sources: Sources) -> Result<(), Error> {
    sources.pin_default_file();
    let mut config = super::configuration(&sources)?;
    log_warnings(&config);
    open_files::raise_limit();
    open_files::fit_connections(&mut config.http, &config.database.options.pool);
    let foundation = Foundation::prepare(&config)?;
    let gate = Gate::default();
    let watch = schema::watch(&foundation.url, &config, &gate)?;

    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(Error::Run)?;
    let outcome = runtime.block_on(async {
        let signals = Signals::listen(config.mode).map_err(Error::Run)?;
        let sockets = Sockets::open(config.listeners()).map_err(Error::Bind)?;
        let readiness = watch.readiness;
        let instance = Instance::start(config, &foundation, sockets, (watch, gate))?;
        announce(&instance, &foundation, readiness)?;
        Box::pin(lifecycle::run(instance, signals, sources)).await
    });
    abandon(runtime);
    foundation.stop()?;
    outcome
}

fn announce(instance: &Instance, foundation: &Foundation, readiness: Readiness) -> Result<(), Error> {
    let config = &instance.config;
    let places = listening_places(&config.bind, &instance.addresses).join(",");
    tracing::info!(
        mode = config.mode.name(),
        base_url = config.http.base_url.as_str().trim_end_matches('/'),
        bind = places,
        database_host = foundation.url.hosts().unwrap_or("default"),
        "portcullis {} listening",
        env!("CARGO_PKG_VERSION")
    );
    let private = listening_places(&config.private_bind, &instance.private_addresses);
    if !private.is_empty() {
        let bind = private.join(",");
        tracing::info!(bind, "listening for services without authentication");
    }
    if config.mode == Mode::Development {
        greet(config, foundation, &instance.addresses, readiness)?;
    }
    service_manager::ready(&format!("Listening on {places}"));
    Ok(())
}

/// Shuts the runtime down without waiting for threads that hang because the database does not answer: they end with
/// the process.
fn abandon(runtime: Runtime) {
    runtime.shutdown_background();
}
