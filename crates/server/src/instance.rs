//! The running server of one configuration.

use std::{future::pending, io, net::SocketAddr, sync::Arc, time::Duration};

use portcullis_application::ports::Gate;
use portcullis_http::{ServerHandle, Sockets};
use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};

use crate::{
    chore, compose,
    config::Config,
    delivery::PreparedTransport,
    error::Error,
    foundation::{self, Foundation},
    schema::Watch,
    worker::Worker,
};

/// How much longer than the drain timeout the server itself may take to stop.
const GRACE: Duration = Duration::from_secs(2);
/// Minimum time for sending queued messages at the end, however long requests have taken to finish.
const FOR_MESSAGES: Duration = Duration::from_secs(3);

/// The running server of one configuration: it answers requests, sends messages and does periodic work. All of that
/// ends when this value is dropped.
pub(crate) struct Instance {
    pub(crate) config: Config,
    pub(crate) sockets: Sockets,
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) private_addresses: Vec<SocketAddr>,
    watch: Watch,
    gate: Gate,
    handle: ServerHandle,
    server: JoinSet<io::Result<()>>,
    /// Sends messages. `None`: the transport sends nothing.
    worker: Option<Worker>,
    chores: JoinSet<()>,
}

impl Instance {
    /// Starts everything that `config` describes, on these sockets. Must be called within a runtime.
    pub(crate) fn start(
        config: Config,
        foundation: &Foundation,
        sockets: Sockets,
        (watch, gate): (Watch, Gate),
    ) -> Result<Self, Error> {
        let secrets = foundation::secrets(&config)?;
        let ports = compose::ports(&config, &foundation.url, &secrets, gate.clone());
        let way = PreparedTransport::prepare(&config.delivery, &secrets, &ports.clock)?;
        let app = compose::application(&ports, &config, way.inbox()).map_err(Error::Providers)?;
        let mut work = compose::chores(&ports, &config, &app.features);
        work.extend(foundation.chore());
        let server = compose::http(app, &config, sockets.clone()).map_err(Error::Run)?;
        let worker = way.mailer().map(|mailer| {
            let message_delivery = compose::message_delivery(&ports, mailer);
            Worker::start(message_delivery, Arc::clone(&ports.clock))
        });
        let addresses = server.addresses().to_vec();
        let (private_addresses, handle) = (server.private_addresses().to_vec(), server.handle());
        let (mut running, mut chores) = (JoinSet::new(), JoinSet::new());
        running.spawn(server.run_until_stopped());
        chores.spawn(async move { match chore::run_all(work, &ports.clock).await {} });
        Ok(Self {
            config,
            sockets,
            addresses,
            private_addresses,
            watch,
            gate,
            handle,
            server: running,
            worker,
            chores,
        })
    }

    /// Returns when the server can no longer run: it has failed, or the database turns out to have the wrong schema.
    pub(crate) async fn failure(&mut self) -> Error {
        tokio::select! {
            outcome = ended(&mut self.server) => {
                let unasked = || io::Error::other("it has stopped without being asked to");
                Error::Run(outcome.err().unwrap_or_else(unasked))
            }
            error = self.watch.refusal() => Error::Schema(error),
        }
    }

    /// Reports from now on that this server is not ready.
    pub(crate) fn close_gate(&self) {
        self.gate.close();
    }

    /// Leaves new connections to another server on the same sockets.
    pub(crate) async fn stop_accepting(&self) {
        self.handle.stop_accepting().await;
    }

    /// The longest time that [`stop`](Self::stop) takes.
    pub(crate) fn time_to_stop(&self) -> Duration {
        self.config.http.drain + GRACE + FOR_MESSAGES
    }

    /// Stops. Each response is now the last one on its connection. After a short grace period, idle connections are
    /// closed. Requests in flight may finish within the drain timeout. Messages are sent in the rest of it, but for at
    /// least [`FOR_MESSAGES`].
    pub(crate) async fn stop(self) -> io::Result<()> {
        let limit = self.time_to_stop();
        let Self {
            config,
            sockets,
            handle,
            mut server,
            worker,
            chores,
            ..
        } = self;
        drop(sockets);
        let deadline = Instant::now() + config.http.drain;
        let stopping = async {
            let ((), outcome) = tokio::join!(handle.stop(true), ended(&mut server));
            if let Some(worker) = worker {
                worker.stop(deadline.max(Instant::now() + FOR_MESSAGES)).await;
            }
            outcome
        };
        let outcome = timeout(limit, stopping).await;
        drop(chores);
        outcome.unwrap_or_else(|_| {
            let text = "some requests did not finish within `limits.drain_timeout`";
            Err(io::Error::other(text))
        })
    }
}

async fn ended(server: &mut JoinSet<io::Result<()>>) -> io::Result<()> {
    match server.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(error)) => Err(io::Error::other(error)),
        None => pending().await,
    }
}
