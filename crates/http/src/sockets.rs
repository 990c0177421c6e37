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
};

use nix::sys::socket::{Backlog, listen};

/// How many connections may wait to be accepted, so that the kernel rejects none when many clients connect at once.
const BACKLOG: i32 = 2048;

/// Unix sockets that this server created. They are removed when it no longer listens at them.
#[derive(Default)]
pub(crate) struct Sockets(Vec<PathBuf>);

/// Listens at a TCP address.
pub(crate) fn tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let listening = TcpListener::bind(address).and_then(|listener| {
        listen(&listener, Backlog::new(BACKLOG)?)?;
        Ok(listener)
    });
    listening.map_err(|error| with_address(address, &error))
}

impl Sockets {
    /// Listens at a Unix socket.
    pub(crate) fn listen(&mut self, path: &Path) -> io::Result<UnixListener> {
        let listening = remove_stale_socket(path).and_then(|()| UnixListener::bind(path));
        let listener = listening.map_err(|error| with_address(path.display(), &error))?;
        self.0.push(path.to_owned());
        Ok(listener)
    }

    /// Removes the sockets that still exist.
    pub(crate) fn remove(&mut self) -> io::Result<()> {
        self.0.drain(..).try_for_each(|path| match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        let _cannot_be_reported = self.remove();
    }
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
