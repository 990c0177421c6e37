//! Running the server until it is stopped.

use std::{io, pin::pin, time::Duration};

use portcullis_application::ports::Gate;
use portcullis_http::Server;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::{Instant, timeout},
};

use crate::{
    error::{Error, chain},
    schema::Watch,
    worker::Worker,
};

/// How much longer than the drain timeout the server itself may take to stop.
const GRACE: Duration = Duration::from_secs(2);
/// Minimum time for sending queued messages at the end, however long requests have taken to finish.
const FOR_MESSAGES: Duration = Duration::from_secs(3);

/// The signals that ask the program to stop. Once this value exists, they no longer end the process.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Listens for `SIGTERM` and `SIGINT`.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// The parts of the program that run.
pub(crate) struct Works {
    /// Answers requests.
    pub(crate) server: Server,
    /// Sends messages. `None`: the transport sends nothing.
    pub(crate) worker: Option<Worker>,
}

/// Answers requests until the first signal, or until the schema turns out to be wrong. From then on, the server is not
/// ready, and each answer is the last one on its connection. After a short grace period, idle connections are closed.
/// Requests in flight may finish within the drain timeout. Messages are sent in the rest of it, but for at least
/// [`FOR_MESSAGES`]. A second signal ends the wait.
pub(crate) async fn run(
    works: Works,
    mut signals: Signals,
    watch: Watch,
    gate: &Gate,
    drain: Duration,
) -> Result<(), Error> {
    let Works { server, worker } = works;
    let handle = server.handle();
    let mut running = pin!(server.run_until_stopped());
    let refusal = tokio::select! {
        outcome = &mut running => return outcome.map_err(Error::Run),
        signal = signals.next() => {
            tracing::info!(signal, "stopping: requests in flight may finish");
            None
        }
        error = watch.refusal() => {
            tracing::error!(error = chain(&error), "stopping: the schema of the database cannot be used");
            Some(error)
        }
    };

    gate.close();
    let deadline = Instant::now() + drain;
    let stopping = async {
        let ((), outcome) = tokio::join!(handle.stop(true), running);
        if let Some(worker) = worker {
            worker.stop(deadline.max(Instant::now() + FOR_MESSAGES)).await;
        }
        outcome
    };
    let stopped = tokio::select! {
        outcome = timeout(drain + GRACE + FOR_MESSAGES, stopping) => match outcome {
            Ok(outcome) => outcome.inspect(|()| tracing::info!("stopped")),
            Err(_) => Err(io::Error::other("some requests did not finish within `limits.drain_timeout`")),
        },
        signal = signals.next() => {
            Err(io::Error::other(format!("a second signal ({signal}) ended the wait for requests in flight")))
        }
    };
    match refusal {
        Some(error) => Err(Error::Schema(error)),
        None => stopped.map_err(Error::Run),
    }
}
