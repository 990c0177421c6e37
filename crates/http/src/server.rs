//! The listening server.

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use actix_server::Server as Actix;
use actix_web::rt::net::{TcpStream, UnixStream};

use crate::{
    app::App,
    connection::Connections,
    options::Options,
    protocol::Protocol,
    service::Service,
    sockets::{Entrance, Listener, OpenSockets, Sockets},
    stopping::{self, ServerHandle},
};

/// How long a connection may idle between two requests.
const KEEP_ALIVE: Duration = Duration::from_mins(1);

/// An address to listen at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// A TCP address. With port 0 the system chooses a port.
    Tcp(SocketAddr),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

/// The TCP addresses at which a server listens.
#[derive(Default)]
struct Addresses {
    public: Vec<SocketAddr>,
    private: Vec<SocketAddr>,
}

impl Addresses {
    fn add(&mut self, address: SocketAddr, entrance: Entrance) {
        match entrance {
            Entrance::Public => self.public.push(address),
            Entrance::Private => self.private.push(address),
        }
    }
}

/// A server that listens. It answers requests while [`Server::run_until_stopped`] is awaited.
pub struct Server {
    running: Actix,
    addresses: Addresses,
    sockets: Arc<OpenSockets>,
    connections: Arc<Connections>,
    longest_idle: Duration,
    drain: Duration,
}

impl Server {
    /// Creates a server that answers at these sockets. Other servers may share the sockets; each connection is answered
    /// by one of the servers.
    ///
    /// # Errors
    ///
    /// If there are no sockets, or one cannot be used.
    pub fn new(app: App, options: Options, sockets: Sockets) -> io::Result<Self> {
        Self::with_keep_alive(app, options, sockets, KEEP_ALIVE)
    }

    pub(crate) fn with_keep_alive(
        app: App,
        options: Options,
        sockets: Sockets,
        keep_alive: Duration,
    ) -> io::Result<Self> {
        if sockets.listeners().next().is_none() {
            let message = "no address to listen on";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let (workers, drain, head) = (options.threads(), options.drain, options.limits.request);
        let connections = Arc::new(Connections::new(options.connections));
        let accepted = options.max_descriptors() / workers;
        let mut server = Actix::build()
            .disable_signals()
            .shutdown_timeout(stopping::time_for_requests(drain))
            .max_concurrent_connections(accepted.max(1))
            .workers(workers);
        let protocol = Protocol {
            service: Arc::new(Service::new(app, options)),
            connections: Arc::clone(&connections),
            keep_alive,
            head,
            stopping: server.graceful_shutdown_signal(),
        };

        let mut addresses = Addresses::default();
        for (listener, entrance) in sockets.listeners() {
            let protocol = protocol.clone();
            server = match listener {
                Listener::Tcp(listener) => {
                    addresses.add(listener.local_addr()?, entrance);
                    server.listen("tcp", listener.try_clone()?, move || {
                        protocol.clone().serve(peer, entrance)
                    })?
                }
                Listener::Unix(listener, _) => {
                    server.listen_uds("unix", listener.try_clone()?, move || {
                        protocol.clone().serve(no_peer, entrance)
                    })?
                }
            };
        }
        Ok(Self {
            running: server.run(),
            addresses,
            sockets: Arc::new(OpenSockets::new(sockets)),
            connections,
            longest_idle: keep_alive + head,
            drain,
        })
    }

    /// Returns the TCP addresses at which the server listens for everyone.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses.public
    }

    /// Returns the TCP addresses at which the server listens for programs that the deployment trusts.
    #[must_use]
    pub fn private_addresses(&self) -> &[SocketAddr] {
        &self.addresses.private
    }

    /// Returns a handle that stops the server.
    #[must_use]
    pub fn handle(&self) -> ServerHandle {
        ServerHandle::new(
            self.running.handle(),
            Arc::clone(&self.sockets),
            Arc::clone(&self.connections),
            self.drain,
        )
    }

    /// Answers requests until a [`ServerHandle`] stops the server. It does not handle signals.
    ///
    /// # Errors
    ///
    /// If the threads cannot be started, or a Unix socket cannot be removed at the end.
    pub async fn run_until_stopped(self) -> io::Result<()> {
        let outcome = tokio::select! {
            outcome = self.running => outcome,
            never = self.connections.cut_stuck(self.longest_idle) => match never {},
        };
        self.sockets.close()?;
        outcome
    }
}

/// Returns the address of the client.
fn peer(stream: &TcpStream) -> Option<SocketAddr> {
    stream.peer_addr().ok()
}

/// Clients at a Unix socket have no address.
const fn no_peer(_stream: &UnixStream) -> Option<SocketAddr> {
    None
}
