//! Places to listen at.

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

/// How many connections may wait to be accepted: a storm of clients must not be turned away by the kernel.
const BACKLOG: i32 = 2048;

/// Sockets that we made in the file system. They are removed when the server no longer listens at them.
#[derive(Default)]
pub(crate) struct Sockets(Vec<PathBuf>);

/// Listens at this address.
pub(crate) fn tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let listening = TcpListener::bind(address).and_then(|listener| {
        listen(&listener, Backlog::new(BACKLOG)?)?;
        Ok(listener)
    });
    listening.map_err(|error| at(address, &error))
}

impl Sockets {
    /// Listens at this path.
    pub(crate) fn listen(&mut self, path: &Path) -> io::Result<UnixListener> {
        let listening = make_way(path).and_then(|()| UnixListener::bind(path));
        let listener = listening.map_err(|error| at(path.display(), &error))?;
        self.0.push(path.to_owned());
        Ok(listener)
    }

    /// Removes all that are there still.
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

/// An error, with the place at which it came up.
fn at(place: impl Display, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{place}: {error}"))
}

/// Removes a socket whose server is gone; a living server's is left, and so is any other file.
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
