//! The listening server.

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use actix_server::{Server as Actix, ServerHandle as ActixHandle};
use actix_web::rt::net::{TcpStream, UnixStream};

use crate::{
    app::App,
    connection::Connections,
    options::Options,
    protocol::Protocol,
    service::Service,
    sockets::{self, Sockets},
};

/// How long a connection may idle between two requests.
const KEEP_ALIVE: Duration = Duration::from_mins(1);

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// At an address of the network; port 0 lets the system choose.
    Tcp(SocketAddr),
    /// At a socket in the file system.
    Unix(PathBuf),
}

/// A server that listens; it answers once [`Server::run_until_stopped`] is awaited.
pub struct Server {
    running: Actix,
    addresses: Vec<SocketAddr>,
    sockets: Sockets,
    connections: Arc<Connections>,
    longest_idle: Duration,
}

/// Stops a [`Server`] from anywhere.
#[derive(Clone)]
pub struct ServerHandle(ActixHandle);

impl Server {
    /// Listens at every place. Where a socket lies whose server is gone, it is replaced.
    ///
    /// # Errors
    ///
    /// Where the list is empty or a place is taken or forbidden; the error names it, and no socket is left behind.
    pub fn bind(app: App, options: Options, listen: &[Listen]) -> io::Result<Self> {
        Self::bind_with(app, options, listen, KEEP_ALIVE)
    }

    pub(crate) fn bind_with(
        app: App,
        options: Options,
        listen: &[Listen],
        keep_alive: Duration,
    ) -> io::Result<Self> {
        if listen.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "there is no address to listen on",
            ));
        }
        let (workers, drain, head) = (options.threads(), options.drain, options.limits.request);
        let connections = Arc::new(Connections::new(options.connections));
        let accepted = options.most_descriptors() / options.threads();
        let mut server = Actix::build()
            .disable_signals()
            .shutdown_timeout(drain.as_secs() + u64::from(drain.subsec_nanos() > 0))
            .max_concurrent_connections(accepted.max(1))
            .workers(workers);
        let protocol = Protocol {
            service: Arc::new(Service::new(app, options)),
            connections: Arc::clone(&connections),
            keep_alive,
            head,
            stopping: server.graceful_shutdown_signal(),
        };

        let (mut addresses, mut sockets) = (Vec::new(), Sockets::default());
        for place in listen {
            let protocol = protocol.clone();
            server = match place {
                Listen::Tcp(address) => {
                    let listener = sockets::tcp(*address)?;
                    addresses.push(listener.local_addr()?);
                    let serve = move || {
                        protocol
                            .clone()
                            .serve(|stream: &TcpStream| stream.peer_addr().ok())
                    };
                    server.listen("tcp", listener, serve)?
                }
                Listen::Unix(path) => {
                    let listener = sockets.listen(path)?;
                    let serve = move || protocol.clone().serve(|_: &UnixStream| None);
                    server.listen_uds("unix", listener, serve)?
                }
            };
        }
        Ok(Self {
            running: server.run(),
            addresses,
            sockets,
            connections,
            longest_idle: keep_alive + head,
        })
    }

    /// The addresses of the network at which the server listens.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Something to stop the server with.
    #[must_use]
    pub fn handle(&self) -> ServerHandle {
        ServerHandle(self.running.handle())
    }

    /// Answers requests until a [`ServerHandle`] stops it. Signals are none of its business.
    ///
    /// # Errors
    ///
    /// Where the threads cannot be started.
    pub async fn run_until_stopped(mut self) -> io::Result<()> {
        let outcome = tokio::select! {
            outcome = self.running => outcome,
            never = self.connections.cut_stuck(self.longest_idle) => match never {},
        };
        self.sockets.remove()?;
        outcome
    }
}

impl ServerHandle {
    /// Stops accepting connections and comes back when the server has stopped. Graceful: requests under way
    /// may end within the time to drain; otherwise they are cut.
    pub async fn stop(&self, graceful: bool) {
        self.0.stop(graceful).await;
    }
}
