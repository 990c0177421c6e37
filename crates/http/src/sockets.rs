//! The sockets at which the server listens.

use std::{
    fmt::Display,
    fs, io,
    net::{SocketAddr, TcpListener},
    os::unix::{
        fs::FileTypeExt,
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::HttpRequest;
use nix::sys::socket::{Backlog, listen};

use crate::server::Listen;

/// How many connections may wait to be accepted, so that the kernel rejects none when many clients connect at once.
const BACKLOG: i32 = 2048;

/// How a connection reached the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entrance {
    /// By a listener for everyone.
    Public,
    /// By a listener for programs that the deployment trusts.
    Private,
}

impl Entrance {
    /// Returns how the connection of a request reached the server.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let entrance = request.conn_data::<Self>();
        entrance.copied().unwrap_or(Self::Public)
    }
}

/// The addresses to listen at.
#[derive(Clone, Copy, Debug)]
pub struct Listeners<'a> {
    /// For everyone.
    pub public: &'a [Listen],
    /// For programs that the deployment trusts: only a few routes answer there, and need no authentication of services.
    pub private: &'a [Listen],
}

impl<'a> Listeners<'a> {
    /// Returns listeners for everyone, and none for programs that the deployment trusts.
    #[must_use]
    pub const fn public(public: &'a [Listen]) -> Self {
        Self { public, private: &[] }
    }
}

/// Sockets that listen. Clones are the same sockets: connections are accepted by any server that has a clone, and wait
/// while there is none. A socket is closed, and the file of a Unix socket removed, when the last clone is dropped.
#[derive(Clone, Default)]
pub struct Sockets(Vec<Socket>);

#[derive(Clone)]
struct Socket {
    /// The address that was asked for.
    listen: Listen,
    listener: Arc<Listener>,
    entrance: Entrance,
}

pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, SocketFile),
}

/// The file of a Unix socket. It is removed when this value is dropped.
pub(crate) struct SocketFile(PathBuf);

impl Sockets {
    /// Listens at every address. A Unix socket whose server is gone is replaced.
    ///
    /// # Errors
    ///
    /// If an address is in use or forbidden. The error names the address, and no Unix socket is left behind.
    pub fn open(listeners: Listeners<'_>) -> io::Result<Self> {
        Self::default().reopen(listeners)
    }

    /// Listens at these addresses. A socket that listens at one of them already is shared.
    ///
    /// # Errors
    ///
    /// As those of [`open`](Self::open).
    pub fn reopen(&self, listeners: Listeners<'_>) -> io::Result<Self> {
        let mut known = self.0.clone();
        let public = listeners.public.iter().map(|listen| (listen, Entrance::Public));
        let private = listeners.private.iter().map(|listen| (listen, Entrance::Private));
        let mut sockets = Vec::new();
        for (wanted, entrance) in public.chain(private) {
            let socket = match known.iter().position(|socket| socket.listen == *wanted) {
                Some(place) => known.swap_remove(place),
                None => Socket::open(wanted)?,
            };
            sockets.push(Socket { entrance, ..socket });
        }
        Ok(Self(sockets))
    }

    pub(crate) fn listeners(&self) -> impl Iterator<Item = (&Listener, Entrance)> {
        self.0.iter().map(|socket| (&*socket.listener, socket.entrance))
    }

    /// Closes the sockets that no other clone shares.
    pub(crate) fn close(self) -> io::Result<()> {
        let mut last = self
            .0
            .into_iter()
            .filter_map(|socket| Arc::into_inner(socket.listener));
        last.try_for_each(|listener| match listener {
            Listener::Tcp(_) => Ok(()),
            Listener::Unix(_, file) => file.remove(),
        })
    }
}

/// The sockets of a server until it closes them.
pub(crate) struct OpenSockets(Mutex<Option<Sockets>>);

impl OpenSockets {
    pub(crate) const fn new(sockets: Sockets) -> Self {
        Self(Mutex::new(Some(sockets)))
    }

    /// [`Sockets::close`], at the first call.
    pub(crate) fn close(&self) -> io::Result<()> {
        let sockets = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        sockets.map_or(Ok(()), Sockets::close)
    }
}

impl Socket {
    fn open(listen: &Listen) -> io::Result<Self> {
        let listener = match listen {
            Listen::Tcp(address) => Listener::Tcp(tcp(*address)?),
            Listen::Unix(path) => Listener::Unix(unix(path)?, SocketFile(path.clone())),
        };
        Ok(Self {
            listen: listen.clone(),
            listener: Arc::new(listener),
            entrance: Entrance::Public,
        })
    }
}

impl SocketFile {
    /// Removes the file if it still exists.
    fn remove(&self) -> io::Result<()> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let _cannot_be_reported = self.remove();
    }
}

fn tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let listening = TcpListener::bind(address).and_then(|listener| {
        listen(&listener, Backlog::new(BACKLOG)?)?;
        Ok(listener)
    });
    listening.map_err(|error| with_address(address, &error))
}

fn unix(path: &Path) -> io::Result<UnixListener> {
    let listening = remove_stale_socket(path).and_then(|()| UnixListener::bind(path));
    listening.map_err(|error| with_address(path.display(), &error))
}

/// Adds the address to an error.
fn with_address(address: impl Display, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{address}: {error}"))
}

/// Removes a socket whose server is gone. If a server still listens at it, or the file is not a socket, returns an
/// error.
fn remove_stale_socket(path: &Path) -> io::Result<()> {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let is_stale = metadata.file_type().is_socket()
        && UnixStream::connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    if is_stale {
        fs::remove_file(path)
    } else {
        Err(io::Error::new(
            io::ErrorKind::AddrInUse,
            "the path is in use by another server or file",
        ))
    }
}
