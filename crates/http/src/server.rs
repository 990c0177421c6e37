//! The listening server.

use std::{
    fmt::Display,
    fs, io,
    net::SocketAddr,
    os::unix::{
        fs::FileTypeExt,
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use actix_web::{App as Actix, HttpServer, dev};

use crate::{app::App, connection::Connections, options::Options, service::Service};

/// How many connections may wait to be accepted: a storm of clients must not be turned away by the kernel.
const BACKLOG: u32 = 2048;
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
    running: dev::Server,
    addresses: Vec<SocketAddr>,
    sockets: Sockets,
    connections: Arc<Connections>,
    longest_idle: Duration,
}

/// Sockets that we made in the file system. They go when nobody listens at them any more.
#[derive(Default)]
struct Sockets(Vec<PathBuf>);

/// Stops a [`Server`] from anywhere.
#[derive(Clone)]
pub struct ServerHandle(dev::ServerHandle);

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
        let (workers, drain, head) = (options.workers, options.drain, options.limits.request);
        let service = Arc::new(Service::new(app, options));
        let connections = Arc::new(Connections::default());
        let watching = Arc::clone(&connections);
        let mut server =
            HttpServer::new(move || Actix::new().configure(|config| service.clone().mount(config)))
                .disable_signals()
                .backlog(BACKLOG)
                .on_connect(move |stream, data| {
                    if let Some(connection) = watching.watch(stream) {
                        data.insert(connection);
                    }
                })
                .keep_alive(keep_alive)
                .client_request_timeout(head)
                .client_disconnect_timeout(Duration::from_secs(1))
                .shutdown_timeout(drain.as_secs() + u64::from(drain.subsec_nanos() > 0))
                .workers(threads(workers));

        for place in listen {
            if let Listen::Tcp(address) = place {
                let bound = server.bind(address);
                server = bound.map_err(|error| at(address, &error))?;
            }
        }
        let addresses = server.addrs();
        let mut sockets = Sockets::default();
        for place in listen {
            if let Listen::Unix(path) = place {
                let listener = sockets.listen(path).map_err(|error| at(path.display(), &error))?;
                server = server.listen_uds(listener)?;
            }
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
            never = self.connections.close_stuck(self.longest_idle) => match never {},
        };
        self.sockets.remove()?;
        outcome
    }
}

impl Sockets {
    /// Listens at this path.
    fn listen(&mut self, path: &Path) -> io::Result<UnixListener> {
        make_way(path)?;
        let listener = UnixListener::bind(path)?;
        self.0.push(path.to_owned());
        Ok(listener)
    }

    /// Removes all that are there still.
    fn remove(&mut self) -> io::Result<()> {
        self.0.drain(..).try_for_each(|path| match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        let _nobody_is_left_to_be_told = self.remove();
    }
}

impl ServerHandle {
    /// Stops accepting connections and comes back when the server has stopped. Graceful: requests under way
    /// may end within the time to drain; otherwise they are cut.
    pub async fn stop(&self, graceful: bool) {
        self.0.stop(graceful).await;
    }
}

/// An error, with the place at which it came up.
fn at(place: impl Display, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{place}: {error}"))
}

fn threads(workers: usize) -> usize {
    if workers == 0 {
        thread::available_parallelism().map_or(1, usize::from)
    } else {
        workers
    }
}

/// Removes a socket that nobody listens at any more; a living server's is left, and so is any other file.
fn make_way(path: &Path) -> io::Result<()> {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let is_dead = metadata.file_type().is_socket()
        && UnixStream::connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    if is_dead {
        fs::remove_file(path)
    } else {
        Err(io::Error::new(
            io::ErrorKind::AddrInUse,
            "another server or file has the path of the socket",
        ))
    }
}
