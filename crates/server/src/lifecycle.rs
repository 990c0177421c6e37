//! Running the server until it is stopped.

use std::{future::pending, io};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinSet,
};

use crate::{
    cli::Sources,
    config::Mode,
    error::{Error, chain},
    instance::Instance,
    reload::{self, Prepared, Reload},
    service_manager,
};

/// The signals that the program handles. Once this value exists, they no longer end the process.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// `None` in development, when the signal means that the terminal was closed.
    hang_up: Option<Signal>,
}

impl Signals {
    /// Listens for `SIGTERM` and `SIGINT`, and in production for `SIGHUP`.
    pub(crate) fn listen(mode: Mode) -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: match mode {
                Mode::Development => None,
                Mode::Production => Some(signal(SignalKind::hangup())?),
            },
        })
    }

    /// Returns what the next signal asks for. While `is_reloading`, a request to reload is kept for later.
    async fn next(&mut self, is_reloading: bool) -> Request {
        let hang_up = self.hang_up.as_mut().filter(|_| !is_reloading);
        tokio::select! {
            _ = self.terminate.recv() => Request::Stop("SIGTERM"),
            _ = self.interrupt.recv() => Request::Stop("SIGINT"),
            () = received(hang_up) => Request::Reload,
        }
    }

    /// Returns the next signal that asks the program to stop.
    async fn stop(&mut self) -> &'static str {
        loop {
            if let Request::Stop(signal) = self.next(false).await {
                return signal;
            }
        }
    }
}

/// What a signal asks for.
enum Request {
    Stop(&'static str),
    Reload,
}

async fn received(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => pending().await,
    }
}

/// Why the program ends.
enum Ending {
    Asked(&'static str),
    Failed(Error),
}

/// Answers requests until a signal asks the program to stop, or the server fails. On `SIGHUP`, a server with the new
/// configuration takes over. While a stop or a take-over is in progress, requests in flight may finish; a second signal
/// to stop ends that wait.
pub(crate) async fn run(
    mut current: Instance,
    mut signals: Signals,
    mut sources: Sources,
) -> Result<(), Error> {
    let mut replaced = JoinSet::new();
    let ending = Box::pin(serve(&mut current, &mut signals, &mut sources, &mut replaced)).await;
    let outcome = match ending {
        Ending::Failed(Error::Schema(error)) => Err(Error::Schema(error)),
        Ending::Failed(failure) => return Err(failure),
        Ending::Asked(signal) => Ok(signal),
    };
    current.close_gate();
    log_stop(outcome.as_ref().copied());
    Box::pin(stop(current, signals, replaced))
        .await
        .and(outcome.map(drop))
}

async fn serve(
    current: &mut Instance,
    signals: &mut Signals,
    sources: &mut Sources,
    replaced: &mut JoinSet<io::Result<()>>,
) -> Ending {
    let mut reload: Option<Reload> = None;
    loop {
        tokio::select! {
            failure = current.failure() => return Ending::Failed(failure),
            request = signals.next(reload.is_some()) => match request {
                Request::Reload => {
                    sources.pin_default_file();
                    reload = Some(Reload::begin(sources));
                }
                Request::Stop(signal) => return Ending::Asked(signal),
            },
            prepared = prepared(&mut reload) => {
                reload = None;
                if let Some(previous) = Box::pin(reload::take_over(prepared, current)).await {
                    replaced.spawn(Box::pin(previous.stop()));
                }
            }
            Some(outcome) = replaced.join_next() => log_end(outcome.map_err(io::Error::other).flatten()),
        }
    }
}

fn log_stop(outcome: Result<&'static str, &Error>) {
    match outcome {
        Ok(signal) => tracing::info!(signal, "stopping: requests in flight may finish"),
        Err(error) => tracing::error!(
            error = chain(error),
            "stopping: the schema of the database cannot be used"
        ),
    }
}

async fn prepared(reload: &mut Option<Reload>) -> Result<Prepared, Error> {
    match reload {
        Some(reload) => reload.prepared().await,
        None => pending().await,
    }
}

/// Logs the end of a server that was replaced.
fn log_end(outcome: io::Result<()>) {
    match outcome {
        Ok(()) => tracing::info!("the server of the previous configuration has stopped"),
        Err(error) => tracing::warn!(%error, "the server of the previous configuration was cut off"),
    }
}

/// Stops the current server, and waits for those that it has replaced.
async fn stop(
    current: Instance,
    mut signals: Signals,
    mut replaced: JoinSet<io::Result<()>>,
) -> Result<(), Error> {
    service_manager::stopping(current.time_to_stop());
    let stopping = async {
        let outcome = Box::pin(current.stop()).await;
        while replaced.join_next().await.is_some() {}
        outcome
    };
    let stopped = tokio::select! {
        outcome = stopping => outcome.inspect(|()| tracing::info!("stopped")),
        signal = signals.stop() => {
            let text = format!("a second signal ({signal}) ended the wait for requests in flight");
            Err(io::Error::other(text))
        }
    };
    stopped.map_err(Error::Run)
}
